"""What stands on core's pages: what is due in the village, and a district's figures."""

from typing import Any

from core.api import Area, area_today

from . import oversight, partners
from .rulebook import expiring_until, rule_on


def due_in(area: Area) -> dict[str, Any]:
    """One query."""
    day = area_today()
    return {"figures": partners.standing_of(area.id, day, expiring_until(day))}


def standing_of(area: Area) -> dict[str, Any] | None:
    """One query; None where no village has a partner."""
    day = area_today()
    standing = oversight.standing_of(area, day)
    return {"standing": standing, "dormant_days": rule_on(day).dormant_days} if standing.partners else None
