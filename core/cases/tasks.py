"""Follow-ups of a case, each with a day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Integer, Select, String, any_, bindparam, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from core.actor import current_actor
from core.clock import now
from core.database.session import db
from core.people.models import Person

from .catalogue import find_service
from .errors import CaseError
from .locking import hold
from .models import Case, Task
from .standing import listed_name
from .timeline import note_event


@dataclass(frozen=True)
class DueTask:
    """A follow-up in the list of a day, with the case that it belongs to."""

    task: Task
    ticket: str
    person_name: str


_OF_CASE = (
    select(Task)
    .where(Task.village_id == bindparam("village_id"), Task.case_id == bindparam("case_id"))
    .order_by(Task.done_at.is_not(None), Task.due_on, Task.id)
)


def tasks_of(case: Case) -> list[Task]:
    return list(db.session.scalars(_OF_CASE, {"village_id": case.village_id, "case_id": case.id}))


# Follow-ups of open and closed cases due by a day, the longest overdue first, each with ticket, name, service.
_DUE = (
    select(Task, Case.ticket, Person.name, Case.service)
    .join(Case, (Case.village_id == Task.village_id) & (Case.id == Task.case_id))
    .join(Person, (Person.village_id == Case.village_id) & (Person.id == Case.person_id))
    .where(Task.village_id == bindparam("village_id"), Task.done_at.is_(None), Task.due_on <= bindparam("until"))
    .order_by(Task.due_on, Task.id)
    .limit(bindparam("most", type_=Integer))
)
_FOR_WORKER = _DUE.where(or_(Task.assigned_to == bindparam("user_id"), Task.assigned_to.is_(None)))
_OF_SERVICES = _DUE.where(Case.service == any_(bindparam("services", type_=ARRAY(String))))


def due_tasks(village_id: int, user_id: UUID, until: date, *, limit: int = 10) -> Sequence[DueTask]:
    """What is mine or nobody's and due by the day ``until``, the longest overdue first; also of cases closed since."""
    return _read(_FOR_WORKER, {"village_id": village_id, "user_id": user_id, "until": until, "most": limit})


def follow_ups(village_id: int, services: Collection[str], until: date, limit: int) -> Sequence[DueTask]:
    """As :func:`due_tasks`, of cases of these services, whoever is to do it."""
    values = {"village_id": village_id, "services": list(services), "until": until, "most": limit}
    return _read(_OF_SERVICES, values)


def _read(statement: Select[Task, str, str, str], values: dict[str, Any]) -> list[DueTask]:
    return [
        DueTask(task, ticket, listed_name(name, find_service(service)))
        for task, ticket, name, service in db.session.execute(statement, values)
    ]


def add_task(case: Case, title: str, due_on: date, assigned_to: UUID | None = None) -> Task:
    """Put a follow-up on the case. The caller commits.

    Raises:
        CaseError: the case is closed.
    """
    hold(case)
    return put_task(case, title, due_on, assigned_to)


def put_task(case: Case, title: str, due_on: date, assigned_to: UUID | None = None) -> Task:
    """As :func:`add_task`, on a case that is locked already, and may just have been closed."""
    task = Task(
        village_id=case.village_id,
        case_id=case.id,
        title=title,
        due_on=due_on,
        assigned_to=assigned_to,
        created_by=current_actor.get().user_id,
    )
    db.session.add(task)
    note_event(case, "task_added", note=title, due_on=due_on.isoformat())
    return task


def set_task_done(case: Case, task_id: UUID, *, done: bool) -> bool:
    """Tick a task off, or take the tick back; False when it stood so already. A closed case's tasks are ticked off too.

    Raises:
        CaseError: the case has no such task.
    """
    task = db.session.scalar(
        select(Task)
        .where(Task.village_id == case.village_id, Task.case_id == case.id, Task.id == task_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if task is None:
        raise CaseError(_("Tugas itu tidak ada lagi."))
    if (task.done_at is not None) == done:
        return False
    task.done_at, task.done_by = (now(), current_actor.get().user_id) if done else (None, None)
    note_event(case, "task_done" if done else "task_reopened", note=task.title)
    return True
