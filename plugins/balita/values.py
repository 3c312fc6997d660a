"""What was measured, as a typed value, and how people write it: kilograms and centimetres with a comma or a point."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.api import Text
from core.api import lazy_gettext as _

from .growth import Reading

POSITIONS: Mapping[str, Text] = {"lying": _("berbaring"), "standing": _("berdiri")}
VITAMINS: Mapping[str, Text] = {"blue": _("kapsul biru"), "red": _("kapsul merah"), "given": _("diberikan")}
BREASTFED: Mapping[str, Text] = {"yes": _("ya"), "no": _("tidak")}
NOTHING = ("", "-", "–")
_NUMBER = re.compile(r"(\d{1,7})(?:[.,](\d{1,6}))?")
_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")
_EXCEL_DAY_0 = date(1899, 12, 30)


@dataclass(frozen=True)
class Values:
    """One measurement: grams and millimetres; None and blank are "not measured" and "not said"."""

    measured_on: date
    weight_g: int | None = None
    height_mm: int | None = None
    position: str = ""
    head_mm: int | None = None
    arm_mm: int | None = None
    vitamin_a: str = ""
    breastfed: str = ""
    immunisation: str = ""
    remark: str = ""
    measured_by: str = ""

    @property
    def reading(self) -> Reading:
        return Reading(self.measured_on, self.weight_g, self.height_mm, self.position)

    @property
    def says_nothing(self) -> bool:
        figures = (self.weight_g, self.height_mm, self.head_mm, self.arm_mm)
        return not any(figures) and not self.vitamin_a and not self.immunisation


def in_units(text: str, units: int) -> int | None:
    """ "9,5" kilograms in grams (``units`` 1000) or centimetres in millimetres (10); None for nothing.

    Raises:
        ValueError: not a number as people write one.
    """
    compact = text.strip().lower().removesuffix("kg").removesuffix("cm").strip()
    if compact in NOTHING:
        return None
    found = _NUMBER.fullmatch(compact) if compact.isascii() else None
    if not found:
        raise ValueError(text)
    return round(float(f"{found[1]}.{found[2] or 0}") * units)


def written(value: int | None, units: int) -> str:
    """As people write it: 9500 g is "9,5"; blank for nothing."""
    if value is None:
        return ""
    return f"{value / units:.3f}".rstrip("0").rstrip(".").replace(".", ",")


def read_day(text: str) -> date | None:
    """A day as files have it: 2026-11-05, 05/11/2026, or the number that a spreadsheet keeps. None for nothing.

    Raises:
        ValueError: no day.
    """
    compact = text.strip().split(" ")[0].split("T")[0]
    if compact in NOTHING:
        return None
    if compact.isascii() and compact.isdigit() and len(compact) == 5:
        return _EXCEL_DAY_0 + timedelta(days=int(compact))
    for form in _FORMATS:
        try:
            return datetime.strptime(compact, form).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    raise ValueError(text)
