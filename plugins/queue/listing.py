"""The numbers and bookings of a day, of a resident, of a case, and by what somebody types."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Select, Uuid, bindparam, literal, null, select, union_all

from core.api import Case, Person, db

from .calling import OPEN
from .codes import plain
from .models import QueueBooking, QueueService, QueueTicket
from .words import label_of

NUMBER = re.compile(r"([A-Za-z0-9]{1,2})[- ]?0*([1-9][0-9]{0,4})")


@dataclass(frozen=True)
class DayView:
    """The open numbers of a day as the clerk needs them: waiting in their order, those at a counter, those skipped."""

    waiting: Sequence[QueueTicket] = ()
    at_counter: Sequence[QueueTicket] = ()
    skipped: Sequence[QueueTicket] = ()
    ended: Mapping[str, int] = field(default_factory=dict)

    @property
    def shown(self) -> list[QueueTicket]:
        return [*self.at_counter, *self.waiting, *self.skipped]


def find_ticket(village_id: int, ticket_id: UUID) -> QueueTicket | None:
    return db.session.scalar(
        select(QueueTicket).where(QueueTicket.village_id == village_id, QueueTicket.id == ticket_id)
    )


def day_view(village_id: int, day: date) -> DayView:
    """One query: a day has some hundred numbers at most."""
    rows = tickets_of_day(village_id, day)
    ended: dict[str, int] = {}
    for row in rows:
        if row.state not in OPEN:
            ended[row.state] = ended.get(row.state, 0) + 1
    return DayView(
        waiting=sorted((t for t in rows if t.state == "waiting"), key=lambda t: (t.rank, t.queued_at, t.number, t.id)),
        at_counter=[t for t in rows if t.state in ("called", "serving")],
        skipped=[t for t in rows if t.state == "skipped"],
        ended=ended,
    )


def tickets_of_day(village_id: int, day: date) -> Sequence[QueueTicket]:
    """All, in the order in which they came."""
    return db.session.scalars(
        select(QueueTicket)
        .where(QueueTicket.village_id == village_id, QueueTicket.day == day)
        .order_by(QueueTicket.arrived_at, QueueTicket.id)
    ).all()


def ended_of_day(village_id: int, day: date, limit: int = 8) -> Sequence[QueueTicket]:
    """Those that ended last: for taking a step back."""
    return db.session.scalars(
        select(QueueTicket)
        .where(
            QueueTicket.village_id == village_id,
            QueueTicket.day == day,
            QueueTicket.finished_at.is_not(None),
            QueueTicket.state.not_in(OPEN),
        )
        .order_by(QueueTicket.finished_at.desc(), QueueTicket.id.desc())
        .limit(limit)
    ).all()


@dataclass(frozen=True)
class Visit:
    """A number or a booking in a panel."""

    kind: str
    id: UUID
    day: date
    state: str
    number: str


def visits_of(person: Person, limit: int = 6) -> list[Visit]:
    """A resident's bookings that are to come and numbers, the latest first, in one query."""
    return _visits(_OF_PERSON, person.village_id, person.id, limit)


def visits_about(case: Case, limit: int = 6) -> list[Visit]:
    return _visits(_OF_CASE, case.village_id, case.id, limit)


def _visits(statement: Select, village_id: int, whose: UUID, limit: int) -> list[Visit]:
    rows = db.session.execute(statement, {"village_id": village_id, "whose": whose, "most": limit})
    return [
        Visit(row.kind, row.id, row.day, row.state, f"{row.prefix}-{row.number:03d}" if row.number else row.code)
        for row in rows
    ]


def _statement(of_ticket: Any, of_booking: Any) -> Select:
    village = bindparam("village_id")
    tickets = (
        select(
            literal("ticket").label("kind"),
            QueueTicket.id.label("id"),
            QueueTicket.day.label("day"),
            QueueTicket.state.label("state"),
            QueueService.prefix.label("prefix"),
            QueueTicket.number.label("number"),
            literal("").label("code"),
        )
        .join(
            QueueService,
            (QueueService.village_id == QueueTicket.village_id) & (QueueService.id == QueueTicket.service_id),
        )
        .where(QueueTicket.village_id == village, of_ticket)
    )
    bookings = select(
        literal("booking"),
        QueueBooking.id,
        QueueBooking.day,
        QueueBooking.state,
        literal(""),
        null(),
        QueueBooking.code,
    ).where(QueueBooking.village_id == village, of_booking, QueueBooking.state != "arrived")
    both = union_all(tickets, bookings).subquery()
    return select(both).order_by(both.c.day.desc(), both.c.id.desc()).limit(bindparam("most", type_=Integer))


# Put together once: these stand on pages that are open all day, and building a statement takes longer than running it.
_whose = bindparam("whose", type_=Uuid)
_OF_PERSON = _statement(QueueTicket.person_id == _whose, QueueBooking.person_id == _whose)
_OF_CASE = _statement(QueueTicket.case_id == _whose, QueueBooking.case_id == _whose)


def found_tickets(village_id: int, words: str, limit: int = 10) -> list[tuple[QueueTicket, str]]:
    """By number, such as "A-12": of every day, the latest first."""
    match = NUMBER.fullmatch(words.strip())
    if match is None:
        return []
    rows = db.session.execute(
        select(QueueTicket, QueueService)
        .join(
            QueueService,
            (QueueService.village_id == QueueTicket.village_id) & (QueueService.id == QueueTicket.service_id),
        )
        .where(
            QueueTicket.village_id == village_id,
            QueueService.prefix == match[1].upper(),
            QueueTicket.number == int(match[2]),
        )
        .order_by(QueueTicket.day.desc())
        .limit(limit)
    )
    return [(ticket, label_of(service, ticket)) for ticket, service in rows]


def found_booking(village_id: int, words: str) -> QueueBooking | None:
    code = plain(words)
    if len(code) != 8:
        return None
    return db.session.scalar(
        select(QueueBooking).where(QueueBooking.village_id == village_id, QueueBooking.code == code)
    )
