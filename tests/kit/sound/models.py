from datetime import date
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.api import Base, VillageOwned, village_reference


class Entry(VillageOwned, Base):
    __tablename__ = "notes_entries"
    __table_args__ = (
        village_reference("person_id", "persons"),
        village_reference("import_id", "imports"),
        Index("ix_notes_entries_person_id", "village_id", "person_id"),
    )

    person_id: Mapped[UUID]
    import_id: Mapped[UUID | None]
    written_on: Mapped[date]
    title: Mapped[str] = mapped_column(String(80))
    body: Mapped[str] = mapped_column(default="", server_default="")
    pinned: Mapped[bool] = mapped_column(default=False, server_default="false")
