"""The plugin's one table."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.api import Base, Person, VillageOwned, village_reference


class Visit(VillageOwned, Base):
    """A visit at a resident's home, planned (``visited_on`` is None) or made."""

    __tablename__ = "homevisit_visits"
    __table_args__ = (
        village_reference("person_id", "persons"),
        village_reference("case_id", "cases"),
        Index("ix_homevisit_visits_planned_on", "village_id", "planned_on", "id"),
        Index("ix_homevisit_visits_person_id", "village_id", "person_id"),
    )

    person_id: Mapped[UUID]
    case_id: Mapped[UUID | None]
    planned_on: Mapped[date]
    visited_on: Mapped[date | None]
    visited_by: Mapped[UUID | None]
    finding: Mapped[str] = mapped_column(default="", server_default="")

    person: Mapped[Person] = relationship(
        primaryjoin="and_(Visit.village_id == Person.village_id, Visit.person_id == Person.id)",
        foreign_keys="[Visit.village_id, Visit.person_id]",
        viewonly=True,
        lazy="joined",
        innerjoin=True,
    )
