"""What the clerk fills in. Health data are specific data (UU 27/2022): how urgent the care is, and no diagnosis."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from wtforms import DateField, SelectField, StringField
from wtforms.validators import DataRequired, Length, Optional, Regexp, ValidationError

from core.api import SelectChoice, ServiceForm, area_today
from core.api import lazy_gettext as _

CARE = {
    "emergency": _("Gawat darurat"),
    "inpatient": _("Sedang dirawat inap"),
    "routine": _("Berobat rutin, seperti cuci darah atau kontrol"),
    "outpatient": _("Rawat jalan"),
}
NO_CARE = "none"
JKN_BEGAN = date(2014, 1, 1)
_SEPARATORS = re.compile(r"[\s.\-]")


def _digits(value: str | None) -> str | None:
    """As it is printed on the card or read out: 0001 2345 67890."""
    return _SEPARATORS.sub("", value) if value else value


class MembershipForm(ServiceForm):
    """What both services ask."""

    care = SelectField(_("Keperluan berobat"), choices=[SelectChoice(key, label) for key, label in CARE.items()])
    facility = StringField(
        _("Rumah sakit, puskesmas, atau klinik"),
        [DataRequired(), Length(max=120)],
        description=_("Hanya nama tempatnya. Jangan tulis penyakitnya: data kesehatan dilindungi (UU 27/2022)."),
    )
    card_number = StringField(
        _("Nomor kartu BPJS"),
        # These ten only, whatever else Unicode counts as digits.
        [Optional(), Regexp(r"[0-9]{13}\Z", message=_("Nomor kartu BPJS terdiri dari 13 angka; NIK punya 16."))],
        filters=[_digits],
        description=_("13 angka pada kartu atau di Mobile JKN. Kosongkan bila kartunya belum ada."),
    )


class ReactivationForm(MembershipForm):
    inactive_since = DateField(
        _("Nonaktif sejak"), [Optional()], description=_("Menurut Mobile JKN, Care Center 165, atau rumah sakit.")
    )

    def validate_inactive_since(self, field: DateField) -> None:
        if field.data and field.data > area_today():
            raise ValidationError(_("Tanggal ini belum tiba."))
        if field.data and field.data < JKN_BEGAN:
            raise ValidationError(_("JKN baru ada sejak 1 Januari 2014. Periksa tahunnya."))


class EnrolmentForm(MembershipForm):
    care = SelectField(
        _("Keperluan berobat"),
        choices=[
            SelectChoice(NO_CARE, _("Tidak sedang berobat")),
            *(SelectChoice(key, label) for key, label in CARE.items()),
        ],
    )
    facility = StringField(
        _("Rumah sakit, puskesmas, atau klinik"),
        [Optional(), Length(max=120)],
        description=_("Hanya nama tempatnya, bila sedang berobat. Jangan tulis penyakitnya (UU 27/2022)."),
    )

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Who is in care somewhere is in care at a place."""
        valid = super().validate(extra_validators)
        if self.care.data not in (None, NO_CARE) and not self.facility.data:
            self.facility.errors = [*self.facility.errors, _("Tulis tempat warga berobat.")]
            return False
        return valid
