"""Finding residents: by a piece of the name, by NIK or No. KK, one page at a time."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, tuple_
from sqlalchemy.orm import contains_eager

from core.database.session import db
from core.web.paging import PAGE_SIZE, Page, paged, read_cursor

from .family import Family
from .models import ERASED, Household, Person

FEWEST_DIGITS = 4

_SORT_NAME = func.lower(Person.name)
_OF_HOUSEHOLD = and_(Household.village_id == Person.village_id, Household.id == Person.household_id)


def people_page(village_id: int, search: str, cursor: str | None) -> Page[Person]:
    """One page of a village's residents by name, each with the household, in one query.

    ``search`` is pieces of a name in any order, or at least four digits of a NIK or No. KK; blank finds everybody.
    """
    query = (
        select(Person, _SORT_NAME)
        .outerjoin(Household, _OF_HOUSEHOLD)
        .where(Person.village_id == village_id, Person.life_status != ERASED, *_matches(village_id, search))
        .options(contains_eager(Person.household))
    )
    if after := _after(cursor):
        query = query.where(tuple_(_SORT_NAME, Person.id) > tuple_(*after))
    rows = db.session.execute(query.order_by(_SORT_NAME, Person.id).limit(PAGE_SIZE + 1)).all()
    # The database's own lower case is the key: Python's differs for some letters, and rows would be skipped.
    page = paged(rows, lambda row: (row[1], row[0].id), cursor)
    return Page([row[0] for row in page.rows], page.next, page.is_first)


def _after(cursor: str | None) -> tuple[str, UUID] | None:
    try:
        name, person_id = read_cursor(cursor, 2) or ("", "")
        return str(name), UUID(str(person_id))
    except ValueError:
        return None


def _matches(village_id: int, search: str) -> list[ColumnElement[bool]]:
    digits = digits_of(search)
    if len(digits) == 16:
        return [or_(Person.nik == digits, _in_household(village_id, Household.kk_number == digits))]
    if len(digits) >= FEWEST_DIGITS:
        return [or_(Person.nik.contains(digits), _in_household(village_id, Household.kk_number.contains(digits)))]
    return [_SORT_NAME.contains(word.lower(), autoescape=True) for word in search.split()]


def _in_household(village_id: int, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """As a set of families: with the joined household in an OR, every resident may be compared with every family."""
    return Person.household_id.in_(select(Household.id).where(Household.village_id == village_id, condition))


def digits_of(search: str) -> str:
    """The digits of a number as people write it, in groups or not; blank when there is anything else."""
    compact = "".join(c for c in search if c not in " .-")
    return compact if compact.isascii() and compact.isdigit() else ""


def find_person(village_id: int, person_id: UUID) -> Person | None:
    """A resident with the household, in one query."""
    return db.session.scalar(
        select(Person)
        .outerjoin(Household, _OF_HOUSEHOLD)
        .where(Person.village_id == village_id, Person.id == person_id)
        .options(contains_eager(Person.household))
    )


def find_household(village_id: int, household_id: UUID) -> Household | None:
    return db.session.scalar(select(Household).where(Household.village_id == village_id, Household.id == household_id))


def household_with_number(village_id: int, kk_number: str) -> Household | None:
    return db.session.scalar(
        select(Household).where(Household.village_id == village_id, Household.kk_number == kk_number)
    )


def person_with_nik(village_id: int, nik: str) -> Person | None:
    return db.session.scalar(select(Person).where(Person.village_id == village_id, Person.nik == nik))


def family_of(person: Person) -> Family:
    """The household with its living members; a person without a household is a family of one."""
    if person.household is None:
        return Family(None, [person])
    return Family(person.household, [m for m in members_of(person.household) if m.life_status == "alive"])


_MEMBERS = (
    select(Person)
    .where(Person.village_id == bindparam("village_id"), Person.household_id == bindparam("household_id"))
    .order_by(Person.family_role != "head", Person.birth_date, Person.id)
)


def families_of(persons: Sequence[Person]) -> dict[UUID, Family]:
    """As :func:`family_of`, for many at once, by the person's id: one query. Their households must be loaded."""
    households = {person.household_id for person in persons if person.household_id}
    of_household: dict[UUID | None, list[Person]] = {}
    if households:
        found = select(Person).where(
            Person.village_id == persons[0].village_id,
            Person.household_id.in_(households),
            Person.life_status == "alive",
        )
        for member in db.session.scalars(found.order_by(Person.family_role != "head", Person.birth_date, Person.id)):
            of_household.setdefault(member.household_id, []).append(member)
    return {
        person.id: Family(person.household, of_household.get(person.household_id, []))
        if person.household
        else Family(None, [person])
        for person in persons
    }


def members_of(household: Household) -> list[Person]:
    """Everybody of a No. KK, the head first, then by age."""
    return list(db.session.scalars(_MEMBERS, {"village_id": household.village_id, "household_id": household.id}))


def residents_by_nik(village_id: int, niks: Collection[str]) -> Mapping[str, Person]:
    """The village's residents with these NIKs, in one query: for a file that names people by their numbers."""
    found = db.session.scalars(select(Person).where(Person.village_id == village_id, Person.nik.in_(niks)))
    return {person.nik: person for person in found if person.nik}
