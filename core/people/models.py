"""Persons and households of a village, and how they were before a file changed them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database.base import KEPT, PERSONAL, Base, VillageOwned, village_reference
from core.imports import models as _imports  # noqa: F401 - the tables that these refer to

ERASED = "erased"


class Household(VillageOwned, Base):
    """A keluarga: the people of one No KK. The unit of DTSEN (Permensos 3/2025).

    ``decile`` is the official one, entered with its date and source; it is never computed here.
    """

    __tablename__ = "households"
    __table_args__ = (
        Index(
            "uq_households_kk_number",
            "village_id",
            "kk_number",
            unique=True,
            postgresql_where=text("kk_number IS NOT NULL"),
        ),
        CheckConstraint("decile BETWEEN 1 AND 10", name="decile"),
        village_reference("import_id", "imports"),
    )

    kk_number: Mapped[str | None] = mapped_column(String(16))
    address: Mapped[str] = mapped_column(default="", server_default="")
    hamlet: Mapped[str] = mapped_column(default="", server_default="")
    rt: Mapped[str] = mapped_column(String(3), default="", server_default="")
    rw: Mapped[str] = mapped_column(String(3), default="", server_default="")
    decile: Mapped[int | None] = mapped_column(info=PERSONAL)
    decile_on: Mapped[date | None] = mapped_column(info=PERSONAL)
    decile_source: Mapped[str | None]
    lat: Mapped[float | None] = mapped_column(info=PERSONAL)
    lng: Mapped[float | None] = mapped_column(info=PERSONAL)
    import_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())

    __mapper_args__ = {"version_id_col": version}

    persons: Mapped[list["Person"]] = relationship(
        primaryjoin="and_(Household.village_id == Person.village_id, Household.id == Person.household_id)",
        foreign_keys="[Person.village_id, Person.household_id]",
        viewonly=True,
    )


class Person(VillageOwned, Base):
    """A resident. ``nik`` is None while there is none yet: never a dummy number.

    A NIK's structure proves no registration, hence ``registry_match`` (padan Dukcapil): unchecked, matched, unmatched.
    """

    __tablename__ = "persons"
    __table_args__ = (
        Index("uq_persons_nik", "village_id", "nik", unique=True, postgresql_where=text("nik IS NOT NULL")),
        Index("ix_persons_name", "village_id", text("lower(name)"), "id"),
        Index("ix_persons_household_id", "village_id", "household_id"),
        Index("ix_persons_birth_date", "village_id", "birth_date"),
        Index("ix_persons_name_key", "village_id", "name_key"),
        village_reference("household_id", "households"),
        village_reference("import_id", "imports"),
        CheckConstraint("sex IN ('L', 'P')", name="sex"),
    )

    household_id: Mapped[UUID | None]
    nik: Mapped[str | None] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(String(120))
    sex: Mapped[str] = mapped_column(String(1), info=KEPT)
    birth_place: Mapped[str] = mapped_column(default="", server_default="")
    birth_date: Mapped[date]
    family_role: Mapped[str] = mapped_column(String(16), default="other", server_default="other")
    marital_status: Mapped[str] = mapped_column(default="", server_default="")
    religion: Mapped[str] = mapped_column(default="", server_default="")
    education: Mapped[str] = mapped_column(default="", server_default="")
    occupation: Mapped[str] = mapped_column(default="", server_default="")
    father_name: Mapped[str] = mapped_column(default="", server_default="")
    mother_name: Mapped[str] = mapped_column(default="", server_default="")
    phone: Mapped[str] = mapped_column(default="", server_default="")
    disability: Mapped[str] = mapped_column(default="", server_default="")
    insurance: Mapped[str] = mapped_column(String(16), default="", server_default="")
    life_status: Mapped[str] = mapped_column(String(16), default="alive", server_default="alive")
    registry_match: Mapped[str] = mapped_column(String(16), default="unchecked", server_default="unchecked")
    registry_checked_on: Mapped[date | None] = mapped_column(info=PERSONAL)
    extra: Mapped[dict] = mapped_column(JSONB, default=dict, server_default="{}")
    import_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())

    __mapper_args__ = {"version_id_col": version}

    household: Mapped[Household | None] = relationship(
        primaryjoin="and_(Household.village_id == Person.village_id, Household.id == Person.household_id)",
        foreign_keys="[Person.village_id, Person.household_id]",
        viewonly=True,
    )

    @property
    def erased(self) -> bool:
        """Whether this was a resident whose data are erased (``core.personal_data.erasing``)."""
        return self.life_status == ERASED

    def age(self, on: date) -> int:
        """Completed years on a day."""
        return on.year - self.birth_date.year - ((on.month, on.day) < (self.birth_date.month, self.birth_date.day))


class ImportChange(VillageOwned, Base):
    """What an import did to one row, so that it can be undone: ``before`` is None for a row that it made."""

    __tablename__ = "import_changes"
    __table_args__ = (village_reference("import_id", "imports"), Index("ix_import_changes", "village_id", "import_id"))

    import_id: Mapped[UUID]
    table: Mapped[str] = mapped_column(String(16))
    row_id: Mapped[UUID]
    before: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))
    version_after: Mapped[int]
