"""Lists of cases: to do, of the village, mine, due, overdue, waiting, closed. A page takes as many queries as a row."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, Select, and_, false, func, literal_column, not_, or_, select, tuple_
from sqlalchemy.orm import contains_eager

from core.database.session import db
from core.people.models import Household, Person
from core.platform import platform
from core.referrals.models import Referral
from core.referrals.of_case import newest_of, newest_word
from core.web.paging import PAGE_SIZE, Page, paged, read_cursor

from .catalogue import find_service
from .models import Case, CaseRequirement, LetterRecord
from .standing import Letters, next_step, stale_days, subject_title

FILTERS = ("todo", "mine", "urgent", "due", "overdue", "waiting", "open", "closed")
SOON = timedelta(days=7)
BATCH = 500

# False, and so first, for an urgent case. Written as the index has it, which a bound value would not match.
_CAN_WAIT = literal_column("(cases.priority <> 'urgent')", Boolean)
FIRST_TO_LAST = (_CAN_WAIT, Case.due_on, Case.id)


@dataclass(frozen=True)
class CaseRow:
    """A case in a list, with the sentence that says what to do next."""

    case: Case
    subject: str
    household: Household | None
    service_title: str
    next_step: str
    stale_days: int | None
    """How many days it has waited for somebody outside, once that is longer than its state allows."""


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


def village_figures(village_id: int, user_id: UUID, today: date) -> Figures:
    """Counts of open cases, in one query."""
    open_cases = (Case.village_id == village_id, Case.closed_at.is_(None))
    row = db.session.execute(
        select(
            func.count().filter(not_(_CAN_WAIT)),
            func.count().filter(Case.due_on == today),
            func.count().filter(Case.due_on < today),
            func.count().filter(Case.assigned_to == user_id),
            func.count().filter(Case.waiting),
        ).where(*open_cases)
    ).one()
    return Figures(*row)


def next_cases(
    village_id: int, user_id: UUID, today: date, permissions: frozenset[str], *, limit: int
) -> list[CaseRow]:
    """What this person is to do first: the urgent on top, then the longest overdue."""
    query = listed_cases(village_id).where(Case.closed_at.is_(None), _to_do(user_id, today, permissions))
    return case_rows(db.session.scalars(query.order_by(*FIRST_TO_LAST).limit(limit)).all())


def my_waiting_cases(
    village_id: int, user_id: UUID, today: date, permissions: frozenset[str], *, limit: int
) -> list[CaseRow]:
    """What this person holds but others have to move, by due date; nothing of it is among :func:`next_cases`."""
    held = (Case.closed_at.is_(None), Case.assigned_to == user_id, not_(_to_do(user_id, today, permissions)))
    query = listed_cases(village_id).where(*held)
    return case_rows(db.session.scalars(query.order_by(*FIRST_TO_LAST).limit(limit)).all())


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
    query = listed_cases(village_id).where(*_conditions(user_id, permissions, today, wanted))
    if wanted.which == "closed":
        if after := read_keys(cursor, datetime.fromisoformat, UUID):
            query = query.where(tuple_(Case.closed_at, Case.id) < tuple_(*after))
        query = query.order_by(Case.closed_at.desc(), Case.id.desc())
        found = db.session.scalars(query.limit(size + 1)).all()
        page = paged(found, lambda case: (case.closed_at, case.id), cursor, size)
    else:
        if after := read_keys(cursor, bool, date.fromisoformat, UUID):
            query = query.where(tuple_(*FIRST_TO_LAST) > tuple_(*after))
        found = db.session.scalars(query.order_by(*FIRST_TO_LAST).limit(size + 1)).all()
        page = paged(found, lambda case: (not case.urgent, case.due_on, case.id), cursor, size)
    return Page(case_rows(page.rows), page.next, page.is_first)


def count_cases(
    village_id: int, user_id: UUID, today: date, wanted: CaseFilter, *, permissions: frozenset[str] = frozenset()
) -> int:
    """How many cases all pages of a filtered list have together."""
    query = listed_cases(village_id).where(*_conditions(user_id, permissions, today, wanted))
    found = query.with_only_columns(func.count(), maintain_column_froms=True)
    return db.session.scalar(found) or 0


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


MAX_CURSOR = 400


def read_keys(cursor: str | None, *readers: Callable[[Any], Any]) -> tuple[Any, ...] | None:
    """The row after which a page starts, each key in its type; a damaged cursor starts at the first page."""
    values = read_cursor(cursor, len(readers)) if cursor and len(cursor) <= MAX_CURSOR else None
    try:
        return tuple(read(value) for read, value in zip(readers, values, strict=True)) if values else None
    except (ValueError, TypeError, AttributeError):
        return None


def listed_cases(village_id: int) -> Select[Case]:
    """Cases with the resident and the family that a row of a list shows."""
    return (
        select(Case)
        .join(Person, and_(Person.village_id == Case.village_id, Person.id == Case.person_id))
        .outerjoin(Household, and_(Household.village_id == Case.village_id, Household.id == Case.household_id))
        .where(Case.village_id == village_id)
        .options(contains_eager(Case.person), contains_eager(Case.household))
    )


def _conditions(
    user_id: UUID, permissions: frozenset[str], today: date, wanted: CaseFilter
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = {
        "todo": lambda: [Case.closed_at.is_(None), _to_do(user_id, today, permissions)],
        "mine": lambda: [Case.closed_at.is_(None), Case.assigned_to == user_id],
        "urgent": lambda: [Case.closed_at.is_(None), not_(_CAN_WAIT)],
        "due": lambda: [Case.closed_at.is_(None), Case.due_on.between(today, today + SOON)],
        "overdue": lambda: [Case.closed_at.is_(None), Case.due_on < today],
        "waiting": lambda: [Case.closed_at.is_(None), Case.waiting],
        "open": lambda: [Case.closed_at.is_(None)],
        "closed": lambda: [Case.closed_at.is_not(None)],
    }[wanted.which]()
    if wanted.service:
        conditions.append(Case.service == wanted.service)
    if wanted.person_id:
        conditions.append(Case.person_id == wanted.person_id)
    if wanted.search:
        conditions.append(_matches(wanted.search))
    return conditions


def _to_do(user_id: UUID, today: date, permissions: frozenset[str]) -> ColumnElement[bool]:
    """What waits for this person: their own and nobody's cases, decisions that are theirs, letters to be signed.

    A case that waits for others comes back to whoever holds it when it is late: then somebody has to ask.
    """
    to_do: list[ColumnElement[bool]] = []
    if "cases.write" in permissions:
        whose = or_(Case.assigned_to == user_id, Case.assigned_to.is_(None), Case.priority == "urgent")
        to_do.append(and_(or_(Case.waiting.is_(False), Case.due_on < today), whose))
        to_do.extend(_answered())
    if decisions := _decisions(permissions):
        to_do.append(tuple_(Case.service, Case.state).in_(decisions))
    if "letters.sign" in permissions:
        to_do.append(_has_unsigned_letter())
    return or_(false(), *to_do)


def _decisions(permissions: frozenset[str]) -> list[tuple[str, str]]:
    """Services and waiting states whose way forward is this person's, and not just anybody's at the desk."""
    return [
        (service.name, key)
        for service in platform().plugins.all_services.values()
        for transition in service.workflow.transitions
        if transition.primary and transition.permission != "cases.write" and transition.permission in permissions
        for key in transition.source
        if service.workflow.state(key).kind == "waiting"
    ]


def _answered() -> list[ColumnElement[bool]]:
    """What an organisation has answered or sent back, and the desk has not taken note of yet."""
    states: defaultdict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for service in platform().plugins.all_services.values():
        for step in service.workflow.transitions if service.referral else ():
            if service.referral and step.answered:
                here = [(service.name, key) for key in step.source]
                states[service.referral.to, step.answered].extend(here)
                states[service.referral.to, "returned"].extend(here)
    return [
        and_(tuple_(Case.service, Case.state).in_(pairs), newest_word(sector) == word)
        for (sector, word), pairs in states.items()
    ]


def _has_unsigned_letter() -> ColumnElement[bool]:
    return (
        select(LetterRecord.id)
        .where(
            LetterRecord.village_id == Case.village_id,
            LetterRecord.case_id == Case.id,
            LetterRecord.signed_at.is_(None),
            LetterRecord.revoked_at.is_(None),
        )
        .exists()
    )


def _matches(search: str) -> ColumnElement[bool]:
    """A ticket, a NIK, or a piece of a name."""
    compact = search.replace(" ", "")
    pattern = f"%{escape_like(search.lower())}%"
    return or_(
        Case.ticket.ilike(f"%{escape_like(compact)}%"), Person.nik == compact, func.lower(Person.name).like(pattern)
    )


def escape_like(text: str) -> str:
    """A search for "100%" must find a per cent sign."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def case_rows(cases: Sequence[Case]) -> list[CaseRow]:
    """The rows of a list, from a fixed number of queries."""
    wanted, letters, referrals = _wanted_papers(cases), _letters(cases), _planned(cases)
    rows = []
    for case in cases:
        service = find_service(case.service)
        rows.append(
            CaseRow(
                case=case,
                subject=subject_title(case, service),
                household=case.household,
                service_title=str(service.short_title or service.title) if service else case.service,
                next_step=next_step(case, service, wanted[case.id], letters[case.id], referrals.get(case.id)),
                stale_days=stale_days(case, service),
            )
        )
    return rows


def _planned(cases: Sequence[Case]) -> dict[UUID, Referral]:
    """The newest referral of each case that follows the plan of its service, from one query for the whole list."""
    services = {case.id: find_service(case.service) for case in cases}
    return newest_of(cases, {key: found.referral for key, found in services.items() if found and found.referral})


def _wanted_papers(cases: Sequence[Case]) -> defaultdict[UUID, set[str]]:
    """Keys of the papers that each case still lacks, from one query for the whole list."""
    wanted: defaultdict[UUID, set[str]] = defaultdict(set)
    if cases:
        rows = db.session.execute(
            select(CaseRequirement.case_id, CaseRequirement.key).where(
                CaseRequirement.village_id == cases[0].village_id,
                CaseRequirement.case_id.in_([case.id for case in cases]),
                CaseRequirement.state == "wanted",
            )
        )
        for case_id, key in rows:
            wanted[case_id].add(key)
    return wanted


def _letters(cases: Sequence[Case]) -> defaultdict[UUID, Letters]:
    """The letters of each case that hold, and whether they are signed, from one query for the whole list."""
    letters: defaultdict[UUID | None, dict[str, bool]] = defaultdict(dict)
    if cases:
        rows = db.session.execute(
            select(LetterRecord.case_id, LetterRecord.key, LetterRecord.signed_at.is_not(None)).where(
                LetterRecord.village_id == cases[0].village_id,
                LetterRecord.case_id.in_([case.id for case in cases]),
                LetterRecord.revoked_at.is_(None),
            )
        )
        for case_id, key, signed in rows:
            letters[case_id][key] = signed
    return letters  # pyright: ignore[reportReturnType] - a dict of dicts is read as a mapping of mappings
