"""Whose account an administrator's deed is about: found from the page of an area, with what the deed may do to it."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, or_, select

from core.areas.code import AreaCode, Level
from core.clock import today
from core.database.session import db

from .delegation import SHARED, Post, may_change, may_give
from .identity import Identity
from .models import Membership, User


class NotFound(LookupError):
    """Nobody of whom this area may know."""


class NotAllowed(Exception):
    """Seen, and not for this person to do; the message says why."""


@dataclass(frozen=True)
class Authority:
    """Who acts, from the page of which area."""

    area: AreaCode
    user_id: UUID
    posts: tuple[Post, ...]

    @classmethod
    def of(cls, identity: Identity, area: AreaCode) -> "Authority":
        return cls(area, identity.id, tuple(Post(held.area, held.role) for held in identity.memberships))


@dataclass(frozen=True)
class Target:
    """An account and all its memberships; those outside the area decide what may be done, and are never shown."""

    user: User
    memberships: tuple[Membership, ...]

    def posts(self) -> list[Post]:
        """Those that hold today or will; of somebody without any, the last ones."""
        ahead = [m for m in self.memberships if not is_over(m)]
        return [post_of(m) for m in ahead or self.memberships]

    def inside(self, area: AreaCode) -> list[Membership]:
        return [m for m in self.memberships if area.covers(post_of(m).area)]


def post_of(membership: Membership) -> Post:
    return Post(AreaCode.from_id(membership.area_id), membership.role)


def is_over(membership: Membership) -> bool:
    return membership.until is not None and membership.until < today()


def find_target(authority: Authority, user_id: UUID, *, lock: bool = False) -> Target:
    """Raises: NotFound: there is no such account, or it never had a role in the area."""
    query = select(User).where(User.id == user_id)
    user = db.session.scalar(query.with_for_update() if lock else query)
    if user is None:
        raise NotFound
    rows = db.session.scalars(
        select(Membership).where(Membership.user_id == user_id).order_by(Membership.area_id, Membership.role)
    )
    target = Target(user, tuple(rows))
    if not target.inside(authority.area):
        raise NotFound
    return target


def find_membership(authority: Authority, target: Target, membership_id: UUID) -> Membership:
    """One that the page of the area shows. Raises: NotFound."""
    found = next((m for m in target.inside(authority.area) if m.id == membership_id), None)
    if found is None:
        raise NotFound
    return found


def home_of(authority: Authority, user_id: UUID) -> AreaCode:
    """In whose audit a deed to the account stands: the one area inside where it belongs, else the page's own."""
    areas = {post_of(m).area for m in find_target(authority, user_id).inside(authority.area)}
    return areas.pop() if len(areas) == 1 else authority.area


# ---- what may be done ----


def require_change(authority: Authority, target: Target) -> None:
    """Raises: NotAllowed: the account as a whole is not this person's to change."""
    _require_another(authority, target)
    if not may_change(authority.posts, target.posts()):
        raise NotAllowed(
            _("Akun ini juga memegang peran di luar wilayah atau di atas kewenangan Anda. Minta admin di atas Anda.")
        )


def require_give(authority: Authority, post: Post) -> None:
    """Raises: NotAllowed: the post lies outside the area of this person or is not below their role."""
    if not may_give(authority.posts, post):
        raise NotAllowed(_("Peran ini tidak dapat Anda beri atau cabut di wilayah itu. Minta admin di atas Anda."))


def require_give_to(authority: Authority, target: Target, post: Post) -> None:
    require_change(authority, target)
    require_give(authority, post)


def require_take(authority: Authority, target: Target, membership: Membership) -> None:
    """Of somebody who also belongs elsewhere, what lies inside may be taken. Raises: NotAllowed."""
    _require_another(authority, target)
    require_give(authority, post_of(membership))


def _require_another(authority: Authority, target: Target) -> None:
    if target.user.id == authority.user_id:
        raise NotAllowed(
            _("Peran dan akun sendiri tidak dapat diubah dari sini. Minta admin lain, atau buka Akun saya.")
        )


def require_another_admin(target: Target, memberships: Iterable[Membership]) -> None:
    """Refuse to leave a district without an admin, were these memberships of the target to end.

    Raises: NotAllowed.
    """
    if target.user.ended_at is not None:
        return
    for membership in memberships:
        post = post_of(membership)
        if post.role == SHARED and post.area.level == Level.DISTRICT and not is_over(membership):
            _require_admin_besides(target.user.id, post.area)


def _require_admin_besides(user_id: UUID, district: AreaCode) -> None:
    # Two admins who end each other at the same moment: the second one sees what the first has done.
    db.session.execute(select(func.pg_advisory_xact_lock(district.id)))
    day = today()
    other = db.session.scalar(
        select(Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.area_id == district.id,
            Membership.role == SHARED,
            Membership.user_id != user_id,
            or_(Membership.since.is_(None), Membership.since <= day),
            Membership.until.is_(None),
            User.ended_at.is_(None),
        )
        .limit(1)
    )
    if other is None:
        raise NotAllowed(
            _("Ini admin kabupaten terakhir. Jadikan orang lain admin kabupaten tanpa hari terakhir, lalu ulangi.")
        )
