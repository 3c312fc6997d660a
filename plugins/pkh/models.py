"""The plugin's tables: families that are KPM, what each member counts for, and the commitments month by month."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.api import Base, Household, Person, VillageOwned, village_reference

SHORT, LINE = 80, 200


class KpmFamily(VillageOwned, Base):
    """A household that Kemensos has made a KPM (keluarga penerima manfaat), with who fetches its aid.

    ``state`` is active or left. A household is on the list at most once at a time. ``case_id`` is the proposal that
    brought it there; None for one that was a KPM before.
    """

    __tablename__ = "pkh_families"
    __table_args__ = (
        village_reference("household_id", "households"),
        village_reference("payee_id", "persons"),
        village_reference("case_id", "cases"),
        Index(
            "uq_pkh_families_household",
            "village_id",
            "household_id",
            unique=True,
            postgresql_where=text("state = 'active'"),
        ),
        Index("ix_pkh_families_payee_id", "village_id", "payee_id"),
    )

    household_id: Mapped[UUID]
    payee_id: Mapped[UUID]
    case_id: Mapped[UUID | None]
    since: Mapped[date]
    participant: Mapped[str] = mapped_column(String(40), default="", server_default="")
    state: Mapped[str] = mapped_column(String(16), default="active", server_default="active")
    left_on: Mapped[date | None]
    left_why: Mapped[str] = mapped_column(String(16), default="", server_default="")
    left_note: Mapped[str] = mapped_column(String(LINE), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}

    payee: Mapped[Person] = relationship(
        primaryjoin="and_(KpmFamily.village_id == Person.village_id, KpmFamily.payee_id == Person.id)",
        foreign_keys="[KpmFamily.village_id, KpmFamily.payee_id]",
        viewonly=True,
    )
    household: Mapped[Household] = relationship(
        primaryjoin="and_(KpmFamily.village_id == Household.village_id, KpmFamily.household_id == Household.id)",
        foreign_keys="[KpmFamily.village_id, KpmFamily.household_id]",
        viewonly=True,
    )

    @property
    def active(self) -> bool:
        return self.state == "active"


class Member(VillageOwned, Base):
    """What somebody of a KPM counts for, from ``since`` to ``until`` (its last day; None: still). ``place`` is where
    the commitment is kept, such as a school or Posyandu.
    """

    __tablename__ = "pkh_members"
    __table_args__ = (
        village_reference("family_id", "pkh_families"),
        village_reference("person_id", "persons"),
        Index("ix_pkh_members_family_id", "village_id", "family_id"),
        Index("ix_pkh_members_person_id", "village_id", "person_id"),
        Index(
            "uq_pkh_members_component",
            "village_id",
            "family_id",
            "person_id",
            "component",
            unique=True,
            postgresql_where=text("until IS NULL"),
        ),
        CheckConstraint("until >= since", name="period"),
    )

    family_id: Mapped[UUID]
    person_id: Mapped[UUID]
    component: Mapped[str] = mapped_column(String(16))
    place: Mapped[str] = mapped_column(String(SHORT), default="", server_default="")
    since: Mapped[date]
    until: Mapped[date | None]

    person: Mapped[Person] = relationship(
        primaryjoin="and_(Member.village_id == Person.village_id, Member.person_id == Person.id)",
        foreign_keys="[Member.village_id, Member.person_id]",
        viewonly=True,
    )

    def holds(self, first: date, last: date) -> bool:
        """Whether it held on any day from ``first`` to ``last``."""
        return self.since <= last and (self.until is None or self.until >= first)


class Check(VillageOwned, Base):
    """A member's commitment in one month: visits, services or percent of school days, as the component has it.

    Who could not keep it for a good reason is excused, with the reason in ``note``; it then counts neither way.
    """

    __tablename__ = "pkh_checks"
    __table_args__ = (
        village_reference("member_id", "pkh_members"),
        UniqueConstraint("village_id", "member_id", "year", "month", name="uq_pkh_checks_month"),
        CheckConstraint("month BETWEEN 1 AND 12", name="month"),
        CheckConstraint("excused OR value IS NOT NULL", name="says_something"),
    )

    member_id: Mapped[UUID]
    year: Mapped[int]
    month: Mapped[int]
    value: Mapped[int | None]
    excused: Mapped[bool] = mapped_column(default=False, server_default="false")
    note: Mapped[str] = mapped_column(String(LINE), default="", server_default="")
    checked_by: Mapped[UUID | None]
    checked_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())
