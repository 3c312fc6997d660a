"""What a programme's plugin asks about the cases of its own services, for its parts of pages."""

from collections.abc import Collection, Sequence
from datetime import date

from core.people.models import Person

from .list_statements import Kind
from .lists import CaseRow, case_rows, find_rows
from .models import Case
from .tasks import DueTask, open_tasks, read_tasks


def cases_of_person(person: Person, services: Collection[str], *, limit: int = 10) -> Sequence[CaseRow]:
    """The resident's cases of these services, open and closed, the latest first."""
    kind = Kind("of_person", by_services=True, by_person=True)
    found = find_rows(kind, limit, village=person.village_id, person=person.id, services=list(services))
    return case_rows(found)


def silent_cases(village_id: int, services: Collection[str], today: date, *, limit: int = 10) -> Sequence[CaseRow]:
    """Cases of these services that have waited for somebody outside longer than they should: urgent ones first."""
    kind = Kind("silent", by_services=True)
    return case_rows(find_rows(kind, limit, village=village_id, services=list(services), today=today))


def cases_due(
    village_id: int, services: Collection[str], states: Collection[str], until: date, *, limit: int = 10
) -> Sequence[CaseRow]:
    """Open cases of these services that are due by the day ``until`` in one of these states, the first due first."""
    kind = Kind("due_by", by_services=True, by_states=True)
    values = {"services": list(services), "states": list(states), "until": until}
    return case_rows(find_rows(kind, limit, village=village_id, **values))


def follow_ups_due(village_id: int, services: Collection[str], until: date, *, limit: int = 10) -> Sequence[DueTask]:
    """What is still to be done about cases of these services by the day ``until``, also about closed ones."""
    query = open_tasks(village_id, until).where(Case.service.in_(services))
    return read_tasks(query.limit(limit))
