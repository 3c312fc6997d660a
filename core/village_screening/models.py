"""A run over a village's register, and whom it found."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, String, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, VillageOwned

# Worked out from the register and soon out of date: no part of a village's record, so not of its archive either.
DERIVED = {"info": {"archived": False}}


class ScreeningRun(VillageOwned, Base):
    """One pass over the register by the rules of the day ``judged_on``.

    ``counts`` has by a service's name under ``services`` how many were judged ``met``, ``unknown`` and ``unmet``, and
    how many ``asked`` for it already; ``failed`` names those whose criteria could not be worked out.
    """

    __tablename__ = "screening_runs"
    __table_args__ = (Index("ix_screening_runs_latest", "village_id", "created_at"), DERIVED)

    state: Mapped[str] = mapped_column(String(16), default="waiting", server_default="waiting")
    progress: Mapped[int] = mapped_column(default=0, server_default="0")
    total: Mapped[int] = mapped_column(default=0, server_default="0")
    judged_on: Mapped[date]
    residents: Mapped[int] = mapped_column(default=0, server_default="0")
    counts: Mapped[dict] = mapped_column(JSONB, default=dict, server_default="{}")
    problem: Mapped[str | None]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]

    @property
    def is_running(self) -> bool:
        return self.state in ("waiting", "working")


class ScreeningFinding(VillageOwned, Base):
    """Somebody who may be entitled to a service and has no case of it: ``open_questions`` say how much is not known.

    Goes with its run and with its resident: it is worth nothing without either.
    """

    __tablename__ = "screening_findings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["village_id", "run_id"], ["screening_runs.village_id", "screening_runs.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["village_id", "person_id"], ["persons.village_id", "persons.id"], ondelete="CASCADE"),
        Index("ix_screening_findings_list", "village_id", "run_id", "service", "open_questions", "rw", "rt", "id"),
        Index("ix_screening_findings_person_id", "village_id", "person_id"),
        DERIVED,
    )

    run_id: Mapped[UUID]
    service: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[UUID]
    rw: Mapped[str] = mapped_column(String(3), default="", server_default="")
    rt: Mapped[str] = mapped_column(String(3), default="", server_default="")
    open_questions: Mapped[int]
