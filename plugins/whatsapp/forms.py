"""What a clerk fills in: a number and how its owner agreed; an admin's test."""

from wtforms import BooleanField, Field, RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp, ValidationError

from core.api import SelectChoice, VersionedForm
from core.api import lazy_gettext as _

from .phone import WrongPhone, e164
from .words import HOW


class NumberForm(VersionedForm):
    """``number`` after validation is E.164 without the plus."""

    number: str = ""

    phone = StringField(_("Nomor WhatsApp"), [DataRequired(), Length(max=30)])

    def validate_phone(self, field: Field) -> None:
        try:
            self.number = e164(field.data or "")
        except WrongPhone as problem:
            raise ValidationError(str(problem)) from problem


class ConsentForm(NumberForm):
    how = RadioField(
        _("Bagaimana warga setuju"),
        [InputRequired()],
        choices=[SelectChoice(key, HOW[key]) for key in ("desk", "form", "message")],
    )
    again = BooleanField(
        _("Warga sendiri meminta lagi"),
        [Optional()],
        description=_("Hanya bila nomor ini pernah berhenti."),
    )


class TestForm(NumberForm):
    template = StringField(
        _("Templat"),
        [DataRequired(), Length(max=512), Regexp(r"^[a-z0-9_]+$")],
        default="hello_world",
        description=_("hello_world tersedia di setiap akun baru dan tidak memakai isian."),
    )
    language = StringField(_("Bahasa templat"), [DataRequired(), Regexp(r"^[a-z]{2}(_[A-Z]{2})?$")], default="en_US")
    own = BooleanField(_("Nomor ini milik saya atau pemiliknya setuju"), [DataRequired()])
