"""The kept figures of a village, a kecamatan or a district: added up, month by month, village by village.

A page costs three queries however many villages and cases there are: the month's rows, the sums of the months before,
and the villages' names.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Float, cast, func, select

from core.api import Area, AreaCode, Figure, db, hidden_below, villages_in

from .counting import Sums
from .day_classes import class_of_median
from .models import MonitoringMonth
from .words import OWN

TREND = (
    "monitoring.received",
    "monitoring.solved",
    "monitoring.referred",
    "monitoring.local",
    "monitoring.overdue",
    "queue.wait",
    "feedback.ikm",
)


@dataclass
class Total:
    """What some villages have together. ``aid``: programme → [title, how many, rupiah]."""

    villages: int = 0
    figures: Sums = field(default_factory=dict)
    classes: list[int] = field(default_factory=lambda: [0] * 7)
    groups: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    aid: dict[str, list[Any]] = field(default_factory=dict)
    sections: dict[str, tuple[str, dict[str, tuple[str, str]]]] = field(default_factory=dict)
    failed: int = 0
    most: int = 0
    oldest: datetime | None = None
    newest: datetime | None = None

    def add(self, row: Any) -> None:
        """Another village's month."""
        self.villages += 1
        _add_sums(self.figures, row.figures)
        detail = row.detail
        self.classes = [one + two for one, two in zip(self.classes, detail["classes"], strict=True)]
        self.most = max(self.most, detail["most"])
        for group, lines in detail["groups"].items():
            mine = self.groups.setdefault(group, {})
            for key, counts in lines.items():
                mine[key] = [one + two for one, two in zip(mine.get(key, (0, 0, 0, 0)), counts, strict=True)]
        for key, (title, number, money) in detail.get("aid", {}).items():
            before = self.aid.get(key, [title, 0, 0])
            self.aid[key] = [before[0], before[1] + number, before[2] + money]
        for section in row.sections:
            self.failed += section["failed"]
            known = self.sections.setdefault(section["name"], (section["title"], {}))[1]
            known.update({key: (title, unit) for key, title, unit in section["figures"]})
        self.oldest = min(self.oldest or row.made_at, row.made_at)
        self.newest = max(self.newest or row.made_at, row.made_at)

    def own(self, key: str) -> Figure:
        """A figure of this module; of nothing where no village has one."""
        title, unit = OWN[key]
        amount, of = self.figures.get(key) or (0, 0 if unit in ("share", "days") else None)
        return Figure(key=key, title=title, amount=amount or 0, of=of, unit=unit)

    def others(self) -> list[tuple[str, list[Figure]]]:
        """The figures of the other modules, section by section."""
        return [
            (title, [_figure(key, said, self.figures[key]) for key, said in known.items() if key in self.figures])
            for title, known in self.sections.values()
            if known
        ]

    def other(self, key: str) -> Figure | None:
        """A figure of another module by its key; None where no village has it."""
        return next((each for _title, figures in self.others() for each in figures if each.key == key), None)

    @property
    def median_class(self) -> int | None:
        return class_of_median(self.classes)


@dataclass(frozen=True)
class Place:
    """A village or a kecamatan in a comparison. ``enabled``: it has pages of this module; ``above``: the kecamatan."""

    code: AreaCode
    title: str
    total: Total
    enabled: bool = True
    above: str = ""


@dataclass(frozen=True)
class WideMonth:
    """The month of an area around villages. ``missing``: villages with the module whose figures were never made."""

    total: Total
    villages: Sequence[Place]
    missing: int

    def kecamatan(self) -> list[Place]:
        """The same villages added up by kecamatan, by code."""
        found: dict[int, Total] = {}
        titles: dict[int, str] = {}
        for place in self.villages:
            code = place.code.parent or place.code
            titles[code.id] = place.above
            merged = found.setdefault(code.id, Total())
            _merge(merged, place.total)
        return [Place(AreaCode.from_id(key), titles[key], total) for key, total in sorted(found.items())]


def wide_month(area: Area, month: date, *, module: str = "monitoring") -> WideMonth:
    """From two queries."""
    known = {village.id: village for village in villages_in(area.interval)}
    total, places = Total(), []
    for row in _rows(area, month):
        village = known.get(row.village_id)
        if village is None:
            continue
        own = Total()
        own.add(row)
        total.add(row)
        above = village.path.partition(" · ")[0]
        places.append(Place(village.interval, village.title, own, module in village.enabled, above))
    on = sum(module in village.enabled for village in known.values())
    return WideMonth(total, places, max(0, on - sum(place.enabled for place in places)))


def village_month(area: Area, month: date) -> Total | None:
    """What is kept of a village's month; None when it was never made."""
    rows = _rows(area, month)
    if not rows:
        return None
    total = Total()
    total.add(rows[0])
    return total


def trend(area: Area, months: Sequence[date]) -> Mapping[str, list[tuple[float, float | None] | None]]:
    """The sums of the figures in ``TREND`` for each of these months, from one query; None where nothing is kept."""
    parts = [part for key in TREND for part in (func.sum(_number(key, 0)), func.sum(_number(key, 1)))]
    query = (
        select(MonitoringMonth.month, *parts)
        .where(MonitoringMonth.village_id.between(area.id, area.hi), MonitoringMonth.month.in_(months))
        .group_by(MonitoringMonth.month)
    )
    found = {row[0]: row[1:] for row in db.session.execute(query)}
    series: dict[str, list[tuple[float, float | None] | None]] = {}
    for place, key in enumerate(TREND):
        values = [found.get(month) for month in months]
        series[key] = [
            (row[2 * place], row[2 * place + 1]) if row and row[2 * place] is not None else None for row in values
        ]
    return series


def rates(sums: Iterable[tuple[float, float | None] | None], factor: float = 1) -> list[float | None]:
    """Means or shares of sums, with no rate of fewer than five; plain counts as they are."""
    found: list[float | None] = []
    for each in sums:
        if each is None:
            found.append(None)
            continue
        value = each[0] if each[1] is None else hidden_below(each[0], each[1])
        found.append(None if value is None else value * factor)
    return found


def _number(key: str, place: int) -> Any:
    return cast(MonitoringMonth.figures[key][place].astext, Float)


def _rows(area: Area, month: date) -> Sequence[Any]:
    query = select(
        MonitoringMonth.village_id,
        MonitoringMonth.figures,
        MonitoringMonth.sections,
        MonitoringMonth.detail,
        MonitoringMonth.made_at,
    ).where(MonitoringMonth.village_id.between(area.id, area.hi), MonitoringMonth.month == month)
    return db.session.execute(query.order_by(MonitoringMonth.village_id)).all()


def _figure(key: str, said: tuple[str, Any], sums: Sequence[float | None]) -> Figure:
    return Figure(key=key, title=said[0], unit=said[1], amount=sums[0] or 0, of=sums[1])


def _add_sums(mine: Sums, other: Mapping[str, Sequence[float | None]]) -> None:
    for key, (amount, of) in other.items():
        before = mine.get(key, [0, None])
        whole = None if of is None and before[1] is None else (before[1] or 0) + (of or 0)
        mine[key] = [(before[0] or 0) + (amount or 0), whole]


def _merge(mine: Total, other: Total) -> None:
    """What a comparison needs: figures and days."""
    mine.villages += other.villages
    _add_sums(mine.figures, other.figures)
    mine.classes = [one + two for one, two in zip(mine.classes, other.classes, strict=True)]
