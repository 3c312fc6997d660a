"""What stands on core's pages: a worker's visits, and the latest surveys of a resident or a case."""

from typing import Any
from uuid import UUID

from core.api import Area, Case, Person, area_today

from .listing import latest_about, waiting_for
from .requirement import standing_of
from .surveys import AT_HOME
from .words import STATES


def waiting(area: Area, worker_id: UUID) -> dict[str, Any] | None:
    found = waiting_for(area.id, worker_id)
    return {"waiting": found, "today": area_today()} if found else None


def of_person(person: Person) -> dict[str, Any]:
    """One query."""
    surveys = latest_about(person.village_id, person.id, person.household_id, limit=3)
    running = any(survey.state in ("open", "final") for survey in surveys)
    may_ask = not running and person.life_status in AT_HOME
    return {"surveys": surveys, "person": person, "states": STATES, "may_ask": may_ask}


def of_case(case: Case) -> dict[str, Any] | None:
    """One query, besides that of the settings; nothing where no survey is needed and none was made."""
    standing = standing_of(case, area_today())
    latest = standing.latest
    if not standing.needed and latest is None:
        return None
    running = latest is not None and latest.state in ("open", "final")
    return {
        "standing": standing,
        "surveys": [latest] if latest else [],
        "case": case,
        "states": STATES,
        "may_ask": not running and standing.valid is None and case.closed_at is None,
    }
