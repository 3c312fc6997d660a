"""The plugin's tables: who looks after which RT/RW, visits, findings, and papers seen at home.

``user_id`` is always the field worker whose work it is. Rows that a phone makes bring their ``id`` with the form: sent
twice over a bad line, they are one.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.api import KEPT, Base, Household, Person, VillageOwned, village_reference

CODE, NAME, LINE, WORDS = 16, 80, 120, 600
WAITING = "state IN ('new', 'seen')"


class KaderAssignment(VillageOwned, Base):
    """A field worker looks after an RT, a whole RW (``rt`` blank), or a dasawisma group of named households.

    Several may look after the same place. ``ends_on`` is the last day; one that is over stays as history.
    """

    __tablename__ = "kader_assignments"
    __table_args__ = (Index("ix_kader_assignments_user_id", "village_id", "user_id"),)

    user_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(CODE), info=KEPT)
    rw: Mapped[str] = mapped_column(String(3), default="", server_default="")
    rt: Mapped[str] = mapped_column(String(3), default="", server_default="")
    group_name: Mapped[str] = mapped_column(String(NAME), default="", server_default="")
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_group(self) -> bool:
        return not self.rw

    def holds_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class KaderGroupHousehold(VillageOwned, Base):
    """A household of a dasawisma group."""

    __tablename__ = "kader_group_households"
    __table_args__ = (
        village_reference("assignment_id", "kader_assignments"),
        village_reference("household_id", "households"),
        UniqueConstraint("village_id", "assignment_id", "household_id", name="uq_kader_group_households_once"),
        Index("ix_kader_group_households_household_id", "village_id", "household_id"),
    )

    assignment_id: Mapped[UUID]
    household_id: Mapped[UUID]


class KaderVisit(VillageOwned, Base):
    """A visit to a household: planned, done or cancelled. ``planned_on`` is None for one that nobody had planned."""

    __tablename__ = "kader_visits"
    __table_args__ = (
        village_reference("household_id", "households"),
        Index(
            "ix_kader_visits_planned",
            "village_id",
            "user_id",
            "planned_on",
            "id",
            postgresql_where=text("state = 'planned'"),
        ),
        Index("ix_kader_visits_done", "village_id", "done_on", "id", postgresql_where=text("state = 'done'")),
        Index("ix_kader_visits_household_id", "village_id", "household_id", "done_on"),
    )

    household_id: Mapped[UUID]
    user_id: Mapped[UUID]
    purpose: Mapped[str] = mapped_column(String(CODE), info=KEPT)
    state: Mapped[str] = mapped_column(String(CODE), default="planned", server_default="planned", info=KEPT)
    planned_on: Mapped[date | None]
    done_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(WORDS), default="", server_default="")
    cancel_reason: Mapped[str] = mapped_column(String(LINE), default="", server_default="")
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}


class KaderFinding(VillageOwned, Base):
    """A family that needs help, as a field worker found it: a resident, a household, or somebody not registered.

    ``state`` is new, seen (by the desk), case (``case_id``) or answered (``answer`` says why no case). ``answer_by`` is
    the last day for the first answer, ``answered_at`` when it was given: a case, or a reason.
    """

    __tablename__ = "kader_findings"
    __table_args__ = (
        village_reference("person_id", "persons"),
        village_reference("household_id", "households"),
        village_reference("case_id", "cases"),
        Index("ix_kader_findings_found", "village_id", "found_at", "id"),
        Index("ix_kader_findings_waiting", "village_id", "answer_by", "id", postgresql_where=text(WAITING)),
        Index("ix_kader_findings_user_id", "village_id", "user_id", "found_at", "id"),
        Index("ix_kader_findings_person_id", "village_id", "person_id"),
        Index("ix_kader_findings_household_id", "village_id", "household_id"),
        Index("ix_kader_findings_case_id", "village_id", "case_id"),
    )

    user_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(CODE), info=KEPT)
    person_id: Mapped[UUID | None]
    household_id: Mapped[UUID | None]
    name: Mapped[str] = mapped_column(String(NAME), default="", server_default="")
    place: Mapped[str] = mapped_column(String(LINE), default="", server_default="")
    words: Mapped[str] = mapped_column(String(WORDS), default="", server_default="")
    urgent: Mapped[bool] = mapped_column(default=False, server_default="false")
    position: Mapped[str] = mapped_column(String(LINE), default="", server_default="")
    sha256: Mapped[str | None] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(40), default="", server_default="")
    found_at: Mapped[datetime] = mapped_column(server_default=func.now())
    state: Mapped[str] = mapped_column(String(CODE), default="new", server_default="new", info=KEPT)
    answer_by: Mapped[date]
    answered_at: Mapped[datetime | None]
    handled_by: Mapped[UUID | None]
    answer: Mapped[str] = mapped_column(String(WORDS), default="", server_default="")
    case_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}

    person: Mapped[Person | None] = relationship(
        primaryjoin="and_(KaderFinding.village_id == Person.village_id, KaderFinding.person_id == Person.id)",
        foreign_keys="[KaderFinding.village_id, KaderFinding.person_id]",
        viewonly=True,
    )
    household: Mapped[Household | None] = relationship(
        primaryjoin="and_(KaderFinding.village_id == Household.village_id, KaderFinding.household_id == Household.id)",
        foreign_keys="[KaderFinding.village_id, KaderFinding.household_id]",
        viewonly=True,
    )

    @property
    def reference(self) -> str:
        """What it is called by phone, such as TMN-7C02D9."""
        return f"TMN-{self.id.hex[-6:].upper()}"

    @property
    def waits(self) -> bool:
        return self.state in ("new", "seen")


class KaderPrecheck(VillageOwned, Base):
    """Papers of a case that were looked at in the home: ``seen`` and ``missing`` are keys of the service's papers."""

    __tablename__ = "kader_prechecks"
    __table_args__ = (
        village_reference("case_id", "cases"),
        Index("ix_kader_prechecks_case_id", "village_id", "case_id", "id"),
        Index("ix_kader_prechecks_done", "village_id", "done_on", "id"),
    )

    case_id: Mapped[UUID]
    user_id: Mapped[UUID]
    by_name: Mapped[str] = mapped_column(String(NAME), default="", server_default="", info=KEPT)
    done_on: Mapped[date]
    seen: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default="[]", info=KEPT)
    missing: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default="[]", info=KEPT)
    note: Mapped[str] = mapped_column(String(LINE), default="", server_default="")
    coming_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    undone_at: Mapped[datetime | None]
