"""Which service, which day and which hour: what both booking pages choose from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from core.api import Area, settings_of

from .bookings import Slot, slots_of
from .desk_days import DeskDay, desk_days, desk_of
from .models import QueueService
from .settings import QueueSettings


@dataclass(frozen=True)
class Choice:
    """``services`` that take bookings, ``days`` on which the desk is served, and the ``slots`` of the chosen day."""

    services: Sequence[QueueService]
    service: QueueService | None
    days: Sequence[DeskDay]
    day: date | None
    slots: Sequence[Slot]

    @property
    def any_free(self) -> bool:
        return any(slot.free for slot in self.slots)


def choose(area: Area, service_id: UUID | None, day: date | None, at: datetime) -> Choice:
    """What was asked for as far as it can be had, else the first; a fixed number of queries."""
    services = [service for service in desk_of(area.id).offered if service.accepts_bookings]
    service = next((each for each in services if each.id == service_id), next(iter(services), None))
    first = at.astimezone(ZoneInfo(area.timezone)).date()
    days = [each for each in desk_days(area, first, settings_of(area, QueueSettings).days_ahead + 1) if each.served]
    if days and days[0].day == first and (days[0].closes_at() or at) <= at + timedelta(minutes=1):
        days = days[1:]
    chosen = next((each for each in days if each.day == day), next(iter(days), None))
    slots = slots_of(area, service, chosen, at) if service and chosen else []
    return Choice(services, service, days, chosen.day if chosen else None, slots)
