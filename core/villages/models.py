"""What a village tells the public of itself. A table of its own: ``areas`` is read on every request, this is not."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base, VillageOwned


class VillageProfile(VillageOwned, Base):
    """One row a village. ``hours``: {"2": ["08:00-14:00"]}, Monday is 0; ``closed``: {"2026-12-25": "Natal"}."""

    __tablename__ = "village_profiles"
    __table_args__ = (UniqueConstraint("village_id"),)

    hours: Mapped[dict] = mapped_column(default=dict, server_default="{}")
    closed: Mapped[dict] = mapped_column(default=dict, server_default="{}")
    address: Mapped[str] = mapped_column(String(300), default="", server_default="")
    phone: Mapped[str] = mapped_column(String(20), default="", server_default="")
    whatsapp: Mapped[str] = mapped_column(String(20), default="", server_default="")
    email: Mapped[str] = mapped_column(String(120), default="", server_default="")
    complaints: Mapped[str] = mapped_column(String(300), default="", server_default="")
    version: Mapped[int] = mapped_column(default=0, server_default="0")
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())

    __mapper_args__ = {"version_id_col": version}
