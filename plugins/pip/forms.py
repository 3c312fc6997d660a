"""What the clerk fills in, for a school and for a college."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from core.api import CheckboxesField, SelectChoice, ServiceForm, area_today
from core.api import lazy_gettext as _

from .grades import GRADES

KINDS = {
    "school": _("Sekolah (Kemendikdasmen)"),
    "madrasah": _("Madrasah (Kemenag)"),
    "equivalency": _("Kejar paket: PKBM atau SKB"),
}
ATTENDANCE = {
    "enrolled": _("Bersekolah di kelas itu"),
    "returning": _("Putus sekolah, akan masuk kembali di kelas itu"),
    "out": _("Tidak bersekolah, belum ada rencana kembali"),
}
ADMISSION = {
    "accepted": _("Sudah diterima"),
    "applying": _("Sedang mengikuti seleksi masuk"),
    "none": _("Belum mendaftar"),
}
GROUNDS = {
    "kip": _("Pemegang KIP"),
    "kks": _("Keluarga penerima PKH atau pemegang KKS"),
    "sktm": _("Punya SKTM"),
    "orphan": _("Yatim, piatu, atau tinggal di panti"),
    "disaster": _("Terdampak bencana"),
    "disability": _("Penyandang disabilitas"),
}
FOR_COLLEGE = ("kip", "kks", "sktm")
_SEPARATORS = re.compile(r"[\s.\-]")


def _chosen(label: Any, choices: Mapping[str, Any], first: Any, description: Any = "") -> SelectField:
    """Nothing is chosen beforehand: the first class by oversight would be another amount."""
    options = [SelectChoice("", first), *(SelectChoice(key, title) for key, title in choices.items())]
    return SelectField(label, [InputRequired()], choices=options, description=description)


def _grounds(keys: Sequence[str]) -> CheckboxesField:
    return CheckboxesField(
        _("Keadaan anak dan keluarganya"),
        choices=[SelectChoice(key, GROUNDS[key]) for key in keys],
        description=_("Tanyakan satu per satu dan centang yang berlaku. Yang tidak dicentang berarti tidak."),
    )


def _digits(value: str | None) -> str | None:
    """As it is printed on a card or read out."""
    return _SEPARATORS.sub("", value) if value else value


def _nisn() -> StringField:
    return StringField(
        _("NISN"),
        # These ten only, whatever else Unicode counts as digits.
        [Optional(), Regexp(r"[0-9]{10}\Z", message=_("NISN terdiri dari 10 angka; NIK punya 16."))],
        filters=[_digits],
        description=_("10 angka, ada di rapor atau kartu pelajar. Kosongkan bila belum diketahui."),
    )


class SchoolAidForm(ServiceForm):
    kind = _chosen(_("Jenis sekolah"), KINDS, _("Pilih jenisnya"))
    school = StringField(_("Nama sekolah"), [DataRequired(), Length(max=120)])
    grade = _chosen(_("Kelas"), GRADES, _("Pilih kelas"), _("Kelas sekarang, atau kelas yang akan dimasuki."))
    attendance = _chosen(_("Keadaan sekolahnya"), ATTENDANCE, _("Pilih keadaannya"))
    nisn = _nisn()
    grounds = _grounds(tuple(GROUNDS))


class CollegeAidForm(ServiceForm):
    school = StringField(_("Asal SMA, SMK, MA, atau Paket C"), [DataRequired(), Length(max=120)])
    graduated_in = IntegerField(_("Tahun lulus"), [InputRequired(), NumberRange(1990, 2100)])
    admission = _chosen(_("Perguruan tinggi"), ADMISSION, _("Pilih keadaannya"))
    college = StringField(
        _("Nama perguruan tinggi"), [Optional(), Length(max=120)], description=_("Wajib bila sudah diterima.")
    )
    registration = StringField(
        _("Nomor pendaftaran KIP Kuliah"),
        [Optional(), Length(max=40)],
        description=_("Dari akun di laman KIP Kuliah. Kosongkan bila akunnya belum dibuat."),
    )
    nisn = _nisn()
    grounds = _grounds(FOR_COLLEGE)

    def validate_graduated_in(self, field: IntegerField) -> None:
        if field.data and field.data > area_today().year:
            raise ValidationError(_("Tahun ini belum tiba."))

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Who was accepted was so somewhere: the letter goes there."""
        valid = super().validate(extra_validators)
        if self.admission.data == "accepted" and not self.college.data:
            self.college.errors = [*self.college.errors, _("Tulis di mana ia diterima.")]
            return False
        return valid
