"""The village's messages page by page, and how many need somebody."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, func, select, tuple_

from core.api import PAGE_SIZE, Page, db, paged, read_keys

from .models import WhatsAppMessage

SHOWN = ("all", "unanswered", "waiting")
_UNANSWERED = WhatsAppMessage.state.in_(("failed", "unclear")) & WhatsAppMessage.handled_at.is_(None)


def page_of(village_id: int, show: str, cursor: str | None) -> Page[WhatsAppMessage]:
    """One page, the last made first. ``show`` is one of ``SHOWN``."""
    query = select(WhatsAppMessage).where(WhatsAppMessage.village_id == village_id)
    if show == "unanswered":
        query = query.where(_UNANSWERED)
    elif show == "waiting":
        query = query.where(WhatsAppMessage.state.in_(("waiting", "sending")))
    after = read_keys(cursor, datetime.fromisoformat, UUID)
    if after:
        query = query.where(tuple_(WhatsAppMessage.made_at, WhatsAppMessage.id) < after)
    query = query.order_by(WhatsAppMessage.made_at.desc(), WhatsAppMessage.id.desc())
    return paged(db.session.scalars(query.limit(PAGE_SIZE + 1)).all(), lambda row: (row.made_at, row.id), cursor)


def find(village_id: int, message_id: UUID) -> WhatsAppMessage | None:
    return db.session.get(WhatsAppMessage, (village_id, message_id))


_COUNTS = (
    select(WhatsAppMessage.state, func.count())
    .where(WhatsAppMessage.village_id == bindparam("village_id"), _UNANSWERED)
    .group_by(WhatsAppMessage.state)
)


def unanswered(village_id: int) -> dict[str, int]:
    """How many failed and how many are unclear, that nobody has seen to: one query."""
    return {row[0]: row[1] for row in db.session.execute(_COUNTS, {"village_id": village_id})}
