"""Which modules a page of an area has to do with: those that are on in its village, or in one of its villages."""

from sqlalchemy import func, select

from core.database.session import db
from core.platform import platform

from .code import Level
from .current import CurrentArea
from .models import Area

OVERSEEN = (Level.DISTRICT, Level.KECAMATAN)
"""Above a kabupaten the figures of a module would be those of thousands of villages, so modules have no pages there."""


def modules_inside(area: CurrentArea) -> frozenset[str]:
    """The modules that are on in at least one village of an area; none above a kabupaten."""
    if area.is_village:
        return area.enabled
    if area.level not in OVERSEEN:
        return frozenset()
    inside = Area.id.between(area.id, area.hi), Area.level == Level.VILLAGE
    return frozenset(db.session.scalars(select(func.unnest(Area.enabled)).where(*inside).distinct()))


def modules_for_menu(area: CurrentArea) -> frozenset[str]:
    """The same, a minute old at most: a menu stands on every page and need not count hundreds of villages each time."""
    if area.is_village:
        return area.enabled
    kept = platform().modules_inside
    known = kept.get(area.id)
    return kept.keep(area.id, modules_inside(area)) if known is None else known
