"""The kept figures of a village, a kecamatan or a district: added up, month by month, village by village.

A page costs six queries however many villages and cases there are: the villages' names, the month's figures by village,
the sums of groups, aid and titles, and those of the months before.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Float, Integer, cast, func, select, text

from core.api import Area, AreaCode, Figure, db, hidden_below, villages_in

from .counting import Sums
from .day_classes import class_of_median
from .models import MonitoringMonth
from .words import COUNTED, OWN

TREND = (
    "monitoring.received",
    "monitoring.solved",
    "monitoring.referred",
    "monitoring.local",
    "monitoring.overdue",
    "queue.wait",
    "feedback.ikm",
)

COMPARED = TREND
"""What villages are compared by."""


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
        """The figures of another village's month; what else it has is added up by the database (``_add_up``)."""
        self.villages += 1
        _add_sums(self.figures, row.figures)
        self.classes = [one + two for one, two in zip(self.classes, row.classes, strict=True)]
        self.most = max(self.most, row.most)
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
    """From five queries. What a comparison needs of each village is little, the rest is added up by the database."""
    known = {village.id: village for village in villages_in(area.interval)}
    total, places = Total(), []
    for row in _rows(area, month):
        village = known.get(row.village_id)
        if village is None:
            continue
        total.add(row)
        own = Total(villages=1, figures={key: row.figures[key] for key in COMPARED if key in row.figures})
        above = village.path.partition(" · ")[0]
        places.append(Place(village.interval, village.title, own, module in village.enabled, above))
    _add_up(total, area, month)
    on = sum(module in village.enabled for village in known.values())
    return WideMonth(total, places, max(0, on - sum(place.enabled for place in places)))


def village_month(area: Area, month: date) -> Total | None:
    """What is kept of a village's month; None when it was never made."""
    rows = _rows(area, month)
    if not rows:
        return None
    total = Total()
    total.add(rows[0])
    _add_up(total, area, month)
    return total


_OF = "FROM monitoring_months m, {parts} WHERE m.village_id BETWEEN :lo AND :hi AND m.month = :month"
_GROUPS = text(
    "SELECT g.key, line.key, "
    + ", ".join(f"sum((line.value->>{place})::int)" for place in range(len(COUNTED)))
    + " "
    + _OF.format(parts="jsonb_each(m.detail->'groups') g, jsonb_each(g.value) line")
    + " AND (g.key <> 'rt' OR :with_rt) GROUP BY 1, 2 ORDER BY 1, 2"
)
_AID = text(
    "SELECT a.key, min(a.value->>0), sum((a.value->>1)::int), sum((a.value->>2)::bigint) "
    + _OF.format(parts="jsonb_each(m.detail->'aid') a")
    + " GROUP BY 1 ORDER BY 1"
)


def _add_up(total: Total, area: Area, month: date) -> None:
    """Groups, aid, and what the other modules' figures are called. RT only of a village: elsewhere it is another."""
    values = {"lo": area.id, "hi": area.hi, "month": month}
    for group, key, *counts in db.session.execute(_GROUPS, {**values, "with_rt": area.is_village}):
        total.groups.setdefault(group, {})[key] = counts
    for key, title, number, money in db.session.execute(_AID, values):
        total.aid[key] = [title, number, int(money)]
    kinds = (
        select(MonitoringMonth.sections, func.count())
        .where(MonitoringMonth.village_id.between(area.id, area.hi), MonitoringMonth.month == month)
        .group_by(MonitoringMonth.sections)
    )
    for sections, villages in db.session.execute(kinds):
        for section in sections:
            total.failed += villages * section["failed"]
            known = total.sections.setdefault(section["name"], (section["title"], {}))[1]
            known.update({key: (title, unit) for key, title, unit in section["figures"]})


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
        MonitoringMonth.detail["classes"].label("classes"),
        cast(MonitoringMonth.detail["most"].astext, Integer).label("most"),
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
    """What a comparison needs."""
    mine.villages += other.villages
    _add_sums(mine.figures, other.figures)
