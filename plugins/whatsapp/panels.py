"""What stands on core's pages: a resident's switch, messages that did not arrive, a district's figures."""

from datetime import timedelta
from typing import Any

from core.api import Area, Person, now

from . import consents, listing
from .phone import masked
from .report import counts_by_village, total
from .words import HOW

DAYS = 30


def of_person(person: Person) -> dict[str, Any]:
    """One query."""
    found = consents.of_person(person.village_id, person.id)
    return {"person_id": person.id, "consents": found, "masked": masked, "how": HOW}


def of_village(area: Area) -> dict[str, Any] | None:
    """One query; None where nothing needs anybody."""
    counts = listing.unanswered(area.id)
    return {"counts": counts} if counts else None


def of_district(area: Area) -> dict[str, Any] | None:
    by_village = counts_by_village(area, now() - timedelta(days=DAYS))
    if not by_village:
        return None
    return {"total": total(by_village), "villages": len(by_village), "days": DAYS}
