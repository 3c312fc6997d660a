"""What happened in an area, by filter, the newest first."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Text, cast, func, or_, select, tuple_

from core.areas.code import AreaCode, Level
from core.areas.models import Area
from core.database.session import Interval, db, scope
from core.users.colleagues import names_of
from core.users.models import Membership
from core.web.paging import PAGE_SIZE, Page, paged, read_cursor

from .hidden import is_hidden
from .models import AuditEntry
from .recording import NO_AREA
from .wording import GROUPS, SIGN_INS, describe, of_restricted

# The interval of what happened before any area was known. Not the nation's, which begins at the same number.
BEFORE_ANY_AREA = AreaCode(NO_AREA, Level.VILLAGE)

_KEY = (AuditEntry.at, AuditEntry.area_id, AuditEntry.seq)


@dataclass(frozen=True)
class AuditFilter:
    """What to look for; blank finds everything. From ``since`` on, and before ``before``."""

    group: str = ""
    by: str = ""
    object_type: str = ""
    object_id: str = ""
    since: datetime | None = None
    before: datetime | None = None

    @property
    def is_blank(self) -> bool:
        return self == AuditFilter()


@dataclass(frozen=True)
class EntryRow:
    """An entry in words, and the area in which it happened; None for what happened before any area was known.

    Of a ``hidden`` one nobody here may know what it was about (``core.audit.hidden``).
    """

    entry: AuditEntry
    area: Area | None
    words: str
    hidden: bool = False


def entries_page(area: Interval, wanted: AuditFilter, cursor: str | None, size: int = PAGE_SIZE) -> Page[EntryRow]:
    """One page of what happened in an area and in all below it, the newest first, in two queries.

    Sign-ins happen before any area is known and are kept apart. Their group shows those of the people who hold a role
    in the area or below it.
    """
    query = select(AuditEntry, Area, is_hidden()).outerjoin(Area, Area.id == AuditEntry.area_id)
    query = query.where(*_conditions(area, wanted))
    if after := _after(cursor):
        # The first condition says nothing new, but an index can start from it.
        query = query.where(AuditEntry.at <= after[0], tuple_(*_KEY) < tuple_(*after))
    query = query.order_by(*(column.desc() for column in _KEY)).limit(size + 1)
    with _scope_of(wanted):
        found = db.session.execute(query).all()
        page = paged(found, lambda row: (row[0].at, row[0].area_id, row[0].seq), cursor, size)
        return Page(_in_words(page.rows), page.next, page.is_first)


def newest_entries(area: Interval, wanted: AuditFilter, limit: int) -> Iterator[EntryRow]:
    """The first ``limit`` of all pages, a few hundred in memory at a time."""
    cursor: str | None = None
    while limit > 0:
        page = entries_page(area, wanted, cursor, size=min(limit, 500))
        yield from page.rows
        limit -= len(page.rows)
        cursor = page.next
        db.session.expunge_all()
        if cursor is None:
            return


def _scope_of(wanted: AuditFilter) -> AbstractContextManager[None]:
    return scope(BEFORE_ANY_AREA) if wanted.group == SIGN_INS else nullcontext()


def _after(cursor: str | None) -> tuple[datetime, int, int] | None:
    try:
        at, area_id, seq = read_cursor(cursor, 3) or ("", 0, 0)
        return datetime.fromisoformat(at), int(area_id), int(seq)
    except (ValueError, TypeError):
        return None


def _conditions(area: Interval, wanted: AuditFilter) -> list[ColumnElement[bool]]:
    conditions = _where(area, wanted)
    if group := GROUPS.get(wanted.group):
        conditions.append(or_(*(AuditEntry.action.startswith(prefix, autoescape=True) for prefix in group.prefixes)))
    if wanted.by:
        conditions.append(func.lower(AuditEntry.user_name).contains(wanted.by.lower(), autoescape=True))
    if wanted.object_id:
        conditions += [AuditEntry.object_type == wanted.object_type, AuditEntry.object_id == wanted.object_id]
    if wanted.since:
        conditions.append(AuditEntry.at >= wanted.since)
    if wanted.before:
        conditions.append(AuditEntry.at < wanted.before)
    return conditions


def _where(area: Interval, wanted: AuditFilter) -> list[ColumnElement[bool]]:
    if wanted.group == SIGN_INS:
        members = select(cast(Membership.user_id, Text)).where(Membership.area_id.between(area.id, area.hi))
        return [AuditEntry.area_id == NO_AREA, AuditEntry.object_type == "user", AuditEntry.object_id.in_(members)]
    # With an equality the index of one area gives the order as well.
    return [AuditEntry.area_id == area.id if area.id == area.hi else AuditEntry.area_id.between(area.id, area.hi)]


def _in_words(rows: Sequence[Row[AuditEntry, Area, bool]]) -> list[EntryRow]:
    subjects = [_subject(entry) for entry, _area, _hidden in rows]
    names = names_of({user_id for user_id in subjects if user_id})
    return [
        EntryRow(
            entry,
            area,
            of_restricted() if hidden else describe(entry, names.get(user_id) if user_id else None),
            hidden=hidden,
        )
        for (entry, area, hidden), user_id in zip(rows, subjects, strict=True)
    ]


def _subject(entry: AuditEntry) -> UUID | None:
    """The user that something was done to."""
    try:
        return UUID(entry.object_id) if entry.object_type == "user" else None
    except ValueError:
        return None
