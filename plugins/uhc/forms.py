"""What the clerk fills in. Health data are specific data (UU 27/2022): how urgent the care is, and no diagnosis."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError

from core.api import SelectChoice, ServiceForm, area_today
from core.api import lazy_gettext as _

NO_CARE = "none"
CARE = {
    NO_CARE: _("Tidak sedang berobat"),
    "emergency": _("Gawat darurat"),
    "inpatient": _("Sedang dirawat inap"),
    "outpatient": _("Rawat jalan atau berobat rutin"),
}
COVER = {
    "none": _("Belum pernah punya"),
    "stopped": _("Pernah punya, sekarang tidak aktif"),
    "unknown": _("Belum tahu"),
    "active": _("Ada yang aktif"),
}
IN_HOSPITAL = ("emergency", "inpatient")


def _digits(value: str | None) -> str | None:
    """As it is printed on the card or read out: 0001 2345 67890."""
    return re.sub(r"[\s.\-]", "", value) if value else value


class EnrolmentForm(ServiceForm):
    # Nothing is chosen beforehand: an emergency by oversight would go before a real one.
    care = SelectField(
        _("Keperluan berobat"),
        [InputRequired()],
        choices=[SelectChoice("", _("Pilih keperluan")), *(SelectChoice(key, text) for key, text in CARE.items())],
    )
    facility = StringField(
        _("Rumah sakit, puskesmas, atau klinik"),
        [Optional(), Length(max=120)],
        description=_("Hanya nama tempatnya. Jangan tulis penyakitnya: data kesehatan dilindungi (UU 27/2022)."),
    )
    admitted_on = DateField(_("Masuk rumah sakit tanggal"), [Optional()])
    cover = SelectField(
        _("Jaminan kesehatan sekarang"),
        choices=[SelectChoice(key, text) for key, text in COVER.items()],
        default="unknown",
        description=_("Cek di Mobile JKN, PANDAWA, atau Care Center 165."),
    )
    escort = StringField(
        _("PSM yang mendampingi"),
        [Optional(), Length(max=80)],
        description=_("Siapa yang mengantar mengurus surat Puskesmas dan berkasnya."),
    )
    card_number = StringField(
        _("Nomor kartu BPJS"),
        [Optional(), Regexp(r"[0-9]{13}\Z", message=_("Nomor kartu BPJS terdiri dari 13 angka; NIK punya 16."))],
        filters=[_digits],
        description=_("Diisi setelah kepesertaan aktif. Kosongkan bila belum ada."),
    )

    def validate_admitted_on(self, field: DateField) -> None:
        if field.data and field.data > area_today():
            raise ValidationError(_("Tanggal ini belum tiba."))

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Who is in care is so somewhere."""
        valid = super().validate(extra_validators)
        if self.care.data not in (None, "", NO_CARE) and not self.facility.data:
            self.facility.errors = [*self.facility.errors, _("Tulis tempat warga berobat.")]
            return False
        return valid
