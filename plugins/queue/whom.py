"""Who comes, as a clerk types it: a NIK, or the ticket of a case."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from core.api import Case, CaseError, Person, check_nik, db, find_person, gettext, residents_by_nik

from .forms import read_id


def read_whom(village_id: int, text: str, person_id: str | None = "") -> tuple[Person | None, Case | None]:
    """The resident and, by a ticket, the case; with nothing typed, the resident with the id ``person_id``.

    Raises:
        CaseError: there is no such resident in the village (of a NIK that cannot be: why), or no such case that one
            may see.
    """
    typed = text.strip()
    if not typed:
        return (resident(village_id, person_id) if person_id else None), None
    digits = "".join(c for c in typed if c not in " .-")
    if len(digits) == 16 and digits.isascii() and digits.isdigit():
        person = residents_by_nik(village_id, [digits]).get(digits)
        if person is None or person.erased:
            if wrong := check_nik(digits).errors:
                raise CaseError(f"{wrong[0].message} {wrong[0].fix}")
            raise CaseError(gettext("Tidak ada warga dengan NIK itu di desa ini."))
        return person, None
    case = find_by_ticket(village_id, typed)
    return find_person(village_id, case.person_id), case


def resident(village_id: int, person_id: str) -> Person:
    """Raises: CaseError: there is none with this id in the village."""
    wanted = read_id(person_id)
    person = find_person(village_id, wanted) if wanted else None
    if person is None or person.erased:
        raise CaseError(gettext("Warga itu tidak ada di desa ini."))
    return person


def named(village_id: int, person_id: str | None) -> Person | None:
    """For whom a form stands there; None where nobody is named, or nobody that there is."""
    try:
        return resident(village_id, person_id) if person_id else None
    except CaseError:
        return None


def find_by_ticket(village_id: int, ticket: str) -> Case:
    """Raises: CaseError: there is no such case that one may see."""
    case = db.session.scalar(select(Case).where(Case.village_id == village_id, Case.ticket == ticket.strip().upper()))
    if case is None:
        raise CaseError(gettext("Tidak ada kasus dengan tiket itu."))
    return case


def people_of(village_id: int, ids: set[UUID]) -> Mapping[UUID, Person]:
    """For a list: one query, none for nobody."""
    if not ids:
        return {}
    found = db.session.scalars(select(Person).where(Person.village_id == village_id, Person.id.in_(ids)))
    return {person.id: person for person in found}


def open_cases_of(village_id: int, person_id: UUID) -> list[Case]:
    """The resident's open cases that one may see, the latest first."""
    query = (
        select(Case)
        .where(Case.village_id == village_id, Case.person_id == person_id, Case.closed_at.is_(None))
        .order_by(Case.opened_at.desc(), Case.id)
        .limit(10)
    )
    return list(db.session.scalars(query))
