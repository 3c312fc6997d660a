"""What is filled in about a training."""

from datetime import date
from typing import Any, BinaryIO, Self, cast

from flask_wtf.file import FileField
from wtforms import DateField, Field, IntegerField, RadioField, StringField, TextAreaField, TimeField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from core.api import CheckboxesField, Form, SelectChoice, VersionedForm, gettext, service_titles
from core.api import lazy_gettext as _

from .models import LINE, WORDS, TrainingSession
from .sessions import SessionInput
from .words import ANSWERS

_NAMES = ("title", "services", "day", "starts", "ends", "place", "trainer", "seats", "valid_months", "notes")


def _services() -> list[Any]:
    return [SelectChoice(name, title) for name, title in service_titles().items()]


class SessionForm(VersionedForm):
    """A session that is planned; ``version`` of a new one is 0."""

    title = StringField(_("Nama pelatihan"), [DataRequired(), Length(max=LINE)])
    day = DateField(_("Hari"), [InputRequired()])
    starts = TimeField(_("Mulai"), [InputRequired()])
    ends = TimeField(_("Selesai"), [InputRequired()])
    place = StringField(_("Tempat"), [DataRequired(), Length(max=LINE)])
    trainer = StringField(_("Pelatih"), [DataRequired(), Length(max=LINE)])
    seats = IntegerField(_("Jumlah tempat"), [InputRequired(), NumberRange(1, 1000)])
    valid_months = IntegerField(
        _("Sertifikat berlaku berapa bulan"),
        [Optional(), NumberRange(1, 240)],
        description=_("Dihitung dari hari pelatihan. Kosongkan bila tidak berakhir."),
    )
    services = CheckboxesField(
        _("Untuk layanan apa"),
        choices=_services,
        description=_("Yang lulus dianggap terlatih untuk layanan ini."),
    )
    notes = TextAreaField(_("Catatan untuk peserta"), [Optional(), Length(max=WORDS)])

    def validate_day(self, field: Field) -> None:
        """Far away days are mistyped years."""
        day: date = field.data
        if not 2000 <= day.year <= 2100:
            raise ValidationError(gettext("Periksa tahunnya."))

    def validate_ends(self, field: Field) -> None:
        if self.starts.data and field.data <= self.starts.data:
            raise ValidationError(gettext("Jam selesai harus sesudah jam mulai."))

    @classmethod
    def of(cls, session: TrainingSession) -> Self:
        return cls(obj=session)

    @property
    def input(self) -> SessionInput:
        values = {name: getattr(self, name).data for name in _NAMES}
        return SessionInput(**{**values, "services": values["services"] or [], "notes": values["notes"] or ""})


class ReasonForm(VersionedForm):
    reason = StringField(_("Alasan"), [DataRequired(), Length(min=3, max=200)])


class MaterialForm(Form):
    title = StringField(_("Judul materi"), [DataRequired(), Length(max=LINE)])
    file = FileField(_("Berkas (PDF atau gambar, paling besar 5 MB)"), [Optional()])
    link = StringField(
        _("Atau alamat di internet"), [Optional(), Length(max=300)], description=_("Dimulai dengan https://")
    )

    @property
    def stream(self) -> BinaryIO | None:
        """What was chosen in the file's field."""
        return cast(BinaryIO, self.file.data.stream) if self.file.data else None

    def validate_link(self, field: Field) -> None:
        if field.data and not field.data.startswith("https://"):
            raise ValidationError(gettext("Tulis alamat yang dimulai dengan https://"))


class AnswerForm(Form):
    answer = RadioField(
        _("Jawaban"),
        [InputRequired()],
        choices=[SelectChoice(key, title) for key, title in ANSWERS.items() if key],
    )
