"""What a programme's plugin asks about the cases of its own services, for its parts of pages."""

from collections.abc import Collection, Sequence
from datetime import date

from core.database.session import db
from core.people.models import Person

from .lists import FIRST_TO_LAST, CaseRow, case_rows, listed_cases
from .models import Case
from .tasks import DueTask, open_tasks


def cases_of_person(person: Person, services: Collection[str], *, limit: int = 10) -> Sequence[CaseRow]:
    """The resident's cases of these services, open and closed, the latest first."""
    query = listed_cases(person.village_id).where(Case.person_id == person.id, Case.service.in_(services))
    return case_rows(db.session.scalars(query.order_by(Case.id.desc()).limit(limit)).all())


def silent_cases(village_id: int, services: Collection[str], today: date, *, limit: int = 10) -> Sequence[CaseRow]:
    """Cases of these services that have waited for somebody outside longer than they should: urgent ones first."""
    silent = (Case.service.in_(services), Case.closed_at.is_(None), Case.waiting, Case.due_on < today)
    query = listed_cases(village_id).where(*silent).order_by(*FIRST_TO_LAST)
    return case_rows(db.session.scalars(query.limit(limit)).all())


def follow_ups_due(village_id: int, services: Collection[str], until: date, *, limit: int = 10) -> Sequence[DueTask]:
    """What is still to be done about cases of these services by the day ``until``, also about closed ones."""
    query = open_tasks(village_id, until).where(Case.service.in_(services))
    return [DueTask(*row) for row in db.session.execute(query.limit(limit))]
