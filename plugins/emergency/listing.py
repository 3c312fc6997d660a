"""The village's escorts page by page, what is open, and those of one resident or case."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Integer, Select, and_, bindparam, or_, select, tuple_
from sqlalchemy.orm import contains_eager

from core.api import PAGE_SIZE, Page, Person, db, paged, read_keys

from .models import Escort, EscortEntry

SHOWN = ("open", "all", "cancelled")
_OF_PERSON = and_(Person.village_id == Escort.village_id, Person.id == Escort.person_id)
_WAITS = and_(Escort.state == "ended", Escort.follow_up == "pending")
_OPEN = or_(Escort.state == "running", _WAITS)


def find(village_id: int, escort_id: UUID) -> Escort | None:
    """With the resident, in one query."""
    return db.session.scalar(_query(village_id).where(Escort.id == escort_id))


def entries_of(escort: Escort) -> Sequence[EscortEntry]:
    """The latest first."""
    return db.session.scalars(
        select(EscortEntry)
        .where(EscortEntry.village_id == escort.village_id, EscortEntry.escort_id == escort.id)
        .order_by(EscortEntry.at.desc(), EscortEntry.id.desc())
    ).all()


def open_escorts(village_id: int, limit: int = 8) -> Sequence[Escort]:
    """Those that run, and then those that wait for their case, the first due first."""
    return db.session.scalars(_OPEN_ONES, {"village_id": village_id, "most": limit}).all()


def page_of(village_id: int, show: str, cursor: str | None) -> Page[Escort]:
    """One page, the last call first. ``show`` is one of ``SHOWN``."""
    query = _query(village_id)
    if show != "all":
        query = query.where(_OPEN if show == "open" else Escort.state == "cancelled")
    after = read_keys(cursor, datetime.fromisoformat, UUID)
    if after:
        query = query.where(tuple_(Escort.called_at, Escort.id) < after)
    rows = db.session.scalars(query.order_by(Escort.called_at.desc(), Escort.id.desc()).limit(PAGE_SIZE + 1)).all()
    return paged(rows, lambda row: (row.called_at, row.id), cursor)


def of_person(person: Person, limit: int = 5) -> Sequence[Escort]:
    """The latest first."""
    return db.session.scalars(_LATEST_OF_PERSON, _whose(person.village_id, person.id, limit)).all()


def of_case(village_id: int, case_id: UUID, limit: int = 5) -> Sequence[Escort]:
    return db.session.scalars(_LATEST_OF_CASE, _whose(village_id, case_id, limit)).all()


def _whose(village_id: int, key: UUID, limit: int) -> dict[str, Any]:
    return {"village_id": village_id, "whose": key, "most": limit}


def found_by(village_id: int, words: str, limit: int = 20) -> Sequence[Escort]:
    """By the patient's or resident's name, or the place; the latest first."""
    wanted = [
        or_(*(column.icontains(word, autoescape=True) for column in (Escort.patient_name, Escort.place, Person.name)))
        for word in words.split()
    ]
    return _latest(village_id, and_(*wanted), limit) if wanted else []


def _latest(village_id: int, which: ColumnElement[bool], limit: int) -> Sequence[Escort]:
    return db.session.scalars(_query(village_id).where(which).order_by(*_NEWEST_FIRST).limit(limit)).all()


def called_between(village_id: int, since: datetime, until: datetime) -> Sequence[Escort]:
    """The register of a time, from ``since`` until before ``until``, in the order of the calls."""
    return db.session.scalars(
        _query(village_id)
        .where(Escort.called_at >= since, Escort.called_at < until)
        .order_by(Escort.called_at, Escort.id)
    ).all()


def _query(village_id: int | BindParameter[Any]) -> Select[Escort]:
    return (
        select(Escort)
        .outerjoin(Person, _OF_PERSON)
        .where(Escort.village_id == village_id)
        .options(contains_eager(Escort.person))
    )


# For core's pages, put together once: building such a statement takes longer than running it.
_NEWEST_FIRST = (Escort.called_at.desc(), Escort.id.desc())
_village, _most = bindparam("village_id"), bindparam("most", type_=Integer)
_RUNNING_FIRST = (Escort.state != "running", Escort.follow_up_by, Escort.id)
_OPEN_ONES = _query(_village).where(_OPEN).order_by(*_RUNNING_FIRST).limit(_most)
_LATEST = _query(_village).order_by(*_NEWEST_FIRST).limit(_most)
_LATEST_OF_PERSON = _LATEST.where(Escort.person_id == bindparam("whose"))
_LATEST_OF_CASE = _LATEST.where(Escort.case_id == bindparam("whose"))
