"""What is filled in: in a hurry on a phone, and afterwards at the desk."""

from datetime import date, timedelta
from typing import Any, Self
from uuid import UUID, uuid4

from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp, ValidationError

from core.api import Form, SelectChoice, VersionedForm, area_today, gettext
from core.api import lazy_gettext as _

from .calls import Call
from .models import LINE, NAME, WORDS, Escort
from .words import JKN, TRANSPORT, WITHOUT_CASE

MINUTES = (0, 5, 10, 15, 30, 60)
PHONE = r"^\+?[0-9][0-9 \-]{7,18}$"


def choices(titles: Any) -> list[Any]:
    return [SelectChoice(key, title) for key, title in titles.items()]


def phone_field(label: str, *checks: Any, **rest: Any) -> StringField:
    wrong = _("Tulis nomornya seperti 0812-3456-7890.")
    return StringField(label, [*checks, Regexp(PHONE, message=wrong)], **rest)


class Told:
    """What is known of an escort, in a call and when it is mended."""

    place = StringField(
        _("Di mana pasiennya"),
        [DataRequired(_("Tulis tempatnya, walau kira-kira.")), Length(max=LINE)],
        description=_("Kampung, RT/RW, atau patokan."),
    )
    condition = StringField(
        _("Keadaannya"),
        [Optional(), Length(max=WORDS)],
        description=_("Seperlunya, misalnya tidak sadar atau akan melahirkan. Bukan diagnosis."),
    )
    jkn = RadioField(_("JKN (BPJS)"), choices=choices(JKN), default="unknown")
    transport = RadioField(_("Kendaraan"), [Optional()], choices=choices(TRANSPORT))
    caller_phone = phone_field(_("Nomor penelepon"), Optional())
    caller_name = StringField(_("Nama penelepon"), [Optional(), Length(max=NAME)])
    patient_name = StringField(_("Nama pasien"), [Optional(), Length(max=NAME)])
    escort_name = StringField(_("Yang mendampingi"), [Optional(), Length(max=NAME)])


class CallForm(Told, Form):
    """``draft`` is the escort's id, drawn with the form: sent twice over a bad line, it is taken once."""

    draft = HiddenField()
    minutes_ago = SelectField(_("Kapan meneleponnya"), coerce=int, default=0)

    def offer(self) -> None:
        self.minutes_ago.choices = [
            SelectChoice(n, gettext("%(n)s menit lalu", n=n) if n else gettext("Baru saja")) for n in MINUTES
        ]
        self.draft.data = self.draft.data or str(uuid4())

    def validate_draft(self, field: Field) -> None:
        try:
            UUID(field.data or "")
        except ValueError:
            field.data = str(uuid4())
            raise ValidationError(gettext("Formulir ini rusak. Kirim sekali lagi.")) from None

    @property
    def call(self) -> Call:
        return Call(
            place=self.place.data or "",
            condition=self.condition.data or "",
            caller_name=self.caller_name.data or "",
            caller_phone=self.caller_phone.data or "",
            patient_name=self.patient_name.data or "",
            jkn=self.jkn.data,
            transport=self.transport.data or "",
            escort_name=self.escort_name.data or "",
            minutes_ago=self.minutes_ago.data,
            id=UUID(self.draft.data),
        )


class EditForm(Told, VersionedForm):
    facility = StringField(_("Puskesmas atau rumah sakit"), [Optional(), Length(max=LINE)])
    receiver = StringField(_("Yang menerima"), [Optional(), Length(max=NAME)])

    @classmethod
    def of(cls, escort: Escort) -> Self:
        return cls(obj=escort)

    @property
    def values(self) -> dict[str, str]:
        return {name: value or "" for name, value in self.data.items() if name != "version"}


class TapForm(Form):
    facility = StringField(_("Puskesmas atau rumah sakit"), [Optional(), Length(max=LINE)])
    receiver = StringField(
        _("Yang menerima"), [Optional(), Length(max=NAME)], description=_("Nama dan jabatan, misalnya bidan jaga.")
    )


def _time(label: str, *checks: Any) -> DateTimeLocalField:
    # The first is how it is written: a browser reads no other.
    return DateTimeLocalField(label, [*checks], format=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"])


class TimesForm(VersionedForm):
    """Of the village's own clock, without a zone."""

    called = _time(_("Telepon diterima"), InputRequired())
    departed = _time(_("Berangkat"), Optional())
    arrived = _time(_("Tiba di fasilitas"), Optional())
    handed_over = _time(_("Serah terima"), Optional())
    reason = StringField(_("Alasan"), [DataRequired(), Length(min=3, max=200)])

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        for field in (self.called, self.departed, self.arrived, self.handed_over):
            if field.data and not 2000 <= field.data.year <= 9998:
                field.errors = [gettext("Periksa tahunnya.")]
                valid = False
        return valid


class ReasonForm(VersionedForm):
    reason = StringField(_("Alasan"), [DataRequired(), Length(min=3, max=200)])


class WithoutCaseForm(VersionedForm):
    why = RadioField(_("Mengapa tidak perlu kasus"), [InputRequired()], choices=choices(WITHOUT_CASE))
    note = TextAreaField(
        _("Catatan"), [Optional(), Length(max=WORDS)], description=_("Misalnya siapa yang ditelepon, dan jawabannya.")
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """What was done by phone is only worth something when it says with whom."""
        valid = super().validate(extra_validators)
        if self.why.data == "advised" and not self.note.data:
            self.note.errors = [gettext("Tulis siapa yang dihubungi, dan jawabannya.")]
            return False
        return valid


class FollowUpForm(VersionedForm):
    """What core's intake asks beside a service's own form, under the same names."""

    reporter_phone = phone_field(_("Nomor HP yang dapat dihubungi"), Optional())
    privacy_notice_given = BooleanField(
        _("Warga atau keluarganya sudah diberi tahu untuk apa datanya dipakai"),
        [InputRequired(_("Sampaikan dulu untuk apa datanya dipakai (UU 27/2022), lalu centang."))],
    )

    def need_phone(self) -> None:
        why = _("Tulis nomor yang dapat dihubungi: kabarnya bisa datang kapan saja.")
        self.reporter_phone.validators = [DataRequired(why), *self.reporter_phone.validators[1:]]
        self.reporter_phone.flags.optional, self.reporter_phone.flags.required = False, True


class ShiftForm(Form):
    day = DateField(_("Hari"), [InputRequired()])
    shift = SelectField(_("Giliran"), [InputRequired()])
    name = StringField(_("Nama"), [DataRequired(), Length(max=NAME)])
    phone = phone_field(_("Nomor HP"), DataRequired())

    def validate_day(self, field: Field) -> None:
        """Far away days are mistyped years."""
        day: date = field.data
        if abs((day - area_today()).days) > timedelta(days=366).days:
            raise ValidationError(gettext("Pilih hari antara setahun lalu dan setahun lagi."))
