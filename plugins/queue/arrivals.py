"""Somebody comes: the next number, drawn in the database so that no two are the same, and the check-in of a booking.

The row of ``queue_series`` is locked by whoever takes a number until that is committed: of fifty who come at once each
waits for the one before, and a number that is rolled back is given to the next.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from core.api import Area, Case, CaseError, Person, db, find_person, gettext, missing_papers, record

from .models import QueueBooking, QueueSeries, QueueService, QueueTicket, QueueTurnedAway
from .rulebook import priority_of, rank_of
from .steps import note_step
from .words import label_of


class DayFull(CaseError):
    """All numbers of the day are given."""


@dataclass(frozen=True)
class Arrival:
    """Who comes, as far as it is known. ``id`` is drawn with the form: sent twice, it is one number."""

    id: UUID
    priority: str = ""
    person: Person | None = None
    case: Case | None = None


def next_number(service: QueueService, day: date) -> int | None:
    """The next number of a service on a day, from 1 on; None when its limit is reached. The caller commits."""
    query = (
        insert(QueueSeries)
        .values(village_id=service.village_id, service_id=service.id, day=day, last=1)
        .on_conflict_do_update(
            constraint="uq_queue_series_day",
            set_={"last": QueueSeries.last + 1},
            where=QueueSeries.last < service.day_limit if service.day_limit else None,
        )
        .returning(QueueSeries.last)
    )
    return db.session.scalar(query)


def arrive(area: Area, service: QueueService, who: Arrival, at: datetime, *, by: UUID | None) -> QueueTicket:
    """Give a number to somebody who walks in. The caller commits.

    Raises:
        DayFull: the service gives no more today.
    """
    before = _given_before(area, who.id)
    return before or _ticket(area, service, who, at, by=by)


def check_in(area: Area, booking: QueueBooking, service: QueueService, at: datetime, *, by: UUID | None) -> QueueTicket:
    """Somebody who has booked is here: a number like everybody's, that stands in line by the slot. The caller commits.

    Raises:
        CaseError: it is not of today, or is cancelled, or has a number already.
    """
    if booking.state != "booked" or booking.day != _day_of(area, at):
        raise CaseError(gettext("Janji ini bukan untuk hari ini, sudah batal, atau sudah mendapat nomor."))
    person = find_person(area.id, booking.person_id) if booking.person_id else None
    case = db.session.get(Case, (area.id, booking.case_id)) if booking.case_id else None
    who = Arrival(uuid4(), booking.priority, person, case)
    booking.state, booking.ended_at = "arrived", at
    ticket = _ticket(area, service, who, at, by=by, booking=booking)
    record("queue.checked_in", "queue_booking", booking.id, code=booking.code, number=label_of(service, ticket))
    return ticket


def turn_away(
    area: Area, service_id: UUID | None, at: datetime, reason: str, people: int = 1, *, by: UUID | None
) -> QueueTurnedAway:
    """Write down who went home without a number. The caller commits."""
    row = QueueTurnedAway(
        village_id=area.id,
        day=_day_of(area, at),
        service_id=service_id,
        at=at,
        reason=reason,
        people=people,
        created_by=by,
    )
    db.session.add(row)
    record("queue.turned_away", "queue_day", row.day.isoformat(), people=people, reason=reason)
    return row


def _ticket(
    area: Area,
    service: QueueService,
    who: Arrival,
    at: datetime,
    *,
    by: UUID | None,
    booking: QueueBooking | None = None,
) -> QueueTicket:
    day = _day_of(area, at)
    number = next_number(service, day)
    if number is None:
        raise DayFull(gettext("Nomor %(name)s untuk hari ini sudah habis.", name=service.name))
    priority = who.priority or priority_of(who.person, day)
    from_request = booking is not None and booking.channel == "request"
    ticket = QueueTicket(
        village_id=area.id,
        id=who.id,
        service_id=service.id,
        waits_for_id=service.id,
        day=day,
        number=number,
        origin="out_of_hours" if from_request else "booking" if booking else "walk_in",
        state="waiting",
        priority=priority,
        rank=rank_of(priority, day),
        arrived_at=at,
        queued_at=_in_line(booking, at),
        booking_id=booking.id if booking else None,
        person_id=who.person.id if who.person else None,
        case_id=who.case.id if who.case else None,
        papers_ready=not missing_papers([who.case]).get(who.case.id) if who.case else None,
        created_by=by,
    )
    db.session.add(ticket)
    db.session.flush()
    note_step(ticket, "arrived", at, by)
    record("queue.number_given", "queue_ticket", ticket.id, number=label_of(service, ticket))
    return ticket


def _in_line(booking: QueueBooking | None, at: datetime) -> datetime:
    """By the slot, however early or late within it; who comes an hour late stands behind those who came before."""
    if booking is None:
        return at
    return booking.slot_start if at < booking.slot_start + timedelta(hours=1) else at


def _given_before(area: Area, ticket_id: UUID) -> QueueTicket | None:
    query = select(QueueTicket).where(QueueTicket.village_id == area.id, QueueTicket.id == ticket_id)
    return db.session.scalar(query)


def _day_of(area: Area, at: datetime) -> date:
    return at.astimezone(ZoneInfo(area.timezone)).date()
