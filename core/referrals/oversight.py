"""What a kecamatan or a district sees of its villages' referrals: who is silent, and never a resident's name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_

from core.areas.code import AreaCode
from core.areas.current import CurrentArea
from core.areas.models import Area
from core.database.session import db
from core.web.paging import PAGE_SIZE, Page, paged

from .cursors import after_day
from .models import Organisation, Referral
from .states import WITH_RECEIVER


@dataclass(frozen=True)
class LateAnswer:
    village_id: int
    id: UUID
    number: str
    state: str
    due_on: date
    village: str
    organisation: str
    phone: str

    @property
    def village_code(self) -> AreaCode:
        return AreaCode.from_id(self.village_id)


@dataclass(frozen=True)
class Standing:
    """Referrals that wait for one organisation, and how many of them for too long."""

    organisation: str
    phone: str
    waiting: int
    overdue: int


def overdue_answers(area: CurrentArea, today: date) -> int:
    """The figure on a wide area's first page."""
    return db.session.scalar(select(func.count()).select_from(Referral).where(*_overdue(area, today))) or 0


def late_answers(area: CurrentArea, today: date, cursor: str | None) -> Page[LateAnswer]:
    """The overdue answers to all villages of an area, the longest overdue first."""
    query = (
        select(Referral, Organisation, Area)
        .join(Organisation, Organisation.id == Referral.organisation_id)
        .join(Area, Area.id == Referral.village_id)
        .where(*_overdue(area, today))
    )
    key = (Referral.due_on, Referral.village_id, Referral.id)
    if after := after_day(cursor):
        query = query.where(tuple_(*key) > tuple_(*after))
    rows = [
        LateAnswer(
            village_id=referral.village_id,
            id=referral.id,
            number=referral.number or "",
            state=referral.state,
            due_on=referral.due_on,
            village=village.title,
            organisation=organisation.name,
            phone=organisation.phone,
        )
        for referral, organisation, village in db.session.execute(query.order_by(*key).limit(PAGE_SIZE + 1))
    ]
    return paged(rows, lambda row: (row.due_on, row.village_id, row.id), cursor)


def standing(area: CurrentArea, today: date) -> Sequence[Standing]:
    """Organisations with something to answer, the most overdue first."""
    overdue = func.count().filter(Referral.due_on < today)
    rows = db.session.execute(
        select(Organisation.name, Organisation.phone, func.count(), overdue)
        .select_from(Referral)
        .join(Organisation, Organisation.id == Referral.organisation_id)
        .where(Referral.village_id.between(area.id, area.hi), Referral.state.in_(WITH_RECEIVER))
        .group_by(Organisation.id)
        .order_by(overdue.desc(), func.count().desc(), Organisation.name)
    )
    return [Standing(*row) for row in rows]


def _overdue(area: CurrentArea, today: date) -> list[ColumnElement[bool]]:
    return [
        Referral.village_id.between(area.id, area.hi),
        Referral.state.in_(WITH_RECEIVER),
        Referral.due_on < today,
    ]
