"""What is filled in. Fields are named as the columns that they fill."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, BinaryIO, cast
from uuid import UUID

from flask_wtf.file import FileField
from wtforms import DateField, Field, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    Regexp,
    ValidationError,
)

from core.api import (
    CheckboxesField,
    Form,
    Organisation,
    SelectChoice,
    VersionedForm,
    area_today,
    gettext,
    month_name,
)
from core.api import lazy_gettext as _

from .models import LINE, NAME, PROSE, WORDS, Partner
from .scorecard.months import month_of
from .words import BARRIERS, CONTRIBUTIONS, DECISIONS, KINDS, SOURCES, STATEMENTS

PHONE = r"^\+?[0-9][0-9 \-]{4,18}$"
TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
MOST_AMOUNT = 10**12


def choices(titles: Mapping[str, Any], first: Any = None) -> list[Any]:
    blank = [SelectChoice("", first)] if first is not None else []
    return blank + [SelectChoice(key, title) for key, title in titles.items()]


def id_or_none(value: Any) -> UUID | None:
    """Raises: ValueError: no id."""
    return UUID(str(value)) if value else None


def day_or_none(value: Any) -> date | None:
    """Raises: ValueError: no day."""
    return date.fromisoformat(str(value)) if value else None


def sensible(_form: Any, field: Field) -> None:
    """Far away days are mistyped years."""
    if field.data and not 2000 <= field.data.year <= 2100:
        raise ValidationError(gettext("Periksa tahunnya."))


def not_ahead(_form: Any, field: Field) -> None:
    if field.data and field.data > area_today():
        raise ValidationError(gettext("Tanggal ini belum tiba."))


def partner_field(label: Any) -> SelectField:
    return SelectField(label, coerce=id_or_none, choices=[])


class RowForm(VersionedForm):
    """A form whose fields are columns."""

    not_columns: tuple[str, ...] = ("version",)

    @property
    def values(self) -> dict[str, Any]:
        """Texts that were left out as blank ones."""
        return {
            field.short_name: (field.data or "") if isinstance(field, StringField) else field.data
            for field in self
            if field.short_name not in self.not_columns
        }

    def offer_partners(self, partners: Iterable[Partner], nobody: Any) -> None:
        """Those that can be chosen; one that has ended stays where it was chosen before."""
        cast(Any, self).partner_id.choices = choices({str(p.id): p.title for p in partners}, nobody)


class PartnerForm(RowForm):
    organisation_id = SelectField(
        _("Lembaga yang menerima rujukan"),
        coerce=id_or_none,
        choices=[],
        description=_("Dari daftar lembaga kabupaten. Kosongkan untuk mitra yang tidak menerima rujukan."),
    )
    name = StringField(_("Nama mitra"), [Optional(), Length(max=LINE)])
    kind = SelectField(_("Jenis"), choices=choices(KINDS), default="community")
    area_served = StringField(
        _("Wilayah layanan"), [Optional(), Length(max=LINE)], description=_("Misalnya RW 01–05, atau satu kecamatan.")
    )
    contact = StringField(_("Orang yang dihubungi"), [Optional(), Length(max=NAME)])
    phone = StringField(_("Telepon"), [Optional(), Regexp(PHONE, message=_("Tulis nomornya seperti 0812-3456-7890."))])
    hours = StringField(
        _("Jam layanan"), [Optional(), Length(max=LINE)], description=_("Misalnya Senin–Jumat 08.00–14.00.")
    )
    note = TextAreaField(_("Catatan"), [Optional(), Length(max=WORDS)])

    def offer(self, organisations: Iterable[Organisation]) -> None:
        found = {str(item.id): item.name for item in organisations}
        self.organisation_id.choices = choices(found, _("Bukan dari daftar"))

    def fix(self, partner: Partner) -> None:
        """What it is never changes; name and kind of an organisation are the registry's."""
        del self.organisation_id
        if partner.organisation_id:
            del self.name
            del self.kind


class AgreementForm(RowForm):
    not_columns = ("version", "file")

    title = StringField(_("Tentang"), [DataRequired(), Length(max=LINE)])
    number = StringField(_("Nomor"), [Optional(), Length(max=60)])
    our_role = TextAreaField(_("Peran desa"), [Optional(), Length(max=PROSE)])
    their_role = TextAreaField(_("Peran mitra"), [Optional(), Length(max=PROSE)])
    signed_on = DateField(
        _("Ditandatangani"), [Optional(), sensible, not_ahead], description=_("Kosongkan selama masih rancangan.")
    )
    our_signer = StringField(_("Penanda tangan desa"), [Optional(), Length(max=NAME)])
    their_signer = StringField(_("Penanda tangan mitra"), [Optional(), Length(max=NAME)])
    valid_until = DateField(
        _("Berlaku sampai"), [Optional(), sensible], description=_("Kosongkan bila tidak ada batasnya.")
    )
    file = FileField(_("Naskah (foto atau PDF)"), [Optional()], description=_("Paling besar 5 MB."))

    @property
    def upload(self) -> BinaryIO | None:
        return self.file.data.stream if self.file.data and self.file.data.filename else None


class EndForm(VersionedForm):
    ended_on = DateField(_("Sejak"), [InputRequired(), sensible, not_ahead])
    ended_why = StringField(_("Alasan"), [DataRequired(), Length(min=3, max=WORDS)])


class ContributionForm(Form):
    kind = SelectField(_("Jenis"), choices=choices(CONTRIBUTIONS))
    amount = IntegerField(
        _("Jumlah"),
        [InputRequired(_("Tulis jumlahnya dengan angka.")), NumberRange(1, MOST_AMOUNT)],
        description=_("Balita yang diukur, rumah yang disurvei, rupiah, atau berapa kali."),
    )
    given_on = DateField(_("Tanggal"), [InputRequired(), sensible, not_ahead])
    note = StringField(_("Catatan"), [Optional(), Length(max=WORDS)])


class BarrierForm(RowForm):
    kind = SelectField(_("Jenis hambatan"), choices=choices(BARRIERS))
    text = TextAreaField(
        _("Apa yang menghambat"),
        [DataRequired(), Length(min=5, max=WORDS)],
        description=_("Tanpa nama warga dan tanpa NIK: mitra dan pertemuan ikut membacanya."),
    )
    partner_id = partner_field(_("Mitra"))
    source = SelectField(_("Dilaporkan oleh"), choices=choices(SOURCES), default="clerk")
    owner = StringField(_("Siapa yang menanganinya"), [Optional(), Length(max=NAME)])
    opened_on = DateField(_("Sejak"), [InputRequired(), sensible, not_ahead])


class ResolveForm(VersionedForm):
    resolved_on = DateField(_("Selesai pada"), [InputRequired(), sensible, not_ahead])
    resolution = TextAreaField(_("Diselesaikan dengan apa"), [DataRequired(), Length(min=5, max=WORDS)])


class ProposalForm(RowForm):
    text = TextAreaField(_("Apa yang diusulkan"), [DataRequired(), Length(min=5, max=WORDS)])
    partner_id = partner_field(_("Pengusul"))
    made_on = DateField(_("Diajukan pada"), [InputRequired(), sensible, not_ahead])


class DecisionForm(VersionedForm):
    decision = RadioField(_("Keputusan"), [InputRequired()], choices=choices(DECISIONS))
    decided_on = DateField(_("Diputus pada"), [InputRequired(), sensible, not_ahead])
    reason = TextAreaField(_("Alasan atau tindak lanjut"), [DataRequired(), Length(min=3, max=WORDS)])


class MeetingForm(RowForm):
    not_columns = ("version", "invited")

    month = SelectField(_("Tentang bulan"), coerce=day_or_none, choices=[])
    held_on = DateField(_("Hari pertemuan"), [InputRequired(), sensible])
    starts_at = StringField(
        _("Mulai pukul"),
        [Regexp(TIME, message=_("Tulis jamnya seperti 09:00."))],
        default="09:00",
        render_kw={"type": "time"},
    )
    place = StringField(_("Tempat"), [DataRequired(), Length(max=LINE)])
    leader = StringField(_("Pemimpin pertemuan"), [Optional(), Length(max=NAME)])
    secretary = StringField(_("Notulis"), [Optional(), Length(max=NAME)])
    invited = CheckboxesField(_("Yang diundang"), coerce=id_or_none, choices=[])

    def offer(self, partners: Iterable[Partner], months: Sequence[date]) -> None:
        self.month.choices = [SelectChoice(m.isoformat(), f"{month_name(m.month)} {m.year}") for m in months]
        self.invited.choices = choices({str(p.id): p.title for p in partners})


def months_around(day: date, timezone: str, kept: date | None = None) -> list[date]:
    """The month before, this one and the next, and the one that is chosen already."""
    this = month_of(day, timezone)
    found = {this.before.first, this.first, this.next, *([kept] if kept else [])}
    return sorted(found, reverse=True)


class PointForm(VersionedForm):
    title = StringField(_("Pokok"), [DataRequired(), Length(max=LINE)])
    text = StringField(_("Keterangan"), [Optional(), Length(max=WORDS)])


class ActionForm(RowForm):
    text = StringField(_("Apa yang dikerjakan"), [DataRequired(), Length(min=3, max=WORDS)])
    owner = StringField(_("Penanggung jawab"), [DataRequired(), Length(max=NAME)])
    partner_id = partner_field(_("Dari mitra"))
    due_on = DateField(_("Selesai sebelum atau pada"), [InputRequired(), sensible])


class DoneForm(VersionedForm):
    done_on = DateField(_("Selesai pada"), [Optional(), sensible, not_ahead])


class ReasonForm(VersionedForm):
    reason = StringField(_("Alasan"), [DataRequired(), Length(min=5, max=WORDS)])


SCALE = ("1", "2", "3", "4", "5")


def review_form(statements: Sequence[str], answers: Mapping[str, int], version: int, comment: str = "") -> Any:
    """A form with a field for each statement of the year, named ``answer_<key>``."""
    fields: dict[str, Any] = {
        f"answer_{key}": RadioField(
            str(STATEMENTS[key]), [InputRequired(_("Pilih 1 sampai 5."))], choices=[SelectChoice(n, n) for n in SCALE]
        )
        for key in statements
    }
    fields["comment"] = TextAreaField(_("Catatan"), [Optional(), Length(max=PROSE)])
    made = type("ReviewForm", (VersionedForm,), fields)
    given = {f"answer_{key}": str(answers[key]) for key in statements if key in answers}
    return made(version=version, comment=comment, **given)


def answers_in(form: Any, statements: Sequence[str]) -> dict[str, int]:
    return {key: int(form[f"answer_{key}"].data) for key in statements}
