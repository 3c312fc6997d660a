"""What is done with a ticket, written down with what it changed: the last step can be taken back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from core.api import CaseError, db, gettext

from .models import QueueStep, QueueTicket

MOMENTS = ("called_at", "last_called_at", "started_at", "finished_at", "queued_at")
IDS = ("counter_id", "served_by", "waits_for_id", "case_id", "person_id")


def note_step(ticket: QueueTicket, kind: str, at: datetime, by: UUID | None, **changes: Any) -> None:
    """Change a ticket and write the step down. The caller commits."""
    before = {name: _kept(getattr(ticket, name)) for name in changes}
    for name, value in changes.items():
        setattr(ticket, name, value)
    db.session.add(QueueStep(village_id=ticket.village_id, ticket_id=ticket.id, kind=kind, at=at, by=by, before=before))


def take_back(ticket: QueueTicket) -> QueueStep:
    """Undo the last step of a ticket that is not undone yet. The caller commits.

    Raises:
        CaseError: there is none but the arrival, or the resident's data, which it would bring back, were erased.
    """
    step = next((s for s in steps_of(ticket) if not s.undone), None)
    if step is None or step.kind == "arrived" or not step.before:
        raise CaseError(gettext("Tidak ada langkah yang dapat dibatalkan."))
    for name, value in step.before.items():
        setattr(ticket, name, _read(name, value))
    step.undone = True
    return step


def steps_of(ticket: QueueTicket) -> Sequence[QueueStep]:
    """The latest first."""
    return db.session.scalars(
        select(QueueStep)
        .where(QueueStep.village_id == ticket.village_id, QueueStep.ticket_id == ticket.id)
        .order_by(QueueStep.id.desc())
    ).all()


def last_steps(village_id: int, ticket_ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """Which kind of step each ticket could take back, in one query."""
    rows = db.session.execute(
        select(QueueStep.ticket_id, QueueStep.kind)
        .where(QueueStep.village_id == village_id, QueueStep.ticket_id.in_(ticket_ids), QueueStep.undone.is_(False))
        .order_by(QueueStep.ticket_id, QueueStep.id.desc())
        .distinct(QueueStep.ticket_id)
    )
    return {ticket_id: kind for ticket_id, kind in rows if kind != "arrived"}


def _kept(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _read(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in MOMENTS:
        return datetime.fromisoformat(value)
    return UUID(value) if name in IDS else value
