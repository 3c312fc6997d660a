"""Residents whose NIK Dukcapil does not know, or nobody has asked about; and taking down what was found.

Whether a NIK matches is core's own (``Person.registry_match``, with its day); who said so, the note and the day to look
again are the plugin's. The caller commits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import contains_eager

from core.api import PAGE_SIZE, Household, Page, Person, Stale, Text, db, paged, read_keys, record
from core.api import lazy_gettext as _

from .models import RegistryCheck

SHOWN: Mapping[str, Text] = {
    "unmatched": _("Tidak padan"),
    "unchecked": _("Belum dicek"),
    "no_nik": _("Belum punya NIK"),
}
RESULTS: Mapping[str, Text] = {"matched": _("Padan"), "unmatched": _("Tidak padan")}
_NAME = func.lower(Person.name)


@dataclass(frozen=True)
class Line:
    """A resident of the worklist with the last check of the plugin's, if any."""

    person: Person
    check: RegistryCheck | None


@dataclass(frozen=True)
class CheckInput:
    """What somebody found out; ``recheck_on`` only where it is to be looked at again."""

    result: str
    checked_on: date
    checked_by: str
    note: str = ""
    recheck_on: date | None = None


def worklist(village_id: int, show: str, search: str, cursor: str | None) -> Page[Line]:
    """By name; two queries."""
    query = (
        select(Person, _NAME)
        .outerjoin(Household, and_(Household.village_id == Person.village_id, Household.id == Person.household_id))
        .where(Person.village_id == village_id, Person.life_status == "alive", _shown(show))
        .where(*(_NAME.contains(word.lower(), autoescape=True) for word in search.split()))
        .options(contains_eager(Person.household))
    )
    if after := read_keys(cursor, str, UUID):
        query = query.where(tuple_(_NAME, Person.id) > tuple_(*after))
    rows = db.session.execute(query.order_by(_NAME, Person.id).limit(PAGE_SIZE + 1)).all()
    page = paged(rows, lambda row: (row[1], row[0].id), cursor)
    people = [row[0] for row in page.rows]
    checks = last_checks(village_id, [person.id for person in people])
    return Page([Line(person, checks.get(person.id)) for person in people], page.next, page.is_first)


def _shown(show: str) -> ColumnElement[bool]:
    if show == "no_nik":
        return Person.nik.is_(None)
    return and_(Person.nik.is_not(None), Person.registry_match == show)


def counts(village_id: int) -> dict[str, int]:
    """How many residents each part of the worklist has."""
    counted = db.session.execute(
        select(Person.registry_match, Person.nik.is_(None), func.count())
        .where(
            Person.village_id == village_id,
            Person.life_status == "alive",
            or_(Person.nik.is_(None), Person.registry_match != "matched"),
        )
        .group_by(Person.registry_match, Person.nik.is_(None))
    )
    found = dict.fromkeys(SHOWN, 0)
    for match, no_nik, number in counted:
        key = "no_nik" if no_nik else match
        if key in found:
            found[key] += number
    return found


def last_checks(village_id: int, person_ids: Sequence[UUID]) -> dict[UUID, RegistryCheck]:
    """By the person's id, in one query."""
    if not person_ids:
        return {}
    found = db.session.scalars(
        select(RegistryCheck)
        .where(RegistryCheck.village_id == village_id, RegistryCheck.person_id.in_(person_ids))
        .ext(distinct_on(RegistryCheck.person_id))
        .order_by(RegistryCheck.person_id, RegistryCheck.id.desc())
    )
    return {check.person_id: check for check in found}


def note_checks(village_id: int, seen: Mapping[UUID, int], found: CheckInput) -> Sequence[str]:
    """The same answer for several residents at once, each as the page with its version showed him or her.

    Returns:
        The names of those who have no NIK that could match; for them nothing is noted.

    Raises:
        Stale: somebody has changed one of them since; nothing is noted.
    """
    people = db.session.scalars(
        select(Person)
        .where(Person.village_id == village_id, Person.id.in_(seen))
        .order_by(Person.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if any(person.version != seen[person.id] for person in people) or len(people) != len(seen):
        raise Stale
    left_out = [person.name for person in people if person.nik is None]
    for person in people:
        if person.nik is not None:
            _note(person, found)
    db.session.flush()
    return left_out


def _note(person: Person, found: CheckInput) -> None:
    person.registry_match, person.registry_checked_on = found.result, found.checked_on
    db.session.add(
        RegistryCheck(
            village_id=person.village_id,
            person_id=person.id,
            result=found.result,
            checked_on=found.checked_on,
            checked_by=found.checked_by,
            note=found.note,
            recheck_on=found.recheck_on if found.result == "unmatched" else None,
        )
    )
    if found.result == "matched":
        record("dtsen.nik_matched", "person", person.id)
    else:
        record("dtsen.nik_unmatched", "person", person.id)


def changed_since(village_id: int, seen: Mapping[UUID, int]) -> Sequence[str]:
    """The names of those who are not as the page showed them."""
    people = db.session.scalars(select(Person).where(Person.village_id == village_id, Person.id.in_(seen)))
    return sorted(person.name for person in people if person.version != seen[person.id])


def to_recheck(village_id: int, until: date) -> Select[int]:
    """How many residents do not match and are to be looked at again by a day: a statement, alone or in another."""
    latest = (
        select(RegistryCheck.person_id, RegistryCheck.recheck_on)
        .where(RegistryCheck.village_id == village_id)
        .ext(distinct_on(RegistryCheck.person_id))
        .order_by(RegistryCheck.person_id, RegistryCheck.id.desc())
        .subquery()
    )
    return (
        select(func.count())
        .select_from(latest)
        .join(Person, and_(Person.village_id == village_id, Person.id == latest.c.person_id))
        .where(latest.c.recheck_on <= until, Person.registry_match == "unmatched", Person.life_status == "alive")
    )


def count_to_recheck(village_id: int, until: date) -> int:
    return db.session.scalar(to_recheck(village_id, until)) or 0
