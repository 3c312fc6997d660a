"""What is filled in: at a door, with one thumb; and at the desk."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, BinaryIO, cast
from uuid import UUID, uuid4

from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, Field, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from core.api import CheckboxesField, Colleague, Form, Requirement, SelectChoice, VersionedForm, area_today, gettext
from core.api import lazy_gettext as _

from .assignments import Task
from .findings import Report
from .models import LINE, NAME, WORDS
from .prechecks import Look
from .territory import Place
from .visits import Done, refuse_day
from .words import FINDINGS, KINDS, PURPOSES


def choices(titles: Mapping[str, Any]) -> list[Any]:
    return [SelectChoice(key, title) for key, title in titles.items()]


class DraftForm(Form):
    """``draft`` is the row's id, drawn with the form: sent twice over a bad line, it is taken once."""

    draft = HiddenField()

    def offer(self) -> None:
        self.draft.data = self.draft.data or str(uuid4())

    def validate_draft(self, field: Field) -> None:
        try:
            UUID(field.data or "")
        except ValueError:
            field.data = str(uuid4())
            raise ValidationError(gettext("Formulir ini rusak. Kirim sekali lagi.")) from None


def _check_day(field: Field, *, ahead: bool) -> None:
    wrong = refuse_day(field.data, area_today(), ahead=ahead)
    if wrong:
        raise ValidationError(wrong)


class VisitForm(DraftForm):
    purpose = RadioField(_("Keperluan"), [InputRequired()], choices=choices(PURPOSES), default="routine")
    note = TextAreaField(
        _("Yang ditemukan"),
        [Optional(), Length(max=WORDS)],
        description=_("Keadaan keluarga, seperlunya. Jangan tulis NIK atau diagnosis."),
    )
    done_on = DateField(_("Hari kunjungan"), [InputRequired()])
    next_on = DateField(_("Kunjungan berikutnya"), [Optional()])

    def validate_done_on(self, field: Field) -> None:
        _check_day(field, ahead=False)

    def validate_next_on(self, field: Field) -> None:
        if field.data:
            _check_day(field, ahead=True)

    @property
    def done(self) -> Done:
        return Done(
            self.purpose.data,
            cast(date, self.done_on.data),
            self.note.data or "",
            self.next_on.data,
            UUID(self.draft.data),
        )


class PlanForm(Form):
    day = DateField(_("Hari"), [InputRequired()])
    purpose = RadioField(_("Keperluan"), [InputRequired()], choices=choices(PURPOSES), default="routine")
    user = SelectField(_("Yang berkunjung"), [InputRequired()])

    def offer(self, team: Sequence[Colleague]) -> None:
        self.user.choices = [SelectChoice(str(one.id), one.name) for one in team]

    def validate_day(self, field: Field) -> None:
        _check_day(field, ahead=True)


class ReasonForm(VersionedForm):
    reason = StringField(_("Alasan"), [DataRequired(), Length(min=3, max=LINE)])


class FindingForm(DraftForm):
    """``name`` and ``place`` are asked of who is no resident of the list."""

    kind = RadioField(_("Apa yang ditemukan"), [InputRequired(_("Pilih salah satu."))], choices=choices(FINDINGS))
    name = StringField(_("Nama"), [Optional(), Length(max=NAME)], description=_("Bila tidak tahu, tulis sebutannya."))
    place = StringField(
        _("Di mana"),
        [DataRequired(_("Tulis tempatnya, walau kira-kira.")), Length(max=LINE)],
        description=_("Kampung, RT/RW, atau patokan."),
    )
    words = TextAreaField(
        _("Keterangan"),
        [Optional(), Length(max=WORDS)],
        description=_("Seperlunya. Jangan tulis NIK atau diagnosis."),
    )
    urgent = BooleanField(_("Mendesak, perlu dijawab secepatnya"))
    photo = FileField(_("Foto"), [Optional()], description=_("Minta izin dulu. Foto tidak ikut tersimpan di ponsel."))
    position = StringField(_("Titik lokasi"), [Optional(), Length(max=LINE)])

    def about_family(self) -> None:
        """Of a household of the list nobody needs to say where it is."""
        del self.name, self.place

    @property
    def told(self) -> Report:
        upload = cast(Any, self.photo.data)
        return Report(
            kind=self.kind.data,
            words=self.words.data or "",
            urgent=self.urgent.data,
            name=(self.name.data or "") if "name" in self else "",
            place=(self.place.data or "") if "place" in self else "",
            position=self.position.data or "",
            photo=cast(BinaryIO, upload.stream) if upload else None,
            id=UUID(self.draft.data),
        )


class AnswerForm(VersionedForm):
    answer = TextAreaField(
        _("Jawaban untuk kader"),
        [DataRequired(_("Tulis jawabannya: kader membacanya.")), Length(min=3, max=WORDS)],
        description=_("Mengapa tidak dibuka kasus, dan apa yang dapat dilakukan keluarga itu."),
    )


class PapersForm(DraftForm):
    seen = CheckboxesField(_("Berkas yang Anda lihat di rumahnya"))
    note = StringField(
        _("Yang kurang"), [Optional(), Length(max=LINE)], description=_("Misalnya KK masih di rumah orang tua.")
    )
    coming_on = DateField(_("Kapan menyusul"), [Optional()])

    def offer_papers(self, missing: Sequence[Requirement], asked: Sequence[Requirement]) -> None:
        """What is missing; of all that the case asks for also what was ticked and has come meanwhile."""
        self.offer()
        ticked, there = set(self.seen.data or []), {paper.key for paper in missing}
        come = [paper for paper in asked if paper.key in ticked - there]
        self.seen.choices = [SelectChoice(paper.key, paper.title) for paper in (*missing, *come)]

    def validate_coming_on(self, field: Field) -> None:
        if field.data:
            _check_day(field, ahead=True)

    @property
    def look(self) -> Look:
        return Look(self.seen.data or [], self.note.data or "", self.coming_on.data, UUID(self.draft.data))


class AssignForm(Form):
    user = SelectField(_("Kader"), [InputRequired()])
    kind = RadioField(_("Sebagai"), [InputRequired(_("Pilih salah satu."))], choices=choices(KINDS))
    places = CheckboxesField(_("RT/RW"), description=_("Boleh beberapa. Angka di belakangnya jumlah keluarga."))
    group_name = StringField(
        _("Atau nama kelompok dasawisma"),
        [Optional(), Length(max=NAME)],
        description=_("Keluarganya dipilih sesudah disimpan."),
    )
    starts_on = DateField(_("Mulai"), [InputRequired()])
    ends_on = DateField(_("Sampai"), [Optional()], description=_("Kosongkan bila belum ditentukan."))

    def offer(self, team: Sequence[Colleague], places: Mapping[Place, int]) -> None:
        self.user.choices = [SelectChoice(str(one.id), one.name) for one in team]
        by_rw: dict[str, int] = {}
        for place, households in places.items():
            by_rw[place.rw] = by_rw.get(place.rw, 0) + households
        offered = {
            **places,
            **{Place(rw): n for rw, n in by_rw.items()},
        }
        self.places.choices = [
            SelectChoice(f"{place.rw}/{place.rt}", f"{place} · {n}") for place, n in sorted(offered.items())
        ]

    @property
    def task(self) -> Task:
        places = [Place(*text.split("/", 1)) for text in self.places.data or []]
        starts_on = self.starts_on.data or area_today()
        return Task(self.kind.data, starts_on, places, self.ends_on.data, self.group_name.data or "")

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        if not (self.places.data or self.group_name.data):
            self.places.errors = [gettext("Pilih RT/RW, atau beri nama kelompok dasawismanya.")]
            valid = False
        today = area_today()
        for field in (self.starts_on, self.ends_on):
            if field.data and abs(field.data.year - today.year) > 10:
                field.errors = [gettext("Periksa tahunnya.")]
                valid = False
        if self.starts_on.data and self.ends_on.data and self.ends_on.data < self.starts_on.data:
            self.ends_on.errors = [gettext("Hari terakhir tidak boleh sebelum hari mulai.")]
            valid = False
        return valid
