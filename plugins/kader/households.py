"""The households of somebody's area, with what matters at the door: in walking order, a page in five queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, tuple_

from core.api import (
    PAGE_SIZE,
    Case,
    Household,
    Page,
    Person,
    Requirement,
    Service,
    db,
    missing_papers,
    paged,
    read_keys,
)

from .assignments import named
from .models import KaderVisit
from .rulebook import rule_on
from .territory import Territory


@dataclass(frozen=True)
class OpenCase:
    """A case in a list. ``title`` and ``state`` in words; ``missing`` what is mandatory and not there."""

    id: UUID
    ticket: str
    title: str
    state: str
    due_on: date
    person_id: UUID
    missing: Sequence[Requirement]


@dataclass(frozen=True)
class Doorstep:
    """A household as a field worker sees it: no NIK, no No. KK, no decile. ``marks`` are keys of ``words.MARKS``."""

    household: Household
    members: Sequence[Person]
    marks: Sequence[str]
    cases: Sequence[OpenCase]
    last_visit: date | None

    @property
    def head(self) -> str:
        return self.members[0].name if self.members else ""


def marks_of(person: Person, day: date) -> list[str]:
    """What the registry tells of one resident."""
    rule, age = rule_on(day), person.age(day)
    found = {
        "expectant": (person.extra or {}).get("pregnant") is True,
        "toddler": age < rule.toddler_age,
        "elderly": age >= rule.elderly_age,
        "disabled": bool(person.disability),
    }
    return [key for key, holds in found.items() if holds]


def households_page(
    territory: Territory, search: str, cursor: str | None, services: Mapping[str, Service], day: date
) -> Page[Doorstep]:
    """One page by RW, RT and address."""
    keys = (Household.rw, Household.rt, func.lower(Household.address), Household.id)
    query = select(Household, keys[2]).where(Household.village_id == territory.village_id, territory.covers())
    if search:
        query = query.where(named(territory.village_id, search))
    if after := read_keys(cursor, str, str, str, UUID):
        query = query.where(tuple_(*keys) > after)
    rows = db.session.execute(query.order_by(*keys).limit(PAGE_SIZE + 1)).all()
    page = paged(rows, lambda row: (row[0].rw, row[0].rt, row[1], row[0].id), cursor)
    return Page(doorsteps([row[0] for row in page.rows], services, day), page.next, page.is_first)


def doorsteps(households: Sequence[Household], services: Mapping[str, Service], day: date) -> list[Doorstep]:
    """Of a page of households: four queries more."""
    if not households:
        return []
    village_id, ids = households[0].village_id, [each.id for each in households]
    members: dict[UUID | None, list[Person]] = {}
    living = select(Person).where(
        Person.village_id == village_id, Person.household_id.in_(ids), Person.life_status == "alive"
    )
    for person in db.session.scalars(living.order_by(Person.family_role != "head", Person.birth_date, Person.id)):
        members.setdefault(person.household_id, []).append(person)
    home = {person.id: key for key, people in members.items() for person in people}
    cases: dict[UUID | None, list[OpenCase]] = {}
    for case in open_cases(village_id, home, services):
        cases.setdefault(home[case.person_id], []).append(case)
    visited = dict(
        db.session.execute(
            select(KaderVisit.household_id, func.max(KaderVisit.done_on))
            .where(
                KaderVisit.village_id == village_id, KaderVisit.household_id.in_(ids), KaderVisit.done_on.is_not(None)
            )
            .group_by(KaderVisit.household_id)
        ).all()
    )
    return [
        Doorstep(
            each,
            people := members.get(each.id, []),
            list(dict.fromkeys(mark for person in people for mark in marks_of(person, day))),
            cases.get(each.id, []),
            visited.get(each.id),
        )
        for each in households
    ]


def open_cases(village_id: int, person_ids: Mapping[UUID, object], services: Mapping[str, Service]) -> list[OpenCase]:
    """Of these residents, the first due first: two queries. A restricted one is there for whom it is open."""
    if not person_ids:
        return []
    rows = db.session.scalars(
        select(Case)
        .where(Case.village_id == village_id, Case.person_id.in_(person_ids), Case.closed_at.is_(None))
        .order_by(Case.due_on, Case.id)
    ).all()
    return in_words(rows, services)


def cases_page(
    territory: Territory, cursor: str | None, services: Mapping[str, Service]
) -> tuple[Page[OpenCase], dict]:
    """Open cases inside, the first due first, and their residents by id: three queries."""
    query = (
        select(Case)
        .join(Person, (Person.village_id == Case.village_id) & (Person.id == Case.person_id))
        .outerjoin(Household, (Household.village_id == Person.village_id) & (Household.id == Person.household_id))
        .where(Case.village_id == territory.village_id, Case.closed_at.is_(None), territory.covers())
    )
    if after := read_keys(cursor, date.fromisoformat, UUID):
        query = query.where(tuple_(Case.due_on, Case.id) > after)
    found = db.session.scalars(query.order_by(Case.due_on, Case.id).limit(PAGE_SIZE + 1)).all()
    page = paged(found, lambda case: (case.due_on, case.id), cursor)
    ids = {case.person_id for case in page.rows}
    people = db.session.scalars(select(Person).where(Person.village_id == territory.village_id, Person.id.in_(ids)))
    return Page(in_words(page.rows, services), page.next, page.is_first), {each.id: each for each in people}


def in_words(cases: Sequence[Case], services: Mapping[str, Service]) -> list[OpenCase]:
    """With what is missing of each, in one query."""
    missing = missing_papers(cases)
    return [
        OpenCase(case.id, case.ticket, *_titles(case, services), case.due_on, case.person_id, missing[case.id])
        for case in cases
    ]


def _titles(case: Case, services: Mapping[str, Service]) -> tuple[str, str]:
    """A service whose module was switched off since is told by its name alone."""
    service = services.get(case.service)
    if service is None:
        return case.service, ""
    return str(service.short_title or service.title), str(service.workflow.state(case.state).title)
