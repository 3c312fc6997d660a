"""The forms in which clerks enter families, and move residents between them."""

from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, DateField, FloatField, HiddenField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from core.areas.current import CurrentArea
from core.clock import today
from core.texts import lazy_gettext
from core.web.forms import Form, SelectChoice

from .forms import DIGITS_ONLY, SHORT, choices_of, given, refuse, refuse_future, require_number, shown
from .identity import Checked, Finding, check_kk, mask_nik
from .labels import FAMILY_ROLE_TITLES
from .models import Household
from .registry import Decile, HouseholdInput


class HouseholdForm(Form):
    """A family. ``stored`` is the one being changed, None for a new one."""

    version = HiddenField()
    kk_number = StringField(lazy_gettext("No. KK"))
    no_kk = BooleanField(lazy_gettext("Belum punya KK"))
    address = StringField(lazy_gettext("Alamat"), [Optional(), Length(max=200)])
    hamlet = StringField(lazy_gettext("Dusun"), [Optional(), SHORT])
    rt = StringField(lazy_gettext("RT"), [Optional(), Regexp(r"^\d{1,3}$", message=DIGITS_ONLY)])
    rw = StringField(lazy_gettext("RW"), [Optional(), Regexp(r"^\d{1,3}$", message=DIGITS_ONLY)])
    decile = SelectField(
        lazy_gettext("Desil DTSEN"),
        choices=[SelectChoice("", lazy_gettext("Belum dicek")), *(SelectChoice(str(n)) for n in range(1, 11))],
        default="",
        description=lazy_gettext("Desil resmi dari pemerintah; tidak pernah dihitung di sini."),
    )
    decile_on = DateField(lazy_gettext("Desil dicek tanggal"), [Optional()])
    decile_source = StringField(
        lazy_gettext("Sumber desil"),
        [Optional(), SHORT],
        description=lazy_gettext("Misalnya: SIKS-NG, Cek Bansos, surat Dinas Sosial."),
    )
    lat = FloatField(lazy_gettext("Lintang"), [Optional(), NumberRange(-11.5, 6.5)])
    lng = FloatField(lazy_gettext("Bujur"), [Optional(), NumberRange(94.5, 141.5)])

    def __init__(self, area: CurrentArea, stored: Household | None = None, **kwargs: Any) -> None:
        self.area, self.stored = area, stored
        self.today = today(area.timezone)
        data = shown(stored, "kk_number")
        if data.get("decile"):
            data["decile"] = str(data["decile"])
        super().__init__(data=data, **kwargs)
        if stored and stored.kk_number:
            self.kk_number.description = _(
                "Sekarang %(kk)s. Biarkan kosong bila tidak berubah.", kk=mask_nik(stored.kk_number)
            )
        else:
            self.kk_number.description = _("16 angka, di bagian atas KK.")

    @property
    def checked_kk(self) -> Checked:
        return check_kk(self.kk_number.data, area_code=self.area.code, today=self.today)

    def validate_kk_number(self, field: StringField) -> None:
        kept = self.stored is not None and self.stored.kk_number is not None and not field.data and not self.no_kk.data
        if not kept:
            require_number(self.checked_kk, bool(self.no_kk.data), _("Belum punya KK"))

    def validate_decile(self, _field: SelectField) -> None:
        given = [bool(self[name].data) for name in ("decile", "decile_on", "decile_source")]
        if any(given) and not all(given):
            raise ValidationError(_("Desil, tanggal, dan sumbernya diisi bersama, atau dikosongkan semua."))

    def validate_decile_on(self, field: DateField) -> None:
        refuse_future(field, self.today)

    @property
    def warnings(self) -> list[Finding]:
        return self.checked_kk.warnings

    def to_input(self) -> HouseholdInput:
        """Only of a form that was found valid."""
        kept = self.stored.kk_number if self.stored and not self.no_kk.data else None
        return HouseholdInput(
            kk_number=self.checked_kk.value or kept,
            address=self.address.data or "",
            hamlet=self.hamlet.data or "",
            rt=_three_digits(self.rt.data),
            rw=_three_digits(self.rw.data),
            decile=self._decile(),
            lat=self.lat.data,
            lng=self.lng.data,
        )

    def _decile(self) -> Decile | None:
        if not self.decile.data:
            return None
        return Decile(int(self.decile.data), given(self.decile_on), self.decile_source.data or "")


class MoveForm(Form):
    """Into which family a resident moves, and as whom."""

    version = HiddenField()
    target = RadioField(
        lazy_gettext("Pindah ke"),
        [InputRequired()],
        choices=[
            SelectChoice("household", lazy_gettext("Keluarga dengan No. KK ini")),
            SelectChoice("none", lazy_gettext("Tanpa keluarga (belum punya KK)")),
        ],
        default="household",
    )
    kk_number = StringField(
        lazy_gettext("No. KK tujuan"), description=lazy_gettext("16 angka. Keluarga yang belum tercatat dibuatkan.")
    )
    family_role = SelectField(lazy_gettext("Hubungan dalam keluarga itu"), choices=choices_of(FAMILY_ROLE_TITLES))

    def validate_kk_number(self, field: StringField) -> None:
        if self.target.data == "household":
            checked = check_kk(field.data)
            refuse(checked)
            if checked.value is None:
                raise ValidationError(_("Isi No. KK keluarga tujuan, 16 angka."))

    @property
    def kk(self) -> str | None:
        return check_kk(self.kk_number.data).value if self.target.data == "household" else None


def _three_digits(text: str | None) -> str:
    return text.lstrip("0").zfill(3) if text and text.strip("0") else ""
