"""Who is on a distribution's list: put there by hand, struck off, shown page by page in the order of RW and RT."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.orm import contains_eager, joinedload

from core.api import (
    PAGE_SIZE,
    CaseError,
    Household,
    Page,
    Person,
    current_row,
    db,
    gettext,
    paged,
    read_keys,
    record,
)

from .models import AidDistribution, AidHandover, AidRecipient

SHOWN = ("waiting", "fetched", "struck", "all")
NOT_HERE = ("dead", "moved", "lost", "invalid", "erased")
_NAME = func.lower(Person.name)
_RW, _RT = func.coalesce(Household.rw, ""), func.coalesce(Household.rt, "")
_ORDER = (_RW, _RT, _NAME, AidRecipient.id)


@dataclass(frozen=True)
class Row:
    """A recipient with the handover that holds, if any."""

    recipient: AidRecipient
    handover: AidHandover | None

    @property
    def person(self) -> Person:
        return self.recipient.person


# ---- finding ----


def page_of(distribution: AidDistribution, show: str, search: str, cursor: str | None) -> Page[Row]:
    """One page by RW, RT and name, in one query however long the list is."""
    query = _rows(distribution, show).where(*_found(search))
    if after := read_keys(cursor, str, str, str, UUID):
        query = query.where(tuple_(*_ORDER) > tuple_(*after))
    found = db.session.execute(query.add_columns(_RW, _RT, _NAME).limit(PAGE_SIZE + 1)).all()
    page = paged(found, lambda row: (row[2], row[3], row[4], row[0].id), cursor)
    return Page([Row(row[0], row[1]) for row in page.rows], page.next, page.is_first)


def all_rows(distribution: AidDistribution, show: str) -> list[Row]:
    """As :func:`page_of`, all at once: for papers and sheets."""
    return [Row(*row) for row in db.session.execute(_rows(distribution, show))]


def _rows(distribution: AidDistribution, show: str):
    mine = (AidRecipient.village_id == distribution.village_id, AidRecipient.distribution_id == distribution.id)
    return (
        select(AidRecipient, AidHandover)
        .join(Person, (Person.village_id == AidRecipient.village_id) & (Person.id == AidRecipient.person_id))
        .outerjoin(Household, (Household.village_id == Person.village_id) & (Household.id == Person.household_id))
        .outerjoin(
            AidHandover,
            (AidHandover.village_id == AidRecipient.village_id)
            & (AidHandover.recipient_id == AidRecipient.id)
            & AidHandover.undone_at.is_(None),
        )
        .where(*mine, *_shown(show))
        .options(contains_eager(AidRecipient.person).contains_eager(Person.household))
        .order_by(*_ORDER)
    )


def _shown(show: str) -> list[ColumnElement[bool]]:
    on_list = AidRecipient.struck_on.is_(None)
    return {
        "waiting": [on_list, AidRecipient.fetched.is_(False)],
        "fetched": [on_list, AidRecipient.fetched],
        "struck": [AidRecipient.struck_on.is_not(None)],
    }.get(show, [])


def _found(search: str) -> list[ColumnElement[bool]]:
    """Pieces of a name, a number of the list, or at least four digits of a NIK."""
    digits = "".join(character for character in search if character not in " .-")
    if digits.isascii() and digits.isdigit():
        return [Person.nik.contains(digits)] if len(digits) > 4 else [AidRecipient.number == int(digits)]
    return [_NAME.contains(word.lower(), autoescape=True) for word in search.split()]


def find_recipient(village_id: int, recipient_id: UUID) -> AidRecipient | None:
    """With the resident, the household and the distribution, in one query."""
    return db.session.scalar(
        select(AidRecipient)
        .where(AidRecipient.village_id == village_id, AidRecipient.id == recipient_id)
        .options(joinedload(AidRecipient.person).joinedload(Person.household), joinedload(AidRecipient.distribution))
    )


def on_list(distribution: AidDistribution, person_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these residents are on the list, struck off or not."""
    return set(
        db.session.scalars(
            select(AidRecipient.person_id).where(
                AidRecipient.village_id == distribution.village_id,
                AidRecipient.distribution_id == distribution.id,
                AidRecipient.person_id.in_(list(person_ids)),
            )
        )
    )


def households_on_list(distribution: AidDistribution) -> Mapping[UUID, str]:
    """The families that have somebody on the list already, with that one's name."""
    rows = db.session.execute(
        select(Person.household_id, Person.name)
        .join(AidRecipient, (AidRecipient.village_id == Person.village_id) & (AidRecipient.person_id == Person.id))
        .where(
            AidRecipient.village_id == distribution.village_id,
            AidRecipient.distribution_id == distribution.id,
            AidRecipient.struck_on.is_(None),
            Person.household_id.is_not(None),
        )
    )
    return {household: name for household, name in rows if household}


# ---- doing; the caller holds the distribution, and commits ----


def add(distribution: AidDistribution, person_ids: Sequence[UUID], *, import_id: UUID | None = None) -> int:
    """At the end of the list; who is there already, or not a resident any more, is passed over. Returns how many."""
    there = on_list(distribution, person_ids)
    residents = set(
        db.session.scalars(
            select(Person.id).where(
                Person.village_id == distribution.village_id,
                Person.id.in_(person_ids),
                Person.life_status.not_in(NOT_HERE),
            )
        )
    )
    new = [person for person in dict.fromkeys(person_ids) if person in residents - there]
    mine = (AidRecipient.village_id == distribution.village_id, AidRecipient.distribution_id == distribution.id)
    last = db.session.scalar(select(func.max(AidRecipient.number)).where(*mine)) or 0
    db.session.add_all(
        AidRecipient(
            village_id=distribution.village_id,
            distribution_id=distribution.id,
            person_id=person,
            import_id=import_id,
            number=number,
        )
        for number, person in enumerate(new, start=last + 1)
    )
    if new and import_id is None:
        record("bansos.recipients_added", "distribution", distribution.id, people=len(new))
    db.session.flush()
    return len(new)


def strike(recipient: AidRecipient, reason: str, on: date) -> None:
    """Somebody who gets nothing after all stays to be seen, with the reason.

    Raises:
        CaseError: it was fetched.
    """
    if recipient.fetched:
        raise CaseError(gettext("Bantuannya sudah diambil. Batalkan dulu penyerahannya."))
    if recipient.struck_on is None:
        recipient.struck_on, recipient.struck_reason = on, reason
        record("bansos.struck", "recipient", recipient.id, number=recipient.number)


def restore(recipient: AidRecipient) -> None:
    """Back on the list."""
    if recipient.struck_on is not None:
        recipient.struck_on, recipient.struck_reason = None, ""
        record("bansos.restored", "recipient", recipient.id, number=recipient.number)


def current_recipient(village_id: int, recipient_id: UUID, version: int) -> AidRecipient:
    """Raises: Stale: somebody else has changed it. CaseError: it is gone."""
    found = current_row(AidRecipient, village_id, recipient_id, version)
    if found is None:
        raise CaseError(gettext("Penerima ini tidak ada lagi di daftar."))
    return found
