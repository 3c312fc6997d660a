"""What is told of a partner and of the village: sums with what they are of, so that rates can be hidden below n = 5.

The formula of each indicator stands with the function that measures it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

from core.api import Figure, Text, hidden_below
from core.api import lazy_gettext as _

from ..words import BARRIERS

Unit = Literal["share", "count", "median_days", "mean_days", "days", "figure"]
Amounts = tuple[float | None, float | None]
"""Amount, and what it is of: None for a plain count."""


@dataclass(frozen=True)
class Kind:
    component: str
    title: Text
    unit: Unit


INDICATORS: Mapping[str, Kind] = {
    "pairs": Kind("relationship", _("Pasangan rujukan yang aktif"), "share"),
    "answered": Kind("relationship", _("Rujukan dijawab"), "share"),
    "accept_days": Kind("relationship", _("Hari sampai rujukan diterima, median"), "median_days"),
    "agreement": Kind("relationship", _("Perjanjian ditandatangani dan masih berlaku"), "share"),
    "returned": Kind("relationship", _("Rujukan dikembalikan"), "share"),
    "present": Kind("engagement", _("Hadir dari yang diundang"), "share"),
    "actions": Kind("engagement", _("Tindakan selesai tepat waktu"), "share"),
    "idle_days": Kind("engagement", _("Hari sejak kegiatan terakhir"), "days"),
    "dormant": Kind("engagement", _("Mitra tidur"), "share"),
    "contributions": Kind("engagement", _("Kontribusi"), "count"),
    "proposals": Kind("influence", _("Usul mitra diterima"), "share"),
    "proposals_government": Kind("influence", _("Usul diterima: pemerintah"), "share"),
    "proposals_non_government": Kind("influence", _("Usul diterima: bukan pemerintah"), "share"),
    "proposals_community": Kind("influence", _("Usul diterima: masyarakat"), "share"),
    "citizen": Kind("influence", _("Masukan warga yang menghasilkan keputusan"), "share"),
    "decided": Kind("influence", _("Kasus yang hasilnya diputus mitra"), "share"),
    "open": Kind("barrier", _("Hambatan terbuka"), "count"),
    **{f"open_{key}": Kind("barrier", title, "count") for key, title in BARRIERS.items()},
    "age": Kind("barrier", _("Umur hambatan terbuka, rata-rata"), "mean_days"),
    "resolved": Kind("barrier", _("Hambatan diselesaikan"), "share"),
}
"""By key, in the order in which they are shown."""

FROM_MODULES = ("queue.load", "queue.turned_away", "queue.out_of_hours", "queue.wait")
"""Figures of the queue that stand with the barriers where that module is on."""


@dataclass(frozen=True)
class Indicator:
    """``amount`` is None where nothing could be measured."""

    key: str
    amount: float | None
    of: float | None = None

    @property
    def kind(self) -> Kind:
        return INDICATORS[self.key]

    @property
    def value(self) -> float | None:
        """Of a share 0–1, of a time days. None where it is hidden: a rate, mean or median of fewer than five."""
        if self.amount is None:
            return None
        if self.kind.unit == "median_days":
            return hidden_below(self.amount * (self.of or 0), self.of or 0)
        return self.amount if self.of is None else hidden_below(self.amount, self.of)

    @property
    def shown(self) -> str:
        """With its unit; "–" where it is hidden or of nothing."""
        if self.value is None:
            return "–"
        if self.kind.unit in ("median_days", "mean_days"):
            return _figure(self.value, None, "days")
        if self.kind.unit == "days":
            return _figure(self.value, None, "days").replace(",0 ", " ")
        return _figure(self.amount or 0, self.of, "share" if self.kind.unit == "share" else "count")

    @property
    def counts(self) -> str:
        """The raw counts: "3/4", or "n 3" of times; blank of a plain count."""
        if self.of is None:
            return ""
        if self.kind.unit == "share":
            return f"{self.amount or 0:g}/{self.of:g}"
        return f"n {self.of:g}"


def _figure(amount: float, of: float | None, unit: Literal["share", "days", "count"]) -> str:
    return Figure(key="partnership.shown", title="", amount=amount, of=of, unit=unit).shown


@dataclass
class Tally:
    """What was measured of the partners ``ids`` and of the village as a whole, by indicator."""

    ids: Iterable[UUID]
    partners: dict[UUID, dict[str, Amounts]] = field(default_factory=dict)
    village: dict[str, Amounts] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.partners = {partner_id: {} for partner_id in self.ids}

    def put(self, partner_id: UUID | None, key: str, amount: float | None, of: float | None = None) -> None:
        """Of one partner alone; of None, or of one that is not told of here, nothing."""
        if partner_id is not None and partner_id in self.partners:
            self.partners[partner_id][key] = (amount, of)

    def add(self, partner_id: UUID | None, key: str, amount: float, of: float | None = None) -> None:
        """Of a partner and into the village's sum; what no partner has counts in the village alone."""
        held = self.partners.get(partner_id) if partner_id else None
        for found in (self.village, held):
            if found is not None:
                before = found.get(key, (0, 0))
                found[key] = ((before[0] or 0) + amount, None if of is None else (before[1] or 0) + of)


def indicators_in(figures: Mapping[str, Amounts]) -> Iterator[Indicator]:
    """In the order of ``INDICATORS``; a kind of another version of this module is left out."""
    for key in INDICATORS:
        if key in figures:
            amount, of = figures[key]
            yield Indicator(key, amount, of)


def by_component(figures: Mapping[str, Amounts]) -> dict[str, list[Indicator]]:
    found: dict[str, list[Indicator]] = {}
    for indicator in indicators_in(figures):
        found.setdefault(indicator.kind.component, []).append(indicator)
    return found
