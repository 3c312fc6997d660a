"""Provisioned areas, and which modules are switched on where."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, String, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from core.database.base import Base
from core.database.uuid7 import uuid7

from .code import AreaCode, Level

PREFIXES = {
    "desa": "Desa",
    "kelurahan": "Kelurahan",
    "desa_adat": "Desa Adat",
    "kecamatan": "Kec.",
    "distrik": "Distrik",
}


def title_of(kind: str, name: str) -> str:
    """An area's name with what it is, where people say both."""
    prefix = PREFIXES.get(kind)
    return f"{prefix} {name}" if prefix else name


class Area(Base):
    """A province, district, kecamatan or village that this installation serves.

    The catalogue of all areas is ``lokal``'s; only what a district has provisioned has a row here. ``enabled`` is the
    effective set of modules, recomputed whenever a setting changes: no request needs a further query for it.
    """

    __tablename__ = "areas"
    __table_args__ = (
        CheckConstraint("hi >= id", name="interval"),
        # Three villages of one district are called Cibadak, and a ticket must tell them apart.
        Index("uq_areas_district_prefix", text("(id / 1000000)"), "ticket_prefix", unique=True),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hi: Mapped[int] = mapped_column(BigInteger)
    level: Mapped[int] = mapped_column(SmallInteger)
    code: Mapped[str] = mapped_column(String(13), unique=True)
    name: Mapped[str]
    kind: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("areas.id"), index=True)
    timezone: Mapped[str] = mapped_column(default="Asia/Jakarta", server_default="Asia/Jakarta")
    postal_code: Mapped[str | None] = mapped_column(String(5))
    ticket_prefix: Mapped[str | None] = mapped_column(String(6))
    enabled: Mapped[list[str]] = mapped_column(ARRAY(String), default=list, server_default="{}")
    suspended_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())

    @property
    def interval(self) -> AreaCode:
        return AreaCode(self.id, Level(self.level))

    @property
    def is_village(self) -> bool:
        return self.level == Level.VILLAGE

    @property
    def title(self) -> str:
        """As people say it: "Desa Cibadak", "Kec. Ciampea", "Kabupaten Bogor"."""
        return title_of(self.kind, self.name)


class ModuleSetting(Base):
    """One deviation: a module switched on or off at an area, for it and all below; only deviations are stored."""

    __tablename__ = "module_settings"

    area_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("areas.id"), primary_key=True)
    module: Mapped[str] = mapped_column(String(32), primary_key=True)
    enabled: Mapped[bool]
    locked: Mapped[bool] = mapped_column(default=False, server_default="false")
    set_at: Mapped[datetime] = mapped_column(server_default=func.now(), onupdate=func.now())


class ModuleChange(Base):
    """A change of settings that somebody decided on, with what stood there before, so that it can be undone exactly.

    ``area_id`` is the smallest area that holds all that was touched. ``before`` and ``after`` are lists of settings
    ``[area_id, module, enabled, locked]``; one that stands in only one of them was added or removed. ``villages_on``
    and ``villages_off`` count the villages in which a module started or stopped.
    """

    __tablename__ = "module_changes"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    area_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("areas.id"), index=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    user_id: Mapped[UUID | None]
    user_name: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(String(300))
    before: Mapped[list] = mapped_column(JSONB)
    after: Mapped[list] = mapped_column(JSONB)
    villages_on: Mapped[int]
    villages_off: Mapped[int]
    undone_by: Mapped[UUID | None] = mapped_column(ForeignKey("module_changes.id"), index=True)
