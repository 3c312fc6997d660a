"""Lists of findings: the desk's, a field worker's own, a resident's, those that are found by words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, func, or_, select, tuple_
from sqlalchemy.orm import selectinload

from core.api import PAGE_SIZE, Page, Person, db, paged, read_keys

from .models import KaderFinding, KaderVisit

SHOWN = ("waiting", "case", "answered", "all")
_WAITS = KaderFinding.state.in_(("new", "seen"))


@dataclass(frozen=True)
class Standing:
    """Counts of a village's first page: findings that nobody has read, that wait, that are late; visits due."""

    new: int
    waiting: int
    late: int
    visits: int


def find(village_id: int, finding_id: UUID) -> KaderFinding | None:
    return db.session.scalar(_query(village_id).where(KaderFinding.id == finding_id))


def page_of(village_id: int, show: str, cursor: str | None, *, of: UUID | None = None) -> Page[KaderFinding]:
    """One page, three queries. Those that wait: the urgent first, then by deadline; else the latest first.

    Args:
        show: one of ``SHOWN``.
        of: a field worker, whose own findings alone are listed.
    """
    query = _query(village_id)
    if of is not None:
        query = query.where(KaderFinding.user_id == of)
    if show != "waiting":
        query = query if show == "all" else query.where(KaderFinding.state == show)
        if after := read_keys(cursor, datetime.fromisoformat, UUID):
            query = query.where(tuple_(KaderFinding.found_at, KaderFinding.id) < after)
        rows = db.session.scalars(
            query.order_by(KaderFinding.found_at.desc(), KaderFinding.id.desc()).limit(PAGE_SIZE + 1)
        ).all()
        return paged(rows, lambda row: (row.found_at, row.id), cursor)
    keys = (~KaderFinding.urgent, KaderFinding.answer_by, KaderFinding.id)
    query = query.where(_WAITS)
    if after := read_keys(cursor, bool, date.fromisoformat, UUID):
        query = query.where(tuple_(*keys) > after)
    rows = db.session.scalars(query.order_by(*keys).limit(PAGE_SIZE + 1)).all()
    return paged(rows, lambda row: (not row.urgent, row.answer_by, row.id), cursor)


def of_person(person: Person, limit: int = 5) -> Sequence[KaderFinding]:
    """About the resident, or the household as a whole; the latest first."""
    whose: ColumnElement[bool] = KaderFinding.person_id == person.id
    if person.household_id:
        household = and_(KaderFinding.household_id == person.household_id, KaderFinding.person_id.is_(None))
        whose = or_(whose, household)
    return _latest(select(KaderFinding).where(KaderFinding.village_id == person.village_id, whose), limit)


def of_household(village_id: int, household_id: UUID, limit: int = 10) -> Sequence[KaderFinding]:
    query = select(KaderFinding).where(KaderFinding.village_id == village_id, KaderFinding.household_id == household_id)
    return _latest(query, limit)


def found_by(village_id: int, words: str, limit: int = 20) -> Sequence[KaderFinding]:
    """By the name of the resident or of who is not registered, or the place; what ails whom is not searched."""
    columns = (KaderFinding.name, KaderFinding.place, Person.name)
    wanted = [or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in words.split()]
    if not wanted:
        return []
    query = _query(village_id).outerjoin(
        Person, and_(Person.village_id == KaderFinding.village_id, Person.id == KaderFinding.person_id)
    )
    return _latest(query.where(*wanted), limit)


# For core's pages, put together once: building a statement takes longer than running it.
_village, _today = bindparam("village_id"), bindparam("today", type_=Date)
_PLANNED_VISITS = (
    select(func.count())
    .select_from(KaderVisit)
    .where(
        KaderVisit.village_id == _village,
        KaderVisit.user_id == bindparam("user_id"),
        KaderVisit.state == "planned",
        KaderVisit.planned_on <= _today,
    )
    .scalar_subquery()
)
_STANDING = select(
    func.count().filter(KaderFinding.state == "new"),
    func.count(),
    func.count().filter(KaderFinding.answer_by < _today),
    _PLANNED_VISITS,
).where(KaderFinding.village_id == _village, _WAITS)


def standing_of(village_id: int, user_id: UUID, today: date) -> Standing:
    """In one query."""
    values = {"village_id": village_id, "user_id": user_id, "today": today}
    return Standing(*db.session.execute(_STANDING, values).one())


def _latest(query: Select, limit: int) -> Sequence[KaderFinding]:
    order = (KaderFinding.found_at.desc(), KaderFinding.id.desc())
    return db.session.scalars(query.order_by(*order).limit(limit)).all()


def _query(village_id: int) -> Select[KaderFinding]:
    return (
        select(KaderFinding)
        .where(KaderFinding.village_id == village_id)
        .options(selectinload(KaderFinding.person), selectinload(KaderFinding.household))
    )
