"""The plugin's tables: an escort from the call to the handover, what was done about it, and who is on call.

An escort begins before anybody knows whose it is, so it names no resident at first; who was carried is attached later.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.api import KEPT, Base, Person, VillageOwned, village_reference

CODE, NAME, LINE, WORDS = 16, 80, 120, 300
OPEN = "state = 'running' OR (state = 'ended' AND follow_up = 'pending')"


class Escort(VillageOwned, Base):
    """A patient who is taken to a facility by a PSM. ``id`` is drawn with the form of the call: sent twice, it is one.

    ``state`` is running, ended (handed over) or cancelled. ``follow_up`` is pending, case (``case_id``) or none (the
    code ``follow_up_why``); ``follow_up_by`` is its last day. ``jkn`` is active, inactive, none or unknown.
    """

    __tablename__ = "emergency_escorts"
    __table_args__ = (
        village_reference("person_id", "persons"),
        village_reference("case_id", "cases"),
        Index("ix_emergency_escorts_called", "village_id", "called_at", "id"),
        Index("ix_emergency_escorts_open", "village_id", "follow_up_by", "id", postgresql_where=text(OPEN)),
        Index("ix_emergency_escorts_person_id", "village_id", "person_id"),
        Index("ix_emergency_escorts_case_id", "village_id", "case_id"),
    )

    person_id: Mapped[UUID | None]
    case_id: Mapped[UUID | None]
    patient_name: Mapped[str] = mapped_column(String(NAME), default="", server_default="")
    caller_name: Mapped[str] = mapped_column(String(NAME), default="", server_default="")
    caller_phone: Mapped[str] = mapped_column(String(20), default="", server_default="")
    place: Mapped[str] = mapped_column(String(LINE))
    condition: Mapped[str] = mapped_column(String(WORDS), default="", server_default="")
    jkn: Mapped[str] = mapped_column(String(CODE), default="unknown", server_default="unknown", info=KEPT)
    transport: Mapped[str] = mapped_column(String(CODE), default="", server_default="", info=KEPT)
    escort_name: Mapped[str] = mapped_column(String(NAME), default="", server_default="", info=KEPT)
    facility: Mapped[str] = mapped_column(String(LINE), default="", server_default="")
    receiver: Mapped[str] = mapped_column(String(NAME), default="", server_default="")
    called_at: Mapped[datetime]
    departed_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    handed_over_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(CODE), default="running", server_default="running", info=KEPT)
    cancel_reason: Mapped[str] = mapped_column(String(WORDS), default="", server_default="")
    follow_up: Mapped[str] = mapped_column(String(CODE), default="pending", server_default="pending", info=KEPT)
    follow_up_by: Mapped[date]
    follow_up_why: Mapped[str] = mapped_column(String(CODE), default="", server_default="", info=KEPT)
    follow_up_note: Mapped[str] = mapped_column(String(WORDS), default="", server_default="")
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}

    person: Mapped[Person | None] = relationship(
        primaryjoin="and_(Escort.village_id == Person.village_id, Escort.person_id == Person.id)",
        foreign_keys="[Escort.village_id, Escort.person_id]",
        viewonly=True,
    )

    @property
    def reference(self) -> str:
        """What it is called on paper and by phone, such as DRT-7C02D9."""
        return f"DRT-{self.id.hex[-6:].upper()}"

    @property
    def running(self) -> bool:
        return self.state == "running"

    @property
    def waits_for_case(self) -> bool:
        return self.state == "ended" and self.follow_up == "pending"


class EscortEntry(VillageOwned, Base):
    """Something done about an escort. ``moment`` is the time that it recorded, ``before`` the one that stood there."""

    __tablename__ = "emergency_entries"
    __table_args__ = (
        village_reference("escort_id", "emergency_escorts"),
        Index("ix_emergency_entries_escort_id", "village_id", "escort_id", "id"),
    )

    escort_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(CODE), info=KEPT)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    by: Mapped[UUID | None]
    moment: Mapped[datetime | None]
    before: Mapped[datetime | None]
    text: Mapped[str] = mapped_column(String(WORDS), default="", server_default="")


class OnCallShift(VillageOwned, Base):
    """Somebody on call. The shift's name and hours are as they were when it was written down, whatever is set since."""

    __tablename__ = "emergency_shifts"
    __table_args__ = (
        UniqueConstraint("village_id", "starts_at", "name", name="uq_emergency_shifts_once"),
        Index("ix_emergency_shifts_ends", "village_id", "ends_at"),
    )

    day: Mapped[date]
    title: Mapped[str] = mapped_column(String(40))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    name: Mapped[str] = mapped_column(String(NAME))
    phone: Mapped[str] = mapped_column(String(20))
    created_by: Mapped[UUID | None]
