"""Invitations: a link by which somebody sets the first password of an account, once and for a few days."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from core.audit import record
from core.clock import now
from core.database.session import db

from .accounts import AccountError, revoke_invitations, set_password
from .identity import token_hash
from .lockout import forget_failures
from .models import Invitation, User
from .passwords import password_problem

VALID_FOR = timedelta(days=7)


@dataclass(frozen=True)
class OpenInvitation:
    id: UUID
    created_at: datetime
    expires_at: datetime


def invite(user: User, id: UUID) -> str:
    """A new link's token; every earlier link to the account is void. ``id`` names the invitation, and is new.

    Raises:
        AccountError: the account has ended.
    """
    if user.ended_at is not None:
        raise AccountError(_("Akun ini sudah diakhiri. Buka lagi dulu."))
    revoke_invitations(user)
    token = secrets.token_urlsafe(32)
    db.session.add(Invitation(id=id, user_id=user.id, token_hash=token_hash(token), expires_at=now() + VALID_FOR))
    record("users.invited", "user", user.id)
    return token


def open_invitation(user_id: UUID) -> OpenInvitation | None:
    """The one link that still works, if there is one."""
    found = db.session.scalar(select(Invitation).where(Invitation.user_id == user_id, *_usable()))
    return OpenInvitation(found.id, found.created_at, found.expires_at) if found else None


def _usable():
    return Invitation.used_at.is_(None), Invitation.revoked_at.is_(None), Invitation.expires_at > now()


def find_invited(token: str) -> User | None:
    """Whose account the link opens; None for a link that is unknown, used, revoked or too old."""
    return db.session.scalar(_invited(token))


def _invited(token: str):
    return (
        select(User)
        .join(Invitation, Invitation.user_id == User.id)
        .where(Invitation.token_hash == token_hash(token), *_usable(), User.ended_at.is_(None))
    )


def accept(token: str, password: str) -> str | None:
    """Set the password that the invited person chose; answers with what is wrong with it, or None when done.

    Raises:
        AccountError: the link does not work any more.
    """
    # Of two who hold the link, the second finds it used.
    user = db.session.scalar(_invited(token).with_for_update())
    if user is None:
        raise AccountError(_("Undangan ini tidak berlaku lagi."))
    if problem := password_problem(password, user.username):
        return problem
    set_password(user, password)
    forget_failures(user)
    invitation = db.session.scalars(select(Invitation).where(Invitation.token_hash == token_hash(token))).one()
    invitation.used_at = now()
    record("users.invitation_accepted", "user", user.id)
    return None
