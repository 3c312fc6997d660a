"""What is filled in about a village, and what is made of it."""

from dataclasses import replace
from typing import Any

from wtforms import Field, HiddenField, StringField, TextAreaField, ValidationError
from wtforms.validators import Length, Optional, Regexp

from core.texts import lazy_gettext as _
from core.web.forms import Form

from .opening_hours import UnreadableHours, read_closed, read_day, write_closed, write_day
from .profile import TEXTS, Profile, with_changes

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def valid_hours(_form: Form, field: Field) -> None:
    try:
        read_day(field.data or "")
    except UnreadableHours as error:
        raise ValidationError(str(error)) from error


PHONE = Regexp(r"\+?[\d .()-]{6,20}$", message=_("Tulis nomornya saja, misalnya 0812 3456 7890."))
HOURS = [Length(max=80), valid_hours]


class ProfileForm(Form):
    """Opening hours are typed as they are spoken; each day stands in a field of its own."""

    version = HiddenField()
    monday = StringField(_("Senin"), HOURS)
    tuesday = StringField(_("Selasa"), HOURS)
    wednesday = StringField(_("Rabu"), HOURS)
    thursday = StringField(_("Kamis"), HOURS)
    friday = StringField(_("Jumat"), HOURS)
    saturday = StringField(_("Sabtu"), HOURS)
    sunday = StringField(_("Minggu"), HOURS)
    closed = TextAreaField(
        _("Tanggal tutup"),
        [Length(max=4000)],
        description=_("Satu tanggal satu baris, dengan alasannya. Misalnya 25-12-2026 Natal."),
    )
    address = TextAreaField(_("Alamat kantor"), [Optional(), Length(max=300)])
    phone = StringField(_("Telepon"), [Optional(), PHONE])
    whatsapp = StringField(_("WhatsApp"), [Optional(), PHONE])
    email = StringField(
        _("Surel"),
        [Optional(), Length(max=120), Regexp(r"[^@\s]+@[^@\s]+\.[^@\s]+$", message=_("Periksa lagi alamat surelnya."))],
    )
    complaints = TextAreaField(
        _("Pengaduan di desa"),
        [Optional(), Length(max=300)],
        description=_("Kepada siapa warga menyampaikan keluhan. SP4N-LAPOR! selalu ikut tertulis."),
    )

    @classmethod
    def showing(cls, profile: Profile, **kwargs: Any) -> "ProfileForm":
        """Filled with what is stored, unless the page was sent."""
        week = {name: write_day(profile.hours.week.get(day, ())) for day, name in enumerate(DAYS)}
        texts = {name: getattr(profile, name) for name in TEXTS}
        return cls(
            data={**week, **texts, "closed": write_closed(profile.hours.closed), "version": profile.version}, **kwargs
        )

    def validate_closed(self, field: TextAreaField) -> None:
        try:
            read_closed(field.data or "")
        except UnreadableHours as error:
            raise ValidationError(str(error)) from error

    @property
    def days(self) -> list[Field]:
        return [self[name] for name in DAYS]

    def to_profile(self, stored: Profile) -> Profile:
        """What a valid form says; ``version`` is that of the page (-1, which none has, when it is damaged)."""
        text = str(self.version.data or "")
        version = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
        return with_changes(
            replace(stored, version=version),
            week={day: read_day(self[name].data or "") for day, name in enumerate(DAYS)},
            closed=read_closed(self.closed.data or ""),
            texts={name: self[name].data or "" for name in TEXTS},
        )
