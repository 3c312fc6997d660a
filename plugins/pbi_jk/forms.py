"""What the clerk fills in. Health data are specific data (UU 27/2022): how urgent the care is, and no diagnosis."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from wtforms import DateField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp, ValidationError

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


def _care(*first: Any) -> SelectField:
    # Nothing is chosen beforehand: an emergency by oversight would go before a real one.
    choices = [SelectChoice("", _("Pilih keperluan")), *first, *(SelectChoice(key, text) for key, text in CARE.items())]
    return SelectField(_("Keperluan berobat"), [InputRequired()], choices=choices)


def _facility(*checks: Any) -> StringField:
    return StringField(
        _("Rumah sakit, puskesmas, atau klinik"),
        [*checks, Length(max=120)],
        description=_("Hanya nama tempatnya. Jangan tulis penyakitnya: data kesehatan dilindungi (UU 27/2022)."),
    )


def _card_number() -> StringField:
    return StringField(
        _("Nomor kartu BPJS"),
        # These ten only, whatever else Unicode counts as digits.
        [Optional(), Regexp(r"[0-9]{13}\Z", message=_("Nomor kartu BPJS terdiri dari 13 angka; NIK punya 16."))],
        filters=[_digits],
        description=_("13 angka pada kartu atau di Mobile JKN. Kosongkan bila kartunya belum ada."),
    )


class ReactivationForm(ServiceForm):
    care = _care()
    facility = _facility(DataRequired())
    card_number = _card_number()
    inactive_since = DateField(
        _("Nonaktif sejak"), [Optional()], description=_("Menurut Mobile JKN, Care Center 165, atau rumah sakit.")
    )

    def validate_inactive_since(self, field: DateField) -> None:
        if field.data and field.data > area_today():
            raise ValidationError(_("Tanggal ini belum tiba."))
        if field.data and field.data < JKN_BEGAN:
            raise ValidationError(_("JKN baru ada sejak 1 Januari 2014. Periksa tahunnya."))


class EnrolmentForm(ServiceForm):
    care = _care(SelectChoice(NO_CARE, _("Tidak sedang berobat")))
    facility = _facility(Optional())
    card_number = _card_number()

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Who is in care is so somewhere."""
        valid = super().validate(extra_validators)
        if self.care.data not in (None, "", NO_CARE) and not self.facility.data:
            self.facility.errors = [*self.facility.errors, _("Tulis tempat warga berobat.")]
            return False
        return valid
