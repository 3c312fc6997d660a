"""The district's list: what all villages have sent to the Dinas Sosial, and what has gone up for want of an answer.

Of a resident it has the name that stands in the shared copy, and only for who answers for the Dinas Sosial.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select, tuple_

from core.api import (
    PAGE_SIZE,
    WITH_RECEIVER,
    Area,
    AreaCode,
    Case,
    Organisation,
    Page,
    Referral,
    db,
    district_of,
    find_areas,
    paged,
    read_keys,
)

from .models import SlrtFollowUp
from .words import SECTOR_OF_MODULE, SECTORS

SHOWN = ("open", "new", "overdue", "unassigned", "escalated", "back")
MOST_LINES = 20_000


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to. ``assigned``: a user's id, or None for all."""

    show: str = "open"
    sector: str = ""
    state: str = ""
    assigned: UUID | None = None
    village_id: int | None = None


@dataclass(frozen=True)
class Row:
    village_id: int
    id: UUID
    number: str
    state: str
    kind: str
    due_on: date
    sent_at: datetime
    back_at: datetime | None
    urgent: bool
    name: str
    organisation: str
    ours: bool
    assigned_to: UUID | None
    level: str
    village: str = ""

    @property
    def code(self) -> AreaCode:
        return AreaCode.from_id(self.village_id)


def office_of(area: Area) -> Organisation | None:
    """The Dinas Sosial of the district in which an area lies; None before the first referral goes there."""
    return db.session.scalar(
        select(Organisation).where(Organisation.area_id == district_of(area).id, Organisation.sector == "dinsos")
    )


def page_of(area: Area, office: Organisation | None, wanted: Wanted, day: date, cursor: str | None) -> Page[Row]:
    """One page, the longest overdue first; what is back in the village the latest first. Two queries."""
    query = _query(area, office, wanted, day)
    if wanted.show == "back":
        key = (Referral.back_at, Referral.village_id, Referral.id)
        if after := read_keys(cursor, datetime.fromisoformat, _village_id, UUID):
            query = query.where(tuple_(*key) < tuple_(*after))
        query = query.order_by(*(column.desc() for column in key))
    else:
        key = (Referral.due_on, Referral.village_id, Referral.id)
        if after := read_keys(cursor, date.fromisoformat, _village_id, UUID):
            query = query.where(tuple_(*key) > tuple_(*after))
        query = query.order_by(*key)
    rows = _rows(office, db.session.execute(query.limit(PAGE_SIZE + 1)).all())
    return paged(rows, lambda row: (row.back_at or row.due_on, row.village_id, row.id), cursor)


def all_of(area: Area, office: Organisation | None, wanted: Wanted, day: date) -> Sequence[Row]:
    """The same without pages, for a sheet: at most ``MOST_LINES``."""
    query = _query(area, office, wanted, day).order_by(Referral.due_on, Referral.village_id, Referral.id)
    return _rows(office, db.session.execute(query.limit(MOST_LINES)).all())


def counts(area: Area, office: Organisation | None, day: date) -> dict[str, int]:
    """How many each of the open lists has, in one query."""
    ours, open_now = _is_ours(office), Referral.state.in_(WITH_RECEIVER)
    figures = {
        "open": ours,
        "new": ours & (Referral.state == "sent"),
        "overdue": ours & (Referral.due_on < day),
        "unassigned": ours & SlrtFollowUp.assigned_to.is_(None),
        "escalated": SlrtFollowUp.level != "",
    }
    row = db.session.execute(
        select(*(func.count().filter(condition) for condition in figures.values()))
        .select_from(Referral)
        .outerjoin(SlrtFollowUp, _OF_REFERRAL)
        .where(Referral.village_id.between(area.id, area.hi), open_now, or_(ours, SlrtFollowUp.level != ""))
    ).one()
    return dict(zip(figures, row, strict=True))


def find(area: Area, office: Organisation | None, village_id: int, referral_id: UUID) -> Row | None:
    """One that the inbox could show; None for any other."""
    if not area.id <= village_id <= area.hi:
        return None
    ours_or_up = or_(_is_ours(office), SlrtFollowUp.level != "")
    query = _listed().where(
        Referral.village_id == village_id, Referral.id == referral_id, Referral.sent_at.is_not(None), ours_or_up
    )
    return next(iter(_rows(office, db.session.execute(query).all())), None)


def without_name(row: Row) -> Row:
    """As who does not answer for the Dinas Sosial may have it."""
    return replace(row, name="")


_OF_REFERRAL = and_(SlrtFollowUp.village_id == Referral.village_id, SlrtFollowUp.referral_id == Referral.id)


def _listed():
    return (
        select(Referral, Organisation.name, SlrtFollowUp.assigned_to, SlrtFollowUp.level)
        .join(Organisation, Organisation.id == Referral.organisation_id)
        .outerjoin(SlrtFollowUp, _OF_REFERRAL)
    )


def _is_ours(office: Organisation | None) -> ColumnElement[bool]:
    return Referral.organisation_id == office.id if office else false()


def _query(area: Area, office: Organisation | None, wanted: Wanted, day: date):
    query = _listed().where(Referral.village_id.between(area.id, area.hi))
    if wanted.show == "escalated":
        query = query.where(SlrtFollowUp.level != "", Referral.state.in_(WITH_RECEIVER))
    elif wanted.show == "back":
        query = query.where(_is_ours(office), Referral.back_at.is_not(None))
    else:
        query = query.where(_is_ours(office), Referral.state.in_(WITH_RECEIVER))
    if wanted.show == "new":
        query = query.where(Referral.state == "sent")
    if wanted.show == "overdue":
        query = query.where(Referral.due_on < day)
    if wanted.show == "unassigned":
        query = query.where(SlrtFollowUp.assigned_to.is_(None))
    if wanted.state:
        query = query.where(Referral.state == wanted.state)
    if wanted.assigned:
        query = query.where(SlrtFollowUp.assigned_to == wanted.assigned)
    if wanted.village_id is not None:
        query = query.where(Referral.village_id == wanted.village_id)
    if wanted.sector:
        query = query.join(Case, (Case.village_id == Referral.village_id) & (Case.id == Referral.case_id))
        query = query.where(_is_of(wanted.sector))
    return query


def _is_of(sector: str) -> ColumnElement[bool]:
    """By the case's module, as its service's name begins. Who may not see a restricted case does not find it so."""
    module = func.split_part(Case.service, ".", 1)
    if sector == "other":
        return module.not_in(SECTOR_OF_MODULE)
    return module.in_([name for name, its in SECTOR_OF_MODULE.items() if its == sector and sector in SECTORS])


def _rows(office: Organisation | None, found: Sequence) -> list[Row]:
    titles = {place.id: place.title for place in find_areas({row.Referral.village_id for row in found})}
    return [_row(row, titles, ours=office is not None and row.Referral.organisation_id == office.id) for row in found]


def _row(found: Any, titles: Mapping[int, str], *, ours: bool) -> Row:
    referral, organisation, assigned_to, level = found
    if referral.sent_at is None:
        raise ValueError(f"referral {referral.id} was never sent")
    return Row(
        village_id=referral.village_id,
        id=referral.id,
        number=referral.number or "",
        state=referral.state,
        kind=referral.kind,
        due_on=referral.due_on,
        sent_at=referral.sent_at,
        back_at=referral.back_at,
        urgent=bool(referral.shared.get("urgent")),
        name=referral.shared.get("name", "") if ours else "",
        organisation=organisation,
        ours=ours,
        assigned_to=assigned_to,
        level=level or "",
        village=titles.get(referral.village_id, str(AreaCode.from_id(referral.village_id))),
    )


def _village_id(value: object) -> int:
    """Raises: ValueError: not the number of an area."""
    if not isinstance(value, int) or not 0 <= value < 10**10:
        raise ValueError(f"{value!r} is not an area")
    return value
