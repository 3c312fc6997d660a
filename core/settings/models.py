"""Which settings of plugins were set where, and what was changed by whom."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base
from core.database.uuid7 import uuid7


class PluginSetting(Base):
    """One setting of a plugin at an area, for it and all below; only what was set has a row.

    ``area_hi`` is the area's last village, so that the database can tell who lies below (``core.database.rls``). A
    secret has ``sealed`` and no ``value``.
    """

    __tablename__ = "plugin_settings"

    area_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("areas.id"), primary_key=True)
    plugin: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    area_hi: Mapped[int] = mapped_column(BigInteger)
    value: Mapped[object | None] = mapped_column(JSONB)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    locked: Mapped[bool] = mapped_column(default=False, server_default="false")
    set_at: Mapped[datetime] = mapped_column(server_default=func.now())
    user_id: Mapped[UUID | None]
    user_name: Mapped[str] = mapped_column(String(120))


class PluginSettingChange(Base):
    """A change of a plugin's settings at one area, with what stood there before.

    ``before`` and ``after`` are ``{name: {"value": …, "locked": …} | None}``, None where nothing was set; of a secret
    they say ``{"secret": true, "locked": …}`` and nothing else.
    """

    __tablename__ = "plugin_setting_changes"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    area_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("areas.id"), index=True)
    area_hi: Mapped[int] = mapped_column(BigInteger)
    plugin: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    user_id: Mapped[UUID | None]
    user_name: Mapped[str] = mapped_column(String(120))
    before: Mapped[dict] = mapped_column(JSONB)
    after: Mapped[dict] = mapped_column(JSONB)
