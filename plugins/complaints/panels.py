"""What stands on core's pages: what waits in the village, and the complaints of a resident or a case."""

from typing import Any

from core.api import Area, Case, Person, area_today, my_permissions

from . import listing
from .words import STATES, sector_title

WORDS = {"states": STATES, "sector_title": sector_title}


def waiting(area: Area) -> dict[str, Any] | None:
    today = area_today()
    figures = listing.figures(area.id, today, my_permissions())
    if not figures.open:
        return None
    rows = listing.most_pressing(area.id, my_permissions())
    return {"figures": figures, "rows": rows, "today": today, **WORDS}


def of_person(person: Person) -> dict[str, Any]:
    rows = listing.of_person(person, my_permissions())
    return {"rows": rows, "person": person, "today": area_today(), **WORDS}


def of_case(case: Case) -> dict[str, Any] | None:
    rows = listing.of_case(case.village_id, case.id, my_permissions())
    return {"rows": rows, "today": area_today(), **WORDS} if rows else None
