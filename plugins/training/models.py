"""The plugin's tables: trainings that a district holds, who took part, and what follows from it in each village.

Sessions, materials and participants are the district's own rows: their ``village_id`` is its number. Qualifications are
a village's, made from them by a job, so that a village's pages need to look nowhere else.
"""

from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import BigInteger, Index, String, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from core.api import Base, VillageOwned, village_reference

CODE, NAME, LINE, WORDS = 16, 80, 120, 600


class TrainingSession(VillageOwned, Base):
    """A training. ``services``: names of those that it trains for; ``valid_months`` None: what it gives does not end.

    ``state`` is planned, held (closed, with certificates) or cancelled.
    """

    __tablename__ = "training_sessions"
    __table_args__ = (Index("ix_training_sessions_day", "village_id", "day", "id"),)

    title: Mapped[str] = mapped_column(String(LINE))
    services: Mapped[list[str]] = mapped_column(ARRAY(String), default=list, server_default="{}")
    day: Mapped[date]
    starts: Mapped[time]
    ends: Mapped[time]
    place: Mapped[str] = mapped_column(String(LINE))
    trainer: Mapped[str] = mapped_column(String(LINE))
    seats: Mapped[int]
    valid_months: Mapped[int | None]
    notes: Mapped[str] = mapped_column(String(WORDS), default="", server_default="")
    state: Mapped[str] = mapped_column(String(CODE), default="planned", server_default="planned")
    reason: Mapped[str] = mapped_column(String(WORDS), default="", server_default="")
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_planned(self) -> bool:
        return self.state == "planned"


class TrainingMaterial(VillageOwned, Base):
    """Something to read: a kept file (``sha256``), or an address elsewhere (``link``)."""

    __tablename__ = "training_materials"
    __table_args__ = (
        village_reference("session_id", "training_sessions"),
        Index("ix_training_materials_session_id", "village_id", "session_id"),
    )

    session_id: Mapped[UUID]
    title: Mapped[str] = mapped_column(String(LINE))
    link: Mapped[str] = mapped_column(String(300), default="", server_default="")
    sha256: Mapped[str | None] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(100), default="", server_default="")


class TrainingParticipant(VillageOwned, Base):
    """Somebody who is invited, and what became of it. ``of_village``: where they worked on that day, under which name.

    ``answer`` is "", coming or declined; ``result`` is "", absent, present (not passed) or passed. ``token`` stands in
    the QR code of the certificate; a revoked one is none.
    """

    __tablename__ = "training_participants"
    __table_args__ = (
        village_reference("session_id", "training_sessions"),
        UniqueConstraint("village_id", "session_id", "user_id", name="uq_training_participants_once"),
        Index("ix_training_participants_user_id", "village_id", "user_id"),
        Index("ix_training_participants_of_village", "village_id", "of_village"),
        Index("ix_training_participants_token", "village_id", "token", unique=True),
    )

    session_id: Mapped[UUID]
    user_id: Mapped[UUID]
    of_village: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(LINE))
    place: Mapped[str] = mapped_column(String(LINE))
    answer: Mapped[str] = mapped_column(String(CODE), default="", server_default="")
    result: Mapped[str] = mapped_column(String(CODE), default="", server_default="")
    token: Mapped[str | None] = mapped_column(String(32))
    valid_until: Mapped[date | None]
    revoked_on: Mapped[date | None]
    revoked_why: Mapped[str] = mapped_column(String(WORDS), default="", server_default="")

    @property
    def reference(self) -> str:
        """The number of the certificate, such as PLT-7C02D9."""
        return f"PLT-{self.id.hex[-6:].upper()}"

    @property
    def is_certified(self) -> bool:
        return self.token is not None and self.revoked_on is None


class TrainingQualification(VillageOwned, Base):
    """What somebody of this village is trained for, until when (None: it does not end); made anew each night."""

    __tablename__ = "training_qualifications"
    __table_args__ = (UniqueConstraint("village_id", "user_id", "service", name="uq_training_qualifications_once"),)

    user_id: Mapped[UUID]
    service: Mapped[str] = mapped_column(String(64))
    valid_until: Mapped[date | None]
