"""Finished cases that can still be rated: by ticket, and nothing about the resident."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, select, tuple_

from core.api import PAGE_SIZE, Case, Page, db, paged, read_keys

from .models import FeedbackRated


@dataclass(frozen=True)
class Finished:
    id: UUID
    ticket: str
    service: str
    closed_at: datetime


def unrated(village_id: int, cursor: str | None) -> Page[Finished]:
    """The last finished first; those of restricted services are not asked about."""
    query = (
        select(Case.id, Case.ticket, Case.service, Case.closed_at)
        .outerjoin(FeedbackRated, and_(FeedbackRated.village_id == Case.village_id, FeedbackRated.case_id == Case.id))
        .where(
            Case.village_id == village_id,
            Case.closed_at.is_not(None),
            Case.readers.is_(None),
            FeedbackRated.id.is_(None),
        )
    )
    if after := read_keys(cursor, datetime.fromisoformat, UUID):
        query = query.where(tuple_(Case.closed_at, Case.id) < after)
    rows = db.session.execute(query.order_by(Case.closed_at.desc(), Case.id.desc()).limit(PAGE_SIZE + 1)).all()
    return paged([Finished(*row) for row in rows], lambda row: (row.closed_at, row.id), cursor)


def finished_with(village_id: int, ticket: str) -> UUID | None:
    """The finished case with a ticket, as somebody types it."""
    return db.session.scalar(
        select(Case.id).where(Case.village_id == village_id, Case.ticket == ticket.upper(), Case.closed_at.is_not(None))
    )
