"""Lists of cases: to do, of the village, mine, due, overdue, waiting, closed. A page takes as many queries as a row."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from core.database.session import db
from core.platform import platform
from core.referrals.models import Referral
from core.referrals.of_case import newest_of
from core.web.paging import PAGE_SIZE, Page, paged, read_cursor

from .list_statements import FIGURES, Duties, Kind, count_of, duties_of, page_of
from .service import Service
from .standing import listed_name, next_step, stale_days, subject_title

FILTERS = ("todo", "mine", "urgent", "due", "overdue", "waiting", "open", "closed")
SOON = timedelta(days=7)
BATCH = 500


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in a list, with the sentence that says what to do next.

    ``subject`` says whom it is about; ``stale_days`` how many days it has waited for somebody outside, once that is
    longer than its state allows.
    """

    id: UUID
    ticket: str
    service: str
    service_title: str
    state: str
    subject: str
    person_name: str
    nik: str | None
    rt: str
    rw: str
    next_step: str
    stale_days: int | None
    urgent: bool
    due_on: date
    opened_at: datetime
    closed_at: datetime | None
    assigned_to: UUID | None


@dataclass(frozen=True)
class CaseFilter:
    """``which`` is one of ``FILTERS``."""

    which: str = "open"
    service: str = ""
    search: str = ""
    person_id: UUID | None = None


@dataclass(frozen=True)
class Figures:
    """The strip at the head of a village's first page."""

    urgent: int
    due_today: int
    overdue: int
    mine: int
    waiting: int
    unsigned_letters: int


def village_figures(village_id: int, user_id: UUID, today: date) -> Figures:
    """Counts of open cases and of letters that wait for a signature, in one query."""
    return Figures(*db.session.execute(FIGURES, {"village": village_id, "user": user_id, "today": today}).one())


def next_cases(
    village_id: int, user_id: UUID, today: date, permissions: frozenset[str], *, limit: int
) -> list[CaseRow]:
    """What this person is to do first: the urgent on top, then the longest overdue."""
    kind = Kind("todo", duties=_duties(permissions))
    return case_rows(find_rows(kind, limit, village=village_id, user=user_id, today=today))


def my_waiting_cases(
    village_id: int, user_id: UUID, today: date, permissions: frozenset[str], *, limit: int
) -> list[CaseRow]:
    """What this person holds but others have to move, by due date; nothing of it is among :func:`next_cases`."""
    kind = Kind("not_todo", duties=_duties(permissions))
    return case_rows(find_rows(kind, limit, village=village_id, user=user_id, today=today))


def cases_page(
    village_id: int,
    user_id: UUID,
    today: date,
    wanted: CaseFilter,
    cursor: str | None,
    *,
    permissions: frozenset[str] = frozenset(),
    size: int = PAGE_SIZE,
) -> Page[CaseRow]:
    """One page of a filtered list: the urgent first, then by due date (closed ones: the latest first).

    Args:
        permissions: what this person may do here; only the list "todo" depends on it.
    """
    values = _values(village_id, user_id, today, wanted)
    if wanted.which == "closed":
        names, readers = ("after_closed", "after_id"), (datetime.fromisoformat, UUID)
        key: Callable[[Row], Sequence[object]] = lambda row: (row.closed_at, row.id)  # noqa: E731
    else:
        names, readers = ("after_first", "after_due", "after_id"), (bool, date.fromisoformat, UUID)
        key = lambda row: (row.priority != "urgent", row.due_on, row.id)  # noqa: E731
    after = read_keys(cursor, *readers)
    if after:
        values.update(zip(names, after, strict=True))
    page = paged(find_rows(_kind(wanted, permissions, goes_on=bool(after)), size + 1, **values), key, cursor, size)
    return Page(case_rows(page.rows), page.next, page.is_first)


def count_cases(
    village_id: int, user_id: UUID, today: date, wanted: CaseFilter, *, permissions: frozenset[str] = frozenset()
) -> int:
    """How many cases all pages of a filtered list have together."""
    values = _values(village_id, user_id, today, wanted)
    return db.session.scalar(count_of(_kind(wanted, permissions)), values) or 0


def all_cases(
    village_id: int, user_id: UUID, today: date, wanted: CaseFilter, *, permissions: frozenset[str] = frozenset()
) -> Iterator[CaseRow]:
    """All pages of a filtered list, a few hundred rows in memory at a time."""
    cursor: str | None = None
    while True:
        page = cases_page(village_id, user_id, today, wanted, cursor, permissions=permissions, size=BATCH)
        yield from page.rows
        cursor = page.next
        db.session.expunge_all()
        if cursor is None:
            return


def _kind(wanted: CaseFilter, permissions: frozenset[str], *, goes_on: bool = False) -> Kind:
    return Kind(
        wanted.which,
        by_service=bool(wanted.service),
        by_search=bool(wanted.search),
        by_person=wanted.person_id is not None,
        goes_on=goes_on,
        duties=_duties(permissions) if wanted.which == "todo" else None,
    )


def _duties(permissions: frozenset[str]) -> Duties:
    return duties_of(tuple(platform().plugins.all_services.values()), permissions)


def _values(village_id: int, user_id: UUID, today: date, wanted: CaseFilter) -> dict[str, Any]:
    """Whatever a filtered list may ask for; a statement takes what it needs."""
    compact = wanted.search.replace(" ", "")
    return {
        "village": village_id,
        "user": user_id,
        "today": today,
        "soon": today + SOON,
        "service": wanted.service,
        "person": wanted.person_id,
        "compact": compact,
        "ticket_pattern": f"%{escape_like(compact)}%",
        "name_pattern": f"%{escape_like(wanted.search.lower())}%",
    }


MAX_CURSOR = 400


def read_keys(cursor: str | None, *readers: Callable[[Any], Any]) -> tuple[Any, ...] | None:
    """The row after which a page starts, each key in its type; a damaged cursor starts at the first page."""
    values = read_cursor(cursor, len(readers)) if cursor and len(cursor) <= MAX_CURSOR else None
    try:
        return tuple(read(value) for read, value in zip(readers, values, strict=True)) if values else None
    except (ValueError, TypeError, AttributeError):
        return None


def escape_like(text: str) -> str:
    """A search for "100%" must find a per cent sign."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def find_rows(kind: Kind, most: int, **values: Any) -> Sequence[Row]:
    """At most so many rows of a list, as :func:`case_rows` takes them."""
    db.session.flush()  # a statement about columns does not do it by itself
    return db.session.execute(page_of(kind), {"most": most, **values}).all()


def case_rows(found: Sequence[Row]) -> list[CaseRow]:
    """What a list shows, in words. Cases that stand alike say the same, so it is said once for a page."""
    services = platform().plugins.all_services
    referrals = _planned(found, services)
    words: dict[tuple[object, ...], str] = {}
    rows = []
    for row in found:
        service = services.get(row.service)
        letters, referral = row.letters or {}, referrals.get(row.id)
        alike = (row.service, row.state, *row.wanted, *letters.items(), referral)
        if alike not in words:
            words[alike] = next_step(row, service, row.wanted, letters, referral)
        rows.append(
            CaseRow(
                id=row.id,
                ticket=row.ticket,
                service=row.service,
                service_title=_short_title(service, row.service, words),
                state=row.state,
                subject=subject_title(listed_name(row.name, service), service),
                person_name=listed_name(row.name, service),
                nik=row.nik,
                rt=row.rt or "",
                rw=row.rw or "",
                next_step=words[alike],
                stale_days=stale_days(row, service),
                urgent=row.priority == "urgent",
                due_on=row.due_on,
                opened_at=row.opened_at,
                closed_at=row.closed_at,
                assigned_to=row.assigned_to,
            )
        )
    return rows


def _short_title(service: Service | None, name: str, words: dict[tuple[object, ...], str]) -> str:
    if service is None:
        return name
    if (name,) not in words:
        words[name,] = str(service.short_title or service.title)
    return words[name,]


def _planned(found: Sequence[Row], services: Mapping[str, Service]) -> Mapping[UUID, Referral]:
    """The newest referral of each case that follows the plan of its service, from one query for the whole list."""
    planning = {name: service.referral for name, service in services.items() if service.referral}
    plans = {row.id: planning[row.service] for row in found if row.service in planning}
    return newest_of(found[0].village_id, plans) if plans else {}
