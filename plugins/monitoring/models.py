"""The plugin's tables: a village's figures of a month, and its monthly report as it was sent. None names a resident."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.api import KEPT, Base, VillageOwned

OPEN, SENT, RETURNED = "open", "sent", "returned"
WORDS = 500


class MonitoringMonth(VillageOwned, Base):
    """What a village's month came to when the figures were made: sums, which add up over villages and months.

    ``figures``: key → [amount, of], this module's own and those of ``report_sections``. ``sections``: whose they are
    and what they are called. ``detail``: counts by sector and so on, days in classes, aid (``counting.py``).
    """

    __tablename__ = "monitoring_months"
    __table_args__ = (UniqueConstraint("village_id", "month", name="uq_monitoring_months_month"),)

    month: Mapped[date]
    figures: Mapped[dict[str, list[float | None]]] = mapped_column(JSONB, info=KEPT)
    sections: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, info=KEPT)
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB, info=KEPT)
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())


class MonitoringReport(VillageOwned, Base):
    """An edition of a village's monthly report; the first is number 1, each amendment the next one.

    ``state`` is open (made, and made again as often as wanted), sent (its content stays as it is for good) or returned
    (sent, and sent back by the district with a ``remark``). ``reason`` is why an edition after the first was made.
    """

    __tablename__ = "monitoring_reports"
    __table_args__ = (
        UniqueConstraint("village_id", "month", "edition", name="uq_monitoring_reports_edition"),
        Index("ix_monitoring_reports_month", "month", "village_id"),
    )

    month: Mapped[date]
    edition: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default=OPEN, server_default=OPEN, info=KEPT)
    content: Mapped[dict[str, Any]] = mapped_column(JSONB, info=KEPT)
    reason: Mapped[str] = mapped_column(String(WORDS), default="", server_default="", info=KEPT)
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
    sent_at: Mapped[datetime | None]
    sent_by: Mapped[UUID | None]
    sender_name: Mapped[str] = mapped_column(String(120), default="", server_default="", info=KEPT)
    returned_at: Mapped[datetime | None]
    remark: Mapped[str] = mapped_column(String(WORDS), default="", server_default="", info=KEPT)
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_open(self) -> bool:
        return self.state == OPEN
