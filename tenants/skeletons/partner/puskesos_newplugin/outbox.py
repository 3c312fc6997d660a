"""What waits to be sent, and sending it: a message is written with the deed and leaves later, so none is lost."""

from collections.abc import Callable
from uuid import UUID

from core.api import PAGE_SIZE, Case, Page, commit, db, now, paged, read_keys, record
from sqlalchemy import select

from .models import Message
from .protocol import body

MOST = 100  # messages in one go


def queue(case: Case, event: str) -> Message:
    """The caller commits."""
    message = Message(
        village_id=case.village_id,
        case_id=case.id,
        ticket=case.ticket,
        service=case.service,
        event=event,
        queued_at=now(),
    )
    db.session.add(message)
    return message


def deliver(village_id: int, post: Callable[[dict[str, str]], None]) -> int:
    """Send what waits, the oldest first; how many left. Each is committed by itself: none is sent twice after a fault.

    Raises:
        OSError: from ``post``: the partner did not take it. What follows waits for the next time.
    """
    waiting = select(Message).where(Message.village_id == village_id, Message.sent_at.is_(None))
    messages = db.session.scalars(waiting.order_by(Message.id).limit(MOST)).all()
    for message in messages:
        post(body(message))
        message.sent_at = now()
        record("newplugin.sent", "case", message.case_id, ticket=message.ticket)
        commit()
    return len(messages)


def page_of(village_id: int, cursor: str | None) -> Page[Message]:
    """One page of all messages, the latest first."""
    query = select(Message).where(Message.village_id == village_id)
    if after := read_keys(cursor, UUID):
        query = query.where(Message.id < after[0])  # an id grows with time
    rows = db.session.scalars(query.order_by(Message.id.desc()).limit(PAGE_SIZE + 1)).all()
    return paged(rows, lambda message: (message.id,), cursor)
