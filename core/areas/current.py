"""The area of a request: a plain value, so that it outlives the session that loaded it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import BigInteger, FromClause, Row, and_, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from core.database.session import db

from .code import AreaCode, Level
from .models import Area, title_of


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
        """Its code."""
        return AreaCode(self.id, self.level)

    @property
    def is_village(self) -> bool:
        """A desa or kelurahan, and no area above one."""
        return self.level == Level.VILLAGE

    @cached_property
    def is_kelurahan(self) -> bool:
        """Asked for each text of a page."""
        return self.interval.is_kelurahan

    def __str__(self) -> str:
        return self.code


_area: FromClause = Area.__table__
_parent, _grandparent = _area.alias("parent"), _area.alias("grandparent")

# Put together once: every request asks for its area, and building a statement takes longer than running it.
COLUMNS = (
    *(_area.c[name] for name in ("id", "hi", "level", "code", "name", "kind", "timezone", "postal_code")),
    *(_area.c[name] for name in ("ticket_prefix", "enabled", "suspended_at")),
    *(above.c[name].label(f"{above.name}_{name}") for above in (_parent, _grandparent) for name in ("kind", "name")),
)
WITH_WHAT_LIES_ABOVE = _area.outerjoin(_parent, _parent.c.id == _area.c.parent_id).outerjoin(
    _grandparent, _grandparent.c.id == _parent.c.parent_id
)
IS_ASKED_FOR = and_(_area.c.id == bindparam("area_id"), _area.c.level == bindparam("area_level"))
_AREAS = select(*COLUMNS).select_from(WITH_WHAT_LIES_ABOVE)
_ONE = _AREAS.where(IS_ASKED_FOR)
# One array: 84,000 villages are more than the bind parameters that a statement can have.
_SEVERAL = _AREAS.where(_area.c.id == any_(bindparam("area_ids", type_=ARRAY(BigInteger)))).order_by(_area.c.id)


def find_area(code: AreaCode) -> CurrentArea | None:
    """A provisioned area; None for one that is only in the catalogue."""
    row = db.session.execute(_ONE, asking_for(code)).first()
    return area_of(row) if row else None


def find_areas(area_ids: Iterable[int]) -> list[CurrentArea]:
    """Those of the areas that are provisioned, by code, from one query however many they are."""
    return [area_of(row) for row in db.session.execute(_SEVERAL, {"area_ids": list(area_ids)})]


def villages_in(area: AreaCode) -> list[CurrentArea]:
    """The provisioned villages of an area, or the village that it is, by code; one query."""
    inside = _area.c.id.between(area.id, area.hi), _area.c.level == Level.VILLAGE
    return [area_of(row) for row in db.session.execute(_AREAS.where(*inside).order_by(_area.c.id))]


def asking_for(code: AreaCode) -> dict[str, int]:
    """The parameters of ``IS_ASKED_FOR``."""
    return {"area_id": code.id, "area_level": int(code.level)}


def area_of(row: Row) -> CurrentArea:
    """From a row with ``COLUMNS``."""
    above = ((row.parent_kind, row.parent_name), (row.grandparent_kind, row.grandparent_name))
    return CurrentArea(
        id=row.id,
        hi=row.hi,
        level=Level(row.level),
        code=row.code,
        name=row.name,
        title=title_of(row.kind, row.name),
        path=" · ".join(title_of(kind, name) for kind, name in above if name is not None),
        timezone=row.timezone,
        postal_code=row.postal_code,
        ticket_prefix=row.ticket_prefix,
        enabled=frozenset(row.enabled),
        suspended=row.suspended_at is not None,
    )
