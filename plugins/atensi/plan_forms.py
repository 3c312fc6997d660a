"""The forms of a case's plan and visits."""

from datetime import date
from typing import Any

from wtforms import DateField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from core.api import Form, SelectChoice, VersionedForm, area_today
from core.api import lazy_gettext as _

from .clusters import STATES, SUPPORTS
from .models import LINE, LONG, SHORT


def not_to_come(_form: Any, field: DateField) -> None:
    if field.data and field.data > area_today():
        raise ValidationError(_("Tanggal ini belum tiba."))


class SupportForm(VersionedForm):
    kind = SelectField(
        _("Dukungan"), [InputRequired()], choices=[SelectChoice(key, text) for key, text in SUPPORTS.items()]
    )
    detail = StringField(_("Rincian"), [Optional(), Length(max=LINE)])
    provider = StringField(
        _("Pemberi layanan"), [Optional(), Length(max=SHORT)], description=_("Misalnya nama Sentra atau panti.")
    )
    state = SelectField(
        _("Keadaan"), [InputRequired()], choices=[SelectChoice(key, text) for key, text in STATES.items()]
    )
    state_on = DateField(_("Sejak tanggal"), [InputRequired(), not_to_come])


class VisitForm(Form):
    visited_on = DateField(_("Tanggal kunjungan"), [InputRequired(), not_to_come])
    visitor = StringField(_("Yang mengunjungi"), [InputRequired(), Length(max=SHORT)])
    condition = TextAreaField(
        _("Keadaan dan tindak lanjut"),
        [InputRequired(), Length(max=LONG)],
        description=_("Singkat saja; tanpa diagnosis dan tanpa nama orang lain."),
    )
    next_on = DateField(_("Kunjungan berikutnya"), [Optional()])

    def validate_next_on(self, field: DateField) -> None:
        first: date | None = self.visited_on.data
        if field.data and first and field.data <= first:
            raise ValidationError(_("Tanggalnya harus setelah kunjungan ini."))
