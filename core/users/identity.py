"""Who is asking: the signed-in person with everything that decides what they may do, from one query."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask_login import UserMixin
from sqlalchemy import and_, select

from core.areas.code import AreaCode, Level
from core.areas.models import Area
from core.clock import now, today
from core.database.session import db

from .models import KnownBrowser, Membership, SecondFactor, SignIn, User
from .permissions import PermissionTable


@dataclass(frozen=True)
class Held:
    """A membership that holds today."""

    area: AreaCode
    area_name: str
    role: str
    until: date | None
    organisation_id: UUID | None = None


@dataclass(frozen=True, eq=False)
class Identity(UserMixin):
    """A signed-in person. ``token`` names the browser's sign-in, not the account, so that one can be ended alone."""

    id: UUID
    token: str
    username: str
    name: str
    language: str
    must_change_password: bool
    memberships: tuple[Held, ...]
    two_step: bool = False
    """Whether the sign-in asks for a code from a phone."""
    is_demo: bool = False

    @property
    def owes_two_step(self) -> bool:
        """Whether a second step is demanded and there is none. Demonstration accounts are everybody's: never."""
        return not self.two_step and not self.is_demo and reaches_far(held.area for held in self.memberships)

    def get_id(self) -> str:
        return self.token

    def covers(self, area: AreaCode) -> bool:
        """Whether any membership reaches this area; one that does not makes the area look as if it did not exist."""
        return any(held.area.covers(area) for held in self.memberships)

    def roles_at(self, area: AreaCode) -> tuple[str, ...]:
        return tuple(held.role for held in self.memberships if held.area.covers(area))

    def permissions_at(self, area: AreaCode, table: PermissionTable) -> frozenset[str]:
        return frozenset().union(*(table.of_role(role) for role in self.roles_at(area)))

    def home(self) -> AreaCode | None:
        """The one area that this person belongs to; None if there is a choice to make (or none to choose)."""
        areas = {held.area for held in self.memberships}
        return areas.pop() if len(areas) == 1 else None


def reaches_far(areas: Iterable[AreaCode]) -> bool:
    """Whether somebody who belongs to these areas reaches more than one village."""
    found = set(areas)
    return len(found) > 1 or any(area.level < Level.VILLAGE for area in found)


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def load_identity(token: str, *, demo_allowed: bool) -> Identity | None:
    """The person behind a sign-in token; None when it is unknown, expired or the account has ended."""
    rows = db.session.execute(
        select(
            User,
            SecondFactor.user_id.is_not(None).label("two_step"),
            Membership.role,
            Membership.until,
            Membership.organisation_id,
            Area.id,
            Area.name,
        )
        .join(SignIn, SignIn.user_id == User.id)
        .outerjoin(SecondFactor, SecondFactor.user_id == User.id)
        .outerjoin(Membership, and_(Membership.user_id == User.id, Membership.holds_on(today())))
        .outerjoin(Area, Area.id == Membership.area_id)
        .where(
            SignIn.token_hash == token_hash(token),
            SignIn.expires_at > now(),
            SignIn.pending.is_(False),
            User.ended_at.is_(None),
        )
        .order_by(Area.id, Membership.role)
    ).all()
    if not rows or (rows[0].User.is_demo and not demo_allowed):
        return None
    user = rows[0].User
    return Identity(
        id=user.id,
        token=token,
        username=user.username,
        name=user.name,
        language=user.language,
        must_change_password=user.must_change_password,
        memberships=tuple(
            Held(AreaCode.from_id(row.id), row.name, row.role, row.until, row.organisation_id)
            for row in rows
            if row.id is not None
        ),
        two_step=rows[0].two_step,
        is_demo=user.is_demo,
    )


def locked(counted: User | KnownBrowser | SecondFactor, at: datetime) -> bool:
    return counted.locked_until is not None and counted.locked_until > at
