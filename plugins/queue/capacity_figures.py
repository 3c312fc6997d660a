"""What the record says of the desk's capacity: the load, waiting, the turned away and the no-shows of each day.

Waiting is from the arrival to the first call, as in the monthly report. The time at the counter is from the last call
to the end: the walk to the counter occupies the clerk too. What the night ended for a clerk who forgot is no time.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from sqlalchemy import Row, func, select

from core.api import Area, db, hidden_below, opening_hours_of

from .capacity_simulation import quantile
from .desk_days import DeskDay, desk_days, desk_of
from .models import QueueBooking, QueueTicket, QueueTurnedAway
from .rulebook import NO_PRIORITY

ENOUGH = 30
"""Times at the counter, or arrivals, from which on they stand for those to come; below, figures are typed in."""
LONGEST_PERIOD = 184
"""Days of a period, and so the most rows of its table."""


@dataclass(frozen=True)
class Visit:
    """A number that was given, with no name. Minutes: ``offset`` after the opening (before it: negative), None where
    the hours of that day are not known; ``wait`` None of who was never called; ``minutes`` at the counter."""

    day: date
    state: str
    offset: float | None
    wait: float | None
    minutes: float | None
    counter: object
    booked: bool
    urgent: bool
    ready: bool | None


@dataclass(frozen=True)
class Waits:
    """Minutes; None of fewer than five."""

    n: int
    mean: float | None
    median: float | None
    p90: float | None


@dataclass(frozen=True)
class DayFigures:
    """A day, or a whole period. ``arrivals``: numbers, and who was sent home without one. ``minutes`` at the counter,
    on average of the ``timed``. ``staffed``: minutes that the counters were open, summed over them.

    ``load`` is ρ = arrivals · minutes / staffed, of the days whose hours are known; None where there is none.
    """

    arrivals: int
    served: int
    waits: Waits
    minutes: float | None
    timed: int
    staffed: float
    load: float | None
    turned_away: int
    no_shows: int


@dataclass(frozen=True)
class Capacity:
    """A period of a village's desk. ``open_days`` are those of a week, and ``open_minutes`` of such a day."""

    first: date
    last: date
    days: dict[date, DayFigures]
    total: DayFigures
    visits: Sequence[Visit]
    counters: float
    open_days: int
    open_minutes: float
    day_limit: int | None

    @cached_property
    def times(self) -> list[float]:
        """Minutes at the counter of all who were served and timed."""
        return [visit.minutes for visit in self.visits if visit.minutes is not None]

    @cached_property
    def offsets(self) -> list[float]:
        """When who did not book came, in minutes after the opening."""
        return [visit.offset for visit in self.visits if visit.offset is not None and not visit.booked]

    @property
    def enough(self) -> bool:
        return len(self.times) >= ENOUGH

    @property
    def arrivals_a_day(self) -> float | None:
        """On a day on which somebody came."""
        days = sum(1 for figures in self.days.values() if figures.arrivals)
        return self.total.arrivals / days if days else None

    def share(self, what: str) -> float:
        """Of the numbers, those that are ``booked`` or ``urgent``."""
        return sum(getattr(visit, what) for visit in self.visits) / len(self.visits) if self.visits else 0.0

    def papers(self) -> tuple[list[float], list[float]]:
        """Minutes at the counter of who came with all papers, and of who came without."""
        timed = [visit for visit in self.visits if visit.minutes is not None]
        ready = [visit.minutes or 0.0 for visit in timed if visit.ready]
        return ready, [visit.minutes or 0.0 for visit in timed if visit.ready is False]


def capacity_of(area: Area, first: date, last: date) -> Capacity:
    """Of the days from ``first`` to ``last``, both included, in a fixed number of queries."""
    desk, days = desk_of(area.id), desk_days(area, first, (last - first).days + 1)
    by_day = {day.day: day for day in days}
    visits = _visits(area, by_day, first, last)
    refused, missed = _refused(area, first, last), _missed(area, first, last)
    active = [counter.id for counter in desk.counters.values() if counter.active]
    mine: defaultdict[date, list[Visit]] = defaultdict(list)
    for visit in visits:
        mine[visit.day].append(visit)
    staff = {
        day: _counters(by_day[day], mine[day], len(active))
        for day in sorted(mine.keys() | refused.keys() | missed.keys())
    }
    open_minutes = {day.day: _minutes_of(day) for day in days}
    staffed = {day: counters * open_minutes[day] for day, counters in staff.items()}
    by_figures = {day: _figures(mine[day], staffed[day], refused[day], missed[day]) for day in staff}
    known = sum(figures.arrivals for figures in by_figures.values() if figures.staffed)
    week = [hours for hours in opening_hours_of(area).week.values() if hours]
    limits = [service.day_limit for service in desk.offered]
    return Capacity(
        first=first,
        last=last,
        days=by_figures,
        total=_figures(visits, sum(staffed.values()), refused.total(), missed.total(), known),
        visits=visits,
        counters=sum(staff.values()) / len(staff) if staff else float(len(active) or 1),
        open_days=_days_a_week(list(by_figures), len(week)),
        open_minutes=_usual([open_minutes[day] for day in staff] or list(open_minutes.values())),
        day_limit=sum(limit or 0 for limit in limits) if limits and all(limits) else None,
    )


def _visits(area: Area, days: dict[date, DeskDay], first: date, last: date) -> list[Visit]:
    rows = db.session.execute(
        select(
            QueueTicket.day,
            QueueTicket.state,
            QueueTicket.origin,
            QueueTicket.rank,
            QueueTicket.arrived_at,
            QueueTicket.called_at,
            QueueTicket.last_called_at,
            QueueTicket.finished_at,
            QueueTicket.counter_id,
            QueueTicket.papers_ready,
        )
        .where(QueueTicket.village_id == area.id, QueueTicket.day.between(first, last))
        .order_by(QueueTicket.day, QueueTicket.arrived_at, QueueTicket.id)
    ).all()
    zone = ZoneInfo(area.timezone)
    return [_visit(row, days[row.day], zone) for row in rows]


def _visit(row: Row, day: DeskDay, zone: ZoneInfo) -> Visit:
    over = row.finished_at and row.finished_at.astimezone(zone).date() == row.day
    minutes = _between(row.last_called_at, row.finished_at) if over and row.state == "done" else None
    return Visit(
        day=row.day,
        state=row.state,
        offset=_open_minutes_until(row.arrived_at, day) if day.hours else None,
        wait=_between(row.arrived_at, row.called_at),
        minutes=minutes or None,
        counter=row.counter_id,
        booked=row.origin != "walk_in",
        urgent=row.rank < NO_PRIORITY,
        ready=row.papers_ready,
    )


def _between(one: datetime | None, other: datetime | None) -> float | None:
    return max(0.0, (other - one).total_seconds() / 60) if one and other else None


def _open_minutes_until(moment: datetime, day: DeskDay) -> float:
    """Minutes since the opening, without the pauses; before the opening they are negative."""
    before = (moment - day.hours[0][0]).total_seconds() / 60
    if before < 0:
        return before
    return sum(max(0.0, (min(moment, end) - start).total_seconds() / 60) for start, end in day.hours)


def _refused(area: Area, first: date, last: date) -> Counter[date]:
    """People who were sent home without a number, by day."""
    rows = db.session.execute(
        select(QueueTurnedAway.day, func.sum(QueueTurnedAway.people))
        .where(QueueTurnedAway.village_id == area.id, QueueTurnedAway.day.between(first, last))
        .group_by(QueueTurnedAway.day)
    )
    return Counter({day: int(people) for day, people in rows})


def _missed(area: Area, first: date, last: date) -> Counter[date]:
    """Bookings nobody came for, by day."""
    rows = db.session.execute(
        select(QueueBooking.day, func.count())
        .where(
            QueueBooking.village_id == area.id,
            QueueBooking.day.between(first, last),
            QueueBooking.state == "no_show",
        )
        .group_by(QueueBooking.day)
    )
    return Counter({day: int(number) for day, number in rows})


def _counters(day: DeskDay, visits: Iterable[Visit], active: int) -> int:
    """Those that called somebody; on a day on which nobody was called, those that should have been there."""
    called = {visit.counter for visit in visits if visit.counter and visit.wait is not None}
    return len(called) or max(1, active - len(day.away))


def _minutes_of(day: DeskDay) -> float:
    return sum((end - start) / timedelta(minutes=1) for start, end in day.hours)


def _days_a_week(days: Sequence[date], by_hours: int) -> int:
    """As the record has them from its first day to its last; without any, as the opening hours say."""
    return max(1, round(len(days) / ((days[-1] - days[0]).days // 7 + 1))) if days else by_hours


def _usual(minutes: Sequence[float]) -> float:
    """The mean of the days with hours; 0 when no day has any."""
    known = [each for each in minutes if each]
    return sum(known) / len(known) if known else 0.0


def _figures(
    visits: Sequence[Visit], staffed: float, refused: int, missed: int, known: int | None = None
) -> DayFigures:
    """``known``: the arrivals of days whose hours are known, where there are others."""
    waits = sorted(visit.wait for visit in visits if visit.wait is not None)
    times = [visit.minutes for visit in visits if visit.minutes is not None]
    states = Counter(visit.state for visit in visits)
    arrivals, minutes = len(visits) + refused, sum(times) / len(times) if times else None
    return DayFigures(
        arrivals=arrivals,
        served=states["done"],
        waits=waits_of(waits),
        minutes=minutes,
        timed=len(times),
        staffed=staffed,
        load=(arrivals if known is None else known) * minutes / staffed if minutes and staffed else None,
        turned_away=refused + states["turned_away"],
        no_shows=missed + states["no_show"],
    )


def waits_of(ordered: Sequence[float]) -> Waits:
    """Of waiting times in order."""
    n = len(ordered)
    mean = hidden_below(sum(ordered), n)
    return (
        Waits(n, mean, None, None) if mean is None else Waits(n, mean, quantile(ordered, 0.5), quantile(ordered, 0.9))
    )
