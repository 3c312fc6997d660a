"""Papers checked before the day: somebody in the field saw them at home, so that the clerk finds a complete case."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core.actor import current_actor
from core.database.session import db

from .catalogue import find_service
from .checklist import checklist, checklists, confirm_seen, missing, take_back
from .models import Case, CaseEvent
from .service import Requirement
from .timeline import note_event

KIND = "papers_checked"


@dataclass(frozen=True)
class CheckedAhead:
    """The last check of a case: when, by whom, and which of the papers, by their keys, were missing then."""

    at: datetime
    by_name: str
    missing: Sequence[str]
    note: str


def check_ahead(case: Case, seen: Collection[str], note: str = "") -> list[Requirement]:
    """Tick the papers off that were seen at home, and note in the timeline what is missing still. The caller commits.

    Args:
        seen: keys of the papers; those that are settled already stay as they are.
        note: what will come when, as somebody told it.

    Returns what is missing.

    Raises:
        CaseError: the case does not ask for one of them, or is closed.
    """
    service = find_service(case.service)
    open_keys = {item.requirement.key for item in checklist(case, service) if not item.settled}
    known = {item.requirement.key for item in checklist(case, service)}
    for key in seen:
        if key in open_keys or key not in known:
            confirm_seen(case, key)
    db.session.flush()
    left = missing(checklist(case, service))
    note_event(case, KIND, note=note.strip(), name=current_actor.get().name, missing=[item.key for item in left])
    return left


def undo_check_ahead(case: Case, seen: Collection[str], by: UUID, note: str = "") -> list[Requirement]:
    """Undo: papers that ``by`` saw at home are wanted again. The caller commits.

    One that came to the desk since, as a file or because somebody else saw it, stays. Returns what is missing.

    Raises:
        CaseError: the case is closed.
    """
    service = find_service(case.service)
    for item in checklist(case, service):
        row = item.row
        if row.key in seen and row.state == "given" and row.document_id is None and row.changed_by == by:
            take_back(case, row.key)
    db.session.flush()
    left = missing(checklist(case, service))
    note_event(case, KIND, note=note.strip(), name=current_actor.get().name, missing=[item.key for item in left])
    return left


def checked_ahead(village_id: int, case_ids: Iterable[UUID]) -> dict[UUID, CheckedAhead]:
    """The last check of each of these cases that had one, in one query."""
    rows = db.session.scalars(
        select(CaseEvent)
        .where(CaseEvent.village_id == village_id, CaseEvent.case_id.in_(list(case_ids)), CaseEvent.kind == KIND)
        .order_by(CaseEvent.id)
    )
    return {
        row.case_id: CheckedAhead(row.at, row.data.get("name", ""), tuple(row.data.get("missing", ())), row.note)
        for row in rows
    }


def missing_papers(cases: Sequence[Case]) -> dict[UUID, list[Requirement]]:
    """What is mandatory and neither given nor waived, by the case's id, in one query."""
    return {case_id: missing(items) for case_id, items in checklists(cases).items()} if cases else {}
