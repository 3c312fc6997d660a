"""What happens to accounts: change a password, create, reset, grant, end."""

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, delete, func, select, update

from core.areas.code import AreaCode
from core.audit import record
from core.clock import now, today
from core.database.session import db
from core.database.uuid7 import uuid7

from .lockout import forget_failures
from .models import Invitation, KnownBrowser, Membership, SignIn, User
from .passwords import hash_password, one_time_password, password_problem, verify_password
from .permissions import ROLES

# Plain letters only: "İ" or "ﬁ" has another small form in Python than in PostgreSQL, and could never sign in.
USERNAME = re.compile(r"[A-Za-z0-9._-]{1,64}")


class AccountError(Exception):
    """Something about an account that cannot be done; the message says what and what to do instead.

    ``field`` names what was wrong where it was one thing: username, role, area, since, until or code.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


def by_name(username: str) -> Select[User]:
    return select(User).where(func.lower(User.username) == username.strip().lower())


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
    set_password(user, new)
    record("users.password_changed", "user", user.id)
    db.session.commit()
    return None


def set_password(user: User, password: str) -> None:
    """One that its owner chose: every sign-in of the account ends, and no browser is known any more."""
    user.password_hash, user.must_change_password = hash_password(password), False
    _end_sign_ins(user)


def _end_sign_ins(user: User) -> None:
    for table in (SignIn, KnownBrowser):
        db.session.execute(delete(table).where(table.user_id == user.id))


def set_language(user_id: UUID, language: str) -> None:
    db.session.execute(update(User).where(User.id == user_id).values(language=language))
    db.session.commit()


def find_user(username: str) -> User:
    """Raises: AccountError when there is none of this name."""
    user = db.session.scalar(by_name(username))
    if user is None:
        raise AccountError(_("Tidak ada akun bernama %(name)s. Lihat `puskesos users list`.", name=username))
    return user


def create_user(
    username: str, name: str, *, password: str | None = None, is_demo: bool = False, id: UUID | None = None
) -> tuple[User, str]:
    """A new account and its one-time password (or the given one, which then need not be changed).

    Raises:
        AccountError: the name is taken or not usable.
    """
    username = username.strip()
    if not USERNAME.fullmatch(username):
        raise AccountError(
            _("Nama pengguna %(name)s: pakai huruf, angka, titik, atau garis.", name=username or "''"), "username"
        )
    if db.session.scalar(by_name(username)):
        raise AccountError(_("Nama pengguna %(name)s sudah dipakai.", name=username), "username")
    secret = password or one_time_password()
    user = User(
        id=id or uuid7(),
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
    """A new one-time password; every sign-in of the account ends, a lock is lifted, and open invitations are void."""
    secret = one_time_password()
    set_password(user, secret)
    user.must_change_password = True
    forget_failures(user)
    revoke_invitations(user)
    return secret


def revoke_invitations(user: User) -> int:
    """Make every open link to this account void; answers with how many there were."""
    unused = (Invitation.user_id == user.id, Invitation.used_at.is_(None), Invitation.revoked_at.is_(None))
    voided = update(Invitation).where(*unused).values(revoked_at=now()).returning(Invitation.id)
    return len(db.session.scalars(voided).all())


def grant(user: User, area: AreaCode, role: str, until: date | None = None, since: date | None = None) -> bool:
    """Give a role in an area, at once or from ``since`` on; True when it is new or its days have changed.

    Raises:
        AccountError: no such role, or the role is not held at this level.
    """
    if role not in ROLES:
        raise AccountError(
            _("Peran %(role)s tidak dikenal. Pilih: %(roles)s.", role=role, roles=", ".join(ROLES)), "role"
        )
    if area.level < ROLES[role].level:
        raise AccountError(
            _("Peran %(role)s tidak dapat diberikan untuk wilayah %(area)s.", role=role, area=str(area)), "role"
        )
    held = db.session.scalar(
        select(Membership).where(Membership.user_id == user.id, Membership.area_id == area.id, Membership.role == role)
    )
    if held is None:
        db.session.add(Membership(user_id=user.id, area_id=area.id, role=role, since=since, until=until))
        return True
    before = held.since, held.until
    if since is not None or (held.since is not None and held.since > today()):
        held.since = since
    held.until = until
    return before != (held.since, held.until)


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
    _end_sign_ins(user)
    revoke_invitations(user)


def reopen_account(user: User) -> None:
    """Undo :func:`end_account`; the password is the one from before."""
    user.ended_at = None
