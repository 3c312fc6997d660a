"""What stands on core's pages: a case's and a resident's family on the list, and what is due in the village."""

from dataclasses import dataclass
from datetime import date

from core.api import Area, Case, Person, area_today, families_of, month_name, silent_cases

from .checks import count_unchecked
from .families import family_of_household
from .listing import Row, rows_of
from .payment import Expected, expected
from .rulebook import Month, Stage, stage_of
from .screening import claims_of
from .services import NAMES, proposal


@dataclass(frozen=True)
class Standing:
    """Of a household: its place on the list, with what this stage says of it; None when it is not there."""

    row: Row | None
    stage: Stage | None
    person: Person


def standing_of(person: Person) -> Standing:
    """Two to five queries."""
    today = area_today()
    held = family_of_household(person.village_id, person.household_id)
    row = rows_of(person.village_id, [held], today)[0] if held else None
    return Standing(row, stage_of(today), person)


def estimate_of(case: Case, on: date) -> Expected | None:
    """What a proposal would come to in the stage of the day, by what is certain so far; None for a change."""
    stage = stage_of(on)
    if case.service != proposal.name or stage is None:
        return None
    family = families_of([case.person])[case.person.id]
    return expected(claims_of(family, stage.rule, on, case.data), stage)


def due_in(area: Area) -> dict | None:
    """What waits in a village: members to verify of the last month, and proposals nobody outside has moved."""
    today = area_today()
    month = Month.before(today)
    unchecked, silent = count_unchecked(area.id, month), silent_cases(area.id, NAMES, today)
    if not unchecked and not silent:
        return None
    return {"unchecked": unchecked, "silent": silent, "month": month_name(month.number)}
