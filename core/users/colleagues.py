"""Who works in a village: whom a case can be given to."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select

from core.areas.code import AreaCode
from core.clock import today
from core.database.session import db

from .models import Membership, User

WORKING_ROLES = ("village_head", "village_staff", "field_worker")


@dataclass(frozen=True)
class Colleague:
    id: UUID
    name: str


_WORKING = (
    select(User.id, User.name)
    .join(Membership, Membership.user_id == User.id)
    .where(
        Membership.area_id == bindparam("village_id"),
        Membership.role.in_(WORKING_ROLES),
        Membership.holds_on(bindparam("day")),
        User.ended_at.is_(None),
    )
    .distinct()
    .order_by(User.name)
)
_NAMES = select(User.id, User.name).where(User.id.in_(bindparam("user_ids", expanding=True)))


def colleagues(village: AreaCode) -> list[Colleague]:
    """Everybody with a working role in this very village today, by name."""
    return [Colleague(*row) for row in db.session.execute(_WORKING, {"village_id": village.id, "day": today()})]


def names_of(user_ids: set[UUID]) -> dict[UUID, str]:
    """Names for a timeline, ended accounts included, from one query."""
    if not user_ids:
        return {}
    return {row.id: row.name for row in db.session.execute(_NAMES, {"user_ids": list(user_ids)})}
