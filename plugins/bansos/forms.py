"""What the clerk fills in: a proposal for Sembako, or what is wrong with a card."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp, ValidationError

from core.api import SelectChoice, ServiceForm, area_today
from core.api import lazy_gettext as _

YES_NO = {"unknown": _("Belum diketahui"), "yes": _("Ya"), "no": _("Tidak")}
ACCOUNT = {
    "unknown": _("Belum diketahui"),
    "none": _("Belum punya KKS atau rekening"),
    "active": _("Punya, masih dapat dipakai"),
    "inactive": _("Punya, tidak dapat dipakai"),
}
TROUBLES = {
    "lost": _("Kartu hilang"),
    "damaged": _("Kartu rusak"),
    "pin": _("Lupa PIN"),
    "blocked": _("Kartu atau rekening diblokir"),
    "zero": _("Saldo nol, bantuan tidak masuk"),
}
BANKS = {
    "unknown": _("Belum diketahui"),
    "bri": "BRI",
    "bni": "BNI",
    "mandiri": "Mandiri",
    "btn": "BTN",
    "bsi": "BSI",
    "post": _("Kantor pos"),
}
_SEPARATORS = re.compile(r"[\s.\-]")


def _chosen(label: Any, choices: Mapping[str, Any], description: Any = "") -> SelectField:
    options = [SelectChoice(key, title) for key, title in choices.items()]
    return SelectField(label, choices=options, default=next(iter(choices)), description=description)


def _digits(value: str | None) -> str | None:
    """As it is printed on a card or read out."""
    return _SEPARATORS.sub("", value) if value else value


def _number(label: Any, pattern: str, message: Any, description: Any) -> StringField:
    validators = [Optional(), Regexp(pattern, message=message)]
    return StringField(label, validators, filters=[_digits], description=description)


def _card_number() -> StringField:
    return _number(
        _("Nomor KKS"), r"[0-9]{16}\Z", _("Nomor kartu terdiri dari 16 angka."), _("16 angka di kartunya, bila ada.")
    )


def _account_number() -> StringField:
    return _number(
        _("Nomor rekening"),
        r"[0-9]{8,18}\Z",
        _("Nomor rekening terdiri dari 8 sampai 18 angka."),
        _("Di buku tabungan, bila ada."),
    )


class ProposalForm(ServiceForm):
    """Card, account, its state and the mother's maiden name are what the bank compares when it opens an account."""

    member = _chosen(
        _("Sudah menerima Sembako/BPNT"), YES_NO, _("Lihat SIKS-NG, cekbansos.kemensos.go.id, atau mutasi KKS.")
    )
    account_state = _chosen(_("KKS dan rekening"), ACCOUNT)
    card_number = _card_number()
    account_number = _account_number()
    mother_name = StringField(
        _("Nama gadis ibu kandung"),
        [DataRequired(), Length(max=120)],
        description=_("Ibu dari calon penerima, seperti di KK. Bank mencocokkannya."),
    )
    situation = TextAreaField(
        _("Keadaan keluarga"),
        [DataRequired(), Length(max=600)],
        description=_("Pekerjaan, penghasilan, tanggungan, rumah. Jangan tulis penyakit: data kesehatan dilindungi."),
    )


class CardForm(ServiceForm):
    trouble = SelectField(
        _("Masalahnya"),
        [InputRequired()],
        choices=[
            SelectChoice("", _("Pilih masalahnya")),
            *(SelectChoice(key, title) for key, title in TROUBLES.items()),
        ],
    )
    since = DateField(_("Sejak tanggal"), [InputRequired()], description=_("Kapan diketahui; perkiraan boleh."))
    listed = _chosen(_("Masih tercatat sebagai penerima"), YES_NO, _("Lihat di SIKS-NG atau cekbansos.kemensos.go.id."))
    bank = _chosen(_("Bank penyalur"), BANKS)
    card_number = _card_number()
    account_number = _account_number()
    mother_name = StringField(_("Nama gadis ibu kandung"), [Optional(), Length(max=120)])
    police_letter = _chosen(
        _("Surat kehilangan dari polisi"), YES_NO, _("Hanya bila kartu hilang: sudah ada suratnya atau belum.")
    )
    unpaid = StringField(
        _("Bantuan yang tidak masuk"),
        [Optional(), Length(max=200)],
        description=_("Hanya bila saldo nol: bulan atau tahap yang mana, misalnya “Juli–September 2026”."),
    )
    explanation = TextAreaField(_("Penjelasan"), [DataRequired(), Length(max=600)])

    def validate_since(self, field: DateField) -> None:
        if field.data and field.data > area_today():
            raise ValidationError(_("Tanggal ini belum tiba."))

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """An empty account is looked for in a certain month: without it nobody can."""
        valid = super().validate(extra_validators)
        if self.trouble.data == "zero" and not self.unpaid.data:
            self.unpaid.errors = [*self.unpaid.errors, _("Tulis bantuan masa mana yang tidak masuk.")]
            return False
        return valid
