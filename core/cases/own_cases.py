"""What a programme's plugin asks about the cases of its own services, for its parts of pages.

Many plugins ask the same on one page. So one query for all of them says which have anything to show; it is asked again
once something was written.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from core.database.kept import KeptForTransaction
from core.database.session import db
from core.people.models import Person

from .list_statements import SILENT_SERVICES, Kind
from .lists import CaseRow, case_rows, find_rows
from .tasks import DueTask, follow_ups

MOST_KEPT = 200
"""Cases of one resident that are read at once; of somebody with as many each plugin reads its own."""


@dataclass(frozen=True)
class _Seen:
    """``of_person``: all cases of a resident, None for one with too many; ``silent``: services by village and day."""

    of_person: dict[tuple[int, UUID], Sequence[CaseRow] | None] = field(default_factory=dict)
    silent: dict[tuple[int, date], frozenset[str]] = field(default_factory=dict)


_SEEN = KeptForTransaction(_Seen, while_unchanged=True)


def all_cases_of(person: Person) -> Sequence[CaseRow] | None:
    """Every case of a resident, the latest first; None of somebody with more than can be read at once."""
    db.session.flush()
    seen, key = _SEEN.get().of_person, (person.village_id, person.id)
    if key not in seen:
        kind = Kind("of_person", by_person=True)
        found = find_rows(kind, MOST_KEPT, village=person.village_id, person=person.id)
        seen[key] = case_rows(found) if len(found) < MOST_KEPT else None
    return seen[key]


def cases_of_person(person: Person, services: Collection[str], *, limit: int = 10) -> Sequence[CaseRow]:
    """The resident's cases of these services, open and closed, the latest first."""
    every = all_cases_of(person)
    if every is not None:
        return [row for row in every if row.service in services][:limit]
    kind = Kind("of_person", by_services=True, by_person=True)
    found = find_rows(kind, limit, village=person.village_id, person=person.id, services=list(services))
    return case_rows(found)


def silent_cases(village_id: int, services: Collection[str], today: date, *, limit: int = 10) -> Sequence[CaseRow]:
    """Cases of these services that have waited for somebody outside longer than they should: urgent ones first."""
    if not _silent_services(village_id, today).intersection(services):
        return []
    kind = Kind("silent", by_services=True)
    return case_rows(find_rows(kind, limit, village=village_id, services=list(services), today=today))


def _silent_services(village_id: int, today: date) -> frozenset[str]:
    """The services with cases for :func:`silent_cases`, whichever they are."""
    db.session.flush()
    seen, key = _SEEN.get().silent, (village_id, today)
    if key not in seen:
        seen[key] = frozenset(db.session.scalars(SILENT_SERVICES, {"village": village_id, "today": today}))
    return seen[key]


def cases_due(
    village_id: int, services: Collection[str], states: Collection[str], until: date, *, limit: int = 10
) -> Sequence[CaseRow]:
    """Open cases of these services that are due by the day ``until`` in one of these states, the first due first."""
    kind = Kind("due_by", by_services=True, by_states=True)
    values = {"services": list(services), "states": list(states), "until": until}
    return case_rows(find_rows(kind, limit, village=village_id, **values))


def follow_ups_due(village_id: int, services: Collection[str], until: date, *, limit: int = 10) -> Sequence[DueTask]:
    """What is still to be done about cases of these services by the day ``until``, also about closed ones."""
    return follow_ups(village_id, services, until, limit)
