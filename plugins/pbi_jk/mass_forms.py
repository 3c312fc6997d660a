"""The forms of the call list's pages."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, RadioField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from core.api import Colleague, Form, SelectChoice, VersionedForm, area_today
from core.api import lazy_gettext as _

from .calls import RESULTS
from .list_files import COLUMNS, REQUIRED
from .lists import WRONG_NIK
from .models import LINE


class UploadForm(Form):
    file = FileField(
        _("Berkas daftar nonaktif"),
        [FileRequired(_("Pilih dulu berkasnya: .xlsx atau .csv."))],
        description=_(
            "Dari SIKS-NG, BPJS, atau Dinas Sosial, apa pun nama kolomnya. Belum ada yang tersimpan ke daftar."
        ),
    )


class ColumnsForm(VersionedForm):
    """Which header of the file stands for which of our columns."""

    nik = SelectField(_("NIK"))
    name = SelectField(_("Nama"))
    card_number = SelectField(_("Nomor kartu BPJS"), [Optional()])
    inactive_since = SelectField(_("Nonaktif sejak"), [Optional()])
    address = SelectField(_("Alamat"), [Optional()])

    def offer(self, headers: Sequence[str]) -> None:
        for key in COLUMNS:
            none = _("Pilih kolom") if key in REQUIRED else _("Tidak ada di berkas ini")
            field: Any = self[key]
            field.choices = [SelectChoice("", none), *(SelectChoice(header, header) for header in headers)]

    @property
    def chosen(self) -> dict[str, str]:
        return {key: self[key].data for key in COLUMNS if self[key].data}


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
