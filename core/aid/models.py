"""Aid that no module knows of: told by the family, or read in an official list."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, func
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import KEPT, PERSONAL, Base, VillageOwned, village_reference

SHORT, LINE = 80, 200


class ToldAid(VillageOwned, Base):
    """What a resident gets or got, entered by hand; ``for_family``: it is for the whole household.

    ``programme`` is the name of a plugin, or blank; ``title`` then says what it is. ``state`` is one of
    ``core.aid.received.STATES``, ``source`` of ``core.aid.told.SOURCES``; ``evidence`` says what was seen, and where.
    ``amount`` is rupiah.
    """

    __tablename__ = "told_aid"
    __table_args__ = (
        village_reference("person_id", "persons"),
        CheckConstraint("amount >= 0", name="amount"),
        CheckConstraint("first_day <= last_day", name="period"),
        Index("ix_told_aid_person_id", "village_id", "person_id"),
    )

    person_id: Mapped[UUID]
    for_family: Mapped[bool] = mapped_column(default=False, server_default="false")
    programme: Mapped[str] = mapped_column(String(32), default="", server_default="")
    title: Mapped[str] = mapped_column(String(SHORT))
    state: Mapped[str] = mapped_column(String(16), info=KEPT)
    source: Mapped[str] = mapped_column(String(16), info=KEPT)
    evidence: Mapped[str] = mapped_column(String(LINE), default="", server_default="")
    amount: Mapped[int | None] = mapped_column(info=PERSONAL)
    goods: Mapped[str] = mapped_column(String(LINE), default="", server_default="")
    first_day: Mapped[date | None] = mapped_column(info=PERSONAL)
    last_day: Mapped[date | None] = mapped_column(info=PERSONAL)
    recorded_by: Mapped[UUID | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}
