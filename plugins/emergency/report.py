"""How fast: from the call to departure, arrival and handover. Figures without names, and none of a few escorts.

Of each time the median and the 90th percentile, interpolated (``percentile_cont``), in minutes. Cancelled escorts are
counted apart and measured nowhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, extract, func, literal, select

from core.api import AreaCode, db, today

from .models import Escort

MEASURED = ("departed", "arrived", "handed_over")
Period = tuple[datetime, datetime]
"""From a moment on, until before another."""


@dataclass(frozen=True)
class Spread:
    """``n`` escorts have the time; ``median`` and ``p90`` are minutes since the call, None of fewer than ``small``."""

    n: int
    median: float | None
    p90: float | None


@dataclass(frozen=True)
class Speed:
    """Of the calls of a time or a place. ``waiting``: handed over, but without the case that should follow; ``late``:
    of those, past their day."""

    calls: int
    cancelled: int
    running: int
    waiting: int
    late: int
    departed: Spread
    arrived: Spread
    handed_over: Spread

    @property
    def spreads(self) -> Mapping[str, Spread]:
        return {key: getattr(self, key) for key in MEASURED}


@dataclass(frozen=True)
class YearReport:
    """``months``: by number, those with a call."""

    months: Mapping[int, Speed]
    total: Speed


def year_bounds(year: int, timezone: str) -> Period:
    """The first moment of a year and that of the next, where the desk stands."""
    zone = ZoneInfo(timezone)
    return datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone)


def report_of(area: AreaCode, year: int, timezone: str, small: int) -> YearReport:
    """Of a village, or of all villages inside an area, month by month: two queries."""
    period = year_bounds(year, timezone)
    month = extract("month", func.timezone(timezone, Escort.called_at))
    found = _speeds(area, period, month, timezone, small)
    months = {int(key): speed for key, speed in sorted(found.items())}
    return YearReport(months, speed_in(area, period, timezone, small))


def speeds_by_village(area: AreaCode, period: Period, timezone: str, small: int) -> dict[int, Speed]:
    """Of all villages in an area that the scope covers and that had a call, by the village's id."""
    found = _speeds(area, period, Escort.village_id, timezone, small)
    return {int(key): speed for key, speed in sorted(found.items())}


def speed_in(area: AreaCode, period: Period, timezone: str, small: int) -> Speed:
    """Of all villages of an area together."""
    return _speeds(area, period, literal(0), timezone, small).get(0, nothing())


def last_days(days: int, timezone: str) -> Period:
    """So many days, today included."""
    until = datetime.combine(today(timezone) + timedelta(days=1), time(), ZoneInfo(timezone))
    return until - timedelta(days=days), until


def years_of(village_id: int, timezone: str) -> Sequence[int]:
    """From this year back to the first call, at most ten."""
    first = db.session.scalar(select(func.min(Escort.called_at)).where(Escort.village_id == village_id))
    this = today(timezone).year
    oldest = first.astimezone(ZoneInfo(timezone)).year if first else this
    return range(this, max(oldest, this - 9) - 1, -1)


def nothing() -> Speed:
    none = Spread(0, None, None)
    return Speed(0, 0, 0, 0, 0, none, none, none)


def _speeds(area: AreaCode, period: Period, key: Any, timezone: str, small: int) -> dict[Any, Speed]:
    """By ``key``, in one query. It stands in a subquery, so that grouping names a column and no second parameter."""
    rows = (
        select(
            key.label("key"),
            Escort.state.label("state"),
            (Escort.follow_up == "pending").label("pending"),
            Escort.follow_up_by.label("due"),
            *(_minutes(name).label(name) for name in MEASURED),
        )
        .where(Escort.village_id.between(area.id, area.hi), Escort.called_at >= period[0], Escort.called_at < period[1])
        .subquery()
    )
    waits = (rows.c.state == "ended") & rows.c.pending
    query = select(
        rows.c.key,
        func.count(),
        func.count().filter(rows.c.state == "cancelled"),
        func.count().filter(rows.c.state == "running"),
        func.count().filter(waits),
        func.count().filter(waits & (rows.c.due < today(timezone))),
        *(part for name in MEASURED for part in _spread(rows.c[name])),
    ).group_by(rows.c.key)
    return {row[0]: _speed(row[1:], small) for row in db.session.execute(query)}


def _minutes(name: str) -> ColumnElement[float]:
    """None of a cancelled escort; a correction to the minute may lie some seconds before the call."""
    since_call = extract("epoch", getattr(Escort, f"{name}_at") - Escort.called_at) / 60
    return case((Escort.state != "cancelled", case((since_call < 0, 0), else_=since_call)))


def _spread(column: ColumnElement[float]) -> Sequence[ColumnElement[Any]]:
    return (
        func.count(column),
        func.percentile_cont(0.5).within_group(column),
        func.percentile_cont(0.9).within_group(column),
    )


def _speed(values: Sequence[Any], small: int) -> Speed:
    counts, measured = values[:5], values[5:]
    spreads = []
    for place in range(0, len(measured), 3):
        n, median, p90 = measured[place : place + 3]
        spreads.append(Spread(n, float(median), float(p90)) if n and n >= small else Spread(n, None, None))
    return Speed(*counts, *spreads)


def in_minutes(minutes: float | None) -> str:
    """Whole minutes; "–" where it is not told."""
    return "–" if minutes is None else str(round(minutes))
