"""The register of a village's letters."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Integer, and_, bindparam, func, or_, select, tuple_

from core.database.session import db
from core.web.paging import PAGE_SIZE, Page, paged

from .lists import escape_like, read_keys
from .models import Case, LetterRecord


@dataclass(frozen=True)
class RegisterRow:
    """A letter, and the ticket of its case; None for a letter that belongs to none."""

    letter: LetterRecord
    ticket: str | None


_OF_CASE = and_(Case.village_id == LetterRecord.village_id, Case.id == LetterRecord.case_id)
# Beside the outer join: a letter whose case does not show (``core.cases.restricted``) tells what it is about.
_SEEN = or_(LetterRecord.case_id.is_(None), Case.id.is_not(None))
_WITH_TICKET = (
    select(LetterRecord, Case.ticket)
    .join(Case, _OF_CASE)
    .where(LetterRecord.village_id == bindparam("village_id"), Case.service == bindparam("service"))
)
_UNSIGNED = (
    _WITH_TICKET.where(LetterRecord.signed_at.is_(None), LetterRecord.revoked_at.is_(None))
    .order_by(LetterRecord.year, LetterRecord.number)
    .limit(bindparam("most", type_=Integer))
)
_OF_PERSON = _WITH_TICKET.where(Case.person_id == bindparam("person_id")).order_by(
    LetterRecord.year.desc(), LetterRecord.number.desc()
)


def register_page(
    village_id: int,
    year: int,
    search: str = "",
    cursor: str | None = None,
    *,
    service: str | None = None,
    unsigned: bool = False,
) -> tuple[Page[RegisterRow], list[int]]:
    """One page of a year's register, the latest number first; and the years that there are.

    Of one service's letters where ``service`` is given; of those that wait for a signature, of whatever year, where
    ``unsigned`` is.

    A year that the calendar does not have (an address can carry any number) finds nothing.
    """
    query = select(LetterRecord, Case.ticket).outerjoin(Case, _OF_CASE)
    query = query.where(LetterRecord.village_id == village_id, _SEEN)
    if unsigned:
        query = query.where(LetterRecord.signed_at.is_(None), LetterRecord.revoked_at.is_(None))
    else:
        query = query.where(LetterRecord.year == (year if 0 < year <= date.max.year else 0))
    if service:
        query = query.where(Case.service == service)
    if search:
        pattern = f"%{escape_like(search.lower())}%"
        query = query.where(
            or_(func.lower(LetterRecord.subject).like(pattern), func.lower(LetterRecord.reference).like(pattern))
        )
    place = tuple_(LetterRecord.year, LetterRecord.number)
    if after := read_keys(cursor, small_int, small_int):
        query = query.where(place < tuple_(*after))
    rows = db.session.execute(
        query.order_by(LetterRecord.year.desc(), LetterRecord.number.desc()).limit(PAGE_SIZE + 1)
    ).all()
    page = paged([RegisterRow(*row) for row in rows], lambda row: (row.letter.year, row.letter.number), cursor)
    years = db.session.scalars(
        select(LetterRecord.year)
        .where(LetterRecord.village_id == village_id)
        .distinct()
        .order_by(LetterRecord.year.desc())
    ).all()
    return page, list(years)


def whole_register(village_id: int, year: int) -> list[RegisterRow]:
    """Every letter of a year by number, as the register is kept on paper."""
    rows = db.session.execute(
        select(LetterRecord, Case.ticket)
        .outerjoin(Case, _OF_CASE)
        .where(LetterRecord.village_id == village_id, _SEEN)
        .where(LetterRecord.year == (year if 0 < year <= date.max.year else 0))
        .order_by(LetterRecord.number)
    )
    return [RegisterRow(*row) for row in rows]


def small_int(value: object) -> int:
    """Raises: ValueError: not a number that a column of the database holds."""
    if not isinstance(value, int) or not 0 <= value < 2**31:
        raise ValueError(f"{value!r} is not a small whole number")
    return value


def find_letters(village_id: int, service: str, words: str, limit: int = 10) -> list[RegisterRow]:
    """Letters of a service with these words in their number or in whom they are about, the latest first."""
    pattern = f"%{escape_like(words.lower())}%"
    rows = db.session.execute(
        _WITH_TICKET.where(
            or_(func.lower(LetterRecord.subject).like(pattern), func.lower(LetterRecord.reference).like(pattern))
        )
        .order_by(LetterRecord.year.desc(), LetterRecord.number.desc())
        .limit(limit),
        {"village_id": village_id, "service": service},
    )
    return [RegisterRow(*row) for row in rows]


def unsigned_letters(village_id: int, service: str, limit: int = 10) -> list[RegisterRow]:
    """Printed letters of a service that wait for the kepala desa's signature, the oldest first."""
    values = {"village_id": village_id, "service": service, "most": limit}
    rows = db.session.execute(_UNSIGNED, values)
    return [RegisterRow(*row) for row in rows]


def letters_of_person(village_id: int, person_id: UUID, service: str) -> list[RegisterRow]:
    """All letters of a service that a resident was ever given, the latest first."""
    values = {"village_id": village_id, "service": service, "person_id": person_id}
    rows = db.session.execute(_OF_PERSON, values)
    return [RegisterRow(*row) for row in rows]
