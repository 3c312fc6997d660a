"""What one row of a Posyandu's file says: values, and what is wrong with them. Nobody was looked for yet."""

from datetime import date
from typing import Any

from core.api import FileRow, Findings, gettext

from .models import LINE
from .plausibility import NAMES, UNITS
from .values import NOTHING, Values, in_units, read_day

_YES, _NO = ("ya", "y", "yes", "1", "v", "sudah"), ("tidak", "t", "no", "n", "0", "belum")
_VITAMINS = {"biru": "blue", "merah": "red", "kapsul biru": "blue", "kapsul merah": "red"}
_SEXES = {"l": "L", "laki-laki": "L", "1": "L", "p": "P", "perempuan": "P", "2": "P"}


def read_values(row: FileRow, found: Findings) -> Values | None:
    """The measurement; None when the row has no usable day. A figure that is none is told as an error."""
    day = read_row_day(row, "measured_on", found, needed=True)
    figures: dict[str, Any] = {name: _figure(row, name, found) for name in UNITS}
    vitamin, breastfed = _vitamin(row, found), _yes_or_no(row, "breastfed", found)
    if day is None:
        return None
    return Values(
        day,
        **figures,
        vitamin_a=vitamin,
        breastfed=breastfed,
        immunisation=_text(row, "immunisation")[:LINE],
        remark=_text(row, "remark")[:LINE],
    )


def read_sex(row: FileRow) -> str:
    """L or P; blank where the file does not say."""
    return _SEXES.get(_text(row, "sex").lower(), "")


def read_row_day(row: FileRow, column: str, found: Findings, *, needed: bool = False) -> date | None:
    fix = gettext("Tulis seperti 2026-11-05 atau 05/11/2026.")
    try:
        day = read_day(_text(row, column))
    except (ValueError, OverflowError):
        (found.error if needed else found.warn)(row, column, gettext("Bukan tanggal."), fix)
        return None
    if day is None and needed:
        found.error(row, column, gettext("Tanggal pemeriksaan kosong."), fix)
    return day


def _text(row: FileRow, column: str) -> str:
    text = row.text(column)
    return "" if text in NOTHING else text


def _figure(row: FileRow, name: str, found: Findings) -> int | None:
    units, unit = UNITS[name]
    try:
        return in_units(_text(row, name), units)
    except ValueError:
        said = gettext("%(what)s bukan angka.", what=NAMES[name])
        found.error(row, name, said, gettext("Tulis angka saja dalam %(unit)s, misalnya 9,5.", unit=unit))
        return None


def _vitamin(row: FileRow, found: Findings) -> str:
    known = _VITAMINS.get(_text(row, "vitamin_a").lower())
    return known or {"yes": "given"}.get(_yes_or_no(row, "vitamin_a", found), "")


def _yes_or_no(row: FileRow, column: str, found: Findings) -> str:
    low = _text(row, column).lower()
    if not low or low in _YES or low in _NO:
        return "yes" if low in _YES else "no" if low in _NO else ""
    text = gettext("Isian ini tidak dikenal, jadi dikosongkan.")
    found.warn(row, column, text, gettext("Tulis YA atau TIDAK."))
    return ""
