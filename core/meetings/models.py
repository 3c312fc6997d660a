"""A village's meetings: the meeting, who came, and which cases were discussed with what result."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.cases.models import Case
from core.database.base import KEPT, Base, VillageOwned, village_reference

SHORT, LINE, LONG = 80, 200, 2000


class Meeting(VillageOwned, Base):
    """A musdes, musdes khusus or muskel that decides on cases of one or several programmes.

    ``version`` counts everything that a decision can rest on: candidates, attendance, terms and decisions too.
    ``terms`` has what each programme wants to know of the meeting, by the name of its service.
    """

    __tablename__ = "meetings"
    __table_args__ = (Index("ix_meetings_held_on", "village_id", "held_on", "id"),)

    kind: Mapped[str] = mapped_column(String(16))
    held_on: Mapped[date]
    starts_at: Mapped[str] = mapped_column(String(5))
    place: Mapped[str] = mapped_column(String(SHORT))
    agenda: Mapped[str]
    leader: Mapped[str] = mapped_column(String(SHORT))
    secretary: Mapped[str] = mapped_column(String(SHORT))
    terms: Mapped[dict] = mapped_column(JSONB, default=dict, server_default="{}")
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}

    @property
    def agenda_lines(self) -> Sequence[str]:
        return [line.strip() for line in self.agenda.splitlines() if line.strip()]


class MeetingAttendee(VillageOwned, Base):
    """Somebody at a meeting: the name, and for whom he or she sits there. ``place`` keeps the order of the list."""

    __tablename__ = "meeting_attendees"
    __table_args__ = (
        village_reference("meeting_id", "meetings"),
        Index("ix_meeting_attendees_meeting_id", "village_id", "meeting_id", "place"),
    )

    meeting_id: Mapped[UUID]
    place: Mapped[int]
    name: Mapped[str] = mapped_column(String(SHORT))
    element: Mapped[str] = mapped_column(String(16))


class MeetingCandidate(VillageOwned, Base):
    """A case on a meeting's list. ``decision`` is blank until it was discussed: accepted, reserve or not_chosen."""

    __tablename__ = "meeting_candidates"
    __table_args__ = (
        village_reference("meeting_id", "meetings"),
        village_reference("case_id", "cases"),
        UniqueConstraint("village_id", "meeting_id", "case_id", name="uq_meeting_candidates_case"),
        Index("ix_meeting_candidates_case_id", "village_id", "case_id"),
    )

    meeting_id: Mapped[UUID]
    case_id: Mapped[UUID]
    decision: Mapped[str] = mapped_column(String(16), default="", server_default="", info=KEPT)
    rank: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(LINE), default="", server_default="")

    case: Mapped[Case] = relationship(
        primaryjoin="and_(MeetingCandidate.village_id == Case.village_id, MeetingCandidate.case_id == Case.id)",
        foreign_keys="[MeetingCandidate.village_id, MeetingCandidate.case_id]",
        viewonly=True,
    )
