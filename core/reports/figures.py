"""Figures that add up: of a village and a month, of a district and a year alike."""

from dataclasses import dataclass
from typing import Literal

from core.texts import Text, lazy_gettext
from core.web.formats import decimal, rupiah

FEWEST = 5
"""Below so many, a rate would tell of single families or single clerks (Partnership scorecard: rates from n = 5 on)."""

Unit = Literal["count", "share", "minutes", "days", "rupiah", "points"]


def hidden_below(amount: float, of: float, fewest: int = FEWEST) -> float | None:
    """``amount / of``; None where ``of`` is less than ``fewest``: the raw counts are shown then, and no rate."""
    return amount / of if of >= fewest else None


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A sum, or a mean or share as its two sums.

    Both ``amount`` and ``of`` add up over villages and months, so the figure of a district is as exact as a village's.

    Attributes:
        key: "<plugin>.<what>", the same in every month and version.
        amount: the count, or what is divided: minutes waited in all, those that were answered.
        of: what it is divided by (visits, those that were sent); None for a plain count.
        unit: share is shown per cent; minutes, days and points are means where ``of`` is given.
    """

    key: str
    title: Text
    amount: float
    of: float | None = None
    unit: Unit = "count"

    @property
    def value(self) -> float | None:
        """Of a mean or share None where it is of fewer than five."""
        return self.amount if self.of is None else hidden_below(self.amount, self.of)

    @property
    def shown(self) -> str:
        """In Indonesian notation with its unit; "–" where it is hidden or of nothing."""
        if self.value is None:
            return "–"
        if self.unit == "rupiah":
            return rupiah(round(self.value))
        if self.unit == "share":
            return f"{decimal(self.value * 100, 1)} %"
        if self.unit == "points":
            return decimal(self.value, 2)
        if self.unit == "count":
            return decimal(self.value, 0 if self.value == round(self.value) else 1)
        return f"{decimal(self.value, 1)} {UNITS[self.unit]}"


UNITS = {"minutes": lazy_gettext("menit"), "days": lazy_gettext("hari")}
