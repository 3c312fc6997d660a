"""The public list of areas: names and addresses of what is provisioned and not suspended, and nothing else."""

from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from core.areas.code import AreaCode, Level
from core.areas.models import Area
from core.cases.lists import escape_like
from core.database.session import db


@dataclass(frozen=True)
class Place:
    code: str
    title: str


@dataclass(frozen=True)
class Kecamatan:
    title: str
    villages: tuple[Place, ...]


def villages_of(area: AreaCode, search: str = "") -> list[Kecamatan]:
    """The villages in an area whose name holds ``search``, by kecamatan and name, in one query."""
    above = aliased(Area)
    query = (
        select(Area, above)
        .join(above, above.id == Area.parent_id)
        .where(Area.level == Level.VILLAGE, Area.id.between(area.id, area.hi), Area.suspended_at.is_(None))
        .order_by(func.lower(above.name), above.id, func.lower(Area.name), Area.id)
    )
    if search:
        query = query.where(func.lower(Area.name).like(f"%{escape_like(search.lower())}%"))
    found = [(parent.title, Place(village.code, village.title)) for village, parent in db.session.execute(query)]
    return [
        Kecamatan(title, tuple(place for _title, place in places))
        for title, places in groupby(found, key=lambda pair: pair[0])
    ]


def districts() -> list[Place]:
    """Every district that is served here, by name."""
    query = (
        select(Area).where(Area.level == Level.DISTRICT, Area.suspended_at.is_(None)).order_by(func.lower(Area.name))
    )
    return [Place(area.code, area.title) for area in db.session.scalars(query)]
