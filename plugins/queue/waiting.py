"""How long somebody has to wait who comes now.

The work that stands before the counters of a service, divided by how many are served: each who waits there counts with
the mean time of the service in the last days, or its typical minutes while there are fewer than ``FEWEST`` times.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import extract, func, select

from core.api import Area, db

from .desk_days import Desk, DeskDay
from .models import QueueTicket

FEWEST, RECENT = 5, timedelta(days=28)


@dataclass(frozen=True)
class Expected:
    """Of a service: who waits, the mean minutes at the counter, and the minutes that somebody who comes now waits.

    ``minutes`` is None where no counter serves it today.
    """

    waiting: int
    each: float
    minutes: int | None


def expected(area: Area, desk: Desk, day: DeskDay) -> Mapping[UUID, Expected]:
    """By service, in two queries."""
    means, ahead = _means(area, desk, day), _ahead(area, day)
    found: dict[UUID, Expected] = {}
    for service in desk.services.values():
        counters = desk.counters_of(service.id, day)
        shared = frozenset().union(*(desk.services_of(counter.id) for counter in counters))
        work = sum(ahead.get(other, 0) * means[other] for other in shared if other in means)
        minutes = round(work / len(counters)) if counters else None
        found[service.id] = Expected(ahead.get(service.id, 0), means[service.id], minutes)
    return found


def _means(area: Area, desk: Desk, day: DeskDay) -> dict[UUID, float]:
    minutes = extract("epoch", QueueTicket.finished_at - QueueTicket.started_at) / 60
    rows = db.session.execute(
        select(QueueTicket.waits_for_id, func.count(), func.avg(minutes))
        .where(
            QueueTicket.village_id == area.id,
            QueueTicket.day >= day.day - RECENT,
            QueueTicket.state == "done",
            QueueTicket.started_at.is_not(None),
            QueueTicket.finished_at.is_not(None),
        )
        .group_by(QueueTicket.waits_for_id)
    )
    known = {service_id: float(mean) for service_id, n, mean in rows if n >= FEWEST}
    return {service.id: known.get(service.id, float(service.minutes)) for service in desk.services.values()}


def _ahead(area: Area, day: DeskDay) -> dict[UUID, int]:
    """Who waits, and who was called and is not at the counter yet."""
    rows = db.session.execute(
        select(QueueTicket.waits_for_id, func.count())
        .where(
            QueueTicket.village_id == area.id,
            QueueTicket.day == day.day,
            QueueTicket.state.in_(("waiting", "called")),
        )
        .group_by(QueueTicket.waits_for_id)
    )
    return {service_id: int(n) for service_id, n in rows}
