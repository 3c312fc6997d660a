"""The plugin's tables: what files of deciles said, the log of SIKS-NG, checks of a NIK, statements of a month."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, and_, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.api import KEPT, PERSONAL, Base, Case, Household, Person, VillageOwned, village_reference

SHORT, LINE = 80, 200


class DecileMove(VillageOwned, Base):
    """What a file made of a family's decile. What was entered by hand in between is the next one's ``old_decile``.

    ``old_decile`` is None where none was known. A row is kept also where the decile is the same, since then its day and
    source are new; ``moved`` is whether it is another one.
    """

    __tablename__ = "dtsen_moves"
    __table_args__ = (
        village_reference("household_id", "households"),
        village_reference("import_id", "imports"),
        UniqueConstraint("village_id", "import_id", "household_id", name="uq_dtsen_moves_household"),
        Index("ix_dtsen_moves_household_id", "village_id", "household_id", "id"),
        Index("ix_dtsen_moves_moved", "village_id", "moved", "id"),
        CheckConstraint("new_decile BETWEEN 1 AND 10", name="new_decile"),
        CheckConstraint("old_decile BETWEEN 1 AND 10", name="old_decile"),
    )

    household_id: Mapped[UUID]
    import_id: Mapped[UUID]
    old_decile: Mapped[int | None] = mapped_column(info=PERSONAL)
    old_on: Mapped[date | None] = mapped_column(info=PERSONAL)
    old_source: Mapped[str] = mapped_column(String(SHORT), default="", server_default="")
    new_decile: Mapped[int | None] = mapped_column(info=PERSONAL)
    new_on: Mapped[date | None] = mapped_column(info=PERSONAL)
    new_source: Mapped[str] = mapped_column(String(SHORT), default="", server_default="")
    moved: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    household: Mapped[Household] = relationship(
        primaryjoin=lambda: and_(
            DecileMove.village_id == Household.village_id, DecileMove.household_id == Household.id
        ),
        foreign_keys=lambda: [DecileMove.village_id, DecileMove.household_id],
        viewonly=True,
    )


class KeyedEntry(VillageOwned, Base):
    """Something that was keyed into SIKS-NG about a resident: what, when, by whom, and what SIKS-NG says of it now.

    ``status`` and ``status_on`` are those of the newest :class:`KeyedStatus`; they stand here so that a list need not
    look for it.
    """

    __tablename__ = "dtsen_entries"
    __table_args__ = (
        village_reference("person_id", "persons"),
        village_reference("case_id", "cases"),
        Index("ix_dtsen_entries_person_id", "village_id", "person_id", "keyed_on"),
        Index("ix_dtsen_entries_case_id", "village_id", "case_id"),
        Index("ix_dtsen_entries_keyed_on", "village_id", "keyed_on", "id"),
    )

    person_id: Mapped[UUID]
    case_id: Mapped[UUID | None]
    what: Mapped[str] = mapped_column(String(16), info=KEPT)
    detail: Mapped[str] = mapped_column(String(LINE), default="", server_default="")
    keyed_on: Mapped[date]
    keyed_by: Mapped[str] = mapped_column(String(SHORT), info=KEPT)
    status: Mapped[str] = mapped_column(String(SHORT), default="", server_default="")
    status_on: Mapped[date | None]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}

    person: Mapped[Person] = relationship(
        primaryjoin=lambda: and_(KeyedEntry.village_id == Person.village_id, KeyedEntry.person_id == Person.id),
        foreign_keys=lambda: [KeyedEntry.village_id, KeyedEntry.person_id],
        viewonly=True,
    )
    case: Mapped[Case | None] = relationship(
        primaryjoin=lambda: and_(KeyedEntry.village_id == Case.village_id, KeyedEntry.case_id == Case.id),
        foreign_keys=lambda: [KeyedEntry.village_id, KeyedEntry.case_id],
        viewonly=True,
    )


class KeyedStatus(VillageOwned, Base):
    """What SIKS-NG said of an entry on a day, in its own words."""

    __tablename__ = "dtsen_statuses"
    __table_args__ = (
        village_reference("entry_id", "dtsen_entries"),
        Index("ix_dtsen_statuses_entry_id", "village_id", "entry_id", "seen_on", "id"),
    )

    entry_id: Mapped[UUID]
    status: Mapped[str] = mapped_column(String(SHORT))
    seen_on: Mapped[date]
    note: Mapped[str] = mapped_column(String(LINE), default="", server_default="")
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class RegistryCheck(VillageOwned, Base):
    """Somebody looked whether a NIK is Dukcapil's: the answer, the day, who looked, and when to look again.

    What holds is core's (``Person.registry_match``); this is who said so, and what was told.
    """

    __tablename__ = "dtsen_checks"
    __table_args__ = (
        village_reference("person_id", "persons"),
        Index("ix_dtsen_checks_person_id", "village_id", "person_id", "id"),
    )

    person_id: Mapped[UUID]
    result: Mapped[str] = mapped_column(String(16), info=KEPT)
    checked_on: Mapped[date]
    checked_by: Mapped[str] = mapped_column(String(SHORT), info=KEPT)
    note: Mapped[str] = mapped_column(String(LINE), default="", server_default="")
    recheck_on: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class DtsenMonth(VillageOwned, Base):
    """A month of proposals that was answered for by a statement (SPTJM): what its letter hangs on."""

    __tablename__ = "dtsen_months"
    __table_args__ = (UniqueConstraint("village_id", "year", "month", name="uq_dtsen_months_month"),)

    year: Mapped[int]
    month: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}


class DtsenMonthCase(VillageOwned, Base):
    """A proposal that a statement of the month names: the newest one (``named``), or one that was revoked."""

    __tablename__ = "dtsen_month_cases"
    __table_args__ = (
        village_reference("month_id", "dtsen_months"),
        village_reference("case_id", "cases"),
        UniqueConstraint("village_id", "month_id", "case_id", name="uq_dtsen_month_cases_case"),
    )

    month_id: Mapped[UUID]
    case_id: Mapped[UUID]
    named: Mapped[bool] = mapped_column(default=True, server_default="true")

    case: Mapped[Case] = relationship(
        primaryjoin=lambda: and_(DtsenMonthCase.village_id == Case.village_id, DtsenMonthCase.case_id == Case.id),
        foreign_keys=lambda: [DtsenMonthCase.village_id, DtsenMonthCase.case_id],
        viewonly=True,
    )
