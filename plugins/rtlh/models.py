"""The plugin's tables: a house that is repaired, how far the works are, and what the money was spent on."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.api import KEPT, Base, Case, Person, VillageOwned, village_reference

SHORT, LINE = 80, 200


class RtlhWork(VillageOwned, Base):
    """The repair of one family's house; ``case_id`` None for one that was aided before this platform knew it.

    Budgets are rupiah. ``progress`` is the percent of the last stage that holds. ``handed_on`` is the day on which the
    family got its house back; until then the works are open. ``version`` counts changes of this row and of its stages.
    """

    __tablename__ = "rtlh_works"
    __table_args__ = (
        village_reference("case_id", "cases"),
        village_reference("person_id", "persons"),
        village_reference("household_id", "households"),
        CheckConstraint("budget_material >= 0 AND budget_wages >= 0 AND budget_operations >= 0", name="budget"),
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress"),
        Index("uq_rtlh_works_case", "village_id", "case_id", unique=True),
        Index("ix_rtlh_works_person_id", "village_id", "person_id"),
        Index("ix_rtlh_works_household_id", "village_id", "household_id"),
    )

    case_id: Mapped[UUID | None]
    person_id: Mapped[UUID]
    household_id: Mapped[UUID | None]
    source: Mapped[str] = mapped_column(String(SHORT), info=KEPT)
    decree: Mapped[str] = mapped_column(String(SHORT), default="", server_default="", info=KEPT)
    begun_on: Mapped[date]
    builder: Mapped[str] = mapped_column(String(SHORT), default="", server_default="")
    budget_material: Mapped[int]
    budget_wages: Mapped[int]
    budget_operations: Mapped[int]
    progress: Mapped[int] = mapped_column(default=0, server_default="0")
    handed_on: Mapped[date | None]
    handing_note: Mapped[str] = mapped_column(String(LINE), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}

    person: Mapped[Person] = relationship(
        primaryjoin="and_(RtlhWork.village_id == Person.village_id, RtlhWork.person_id == Person.id)",
        foreign_keys="[RtlhWork.village_id, RtlhWork.person_id]",
        viewonly=True,
    )
    case: Mapped[Case | None] = relationship(
        primaryjoin="and_(RtlhWork.village_id == Case.village_id, RtlhWork.case_id == Case.id)",
        foreign_keys="[RtlhWork.village_id, RtlhWork.case_id]",
        viewonly=True,
    )

    @property
    def is_open(self) -> bool:
        return self.handed_on is None

    @property
    def budget(self) -> dict[str, int]:
        """Rupiah by kind, in the order of the budget."""
        return {"material": self.budget_material, "wages": self.budget_wages, "operations": self.budget_operations}


class RtlhStage(VillageOwned, Base):
    """How far the works were on a day, with a photo. One that was taken back stays to be seen, with the reason."""

    __tablename__ = "rtlh_stages"
    __table_args__ = (
        village_reference("work_id", "rtlh_works"),
        Index(
            "uq_rtlh_stages_percent",
            "village_id",
            "work_id",
            "percent",
            unique=True,
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    work_id: Mapped[UUID]
    percent: Mapped[int]
    seen_on: Mapped[date]
    note: Mapped[str] = mapped_column(String(LINE), default="", server_default="")
    sha256: Mapped[str | None] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(32), default="", server_default="", info=KEPT)
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    undone_at: Mapped[datetime | None]
    undone_reason: Mapped[str] = mapped_column(String(LINE), default="", server_default="")


class RtlhExpense(VillageOwned, Base):
    """One receipt: ``serial`` counts those of a house. One that was struck does not count, and says why."""

    __tablename__ = "rtlh_expenses"
    __table_args__ = (
        village_reference("work_id", "rtlh_works"),
        CheckConstraint("amount > 0", name="amount"),
        Index("uq_rtlh_expenses_serial", "village_id", "work_id", "serial", unique=True),
    )

    work_id: Mapped[UUID]
    serial: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16), info=KEPT)
    spent_on: Mapped[date]
    amount: Mapped[int]
    what: Mapped[str] = mapped_column(String(LINE))
    paid_to: Mapped[str] = mapped_column(String(SHORT))
    receipt: Mapped[str] = mapped_column(String(SHORT), default="", server_default="")
    sha256: Mapped[str | None] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(32), default="", server_default="", info=KEPT)
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    struck_at: Mapped[datetime | None]
    struck_reason: Mapped[str] = mapped_column(String(LINE), default="", server_default="")
