"""Entering and changing residents and their families by hand. Every change is audited; the caller commits."""

from collections.abc import Hashable
from dataclasses import dataclass, fields
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from core.audit import record
from core.database.session import db

from .duplicates import Candidate, Match, name_key, probable_duplicates
from .identity import Sex
from .models import Household, Person
from .opensid_codes import FamilyRole, LifeStatus
from .search import household_with_number, person_with_nik

Row = TypeVar("Row", Person, Household)


@dataclass(frozen=True)
class PersonInput:
    """A resident as a clerk enters it. ``nik`` None says "no NIK yet": a state, never a dummy number."""

    name: str
    sex: Sex
    birth_date: date
    nik: str | None
    family_role: str = FamilyRole.OTHER
    birth_place: str = ""
    marital_status: str = ""
    religion: str = ""
    education: str = ""
    occupation: str = ""
    father_name: str = ""
    mother_name: str = ""
    phone: str = ""
    disability: str = ""
    insurance: str = ""
    life_status: str = LifeStatus.ALIVE
    registry_match: str = "unchecked"
    registry_checked_on: date | None = None


@dataclass(frozen=True)
class Decile:
    """The official decile of DTSEN: what it is, as of when, and who says so. Never one without the others."""

    value: int
    on: date
    source: str


@dataclass(frozen=True)
class HouseholdInput:
    """A family as a clerk enters it. ``kk_number`` None says "no KK yet"."""

    kk_number: str | None
    address: str = ""
    hamlet: str = ""
    rt: str = ""
    rw: str = ""
    decile: Decile | None = None
    lat: float | None = None
    lng: float | None = None


@dataclass(frozen=True)
class Similar:
    """A resident who is probably the one that is being entered, and why."""

    person: Person
    match: Match


class NikTaken(Exception):
    """Somebody else in the village has this NIK."""

    def __init__(self, person: Person) -> None:
        super().__init__(f"the NIK belongs to person {person.id}")
        self.person = person


class KkTaken(Exception):
    """Another family of the village has this No. KK."""

    def __init__(self, household: Household) -> None:
        super().__init__(f"the No. KK belongs to household {household.id}")
        self.household = household


class ProbablyKnown(Exception):
    """The person is probably in the register already; ``similar`` are the likely ones, the likeliest first."""

    def __init__(self, similar: list[Similar]) -> None:
        super().__init__(f"{len(similar)} probable duplicates")
        self.similar = similar


class StaleRow(Exception):
    """Somebody else has changed the row since the page was opened; ``stored`` is how it stands now."""

    def __init__(self, stored: Person | Household) -> None:
        super().__init__(f"row {stored.id} is at version {stored.version}")
        self.stored = stored


class Gone(Exception):
    """The row is not there any more, or cannot be changed from this scope."""


def create_person(
    village_id: int, data: PersonInput, *, household_id: UUID | None = None, is_new_for_sure: bool = False
) -> Person:
    """Enter a resident.

    Args:
        is_new_for_sure: the clerk has seen the probable duplicates and says that it is somebody else.

    Raises:
        NikTaken: the number is somebody else's.
        ProbablyKnown: unless ``is_new_for_sure``.
    """
    refuse_taken_nik(village_id, data.nik)
    if not is_new_for_sure and (similar := similar_people(village_id, data)):
        raise ProbablyKnown(similar)
    person = Person(village_id=village_id, household_id=household_id, **_person_columns(data))
    _insert(person)
    record("people.created", "person", person.id)
    return person


def update_person(village_id: int, person_id: UUID, data: PersonInput, *, version: int) -> Person:
    """Change a resident as the page with ``version`` showed it.

    Raises:
        StaleRow: somebody was faster.
        NikTaken: the number is somebody else's.
        Gone: not there.
    """
    person = _unerased(village_id, person_id, version)
    refuse_taken_nik(village_id, data.nik, other_than=person_id)
    _change(person, "person", _person_columns(data))
    return person


def move_person(
    village_id: int, person_id: UUID, household_id: UUID | None, family_role: str, *, version: int
) -> Person:
    """Put a resident into another family, or into none. Raises as :func:`update_person`."""
    person = _unerased(village_id, person_id, version)
    _change(person, "person", {"household_id": household_id, "family_role": family_role})
    return person


def create_household(village_id: int, data: HouseholdInput) -> Household:
    """Enter a family. Raises: KkTaken."""
    _refuse_taken_kk(village_id, data.kk_number)
    household = Household(village_id=village_id, **_household_columns(data))
    _insert(household)
    record("people.created", "household", household.id)
    return household


def update_household(village_id: int, household_id: UUID, data: HouseholdInput, *, version: int) -> Household:
    """Change a family as the page with ``version`` showed it. Raises: StaleRow, KkTaken, Gone."""
    household = _for_change(Household, village_id, household_id, version)
    _refuse_taken_kk(village_id, data.kk_number, other_than=household_id)
    _change(household, "household", _household_columns(data))
    return household


def household_for_number(village_id: int, kk_number: str) -> tuple[Household, bool]:
    """The family of a No. KK, entered now when the village does not have it yet; and whether it is new."""
    found = household_with_number(village_id, kk_number)
    return (found, False) if found else (create_household(village_id, HouseholdInput(kk_number)), True)


def similar_people(village_id: int, data: PersonInput) -> list[Similar]:
    """Residents who are probably this one; one query for whoever shares the birth date or the name's key."""
    shared = [Person.birth_date == data.birth_date]
    if key := name_key(data.name):
        shared.append(Person.name_key == key)
    people = db.session.scalars(
        select(Person).where(Person.village_id == village_id, or_(*shared)).options(joinedload(Person.household))
    ).all()
    by_id: dict[Hashable, Person] = {person.id: person for person in people}
    new = Candidate(None, data.name, data.nik, data.birth_date, data.mother_name)
    return [
        Similar(by_id[match.candidate.id], match)
        for match in probable_duplicates(new, [candidate_of(person) for person in people])
    ]


def candidate_of(person: Person) -> Candidate:
    """What of a stored resident is compared."""
    return Candidate(
        person.id,
        person.name,
        person.nik,
        person.birth_date,
        person.mother_name,
        person.household.kk_number if person.household else None,
    )


def refuse_taken_nik(village_id: int, nik: str | None, *, other_than: UUID | None = None) -> None:
    """A NIK is one person's; a missing one never counts as the same as another missing one. Raises: NikTaken."""
    holder = person_with_nik(village_id, nik) if nik else None
    if holder is not None and holder.id != other_than:
        raise NikTaken(holder)


def _refuse_taken_kk(village_id: int, kk_number: str | None, *, other_than: UUID | None = None) -> None:
    holder = household_with_number(village_id, kk_number) if kk_number else None
    if holder is not None and holder.id != other_than:
        raise KkTaken(holder)


def person_for_change(village_id: int, person_id: UUID, version: int) -> Person:
    """A resident, locked, as the page with ``version`` showed him or her. Raises: StaleRow, Gone."""
    return _for_change(Person, village_id, person_id, version)


def _unerased(village_id: int, person_id: UUID, version: int) -> Person:
    """Nobody is entered again in the place of a resident who was erased. Raises: StaleRow, Gone."""
    person = person_for_change(village_id, person_id, version)
    if person.erased:
        raise Gone(f"persons {person_id} is erased")
    return person


def _for_change(table: type[Row], village_id: int, row_id: UUID, version: int) -> Row:
    row = db.session.scalar(
        select(table)
        .where(table.village_id == village_id, table.id == row_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise Gone(f"{table.__tablename__} {row_id}")
    if row.version != version:
        raise StaleRow(row)
    return row


def _change(row: Person | Household, kind: str, columns: dict[str, object]) -> None:
    changed = sorted(name for name, value in columns.items() if getattr(row, name) != value)
    for name in changed:
        setattr(row, name, columns[name])
    if changed:
        _flush(row)
        record("people.changed", kind, row.id, fields=changed)


def _insert(row: Person | Household) -> None:
    db.session.add(row)
    _flush(row)


def _flush(row: Person | Household) -> None:
    """Two clerks may enter the same number in the same moment: then the database's own answer counts."""
    try:
        db.session.flush()
    except IntegrityError as error:
        number = row.nik if isinstance(row, Person) else row.kk_number
        village_id = row.village_id
        db.session.rollback()
        if number and "uq_persons_nik" in str(error.orig):
            refuse_taken_nik(village_id, number)
        if number and "uq_households_kk_number" in str(error.orig):
            _refuse_taken_kk(village_id, number)
        raise


def _person_columns(data: PersonInput) -> dict[str, object]:
    columns = {field.name: getattr(data, field.name) for field in fields(data)}
    return {**columns, "name_key": name_key(data.name)}


def _household_columns(data: HouseholdInput) -> dict[str, object]:
    columns = {field.name: getattr(data, field.name) for field in fields(data) if field.name != "decile"}
    decile = data.decile
    return {
        **columns,
        "decile": decile.value if decile else None,
        "decile_on": decile.on if decile else None,
        "decile_source": decile.source if decile else None,
    }
