"""Who works in a village: whom a case can be given to."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import FromClause, Uuid, and_, bindparam, false, func, select, true, union_all
from sqlalchemy.dialects.postgresql import ARRAY

from core.areas.code import AreaCode
from core.clock import today
from core.database.session import Interval, db

from .models import Membership, User

WORKING_ROLES = ("village_head", "village_staff", "field_worker")


@dataclass(frozen=True)
class Colleague:
    id: UUID
    name: str


_user: FromClause = User.__table__
_membership: FromClause = Membership.__table__
_WORKS_HERE = and_(
    _membership.c.area_id == bindparam("village_id"),
    _membership.c.role.in_(WORKING_ROLES),
    Membership.holds_on(bindparam("day")),
)
_TEAM = (
    select(_user.c.id, _user.c.name)
    .join(_membership, _membership.c.user_id == _user.c.id)
    .where(_WORKS_HERE, _user.c.ended_at.is_(None))
    .distinct()
    .order_by(_user.c.name)
)
_NAMES = select(_user.c.id, _user.c.name).where(_user.c.id.in_(bindparam("user_ids", expanding=True)))
_asked_for = union_all(
    select(_membership.c.user_id.label("id"), true().label("works_here")).where(_WORKS_HERE),
    select(func.unnest(bindparam("user_ids", type_=ARRAY(Uuid))), false()),
).subquery()
_BOTH = (
    select(_user.c.id, _user.c.name, func.bool_or(and_(_asked_for.c.works_here, _user.c.ended_at.is_(None))))
    .join(_asked_for, _asked_for.c.id == _user.c.id)
    .group_by(_user.c.id, _user.c.name)
    .order_by(_user.c.name)
)


def colleagues(village: AreaCode) -> list[Colleague]:
    """Everybody with a working role in this very village today, by name."""
    return [Colleague(*row) for row in db.session.execute(_TEAM, {"village_id": village.id, "day": today()})]


def names_of(user_ids: set[UUID]) -> dict[UUID, str]:
    """Names for a timeline, ended accounts included, from one query."""
    if not user_ids:
        return {}
    return {row.id: row.name for row in db.session.execute(_NAMES, {"user_ids": list(user_ids)})}


def colleagues_and_names(village: AreaCode, user_ids: set[UUID]) -> tuple[list[Colleague], dict[UUID, str]]:
    """As :func:`colleagues` and :func:`names_of`, which has the colleagues' names as well, from one query."""
    values = {"village_id": village.id, "day": today(), "user_ids": list(user_ids)}
    rows = db.session.execute(_BOTH, values).all()
    team = [Colleague(user_id, name) for user_id, name, works_here in rows if works_here]
    return team, {user_id: name for user_id, name, _works_here in rows}


@dataclass(frozen=True)
class Worker:
    """Somebody with a working role in a village: who, in which village, as what."""

    user_id: UUID
    name: str
    village_id: int
    role: str


def working_in(area: Interval) -> list[Worker]:
    """Everybody with a working role today in a village of ``area``, by village and name, from one query.

    Who works in two villages, or as two things, stands there twice.
    """
    rows = db.session.execute(
        select(_user.c.id, _user.c.name, _membership.c.area_id, _membership.c.role)
        .join(_membership, _membership.c.user_id == _user.c.id)
        .where(
            _membership.c.area_id.between(area.id, area.hi),
            _membership.c.role.in_(WORKING_ROLES),
            Membership.holds_on(today()),
            _user.c.ended_at.is_(None),
        )
        .order_by(_membership.c.area_id, _user.c.name, _membership.c.role)
    )
    return [Worker(*row) for row in rows]
