"""The area of a request: a plain value, so that it outlives the session that loaded it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import BigInteger, Row, Select, any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from core.database.session import db

from .code import AreaCode, Level
from .models import Area


@dataclass(frozen=True)
class CurrentArea:
    """What the pages of an area need to know of it. ``path`` says what lies above: "Kec. Ciampea · Kabupaten Bogor"."""

    id: int
    hi: int
    level: Level
    code: str
    name: str
    title: str
    path: str
    timezone: str
    postal_code: str | None
    ticket_prefix: str | None
    enabled: frozenset[str]
    suspended: bool

    @property
    def interval(self) -> AreaCode:
        return AreaCode(self.id, self.level)

    @property
    def is_village(self) -> bool:
        return self.level == Level.VILLAGE

    @cached_property
    def is_kelurahan(self) -> bool:
        """Asked for each text of a page."""
        return self.interval.is_kelurahan

    def __str__(self) -> str:
        return self.code


def find_area(code: AreaCode) -> CurrentArea | None:
    """A provisioned area; None for one that is only in the catalogue."""
    row = db.session.execute(_with_what_lies_above().where(Area.id == code.id, Area.level == code.level)).first()
    return _current(row) if row else None


def find_areas(area_ids: Iterable[int]) -> list[CurrentArea]:
    """Those of the areas that are provisioned, by code, from one query however many they are."""
    # One array: 84,000 villages are more than the bind parameters that a statement can have.
    ids = any_(literal(list(area_ids), ARRAY(BigInteger)))
    rows = db.session.execute(_with_what_lies_above().where(Area.id == ids).order_by(Area.id))
    return [_current(row) for row in rows]


def _with_what_lies_above() -> Select[Area, Area, Area]:
    parent, grandparent = aliased(Area), aliased(Area)
    return (
        select(Area, parent, grandparent)
        .outerjoin(parent, parent.id == Area.parent_id)
        .outerjoin(grandparent, grandparent.id == parent.parent_id)
    )


def _current(row: Row[Area, Area, Area]) -> CurrentArea:
    area, *above = row  # None where the outer joins find nothing
    return CurrentArea(
        id=area.id,
        hi=area.hi,
        level=Level(area.level),
        code=area.code,
        name=area.name,
        title=area.title,
        path=" · ".join(a.title for a in above if a is not None and a.level >= Level.PROVINCE),
        timezone=area.timezone,
        postal_code=area.postal_code,
        ticket_prefix=area.ticket_prefix,
        enabled=frozenset(area.enabled),
        suspended=area.suspended_at is not None,
    )
