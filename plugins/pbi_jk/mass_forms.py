"""The forms of the call list's pages."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from wtforms import BooleanField, DateField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from core.api import Colleague, Form, SelectChoice, VersionedForm, area_today
from core.api import lazy_gettext as _

from .calls import RESULTS
from .matching import WRONG_NIK
from .models import LINE


class CallForm(VersionedForm):
    result = RadioField(
        _("Hasil"),
        [DataRequired(_("Pilih hasilnya."))],
        choices=[SelectChoice(key, label) for key, label in RESULTS.items() if key != WRONG_NIK],
    )
    note = StringField(
        _("Catatan"),
        [Optional(), Length(max=LINE)],
        description=_("Jangan tulis penyakitnya: data kesehatan dilindungi (UU 27/2022)."),
    )
    next_call = DateField(_("Hubungi lagi pada"), [Optional()])

    def validate_next_call(self, field: DateField) -> None:
        if field.data and field.data < area_today():
            raise ValidationError(_("Tanggal ini sudah lewat."))


class PlaceForm(VersionedForm):
    """What an intake at the desk asks besides the service's own form."""

    phone = StringField(_("Nomor yang dapat dihubungi"), [DataRequired(), Length(max=20)])
    privacy_notice_given = BooleanField(
        _("Warga sudah diberi tahu untuk apa datanya dipakai"), [DataRequired(_("Beri tahu warga lebih dulu."))]
    )


class ReasonForm(VersionedForm):
    reason = StringField(_("Alasan"), [DataRequired(), Length(max=LINE)])


class AssignForm(Form):
    to = SelectField(_("Tugaskan kepada"), [Optional()])

    def offer(self, team: Sequence[Colleague]) -> None:
        self.team = {str(each.id): each for each in team}
        self.to.choices = [
            SelectChoice("", _("Bukan siapa-siapa")),
            *(SelectChoice(k, v.name) for k, v in self.team.items()),
        ]


def ids_in(values: Sequence[Any], most: int) -> list[UUID]:
    """Those that are ids, at most so many."""
    found = []
    for value in values[:most]:
        try:
            found.append(UUID(str(value)))
        except ValueError:
            continue
    return found
