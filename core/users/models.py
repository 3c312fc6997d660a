"""Accounts, what they may do where, and their sign-ins."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, func, text
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
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Membership(Base):
    """What a user is, where and until when. ``until`` is the last day on which it holds."""

    __tablename__ = "memberships"
    __table_args__ = (Index("uq_memberships_user_area_role", "user_id", "area_id", "role", unique=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"))
    area_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("areas.id"), index=True)
    role: Mapped[str] = mapped_column(String(32))
    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    until: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class SignIn(Base):
    """One signed-in browser. The cookie holds a random token, this table only its hash."""

    __tablename__ = "sign_ins"

    token_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    address: Mapped[str | None]
    browser: Mapped[str | None] = mapped_column(String(200))
