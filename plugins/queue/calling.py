"""Calling, serving and ending: the life of a number after it was given. The caller commits each of these."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, select

from core.api import Case, CaseError, db, gettext, record

from .models import QueueCounter, QueueService, QueueTicket
from .steps import note_step, take_back

OPEN = ("waiting", "called", "serving", "skipped")
"""The states in which something can still be done today."""


def in_order(village_id: int, day: date, service_ids: Collection[UUID]) -> Select[QueueTicket]:
    """Who waits, the next one first: by the priority's rank, then by the time in line, then by the number."""
    return (
        select(QueueTicket)
        .where(
            QueueTicket.village_id == village_id,
            QueueTicket.day == day,
            QueueTicket.state == "waiting",
            QueueTicket.waits_for_id.in_(service_ids),
        )
        .order_by(QueueTicket.rank, QueueTicket.queued_at, QueueTicket.number, QueueTicket.id)
    )


def call_next(
    village_id: int, day: date, counter: QueueCounter, service_ids: Collection[UUID], at: datetime, *, by: UUID | None
) -> QueueTicket | None:
    """Call the next one to a counter; None when nobody waits. Two counters that call at once get two people."""
    ticket = db.session.scalar(in_order(village_id, day, service_ids).limit(1).with_for_update(skip_locked=True))
    if ticket is not None:
        call(ticket, counter, at, by=by)
    return ticket


def call(ticket: QueueTicket, counter: QueueCounter, at: datetime, *, by: UUID | None) -> None:
    """Call somebody who waits or was skipped; or once more, who was called.

    Raises:
        CaseError: the ticket is being served, or is over.
    """
    _must_be(ticket, "waiting", "called", "skipped")
    again = ticket.state == "called"
    note_step(
        ticket,
        "recalled" if again else "called",
        at,
        by,
        state="called",
        counter_id=counter.id,
        served_by=by,
        called_at=ticket.called_at or at,
        last_called_at=at,
        calls=ticket.calls + 1,
    )


def start(ticket: QueueTicket, at: datetime, *, by: UUID | None) -> None:
    """Raises: CaseError: it was not called."""
    _must_be(ticket, "called")
    note_step(ticket, "started", at, by, state="serving", started_at=at, served_by=by)


def skip(ticket: QueueTicket, at: datetime, *, by: UUID | None) -> None:
    """Nobody came to the counter; called again it goes on. Raises: CaseError: it was not called."""
    _must_be(ticket, "called")
    note_step(ticket, "skipped", at, by, state="skipped")


def transfer(ticket: QueueTicket, service: QueueService, at: datetime, *, by: UUID | None, ahead: bool = False) -> None:
    """To another service's queue, with its number and its time in line; ``ahead``: before all others there.

    Raises:
        CaseError: it is over.
    """
    _must_be(ticket, *OPEN)
    rank = 0 if ahead else ticket.rank
    note_step(ticket, "transferred", at, by, state="waiting", waits_for_id=service.id, counter_id=None, rank=rank)


def finish(ticket: QueueTicket, at: datetime, *, by: UUID | None) -> None:
    """Served. Who never pressed "start" began when the person was called.

    Raises:
        CaseError: it was neither called nor served.
    """
    _must_be(ticket, "called", "serving")
    began = ticket.started_at if ticket.state == "serving" else ticket.last_called_at
    note_step(ticket, "finished", at, by, state="done", started_at=began, finished_at=at, served_by=by)


def leave(ticket: QueueTicket, at: datetime, *, by: UUID | None) -> None:
    """Somebody goes home before being served. Raises: CaseError: it is over or being served."""
    _must_be(ticket, "waiting", "called", "skipped")
    note_step(ticket, "left", at, by, state="left", finished_at=at)


def not_there(ticket: QueueTicket, at: datetime, *, by: UUID | None) -> None:
    """Somebody does not answer any more. Raises: CaseError: it was never called."""
    _must_be(ticket, "called", "skipped")
    note_step(ticket, "no_show", at, by, state="no_show", finished_at=at)


def undo(ticket: QueueTicket) -> str:
    """Take the last step back; which one it was. Raises: CaseError: there is none."""
    step = take_back(ticket)
    record("queue.step_undone", "queue_ticket", ticket.id, step=step.kind)
    return step.kind


def link(ticket: QueueTicket, case: Case, at: datetime, *, by: UUID | None) -> None:
    """Tie it to the case that it is about, and to its resident.

    Raises:
        CaseError: it is tied to another resident.
    """
    if ticket.person_id not in (None, case.person_id):
        raise CaseError(gettext("Nomor ini milik warga lain daripada kasus itu."))
    note_step(ticket, "linked", at, by, case_id=case.id, person_id=case.person_id)
    record("queue.case_linked", "queue_ticket", ticket.id, ticket=case.ticket)


def close_day(village_id: int, day: date, at: datetime, *, by: UUID | None) -> int:
    """The desk closes: who waits is turned away, who was called and did not come is a no-show; how many were turned
    away. Who is being served stays."""
    left = db.session.scalars(
        select(QueueTicket)
        .where(
            QueueTicket.village_id == village_id,
            QueueTicket.day == day,
            QueueTicket.state.in_(("waiting", "called", "skipped")),
        )
        .with_for_update()
    ).all()
    waiting = [ticket for ticket in left if ticket.state == "waiting"]
    for ticket in left:
        kind = "turned_away" if ticket in waiting else "no_show"
        note_step(ticket, kind, at, by, state=kind, finished_at=at)
    if left:
        record("queue.day_closed", "queue_day", day.isoformat(), turned_away=len(waiting))
    return len(waiting)


def _must_be(ticket: QueueTicket, *states: str) -> None:
    if ticket.state not in states:
        raise CaseError(gettext("Langkah itu tidak cocok dengan keadaan nomor ini sekarang."))
