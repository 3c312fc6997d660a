"""Who is asking: the signed-in person with everything that decides what they may do, from one query."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask_login import UserMixin
from sqlalchemy import DateTime, FromClause, LargeBinary, Row, and_, bindparam, select

from core.areas.code import AreaCode, Level
from core.areas.current import COLUMNS, IS_ASKED_FOR, WITH_WHAT_LIES_ABOVE, CurrentArea, area_of, asking_for
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


_user: FromClause = User.__table__
_sign_in: FromClause = SignIn.__table__
_factor: FromClause = SecondFactor.__table__
_membership: FromClause = Membership.__table__
_held: FromClause = Area.__table__.alias("held")

# Put together once, as every request asks it; one row for each membership, at least one.
_WHO = (
    *(_user.c[name].label(f"user_{name}") for name in ("id", "username", "name", "language")),
    *(_user.c[name] for name in ("must_change_password", "is_demo")),
    _factor.c.user_id.is_not(None).label("two_step"),
    *(_membership.c[name] for name in ("role", "until", "organisation_id")),
    _held.c.id.label("held_id"),
    _held.c.name.label("held_name"),
)
_SIGNED_IN = (
    _user.join(_sign_in, _sign_in.c.user_id == _user.c.id)
    .outerjoin(_factor, _factor.c.user_id == _user.c.id)
    .outerjoin(_membership, and_(_membership.c.user_id == _user.c.id, Membership.holds_on(bindparam("today"))))
    .outerjoin(_held, _held.c.id == _membership.c.area_id)
)
_BY_TOKEN = (
    _sign_in.c.token_hash == bindparam("token_hash", type_=LargeBinary),
    _sign_in.c.expires_at > bindparam("now", type_=DateTime(timezone=True)),
    _sign_in.c.pending.is_(False),
    _user.c.ended_at.is_(None),
)
_IDENTITY = select(*_WHO).select_from(_SIGNED_IN).where(*_BY_TOKEN).order_by(_held.c.id, _membership.c.role)
_VISIT = (
    select(*_WHO, *COLUMNS)
    .select_from(_SIGNED_IN.outerjoin(WITH_WHAT_LIES_ABOVE, IS_ASKED_FOR))
    .where(*_BY_TOKEN)
    .order_by(_held.c.id, _membership.c.role)
)


@dataclass(frozen=True)
class Visit:
    """Who asks, and the area that they ask about: None when there is none of this code."""

    identity: Identity
    area: CurrentArea | None


def load_identity(token: str, *, demo_allowed: bool) -> Identity | None:
    """The person behind a sign-in token; None when it is unknown, expired or the account has ended."""
    return _identity(db.session.execute(_IDENTITY, _asking(token)).all(), token, demo_allowed=demo_allowed)


def load_visit(token: str, code: AreaCode, *, demo_allowed: bool) -> Visit | None:
    """As :func:`load_identity`, together with an area, in one query. Whether the person may see it, it does not say."""
    rows = db.session.execute(_VISIT, {**_asking(token), **asking_for(code)}).all()
    identity = _identity(rows, token, demo_allowed=demo_allowed)
    return Visit(identity, area_of(rows[0]) if rows[0].id is not None else None) if identity else None


def _asking(token: str) -> dict[str, object]:
    return {"token_hash": token_hash(token), "now": now(), "today": today()}


def _identity(rows: Sequence[Row], token: str, *, demo_allowed: bool) -> Identity | None:
    if not rows or (rows[0].is_demo and not demo_allowed):
        return None
    user = rows[0]
    return Identity(
        id=user.user_id,
        token=token,
        username=user.user_username,
        name=user.user_name,
        language=user.user_language,
        must_change_password=user.must_change_password,
        memberships=tuple(
            Held(AreaCode.from_id(row.held_id), row.held_name, row.role, row.until, row.organisation_id)
            for row in rows
            if row.held_id is not None
        ),
        two_step=user.two_step,
        is_demo=user.is_demo,
    )


def locked(counted: User | KnownBrowser | SecondFactor, at: datetime) -> bool:
    return counted.locked_until is not None and counted.locked_until > at
