"""What is filled in to put another value in the place of a rule's."""

from typing import Any

from wtforms import DateField, HiddenField, SelectField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from core.texts import lazy_gettext as _
from core.web.forms import Form, SelectChoice

from .changing import NewOverride, declared_value
from .rulebook import Rules
from .values import NotAValue, read_value

CERTAINTIES = {
    "verified": _("Sudah dipastikan: dasarnya dibaca"),
    "plausible": _("Cukup pasti: menurut pihak yang berwenang"),
    "unverified": _("Belum dipastikan"),
}


class OverrideForm(Form):
    """``seen`` is the value's history as the page showed it."""

    seen = HiddenField()
    value = StringField(_("Nilai di sini"), [DataRequired(), Length(max=400)])
    valid_from = DateField(_("Berlaku mulai"), [InputRequired(_("Pilih tanggalnya."))])
    valid_to = DateField(
        _("Sampai dengan"), [Optional()], description=_("Kosongkan bila belum diketahui kapan berakhir.")
    )
    source = StringField(
        _("Dasar atau sumber"),
        [DataRequired(), Length(max=300)],
        description=_("Peraturan, keputusan, atau surat, dengan nomor dan tanggalnya."),
    )
    certainty = SelectField(
        _("Seberapa pasti"),
        choices=[SelectChoice(key, label) for key, label in CERTAINTIES.items()],
        default="unverified",
    )

    def __init__(self, rules: Rules, key: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.rules, self.key = rules, key
        self.typed: Any = None

    def validate_value(self, field: StringField) -> None:
        try:
            self.typed = read_value(field.data or "", declared_value(self.rules, self.key), self._choices)
        except NotAValue as error:
            raise ValidationError(str(error)) from error

    @property
    def _choices(self) -> tuple[str, ...]:
        return tuple(self.rules.choices_of(self.key))

    def to_override(self) -> NewOverride:
        """What a valid form says."""
        first, certainty = self.valid_from.data, self.certainty.data
        assert first is not None  # noqa: S101 - a valid form has it
        return NewOverride(self.typed, first, self.valid_to.data, self.source.data or "", certainty)


class EndForm(Form):
    seen = HiddenField()
    last_day = DateField(_("Hari terakhir"), [InputRequired(_("Pilih tanggalnya."))])
