"""Values of rules that areas have set in the place of a plugin's own."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base
from core.database.uuid7 import uuid7


class RuleOverride(Base):
    """What an area decided on a rule's value, for it and all below, from a day on. Written once, never changed.

    A later row with the same area, value (``plugin``, ``part``, ``key``) and ``valid_from`` takes the place of an
    earlier one: with a ``valid_to`` when it was ended, ``withdrawn`` when it is to count as never set. So the table is
    its own history, and tells also what was known on an earlier day, when a case was judged.

    ``part`` is the list of ``rules.toml`` ("rule"); ``key`` a path such as ``amount.sd``. ``area_hi`` is the area's
    last village, so that the database can tell who lies below (``core.database.rls``).
    """

    __tablename__ = "rule_overrides"
    __table_args__ = (Index("ix_rule_overrides_area", "area_id", "plugin"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    area_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("areas.id"))
    area_hi: Mapped[int] = mapped_column(BigInteger)
    plugin: Mapped[str] = mapped_column(String(32))
    part: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(128))
    value: Mapped[object] = mapped_column(JSONB)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(300))
    certainty: Mapped[str] = mapped_column(String(16))
    withdrawn: Mapped[bool] = mapped_column(default=False, server_default="false")
    set_at: Mapped[datetime] = mapped_column(server_default=func.now())
    user_id: Mapped[UUID | None]
    user_name: Mapped[str] = mapped_column(String(120))
