"""The timeline of a case: one line for each thing that happened, written in the same transaction."""

from core.actor import current_actor
from core.audit import record
from core.database.session import db

from .models import Case, CaseEvent


def note_event(
    case: Case, kind: str, *, note: str = "", from_state: str | None = None, to_state: str | None = None, **data: object
) -> None:
    """Add a line to the case's timeline, and the entry in the audit that belongs to it.

    The line keeps the version that the case had: so it is known what a page of some version has not shown yet.
    """
    db.session.add(
        CaseEvent(
            village_id=case.village_id,
            case_id=case.id,
            kind=kind,
            by=current_actor.get().user_id,
            from_state=from_state,
            to_state=to_state,
            note=note,
            data={**data, "version": case.version},
        )
    )
    record(f"cases.{kind}", "case", case.id, ticket=case.ticket, **data)
