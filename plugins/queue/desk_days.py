"""When the desk is served: the opening hours of the village's profile, less the days off that it has written here.

Every day and hour is the village's own (WIB, WITA or WIT): after 17.00 UTC it is already tomorrow in Jakarta.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.api import Area, OpeningHours, db, opening_hours_of

from .models import QueueCounter, QueueCounterService, QueueDayOff, QueueService


@dataclass(frozen=True)
class DeskDay:
    """A day of the desk. ``hours`` are pairs of aware moments, none on a day off; ``why`` it is one.

    ``away``: the counters that nobody serves on that day.
    """

    day: date
    hours: tuple[tuple[datetime, datetime], ...] = ()
    why: str = ""
    away: frozenset[UUID] = frozenset()

    @property
    def served(self) -> bool:
        return bool(self.hours)

    def open_at(self, moment: datetime) -> bool:
        return any(start <= moment < end for start, end in self.hours)

    def closes_at(self) -> datetime | None:
        return max((end for _start, end in self.hours), default=None)


@dataclass(frozen=True)
class Desk:
    """What a village has: services in their order, counters, and which counter serves which services."""

    services: Mapping[UUID, QueueService]
    counters: Mapping[UUID, QueueCounter]
    serves: Mapping[UUID, frozenset[UUID]] = field(default_factory=dict)

    def services_of(self, counter_id: UUID) -> frozenset[UUID]:
        """A counter of which nothing is told serves all."""
        return self.serves.get(counter_id) or frozenset(self.services)

    def counters_of(self, service_id: UUID, day: DeskDay | None = None) -> list[QueueCounter]:
        """The active counters of a service, without those that nobody serves on ``day``."""
        away = day.away if day else frozenset()
        return [
            counter
            for counter in self.counters.values()
            if counter.active and counter.id not in away and service_id in self.services_of(counter.id)
        ]

    @property
    def offered(self) -> list[QueueService]:
        return [service for service in self.services.values() if service.active]


def desk_of(village_id: int) -> Desk:
    """Three queries."""
    services = db.session.scalars(
        select(QueueService)
        .where(QueueService.village_id == village_id)
        .order_by(QueueService.position, QueueService.prefix)
    ).all()
    counters = db.session.scalars(
        select(QueueCounter)
        .where(QueueCounter.village_id == village_id)
        .order_by(QueueCounter.position, QueueCounter.name)
    ).all()
    pairs = db.session.execute(
        select(QueueCounterService.counter_id, QueueCounterService.service_id).where(
            QueueCounterService.village_id == village_id
        )
    ).all()
    serves = {
        counter.id: frozenset(service_id for counter_id, service_id in pairs if counter_id == counter.id)
        for counter in counters
    }
    return Desk({s.id: s for s in services}, {c.id: c for c in counters}, serves)


def desk_days(area: Area, first: date, days: int = 1) -> list[DeskDay]:
    """So many days from ``first`` on, in two queries."""
    hours = opening_hours_of(area)
    last = first + timedelta(days=days - 1)
    off = db.session.scalars(
        select(QueueDayOff).where(QueueDayOff.village_id == area.id, QueueDayOff.day.between(first, last))
    ).all()
    return [_day(area, first + timedelta(days=n), hours, off) for n in range(days)]


def desk_day(area: Area, day: date) -> DeskDay:
    return desk_days(area, day)[0]


def _day(area: Area, day: date, hours: OpeningHours, off: Sequence[QueueDayOff]) -> DeskDay:
    mine = [row for row in off if row.day == day]
    whole = next((row for row in mine if row.counter_id is None), None)
    away = frozenset(row.counter_id for row in mine if row.counter_id is not None)
    if whole is not None or day in hours.closed:
        return DeskDay(day, why=(whole.reason if whole else "") or hours.closed.get(day, ""), away=away)
    zone = ZoneInfo(area.timezone)
    return DeskDay(day, tuple((_at(day, i.start, zone), _at(day, i.end, zone)) for i in hours.on(day)), away=away)


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone)


def slot_starts(day: DeskDay, minutes: int) -> list[datetime]:
    """The slots of a day: whole ones within its hours, one after the other."""
    length, starts = timedelta(minutes=minutes), []
    for start, end in day.hours:
        while start + length <= end:
            starts.append(start)
            start += length  # noqa: PLW2901 - it walks through the interval
    return starts


def next_served(area: Area, after: date, within: int) -> DeskDay | None:
    """The first served day after one, at most ``within`` days ahead."""
    return next((day for day in desk_days(area, after + timedelta(days=1), within) if day.served), None)
