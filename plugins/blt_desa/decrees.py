"""The village's decrees, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, tuple_

from core.api import PAGE_SIZE, Page, db, paged, read_keys

from .models import Decree, Recipient


@dataclass(frozen=True)
class DecreeRow:
    """A decree and how many families are on it."""

    decree: Decree
    families: int


def find_decree(village_id: int, decree_id: UUID) -> Decree | None:
    return db.session.scalar(select(Decree).where(Decree.village_id == village_id, Decree.id == decree_id))


def page_of(village_id: int, cursor: str | None) -> Page[DecreeRow]:
    """The latest year first."""
    query = select(Decree).where(Decree.village_id == village_id)
    if after := read_keys(cursor, int, UUID):
        query = query.where(tuple_(Decree.year, Decree.id) < tuple_(*after))
    found = db.session.scalars(query.order_by(Decree.year.desc(), Decree.id.desc()).limit(PAGE_SIZE + 1)).all()
    families = _families(village_id, [decree.id for decree in found])
    rows = [DecreeRow(decree, families.get(decree.id, 0)) for decree in found]
    return paged(rows, lambda row: (row.decree.year, row.decree.id), cursor)


def _families(village_id: int, decree_ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = db.session.execute(
        select(Recipient.decree_id, func.count())
        .where(Recipient.village_id == village_id, Recipient.decree_id.in_(decree_ids), Recipient.state != "void")
        .group_by(Recipient.decree_id)
    )
    return {row[0]: row[1] for row in rows}
