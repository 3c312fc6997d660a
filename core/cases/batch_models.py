"""Steps and letters of many cases at once: what was asked for, and what became of each case."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import KEPT, Base, VillageOwned, village_reference


class CaseBatch(VillageOwned, Base):
    """One deed for many cases of one service: ``kind`` is "step" or "letter", ``key`` the transition's or the letter's.

    ``state`` is waiting, working, done, or undone. ``answer`` is what was filled in once for all, until it was done:
    then each case's timeline has it.
    """

    __tablename__ = "case_batches"

    kind: Mapped[str] = mapped_column(String(16), info=KEPT)
    service: Mapped[str] = mapped_column(String(64), info=KEPT)
    key: Mapped[str] = mapped_column(String(32), info=KEPT)
    state: Mapped[str] = mapped_column(String(16), default="waiting", server_default="waiting", info=KEPT)
    answer: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[UUID | None]


class CaseBatchItem(VillageOwned, Base):
    """One case of a batch. ``result`` is waiting, done, left_out (``reason`` says why), undone, or kept: not undone.

    ``version_seen`` is what the preview showed, ``version_after`` what the deed left. ``before`` holds how the case
    stood, for the undoing: its state, its days, and the ids of the tasks that the deed made.
    """

    __tablename__ = "case_batch_items"
    __table_args__ = (
        village_reference("batch_id", "case_batches"),
        village_reference("case_id", "cases"),
        village_reference("letter_id", "letters"),
        UniqueConstraint("village_id", "batch_id", "case_id"),
        Index("ix_case_batch_items_batch_id", "village_id", "batch_id", "place"),
        Index("ix_case_batch_items_case_id", "village_id", "case_id"),
        Index("ix_case_batch_items_letter_id", "village_id", "letter_id"),
    )

    batch_id: Mapped[UUID]
    case_id: Mapped[UUID]
    place: Mapped[int]
    version_seen: Mapped[int]
    result: Mapped[str] = mapped_column(String(16), default="waiting", server_default="waiting", info=KEPT)
    reason: Mapped[str] = mapped_column(String(400), default="", server_default="")
    version_after: Mapped[int | None]
    letter_id: Mapped[UUID | None]
    before: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}", info=KEPT)
    done_at: Mapped[datetime | None]
