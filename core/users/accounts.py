"""What happens to accounts: sign in and out, change a password, create, reset, grant, end."""

import re
import secrets
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import Enum
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, delete, func, select, update

from core.actor import acting, current_actor
from core.areas.code import AreaCode
from core.audit import record
from core.clock import now
from core.database.session import db

from .identity import Identity, load_identity, locked, token_hash
from .models import Membership, SignIn, User
from .passwords import hash_password, hasher, one_time_password, password_problem, verify_password
from .permissions import ROLES

MAX_FAILURES = 5
LOCK = timedelta(minutes=15)
SIGN_IN_LIFETIME = timedelta(hours=12)

# Plain letters only: "İ" or "ﬁ" has another small form in Python than in PostgreSQL, and could never sign in.
USERNAME = re.compile(r"[A-Za-z0-9._-]{1,64}")


class AccountError(Exception):
    """Something about an account that cannot be done; the message says what and what to do instead."""


class Refusal(Enum):
    WRONG = "wrong"
    LOCKED = "locked"
    DEMO = "demo"


@dataclass(frozen=True)
class SignInResult:
    identity: Identity | None
    refusal: Refusal | None = None


def sign_in(username: str, password: str, *, browser: str | None, demo_allowed: bool) -> SignInResult:
    """Check a name and a password and start a sign-in with a fresh random token.

    After five failures in a row the account is locked for 15 minutes, and the right password does not open it either.
    An unknown name takes as long as a known one.
    """
    # The lock on the row makes failures count one after the other, however many are tried at once.
    user = db.session.scalar(_by_name(username).with_for_update())
    refusal = _refusal(user, password, demo_allowed)
    if user is None or refusal is not None:
        # What was typed as the name is not kept: now and then it is the password.
        record("users.sign_in_failed", "user", user.id if user else "", reason=(refusal or Refusal.WRONG).value)
        db.session.commit()
        return SignInResult(None, refusal)
    user.failed_attempts, user.locked_until = 0, None
    if hasher.check_needs_rehash(user.password_hash):
        user.password_hash = hash_password(password)
    return SignInResult(_start(user, browser, demo_allowed))


def _by_name(username: str) -> Select[User]:
    return select(User).where(func.lower(User.username) == username.strip().lower())


def _refusal(user: User | None, password: str, demo_allowed: bool) -> Refusal | None:
    right = verify_password(user.password_hash if user else None, password)
    if user is None or user.ended_at is not None:
        return Refusal.WRONG
    if locked(user, now()):
        return Refusal.LOCKED
    if not right:
        _count_failure(user)
        return Refusal.WRONG
    return Refusal.DEMO if user.is_demo and not demo_allowed else None


def _count_failure(user: User) -> None:
    user.failed_attempts += 1
    if user.failed_attempts >= MAX_FAILURES:
        user.failed_attempts, user.locked_until = 0, now() + LOCK


def _start(user: User, browser: str | None, demo_allowed: bool) -> Identity | None:
    token = secrets.token_urlsafe(32)
    actor = replace(current_actor.get(), user_id=user.id, name=user.name)
    db.session.execute(delete(SignIn).where(SignIn.user_id == user.id, SignIn.expires_at < now()))
    db.session.add(
        SignIn(
            token_hash=token_hash(token),
            user_id=user.id,
            expires_at=now() + SIGN_IN_LIFETIME,
            address=actor.address,
            browser=(browser or "")[:200] or None,
        )
    )
    with acting(actor):
        record("users.signed_in", "user", user.id)
    db.session.commit()
    return load_identity(token, demo_allowed=demo_allowed)


def sign_out(user_id: UUID, token: str) -> None:
    """End the sign-in of this browser: its cookie opens nothing any more, even where a copy of it was kept."""
    db.session.execute(delete(SignIn).where(SignIn.token_hash == token_hash(token)))
    record("users.signed_out", "user", user_id)
    db.session.commit()


@dataclass(frozen=True)
class PasswordProblem:
    """Which field of the form is wrong, and why."""

    field: str
    message: str


def change_password(user_id: UUID, current: str, new: str) -> PasswordProblem | None:
    """Replace a password and end every sign-in of the account; answers with the problem, or None when done."""
    user = db.session.get_one(User, user_id, with_for_update=True)
    if not verify_password(user.password_hash, current):
        return PasswordProblem("current", _("Kata sandi sekarang tidak cocok."))
    if new == current:
        return PasswordProblem("new", _("Kata sandi baru sama dengan yang lama."))
    if problem := password_problem(new, user.username):
        return PasswordProblem("new", problem)
    user.password_hash, user.must_change_password = hash_password(new), False
    db.session.execute(delete(SignIn).where(SignIn.user_id == user.id))
    record("users.password_changed", "user", user.id)
    db.session.commit()
    return None


def set_language(user_id: UUID, language: str) -> None:
    db.session.execute(update(User).where(User.id == user_id).values(language=language))
    db.session.commit()


def find_user(username: str) -> User:
    """Raises: AccountError when there is none of this name."""
    user = db.session.scalar(_by_name(username))
    if user is None:
        raise AccountError(_("Tidak ada akun bernama %(name)s. Lihat `puskesos users list`.", name=username))
    return user


def create_user(username: str, name: str, *, password: str | None = None, is_demo: bool = False) -> tuple[User, str]:
    """A new account and its one-time password (or the given one, which then need not be changed).

    Raises:
        AccountError: the name is taken or not usable.
    """
    username = username.strip()
    if not USERNAME.fullmatch(username):
        raise AccountError(_("Nama pengguna %(name)s: pakai huruf, angka, titik, atau garis.", name=username or "''"))
    if db.session.scalar(_by_name(username)):
        raise AccountError(_("Nama pengguna %(name)s sudah dipakai.", name=username))
    secret = password or one_time_password()
    user = User(
        username=username,
        name=name.strip() or username,
        password_hash=hash_password(secret),
        must_change_password=password is None,
        is_demo=is_demo,
    )
    db.session.add(user)
    db.session.flush()
    return user, secret


def reset_password(user: User) -> str:
    """A new one-time password; every sign-in of the account ends and a lock is lifted."""
    secret = one_time_password()
    user.password_hash, user.must_change_password = hash_password(secret), True
    user.failed_attempts, user.locked_until = 0, None
    db.session.execute(delete(SignIn).where(SignIn.user_id == user.id))
    return secret


def grant(user: User, area: AreaCode, role: str, until: date | None = None) -> bool:
    """Give a role in an area; True when it is new or its end has changed.

    Raises:
        AccountError: no such role, or the role is not held at this level.
    """
    if role not in ROLES:
        raise AccountError(_("Peran %(role)s tidak dikenal. Pilih: %(roles)s.", role=role, roles=", ".join(ROLES)))
    if area.level < ROLES[role].level:
        raise AccountError(_("Peran %(role)s tidak dapat diberikan untuk wilayah %(area)s.", role=role, area=str(area)))
    held = db.session.scalar(
        select(Membership).where(Membership.user_id == user.id, Membership.area_id == area.id, Membership.role == role)
    )
    if held is None:
        db.session.add(Membership(user_id=user.id, area_id=area.id, role=role, until=until))
        return True
    changed = held.until != until
    held.until = until
    return changed


def revoke(user: User, area: AreaCode, role: str) -> bool:
    """True when the role was held."""
    gone = db.session.scalar(
        delete(Membership)
        .where(Membership.user_id == user.id, Membership.area_id == area.id, Membership.role == role)
        .returning(Membership.id)
    )
    return gone is not None


def end_account(user: User) -> None:
    """The account signs in no more; what it did keeps its name."""
    user.ended_at = now()
    db.session.execute(delete(SignIn).where(SignIn.user_id == user.id))
