"""What stands on core's pages: what the month asks for now, and what SIKS-NG and DTSEN say of a resident or a case."""

from collections.abc import Mapping
from typing import Any

from core.api import Area, Case, Person, area_today

from .checks import RESULTS, last_checks
from .deciles import history_of
from .entries import WHAT, entries_of_case, entries_of_person
from .month_calendar import calendar_of
from .months import counts_on
from .services import NAMES


def due_now(area: Area) -> Mapping[str, Any] | None:
    """What the day asks for: to key before the cut-off, to answer for after it, to look at again. One query."""
    day = area_today()
    calendar = calendar_of(day.year, day.month)
    if calendar is None:
        return None
    counts, phase = counts_on(area.id, day), calendar.phase(day)
    values = {
        "calendar": calendar,
        "to_key": counts["to_key"] if calendar.remind_from <= day <= calendar.cutoff else 0,
        "to_agree": counts["to_agree"] if phase == "agreeing" else 0,
        "late": counts["to_agree"] if phase == "ratifying" else 0,
        "recheck": counts["recheck"],
    }
    return values if any(values[key] for key in ("to_key", "to_agree", "late", "recheck")) else None


def of_case(case: Case) -> Mapping[str, Any] | None:
    """For a case of DTSEN always, for another where something was keyed about it."""
    entries = entries_of_case(case)
    if not entries and (case.service not in NAMES or case.closed_at):
        return None
    return {"case": case, "entries": entries, "what": WHAT, "person_id": case.person_id}


def of_person(person: Person) -> Mapping[str, Any] | None:
    """Three queries."""
    if person.erased:
        return None
    moves = history_of(person.village_id, person.household_id, limit=5) if person.household_id else ()
    return {
        "person": person,
        "entries": entries_of_person(person),
        "moves": moves,
        "check": last_checks(person.village_id, [person.id]).get(person.id),
        "what": WHAT,
        "results": RESULTS,
    }
