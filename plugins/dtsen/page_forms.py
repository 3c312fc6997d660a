"""The forms of the plugin's own pages."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from wtforms import DateField, Field, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from core.api import Form, SelectChoice, Text, VersionedForm, area_today
from core.api import lazy_gettext as _

from .checks import RESULTS
from .entries import WHAT
from .models import LINE, SHORT


def _choices(options: Mapping[str, Text], first: Text | None = None) -> list:
    none = [SelectChoice("", first)] if first is not None else []
    return [*none, *(SelectChoice(key, title) for key, title in options.items())]


def not_to_come(_form: Form, field: Field) -> None:
    if field.data and field.data > area_today():
        raise ValidationError(_("Tanggal ini belum tiba."))


class EntryForm(Form):
    what = SelectField(_("Yang dimasukkan"), [InputRequired()], choices=_choices(WHAT, _("Pilih yang dimasukkan")))
    detail = StringField(
        _("Rincian"),
        [Optional(), Length(max=LINE)],
        description=_("Misalnya menu SIKS-NG-nya, atau nama program."),
    )
    keyed_on = DateField(_("Tanggal dimasukkan"), [InputRequired(), not_to_come])
    keyed_by = StringField(_("Dimasukkan oleh"), [DataRequired(), Length(max=SHORT)])
    status = StringField(
        _("Status di SIKS-NG"),
        [Optional(), Length(max=SHORT)],
        description=_("Seperti tertulis di sana; boleh menyusul."),
    )


class StatusForm(VersionedForm):
    status = StringField(
        _("Status di SIKS-NG"), [DataRequired(), Length(max=SHORT)], description=_("Seperti tertulis di sana.")
    )
    seen_on = DateField(_("Dilihat tanggal"), [InputRequired(), not_to_come])
    note = StringField(_("Catatan"), [Optional(), Length(max=LINE)])


class ChecksForm(Form):
    """``people`` are ids with the version that the page showed, ``<id>.<version>``."""

    people = SelectMultipleField(
        _("Warga"), [DataRequired(_("Centang paling sedikit satu warga."))], choices=[], validate_choice=False
    )
    result = SelectField(_("Hasil"), [InputRequired()], choices=_choices(RESULTS, _("Pilih hasilnya")))
    checked_on = DateField(_("Tanggal dicek"), [InputRequired(), not_to_come])
    note = StringField(
        _("Catatan"),
        [Optional(), Length(max=LINE)],
        description=_("Misalnya “nama beda satu huruf” atau “sudah lapor Disdukcapil”."),
    )
    recheck_on = DateField(_("Cek lagi tanggal"), [Optional()], description=_("Hanya bila tidak padan."))

    def validate_recheck_on(self, field: Field) -> None:
        if field.data and self.checked_on.data and field.data < self.checked_on.data:
            raise ValidationError(_("Tanggal cek lagi mendahului tanggal dicek."))

    def validate_people(self, field: Field) -> None:
        try:
            self.seen = {UUID(person): int(version) for person, _dot, version in map(_parted, field.data or ())}
        except ValueError as error:
            raise ValidationError(_("Pilihan ini tidak dikenal. Buka lagi halamannya.")) from error

    seen: Mapping[UUID, int] = MappingProxyType({})


def _parted(value: str) -> tuple[str, str, str]:
    return value.rpartition(".")


class RevokeForm(Form):
    reason = TextAreaField(_("Alasan"), [DataRequired(), Length(max=LINE)])
