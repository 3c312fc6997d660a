"""What stands on core's pages: the queue now, a resident's visits, a district's counts."""

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, func, select

from core.api import Area, Case, Person, area_today, db

from .listing import visits_about, visits_of
from .models import QueueRequest, QueueTicket
from .report import counts_by_village, total
from .words import BOOKING_STATES, STATES

DAYS = 30

_village = bindparam("village_id")
_STANDING = select(
    func.count().filter(QueueTicket.state == "waiting"),
    func.count().filter(QueueTicket.state.in_(("called", "serving"))),
    func.count().filter(QueueTicket.state == "done"),
    select(func.count()).where(QueueRequest.village_id == _village, QueueRequest.state == "open").scalar_subquery(),
).where(QueueTicket.village_id == _village, QueueTicket.day == bindparam("day"))


def standing_of(area: Area) -> dict[str, Any]:
    """Of a village's first page, in one query."""
    day = area_today()
    row = db.session.execute(_STANDING, {"village_id": area.id, "day": day}).one()
    return {"waiting": row[0], "at_counter": row[1], "done": row[2], "requests": row[3]}


def of_person(person: Person) -> dict[str, Any]:
    return {"rows": visits_of(person), "person": person, "case": None, **_words()}


def of_case(case: Case) -> dict[str, Any]:
    return {"rows": visits_about(case), "person": None, "case": case, **_words()}


def _words() -> dict[str, Any]:
    return {"states": STATES, "booking_states": BOOKING_STATES}


def figures_of(area: Area) -> dict[str, Any] | None:
    """Of a district's or kecamatan's first page, of the last days: four queries, and counts alone."""
    day = area_today()
    found = counts_by_village(area, day - timedelta(days=DAYS - 1), day)
    if not found:
        return None
    return {"villages": len(found), "days": DAYS, "counts": total(list(found.values()))}
