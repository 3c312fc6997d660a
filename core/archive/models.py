"""What a district has brought in from archives, and how far a running one is."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base
from core.database.uuid7 import uuid7


class Restore(Base):
    """An archive that somebody of ``area_id`` has uploaded.

    Its states: ``waiting`` → ``working`` → ``done``, ``refused`` or ``failed``. The area's and not the village's, which
    is not there before it is done. ``result`` counts what came in.
    """

    __tablename__ = "restores"
    __table_args__ = (Index("ix_restores_area", "area_id", "created_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    area_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("areas.id"))
    village_code: Mapped[str] = mapped_column(String(13))
    filename: Mapped[str] = mapped_column(String(200))
    left_out: Mapped[list[str]] = mapped_column(ARRAY(String), default=list, server_default="{}")
    state: Mapped[str] = mapped_column(String(16), default="waiting", server_default="waiting")
    progress: Mapped[int] = mapped_column(default=0, server_default="0")
    total: Mapped[int] = mapped_column(default=0, server_default="0")
    result: Mapped[dict] = mapped_column(JSONB, default=dict, server_default="{}")
    problem: Mapped[str | None]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]
