"""What is known of plugins beyond one process: their failures, and where somebody has suspended them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base


class PluginFailure(Base):
    """One failure; kept for a month. ``area_id`` is where the page was, None where it is not known.

    ``suspends`` says that with this one the plugin was left out of the pages of its process for a while, and that
    nobody has resumed it since. ``error`` is a kind and a place, never a text.
    """

    __tablename__ = "plugin_failures"
    __table_args__ = (
        Index("ix_plugin_failures_newest", "plugin", "at"),
        Index("ix_plugin_failures_suspends", "at", postgresql_where="suspends"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    plugin: Mapped[str] = mapped_column(String(32))
    hook: Mapped[str] = mapped_column(String(64))
    area_id: Mapped[int | None] = mapped_column(BigInteger)
    request_id: Mapped[str | None] = mapped_column(String(32))
    error: Mapped[str] = mapped_column(String(300))
    suspends: Mapped[bool] = mapped_column(default=False, server_default="false")


class PluginSuspension(Base):
    """A plugin that somebody has stopped in an area and all below, its settings left as they are; 0 is everywhere.

    ``areas.enabled`` lacks it there: a request needs no further query to know.
    """

    __tablename__ = "plugin_suspensions"

    area_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    plugin: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    user_name: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(String(300))
