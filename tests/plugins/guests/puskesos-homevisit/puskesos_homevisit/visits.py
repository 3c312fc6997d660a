"""Planning visits and writing down what was found. The caller commits."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import delete, exists, func, select, update

from core.api import PAGE_SIZE, Case, Page, Person, db, paged, read_keys, record

from .models import Visit


def plan(case: Case, on: date) -> Visit:
    visit = Visit(village_id=case.village_id, person_id=case.person_id, case_id=case.id, planned_on=on)
    db.session.add(visit)
    return visit


def move(case: Case, on: date) -> None:
    """A planned visit of a case takes place by the day on which the case is due."""
    db.session.execute(update(Visit).where(*_planned_for(case)).values(planned_on=on))


def call_off(case: Case) -> None:
    """A case that is closed needs no visit any more; visits that were made stay."""
    db.session.execute(delete(Visit).where(*_planned_for(case)))


def _planned_for(case: Case) -> tuple:
    return Visit.village_id == case.village_id, Visit.case_id == case.id, Visit.visited_on.is_(None)


def was_made(case: Case) -> bool:
    made = exists().where(Visit.village_id == case.village_id, Visit.case_id == case.id, Visit.visited_on.is_not(None))
    return bool(db.session.scalar(select(made)))


def write_down(person: Person, on: date, finding: str, by: UUID | None) -> Visit:
    """What was found at a resident's home: the visit that was planned first, or else one that nobody planned."""
    planned = select(Visit).where(
        Visit.village_id == person.village_id, Visit.person_id == person.id, Visit.visited_on.is_(None)
    )
    visit = db.session.scalar(planned.order_by(Visit.planned_on, Visit.id).limit(1))
    if visit is None:
        visit = Visit(village_id=person.village_id, person_id=person.id, planned_on=on)
        db.session.add(visit)
    visit.visited_on, visit.finding, visit.visited_by = on, finding, by
    db.session.flush()
    record("homevisit.visited", "visit", visit.id)
    return visit


def due(village_id: int, on: date, limit: int = 10) -> list[Visit]:
    """Planned visits whose day has come, the longest overdue first."""
    planned = select(Visit).where(Visit.village_id == village_id, Visit.visited_on.is_(None), Visit.planned_on <= on)
    return list(db.session.scalars(planned.order_by(Visit.planned_on, Visit.id).limit(limit)))


def count_overdue(village_id: int, on: date) -> int:
    planned = select(func.count()).where(
        Visit.village_id == village_id, Visit.visited_on.is_(None), Visit.planned_on < on
    )
    return db.session.scalar(planned) or 0


def in_month(village_id: int, month: date) -> tuple[int, int]:
    """How many visits were planned for a month, which begins on ``month``, and how many of them were made."""
    after = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    planned = select(func.count(), func.count(Visit.visited_on)).where(
        Visit.village_id == village_id, Visit.planned_on >= month, Visit.planned_on < after
    )
    number, made = db.session.execute(planned).one()
    return number, made


def of_person(village_id: int, person_id: UUID) -> list[Visit]:
    """A resident's visits, the latest first."""
    found = select(Visit).where(Visit.village_id == village_id, Visit.person_id == person_id)
    return list(db.session.scalars(found.order_by(Visit.planned_on.desc(), Visit.id.desc())))


def page_of(village_id: int, cursor: str | None) -> Page[Visit]:
    """One page of all visits, the latest first."""
    query = select(Visit).where(Visit.village_id == village_id)
    if after := read_keys(cursor, UUID):
        query = query.where(Visit.id < after[0])  # a UUIDv7 grows with time
    rows = db.session.scalars(query.order_by(Visit.id.desc()).limit(PAGE_SIZE + 1)).all()
    return paged(rows, lambda visit: (visit.id,), cursor)
