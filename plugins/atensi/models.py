"""The plugin's tables: what the service plan gives a person, and the visits afterwards."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column

from core.api import KEPT, Base, VillageOwned, village_reference

SHORT, LINE, LONG = 80, 200, 600


class AtensiSupport(VillageOwned, Base):
    """A line of a service plan: ``kind`` of support, from whom, and whether it was planned, delivered or has ended."""

    __tablename__ = "atensi_supports"
    __table_args__ = (
        village_reference("case_id", "cases"),
        CheckConstraint("state IN ('planned', 'delivered', 'ended')", name="state"),
        Index("ix_atensi_supports_case_id", "village_id", "case_id"),
    )

    case_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(16))
    detail: Mapped[str] = mapped_column(String(LINE), default="", server_default="")
    provider: Mapped[str] = mapped_column(String(SHORT), default="", server_default="", info=KEPT)
    state: Mapped[str] = mapped_column(String(12), default="planned", server_default="planned", info=KEPT)
    state_on: Mapped[date]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}


class AtensiVisit(VillageOwned, Base):
    """A visit: what was found, in short, and when somebody should come again. Written once, never changed."""

    __tablename__ = "atensi_visits"
    __table_args__ = (
        village_reference("case_id", "cases"),
        Index("ix_atensi_visits_case_id", "village_id", "case_id", "visited_on"),
    )

    case_id: Mapped[UUID]
    visited_on: Mapped[date]
    visitor: Mapped[str] = mapped_column(String(SHORT), default="", server_default="", info=KEPT)
    condition: Mapped[str] = mapped_column(String(LONG), default="", server_default="")
    next_on: Mapped[date | None]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
