"""What somebody who manages accounts does to them from an area's page. Each deed asks first whether it may be done.

All of them raise ``NotFound`` for an account of which the area may not know, ``NotAllowed`` with a sentence for what is
not this person's to do, and ``AccountError`` for what cannot be done at all. The caller commits.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from flask_babel import gettext as _

from core.audit import record
from core.clock import today
from core.database.session import db

from . import invitations, sessions, two_step
from .accounts import AccountError, create_user, end_account, grant, reopen_account, reset_password, revoke_invitations
from .delegation import Post
from .lockout import forget_failures
from .models import KnownBrowser, Membership, SecondFactor, User
from .targets import (
    Authority,
    Target,
    find_membership,
    find_target,
    is_over,
    post_of,
    require_another_admin,
    require_change,
    require_give,
    require_give_to,
    require_take,
)


class Stale(Exception):
    """The page from which the deed was sent shows something that has changed since."""


# ---- new accounts and their first password ----


@dataclass(frozen=True)
class NewAccount:
    """``id`` comes from the form: sent again by a reload, it makes no second account."""

    id: UUID
    username: str
    name: str
    post: Post
    until: date | None = None


def create(authority: Authority, new: NewAccount) -> str:
    """Answers with the one-time password, which is kept nowhere."""
    user, password = _create(authority, new)
    record("users.created", "user", user.id, username=user.username)
    _granted(user, new.post, new.until)
    return password


def create_invited(authority: Authority, new: NewAccount, invitation_id: UUID) -> str:
    """An account whose password nobody knows yet; answers with the token of the link by which one is set."""
    user, _password = _create(authority, new)
    record("users.created", "user", user.id, username=user.username)
    _granted(user, new.post, new.until)
    return invitations.invite(user, invitation_id)


def _create(authority: Authority, new: NewAccount) -> tuple[User, str]:
    require_give(authority, new.post)
    _require_order(None, new.until)
    if db.session.get(User, new.id):
        raise Stale
    user, password = create_user(new.username, new.name, id=new.id)
    grant(user, new.post.area, new.post.role, new.until)
    return user, password


def _granted(user: User, post: Post, until: date | None) -> None:
    record("users.granted", "user", user.id, area=str(post.area), role=post.role, until=str(until or ""))


def credential_version(user: User) -> str:
    """Differs after each new password: a form that was sent again is known by it."""
    return hashlib.sha256(user.password_hash.encode()).hexdigest()[:16]


def reset(authority: Authority, user_id: UUID, version: str) -> str:
    """A one-time password. Raises: Stale: one was made from this very page already."""
    target = _changeable(authority, user_id)
    _require_open(target)
    if version != credential_version(target.user):
        raise Stale
    password = reset_password(target.user)
    record("users.reset", "user", user_id)
    return password


def invite(authority: Authority, user_id: UUID, invitation_id: UUID) -> str:
    """A new link for somebody who has lost the one from before, or the password. Raises: Stale: it exists."""
    target = _changeable(authority, user_id)
    if db.session.get(invitations.Invitation, invitation_id):
        raise Stale
    return invitations.invite(target.user, invitation_id)


def revoke_invitation(authority: Authority, user_id: UUID) -> None:
    target = _changeable(authority, user_id)
    if revoke_invitations(target.user):
        record("users.invitation_revoked", "user", user_id)


def _changeable(authority: Authority, user_id: UUID) -> Target:
    target = find_target(authority, user_id, lock=True)
    require_change(authority, target)
    return target


def _require_open(target: Target) -> None:
    if target.user.ended_at is not None:
        raise AccountError(_("Akun ini sudah diakhiri. Buka lagi dulu."))


# ---- the account ----


def unlock(authority: Authority, user_id: UUID) -> None:
    """Lift the locks of the password and of the code; both stay as they are."""
    unlock_user(_changeable(authority, user_id).user)


def unlock_user(user: User) -> None:
    forget_failures(user)
    for browser in db.session.query(KnownBrowser).filter(KnownBrowser.user_id == user.id):
        forget_failures(browser)
    if factor := db.session.get(SecondFactor, user.id):
        forget_failures(factor)
    record("users.unlocked", "user", user.id)


def reset_two_step(authority: Authority, user_id: UUID) -> None:
    """For somebody whose phone is gone: the next sign-in asks for no code, and leads to a new set-up if one is due."""
    target = _changeable(authority, user_id)
    if two_step.reset(target.user):
        record("users.two_step_reset", "user", user_id)


def rename(authority: Authority, user_id: UUID, name: str, before: str) -> None:
    """Raises: Stale: somebody else has changed the name since the page was made."""
    target = _changeable(authority, user_id)
    if target.user.name != before:
        raise Stale
    if target.user.name != name:
        record("users.renamed", "user", user_id, before=target.user.name, name=name)
        target.user.name = name


def end(authority: Authority, user_id: UUID) -> None:
    target = _changeable(authority, user_id)
    require_another_admin(target, target.memberships)
    if target.user.ended_at is None:
        end_account(target.user)
        record("users.ended", "user", user_id)


def reopen(authority: Authority, user_id: UUID) -> None:
    """Undo the end. The roles are those that have not passed, and the password is the one from before."""
    target = _changeable(authority, user_id)
    if target.user.ended_at is not None:
        reopen_account(target.user)
        record("users.reopened", "user", user_id)


def end_session(authority: Authority, user_id: UUID, sign_in_id: UUID) -> bool:
    _changeable(authority, user_id)
    return sessions.end_session(user_id, sign_in_id)


def end_sessions(authority: Authority, user_id: UUID) -> int:
    _changeable(authority, user_id)
    return sessions.end_sessions(user_id)


# ---- roles ----


def give(authority: Authority, user_id: UUID, post: Post, until: date | None) -> None:
    """One more role."""
    target = find_target(authority, user_id, lock=True)
    require_give_to(authority, target, post)
    _require_open(target)
    _require_new(target, post)
    _require_order(None, until)
    grant(target.user, post.area, post.role, until, since=today())
    _granted(target.user, post, until)


def take(authority: Authority, user_id: UUID, membership_id: UUID) -> None:
    """End a role today; that it was held stays in the history."""
    target, membership = _takeable(authority, user_id, membership_id)
    require_another_admin(target, [membership])
    _end_membership(membership, today() - timedelta(days=1))
    post = post_of(membership)
    record("users.revoked", "user", user_id, area=str(post.area), role=post.role)


def set_until(authority: Authority, user_id: UUID, membership_id: UUID, until: date | None) -> None:
    """Another last day. A longer one is a role given anew; a shorter one may be set wherever the role may be taken."""
    target, membership = _takeable(authority, user_id, membership_id)
    longer = until is None or (membership.until is not None and until > membership.until)
    if longer:
        require_give_to(authority, target, post_of(membership))
    else:
        require_another_admin(target, [membership])
    _require_order(membership.since, until)
    if membership.until != until:
        membership.until = until
        post = post_of(membership)
        record("users.until_set", "user", user_id, area=str(post.area), role=post.role, until=str(until or ""))


def move(
    authority: Authority, user_id: UUID, membership_id: UUID, post: Post, *, since: date, until: date | None = None
) -> None:
    """One role ends on the day before another begins: the same person, elsewhere or as something else."""
    target, membership = _takeable(authority, user_id, membership_id)
    require_give_to(authority, target, post)
    _require_open(target)
    _require_new(target, post)
    require_another_admin(target, [membership])
    move_membership(target.user, membership, post, since=since, until=until)


def move_membership(user: User, membership: Membership, post: Post, *, since: date, until: date | None = None) -> None:
    """As :func:`move`, for whoever need not ask. Raises: AccountError: the days cannot be."""
    if since < today():
        raise AccountError(_("Perpindahan berlaku paling cepat hari ini."), "since")
    _require_order(since, until)
    before = post_of(membership)
    _end_membership(membership, since - timedelta(days=1))
    grant(user, post.area, post.role, until, since=since)
    record(
        "users.moved",
        "user",
        user.id,
        role=post.role,
        area=str(post.area),
        since=str(since),
        until=str(until or ""),
        before_role=before.role,
        before_area=str(before.area),
    )


def _require_new(target: Target, post: Post) -> None:
    if any(post_of(m) == post and not is_over(m) for m in target.memberships):
        raise AccountError(
            _("Peran itu sudah dipegang di wilayah itu. Ubah hari terakhirnya, atau pilih yang lain."), "role"
        )


def _takeable(authority: Authority, user_id: UUID, membership_id: UUID) -> tuple[Target, Membership]:
    target = find_target(authority, user_id, lock=True)
    membership = find_membership(authority, target, membership_id)
    require_take(authority, target, membership)
    if is_over(membership):
        raise Stale
    return target, membership


def _end_membership(membership: Membership, last: date) -> None:
    """One that has not begun by then never holds."""
    membership.until = min(last, membership.until) if membership.until else last


def _require_order(since: date | None, until: date | None) -> None:
    if until is not None and until < (since or today()):
        raise AccountError(_("Hari terakhir ada sebelum hari pertama."), "until")
