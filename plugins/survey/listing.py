"""The village's surveys page by page, the route of a day, what waits, and the surveys of one household."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, Uuid, and_, bindparam, func, or_, select, tuple_
from sqlalchemy.orm import contains_eager, joinedload

from core.api import PAGE_SIZE, Case, Household, Page, Person, db, paged, read_keys

from .models import CANCELLED, FINAL, OPEN, SIGNED, HomeSurvey
from .surveys import about

SHOWN = ("open", "mine", "final", "signed", "cancelled")
NO_DAY = date(9999, 12, 31)
"""Sorts behind all others what has no day yet."""
MOST_STOPS = 100


@dataclass(frozen=True)
class Waiting:
    """What waits in a village for one worker: own visits, those that are nobody's, those to be countersigned."""

    mine: Sequence[HomeSurvey]
    mine_count: int
    nobodys: int
    to_sign: int

    def __bool__(self) -> bool:
        return bool(self.mine_count or self.nobodys or self.to_sign)


def page_of(village_id: int, show: str, worker_id: UUID, cursor: str | None) -> Page[HomeSurvey]:
    """Open ones by the day of the visit, what is done the newest first; one query.

    Args:
        show: one of ``SHOWN``.
    """
    day = func.coalesce(HomeSurvey.planned_on, NO_DAY)
    query = select(HomeSurvey).where(HomeSurvey.village_id == village_id, *_shown(show, worker_id))
    query = query.options(joinedload(HomeSurvey.person), joinedload(HomeSurvey.household))
    if show in ("open", "mine"):
        if after := read_keys(cursor, date.fromisoformat, UUID):
            query = query.where(tuple_(day, HomeSurvey.id) > tuple_(*after))
        query = query.order_by(day, HomeSurvey.id)
        rows = db.session.scalars(query.limit(PAGE_SIZE + 1)).all()
        return paged(rows, lambda row: (row.planned_on or NO_DAY, row.id), cursor)
    if after := read_keys(cursor, UUID):
        query = query.where(HomeSurvey.id < after[0])
    rows = db.session.scalars(query.order_by(HomeSurvey.id.desc()).limit(PAGE_SIZE + 1)).all()
    return paged(rows, lambda row: (row.id,), cursor)


def _shown(show: str, worker_id: UUID) -> list[ColumnElement[bool]]:
    if show == "mine":
        return [HomeSurvey.state == OPEN, HomeSurvey.surveyor_id == worker_id]
    return [HomeSurvey.state == {"final": FINAL, "signed": SIGNED, "cancelled": CANCELLED}.get(show, OPEN)]


def waiting_for(village_id: int, worker_id: UUID, limit: int = 5) -> Waiting:
    """One query: the counts, and beside them the first own visits, if there are any."""
    rows = db.session.execute(_waiting(), {"village_id": village_id, "worker_id": worker_id, "most": limit}).all()
    first = rows[0]
    return Waiting([row[3] for row in rows if row[3]], first.mine, first.nobodys, first.to_sign)


@cache
def _waiting() -> Select:
    village_id, worker_id = bindparam("village_id"), bindparam("worker_id", type_=Uuid)
    mine = and_(HomeSurvey.state == OPEN, HomeSurvey.surveyor_id == worker_id)
    counts = (
        select(
            func.count().filter(mine).label("mine"),
            func.count().filter(HomeSurvey.state == OPEN, HomeSurvey.surveyor_id.is_(None)).label("nobodys"),
            func.count()
            .filter(HomeSurvey.state == FINAL, HomeSurvey.surveyor_id.is_distinct_from(worker_id))
            .label("to_sign"),
        )
        .where(HomeSurvey.village_id == village_id, HomeSurvey.state.in_((OPEN, FINAL)))
        .subquery()
    )
    return (
        select(counts.c.mine, counts.c.nobodys, counts.c.to_sign, HomeSurvey)
        .select_from(counts)
        .outerjoin(HomeSurvey, and_(HomeSurvey.village_id == village_id, mine))
        .order_by(HomeSurvey.planned_on.nulls_last(), HomeSurvey.id)
        .limit(bindparam("most", type_=Integer))
        .options(joinedload(HomeSurvey.person), joinedload(HomeSurvey.household))
    )


def route_of(village_id: int, day: date, surveyor_id: UUID | None) -> Sequence[HomeSurvey]:
    """The open visits of a day by RW, RT and address, of one worker or of all; one query."""
    query = (
        select(HomeSurvey)
        .join(HomeSurvey.person)
        .outerjoin(HomeSurvey.household)
        .where(HomeSurvey.village_id == village_id, HomeSurvey.state == OPEN, HomeSurvey.planned_on == day)
        .options(contains_eager(HomeSurvey.person), contains_eager(HomeSurvey.household))
        .order_by(Household.rw, Household.rt, Household.address, Person.name, HomeSurvey.id)
        .limit(MOST_STOPS)
    )
    if surveyor_id is not None:
        query = query.where(HomeSurvey.surveyor_id == surveyor_id)
    return db.session.scalars(query).all()


# For core's pages, put together once. Without a household its condition is never true.
_LATEST_ABOUT = (
    select(HomeSurvey)
    .where(
        HomeSurvey.village_id == bindparam("village_id"),
        or_(
            HomeSurvey.person_id == bindparam("person_id"),
            HomeSurvey.household_id == bindparam("household_id", type_=Uuid),
        ),
        HomeSurvey.state != CANCELLED,
    )
    .order_by(HomeSurvey.id.desc())
    .limit(bindparam("most", type_=Integer))
)


def latest_about(village_id: int, person_id: UUID, household_id: UUID | None, limit: int = 5) -> Sequence[HomeSurvey]:
    """Of a household, the newest first, cancelled ones left out; one query."""
    values = {"village_id": village_id, "person_id": person_id, "household_id": household_id, "most": limit}
    return db.session.scalars(_LATEST_ABOUT, values).all()


def before(survey: HomeSurvey) -> HomeSurvey | None:
    """The household's last countersigned survey before this one."""
    return db.session.scalar(
        select(HomeSurvey)
        .where(
            HomeSurvey.village_id == survey.village_id,
            about(survey.person_id, survey.household_id),
            HomeSurvey.state == SIGNED,
            HomeSurvey.id < survey.id,
        )
        .order_by(HomeSurvey.id.desc())
        .limit(1)
    )


def made_between(village_id: int, first: date, last: date) -> Sequence[HomeSurvey]:
    """Finalised and countersigned ones by the day of the visit; one query."""
    return db.session.scalars(
        select(HomeSurvey)
        .where(
            HomeSurvey.village_id == village_id,
            HomeSurvey.state.in_((FINAL, SIGNED)),
            HomeSurvey.done_on.between(first, last),
        )
        .order_by(HomeSurvey.done_on, HomeSurvey.id)
        .options(joinedload(HomeSurvey.person), joinedload(HomeSurvey.household))
    ).all()


def find_case(village_id: int, case_id: UUID) -> Case | None:
    return db.session.scalar(select(Case).where(Case.village_id == village_id, Case.id == case_id))
