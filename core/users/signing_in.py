"""Signing in and out: the password, then for many the code, then a sign-in with a fresh random token."""

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from core.actor import acting, current_actor
from core.audit import record
from core.clock import now
from core.database.session import db

from . import two_step
from .accounts import by_name
from .identity import Identity, load_identity, locked, token_hash
from .lockout import count_failure, forget_failures
from .models import KnownBrowser, SecondFactor, SignIn, User
from .passwords import hash_password, hasher, verify_password

SIGN_IN_LIFETIME = timedelta(hours=12)
TIME_FOR_THE_CODE = timedelta(minutes=10)
KNOWN_FOR = timedelta(days=180)

_NOBODY = UUID(int=0)


class Refusal(Enum):
    WRONG = "wrong"
    LOCKED = "locked"
    DEMO = "demo"


@dataclass(frozen=True)
class Visitor:
    """Who stands at the door: what the browser calls itself, and the token by which it is known."""

    browser: str | None = None
    known: str | None = None
    demo_allowed: bool = False


@dataclass(frozen=True)
class SignInResult:
    """``identity`` of who is in, ``pending`` (a token) of who still owes the code, or why not."""

    identity: Identity | None = None
    pending: str | None = None
    refusal: Refusal | None = None


def sign_in(username: str, password: str, visitor: Visitor) -> SignInResult:
    """Check a name and a password, and start a sign-in or, where a second step is on, a pending one.

    ``core.users.lockout`` says how failures are counted. An unknown name takes as long as a known one.
    """
    # The lock on the row makes failures count one after the other, however many are tried at once.
    user = db.session.scalar(by_name(username).with_for_update())
    known = _known_browser(user, visitor)
    refusal = _refusal(user, known, password, demo_allowed=visitor.demo_allowed)
    if user is None or refusal is not None:
        # What was typed as the name is not kept: now and then it is the password.
        record("users.sign_in_failed", "user", user.id if user else "", reason=(refusal or Refusal.WRONG).value)
        db.session.commit()
        return SignInResult(refusal=refusal)
    forget_failures(known or user)
    if hasher.check_needs_rehash(user.password_hash):
        user.password_hash = hash_password(password)
    if db.session.get(SecondFactor, user.id) is None:
        return SignInResult(_start(user, visitor))
    token = _add_sign_in(user, visitor, pending=True)
    db.session.commit()
    return SignInResult(pending=token)


def _known_browser(user: User | None, visitor: Visitor) -> KnownBrowser | None:
    """Asked for nobody as well: a name must not be told by one question less."""
    if visitor.known is None:
        return None
    return db.session.scalar(
        select(KnownBrowser).where(
            KnownBrowser.token_hash == token_hash(visitor.known),
            KnownBrowser.user_id == (user.id if user else _NOBODY),
            KnownBrowser.seen_at > now() - KNOWN_FOR,
        )
    )


def _refusal(user: User | None, known: KnownBrowser | None, password: str, *, demo_allowed: bool) -> Refusal | None:
    right = verify_password(user.password_hash if user else None, password)
    if user is None or user.ended_at is not None:
        return Refusal.WRONG
    if locked(known or user, now()):
        return Refusal.LOCKED
    if not right:
        count_failure(known or user)
        return Refusal.WRONG
    return Refusal.DEMO if user.is_demo and not demo_allowed else None


def pending_user(token: str | None) -> User | None:
    """Whose code is awaited; None when the time for it is over."""
    pending = _pending(token)
    return db.session.get(User, pending.user_id) if pending else None


def _pending(token: str | None) -> SignIn | None:
    if token is None:
        return None
    return db.session.scalar(
        select(SignIn)
        .join(User, User.id == SignIn.user_id)
        .where(
            SignIn.token_hash == token_hash(token),
            SignIn.pending,
            SignIn.expires_at > now(),
            User.ended_at.is_(None),
        )
    )


def finish_sign_in(token: str | None, typed: str, visitor: Visitor) -> tuple[Identity | None, two_step.Answer | None]:
    """The second step. Neither when there is no pending sign-in (any more); else who is in, or why not."""
    pending = _pending(token)
    if pending is None:
        return None, None
    user = db.session.get_one(User, pending.user_id, with_for_update=True)
    answer = two_step.check(user.id, typed)
    if answer is not two_step.Answer.RIGHT:
        db.session.commit()
        return None, answer
    gone = delete(SignIn).where(SignIn.token_hash == pending.token_hash).returning(SignIn.id)
    if db.session.scalar(gone) is None:  # ended in the meantime: by a new password, or by the same form sent twice
        return None, None
    return _start(user, visitor), answer


def _start(user: User, visitor: Visitor) -> Identity | None:
    token = _add_sign_in(user, visitor, pending=False)
    user.last_sign_in_at = now()
    if visitor.known:
        _remember(user.id, visitor.known)
    actor = replace(current_actor.get(), user_id=user.id, name=user.name)
    with acting(actor):
        record("users.signed_in", "user", user.id)
    db.session.commit()
    return load_identity(token, demo_allowed=visitor.demo_allowed)


def _add_sign_in(user: User, visitor: Visitor, *, pending: bool) -> str:
    token = secrets.token_urlsafe(32)
    db.session.execute(delete(SignIn).where(SignIn.user_id == user.id, SignIn.expires_at < now()))
    db.session.add(
        SignIn(
            token_hash=token_hash(token),
            user_id=user.id,
            expires_at=now() + (TIME_FOR_THE_CODE if pending else SIGN_IN_LIFETIME),
            address=current_actor.get().address,
            browser=(visitor.browser or "")[:200] or None,
            pending=pending,
        )
    )
    return token


def _remember(user_id: UUID, known: str) -> None:
    """This account was signed in with this browser."""
    stale = KnownBrowser.seen_at < now() - KNOWN_FOR
    db.session.execute(delete(KnownBrowser).where(KnownBrowser.user_id == user_id, stale))
    row = insert(KnownBrowser).values(token_hash=token_hash(known), user_id=user_id, seen_at=now())
    db.session.execute(row.on_conflict_do_update(index_elements=["token_hash", "user_id"], set_={"seen_at": now()}))


def sign_out(user_id: UUID, token: str) -> None:
    """End the sign-in of this browser: its cookie opens nothing any more, even where a copy of it was kept."""
    db.session.execute(delete(SignIn).where(SignIn.token_hash == token_hash(token)))
    record("users.signed_out", "user", user_id)
    db.session.commit()
