"""The messages of all villages of a district, page by page: what became of each, without anybody's name."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, tuple_

from core.api import PAGE_SIZE, Area, AreaCode, Page, Referral, db, find_areas, paged, read_keys

from .models import SlrtDelivery

SHOWN = ("all", "failed", "waiting")


@dataclass(frozen=True)
class Line:
    village_id: int
    id: UUID
    number: str
    event: str
    at: datetime
    state: str
    attempts: int
    status: int | None
    problem: str
    next_at: datetime | None
    village: str

    @property
    def code(self) -> AreaCode:
        return AreaCode.from_id(self.village_id)


def page_of(area: Area, show: str, cursor: str | None) -> Page[Line]:
    """The latest first; two queries."""
    key = (SlrtDelivery.at, SlrtDelivery.village_id, SlrtDelivery.id)
    query = (
        select(SlrtDelivery, Referral.number)
        .outerjoin(
            Referral, (Referral.village_id == SlrtDelivery.village_id) & (Referral.id == SlrtDelivery.referral_id)
        )
        .where(SlrtDelivery.village_id.between(area.id, area.hi))
    )
    if show in SHOWN[1:]:
        query = query.where(SlrtDelivery.state == show)
    if after := read_keys(cursor, datetime.fromisoformat, int, UUID):
        query = query.where(tuple_(*key) < tuple_(*after))
    found = db.session.execute(query.order_by(*(column.desc() for column in key)).limit(PAGE_SIZE + 1)).all()
    titles = {place.id: place.title for place in find_areas({row.village_id for row, _number in found})}
    rows = [
        Line(
            village_id=row.village_id,
            id=row.id,
            number=number or "–",
            event=row.event,
            at=row.at,
            state=row.state,
            attempts=row.attempts,
            status=row.status,
            problem=row.problem,
            next_at=row.next_at,
            village=titles.get(row.village_id, str(AreaCode.from_id(row.village_id))),
        )
        for row, number in found
    ]
    return paged(rows, lambda row: (row.at, row.village_id, row.id), cursor)


def failed_in(area: AreaCode) -> list[tuple[int, UUID]]:
    """Village and id of each message that has failed."""
    query = select(SlrtDelivery.village_id, SlrtDelivery.id)
    query = query.where(SlrtDelivery.village_id.between(area.id, area.hi), SlrtDelivery.state == "failed")
    return [
        (village_id, delivery_id) for village_id, delivery_id in db.session.execute(query.order_by(SlrtDelivery.at))
    ]


def failed_count(area: Area) -> int:
    return (
        db.session.scalar(
            select(func.count())
            .select_from(SlrtDelivery)
            .where(SlrtDelivery.village_id.between(area.id, area.hi), SlrtDelivery.state == "failed")
        )
        or 0
    )
