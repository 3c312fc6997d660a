"""The log of what was keyed into SIKS-NG, with what SIKS-NG says of it. The caller commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, select, tuple_
from sqlalchemy.orm import contains_eager, joinedload

from core.api import PAGE_SIZE, Case, Page, Person, Text, current_row, db, paged, read_keys, record
from core.api import lazy_gettext as _

from .forms import CHANGES
from .models import KeyedEntry, KeyedStatus

WHAT: Mapping[str, Text] = {
    **CHANGES,
    "objection": _("Sanggah"),
    "aid": _("Usulan program bantuan"),
    "other": _("Lainnya"),
}
_OF_PERSON = (KeyedEntry.village_id == Person.village_id) & (KeyedEntry.person_id == Person.id)


@dataclass(frozen=True)
class EntryInput:
    """What was keyed; ``status`` blank: SIKS-NG said nothing yet."""

    what: str
    detail: str
    keyed_on: date
    keyed_by: str
    status: str = ""


@dataclass(frozen=True)
class Filter:
    """Which entries of a village. Blank and None: all of them. ``status`` and ``name`` are pieces of the text."""

    what: str = ""
    status: str = ""
    name: str = ""
    first: date | None = None
    last: date | None = None


def write_down(person: Person, case: Case | None, given: EntryInput, by: UUID | None) -> KeyedEntry:
    """Take down what was keyed, with the first status where there is one."""
    made = KeyedEntry(
        village_id=person.village_id,
        person_id=person.id,
        case_id=case.id if case else None,
        what=given.what,
        detail=given.detail,
        keyed_on=given.keyed_on,
        keyed_by=given.keyed_by,
        created_by=by,
    )
    db.session.add(made)
    db.session.flush()
    record("dtsen.keyed", "entry", made.id, what=given.what)
    if given.status:
        _put_status(made, given.status, given.keyed_on, "", by)
    return made


def note_status(  # noqa: PLR0917 - the entry as the page showed it, and what was seen
    village_id: int, entry_id: UUID, version: int, status: str, seen_on: date, note: str, by: UUID | None
) -> KeyedEntry | None:
    """What SIKS-NG says of an entry on a day. An older one is kept and does not take the place of a newer.

    Raises:
        Stale: somebody else has noted one since.
    """
    entry = current_row(KeyedEntry, village_id, entry_id, version)
    if entry is not None:
        _put_status(entry, status, seen_on, note, by)
    return entry


def _put_status(entry: KeyedEntry, status: str, seen_on: date, note: str, by: UUID | None) -> None:
    db.session.add(
        KeyedStatus(
            village_id=entry.village_id, entry_id=entry.id, status=status, seen_on=seen_on, note=note, created_by=by
        )
    )
    if entry.status_on is None or seen_on >= entry.status_on:
        entry.status, entry.status_on = status, seen_on
    db.session.flush()
    record("dtsen.status_noted", "entry", entry.id)


def find_entry(village_id: int, entry_id: UUID) -> KeyedEntry | None:
    return db.session.scalar(
        select(KeyedEntry)
        .where(KeyedEntry.village_id == village_id, KeyedEntry.id == entry_id)
        .options(joinedload(KeyedEntry.person), joinedload(KeyedEntry.case))
    )


def statuses_of(entry: KeyedEntry) -> Sequence[KeyedStatus]:
    """The latest first."""
    return db.session.scalars(
        select(KeyedStatus)
        .where(KeyedStatus.village_id == entry.village_id, KeyedStatus.entry_id == entry.id)
        .order_by(KeyedStatus.seen_on.desc(), KeyedStatus.id.desc())
        .limit(50)
    ).all()


def entries_page(village_id: int, wanted: Filter, cursor: str | None) -> Page[KeyedEntry]:
    """The latest keyed first; one query."""
    query = _wanted(village_id, wanted)
    if after := read_keys(cursor, date.fromisoformat, UUID):
        query = query.where(tuple_(KeyedEntry.keyed_on, KeyedEntry.id) < tuple_(*after))
    rows = db.session.scalars(query.limit(PAGE_SIZE + 1)).all()
    return paged(rows, lambda row: (row.keyed_on, row.id), cursor)


def all_entries(village_id: int, wanted: Filter) -> Sequence[KeyedEntry]:
    """For a sheet."""
    return db.session.scalars(_wanted(village_id, wanted)).all()


def _wanted(village_id: int, wanted: Filter) -> Select[KeyedEntry]:
    return (
        select(KeyedEntry)
        .join(Person, _OF_PERSON)
        .where(KeyedEntry.village_id == village_id, *_conditions(wanted))
        .options(contains_eager(KeyedEntry.person), joinedload(KeyedEntry.case))
        .order_by(KeyedEntry.keyed_on.desc(), KeyedEntry.id.desc())
    )


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.what:
        found.append(KeyedEntry.what == wanted.what)
    if wanted.status:
        found.append(func.lower(KeyedEntry.status).contains(wanted.status.lower(), autoescape=True))
    found += [func.lower(Person.name).contains(word.lower(), autoescape=True) for word in wanted.name.split()]
    if wanted.first:
        found.append(KeyedEntry.keyed_on >= wanted.first)
    if wanted.last:
        found.append(KeyedEntry.keyed_on <= wanted.last)
    return found


def entries_of_person(person: Person, *, limit: int = 5) -> Sequence[KeyedEntry]:
    """The latest first."""
    return _read(_ABOUT_PERSON, person.village_id, person.id, limit)


def entries_of_case(case: Case, *, limit: int = 5) -> Sequence[KeyedEntry]:
    """The latest first."""
    return _read(_ABOUT_CASE, case.village_id, case.id, limit)


def _read(statement: Select[KeyedEntry], village_id: int, whose: UUID, limit: int) -> Sequence[KeyedEntry]:
    return db.session.scalars(statement, {"village_id": village_id, "whose": whose, "most": limit}).all()


# For core's pages, put together once: building a statement takes longer than running it.
_LATEST = (
    select(KeyedEntry)
    .where(KeyedEntry.village_id == bindparam("village_id"))
    .order_by(KeyedEntry.keyed_on.desc(), KeyedEntry.id.desc())
    .limit(bindparam("most", type_=Integer))
)
_ABOUT_PERSON = _LATEST.where(KeyedEntry.person_id == bindparam("whose"))
_ABOUT_CASE = _LATEST.where(KeyedEntry.case_id == bindparam("whose"))
