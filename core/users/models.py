"""Accounts, what they may do where, and their sign-ins."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    and_,
    func,
    or_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base
from core.database.uuid7 import uuid7


class User(Base):
    """A person who signs in. Many villagers have no e-mail, so the name is all that is needed."""

    __tablename__ = "users"
    __table_args__ = (Index("uq_users_username", text("lower(username)"), unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    username: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str]
    must_change_password: Mapped[bool] = mapped_column(default=True)
    failed_attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    locked_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    language: Mapped[str] = mapped_column(String(2), default="id", server_default="id")
    is_demo: Mapped[bool] = mapped_column(default=False, server_default="false")
    last_sign_in_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Membership(Base):
    """What a user is, where and when. ``since`` is the first day on which it holds, ``until`` the last.

    One that is over stays: it is the history of the account.
    """

    __tablename__ = "memberships"
    __table_args__ = (Index("uq_memberships_user_area_role", "user_id", "area_id", "role", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    area_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("areas.id"), index=True)
    role: Mapped[str] = mapped_column(String(32))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    since: Mapped[date | None]
    until: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    @classmethod
    def holds_on(cls, day: date | BindParameter[date]) -> ColumnElement[bool]:
        return and_(or_(cls.since.is_(None), cls.since <= day), or_(cls.until.is_(None), cls.until >= day))


class SignIn(Base):
    """One signed-in browser. The cookie holds a random token, this table only its hash; ``id`` names it on pages.

    A ``pending`` one had the right password and still owes the code: it opens nothing.
    """

    __tablename__ = "sign_ins"

    id: Mapped[UUID] = mapped_column(default=uuid7, unique=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    address: Mapped[str | None]
    browser: Mapped[str | None] = mapped_column(String(200))
    pending: Mapped[bool] = mapped_column(default=False, server_default="false")


class KnownBrowser(Base):
    """A browser in which an account was signed in before. Its failures are counted apart from those of strangers."""

    __tablename__ = "known_browsers"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True, index=True)
    failed_attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    locked_until: Mapped[datetime | None]
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())


class SecondFactor(Base):
    """The secret that an account shares with a phone. There is a row if and only if a code was verified with it.

    ``last_step`` is the time step of the last code that was taken: no code counts twice.
    """

    __tablename__ = "second_factors"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), primary_key=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary, doc="sealed, see core.users.sealing")
    since: Mapped[datetime] = mapped_column(server_default=func.now())
    last_step: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    failed_attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    locked_until: Mapped[datetime | None]


class RecoveryCode(Base):
    """A code on paper for the day on which the phone is gone: each opens once."""

    __tablename__ = "recovery_codes"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("second_factors.user_id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    used_at: Mapped[datetime | None]


class Invitation(Base):
    """A link by which somebody sets the first password of an account; the link holds the token, this table its hash."""

    __tablename__ = "invitations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
