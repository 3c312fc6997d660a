"""An organisation's inbox: what villages have sent to it, with nothing of a resident but the name."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, tuple_

from core.areas.code import AreaCode
from core.areas.current import CurrentArea
from core.areas.models import Area
from core.database.session import db
from core.web.paging import PAGE_SIZE, Page, paged

from .cursors import after_day, after_moment
from .models import Organisation, Referral
from .states import WITH_RECEIVER

FILTERS = ("open", "new", "overdue", "back")


Listed = Select[Referral, str, Area]


@dataclass(frozen=True)
class InboxRow:
    village_id: int
    id: UUID
    number: str
    state: str
    due_on: date
    back_at: datetime | None
    name: str
    kind: str
    urgent: bool
    village: str
    organisation: str

    @property
    def village_code(self) -> AreaCode:
        return AreaCode.from_id(self.village_id)


def inbox_page(
    area: CurrentArea, organisations: Collection[UUID], today: date, which: str, cursor: str | None
) -> Page[InboxRow]:
    """One page of what was sent to these organisations from the villages of ``area``: the longest overdue on top.

    What is out of their hands again (``back``) stands the latest first.
    """
    query = _listed(area, organisations, _conditions(which, today))
    if which == "back":
        key = (Referral.back_at, Referral.village_id, Referral.id)
        if after := after_moment(cursor):
            query = query.where(tuple_(*key) < tuple_(*after))
        query = query.order_by(*(column.desc() for column in key))
    else:
        key = (Referral.due_on, Referral.village_id, Referral.id)
        if after := after_day(cursor):
            query = query.where(tuple_(*key) > tuple_(*after))
        query = query.order_by(*key)
    rows = [_row(*row) for row in db.session.execute(query.limit(PAGE_SIZE + 1))]
    return paged(rows, lambda row: (row.back_at or row.due_on, row.village_id, row.id), cursor)


def with_number(area: CurrentArea, organisations: Collection[UUID], number: str) -> list[InboxRow]:
    """Those of exactly this number, whatever their state; a village's telephone call names one."""
    query = _listed(area, organisations, [Referral.number == number.upper(), Referral.sent_at.is_not(None)])
    return [_row(*row) for row in db.session.execute(query.limit(PAGE_SIZE))]


def _listed(area: CurrentArea, organisations: Collection[UUID], conditions: list[ColumnElement[bool]]) -> Listed:
    return (
        select(Referral, Organisation.name, Area)
        .join(Organisation, Organisation.id == Referral.organisation_id)
        .join(Area, Area.id == Referral.village_id)
        .where(Referral.village_id.between(area.id, area.hi), Referral.organisation_id.in_(organisations), *conditions)
    )


def _row(referral: Referral, organisation: str, village: Area) -> InboxRow:
    return InboxRow(
        village_id=referral.village_id,
        id=referral.id,
        number=referral.number or "",
        state=referral.state,
        due_on=referral.due_on,
        back_at=referral.back_at,
        name=referral.shared["name"],
        kind=referral.shared["kind"],
        urgent=bool(referral.shared.get("urgent")),
        village=village.title,
        organisation=organisation,
    )


def _conditions(which: str, today: date) -> list[ColumnElement[bool]]:
    conditions: dict[str, list[ColumnElement[bool]]] = {
        "open": [Referral.state.in_(WITH_RECEIVER)],
        "new": [Referral.state.in_(WITH_RECEIVER), Referral.state == "sent"],
        "overdue": [Referral.state.in_(WITH_RECEIVER), Referral.due_on < today],
        "back": [Referral.back_at.is_not(None)],
    }
    return conditions[which]


def counts(area: CurrentArea, organisations: Collection[UUID], today: date) -> dict[str, int]:
    """How many referrals each filter but the last shows, in one query."""
    wanted = [which for which in FILTERS if which != "back"]
    row = db.session.execute(
        select(*(func.count().filter(*_conditions(which, today)) for which in wanted)).where(
            Referral.village_id.between(area.id, area.hi),
            Referral.organisation_id.in_(organisations),
            Referral.state.in_(WITH_RECEIVER),
        )
    ).one()
    return dict(zip(wanted, row, strict=True))
