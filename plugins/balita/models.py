"""The plugin's tables: measurements of children, and supplementary food handed out."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.api import KEPT, PERSONAL, Base, Person, VillageOwned, village_reference

from .growth import Reading

SHORT, LINE = 80, 200


class Measurement(VillageOwned, Base):
    """What was measured of a child on a day, in grams and millimetres; z-scores are reckoned when they are shown, so
    that a corrected birth date corrects them too. ``looked_at``: somebody saw a warning and kept the figures.
    """

    __tablename__ = "balita_measurements"
    __table_args__ = (
        village_reference("person_id", "persons"),
        village_reference("import_id", "imports"),
        UniqueConstraint("village_id", "person_id", "measured_on", name="uq_balita_measurements_day"),
        Index("ix_balita_measurements_import_id", "village_id", "import_id"),
    )

    person_id: Mapped[UUID]
    measured_on: Mapped[date]
    weight_g: Mapped[int | None] = mapped_column(info=PERSONAL)
    height_mm: Mapped[int | None] = mapped_column(info=PERSONAL)
    position: Mapped[str] = mapped_column(String(8), default="", server_default="")
    head_mm: Mapped[int | None] = mapped_column(info=PERSONAL)
    arm_mm: Mapped[int | None] = mapped_column(info=PERSONAL)
    vitamin_a: Mapped[str] = mapped_column(String(8), default="", server_default="")
    breastfed: Mapped[str] = mapped_column(String(8), default="", server_default="")
    immunisation: Mapped[str] = mapped_column(String(LINE), default="", server_default="")
    remark: Mapped[str] = mapped_column(String(LINE), default="", server_default="")
    measured_by: Mapped[str] = mapped_column(String(SHORT), default="", server_default="", info=KEPT)
    looked_at: Mapped[bool] = mapped_column(default=False, server_default="false")
    import_id: Mapped[UUID | None]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}

    person: Mapped[Person] = relationship(
        primaryjoin="and_(Measurement.village_id == Person.village_id, Measurement.person_id == Person.id)",
        foreign_keys="[Measurement.village_id, Measurement.person_id]",
        viewonly=True,
    )

    @property
    def reading(self) -> Reading:
        return Reading(self.measured_on, self.weight_g, self.height_mm, self.position)


class Ration(VillageOwned, Base):
    """PMT (pemberian makanan tambahan) handed out for a child on a day."""

    __tablename__ = "balita_rations"
    __table_args__ = (
        village_reference("person_id", "persons"),
        Index("ix_balita_rations_person_id", "village_id", "person_id", "given_on"),
        Index("ix_balita_rations_given_on", "village_id", "given_on"),
    )

    person_id: Mapped[UUID]
    given_on: Mapped[date]
    food: Mapped[str] = mapped_column(String(SHORT))
    portions: Mapped[int]
    received_by: Mapped[str] = mapped_column(String(SHORT))
    given_by: Mapped[str] = mapped_column(String(SHORT), default="", server_default="", info=KEPT)
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
