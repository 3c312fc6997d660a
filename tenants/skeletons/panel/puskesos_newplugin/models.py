"""The plugin's one table. It belongs to villages: its key is (village_id, id), and so is every reference."""

from datetime import datetime
from uuid import UUID

from core.api import Base, VillageOwned, village_reference
from sqlalchemy import Index, String, func
from sqlalchemy.orm import Mapped, mapped_column


class Note(VillageOwned, Base):
    """What somebody wrote down about a resident."""

    __tablename__ = "newplugin_notes"
    __table_args__ = (
        village_reference("person_id", "persons"),
        Index("ix_newplugin_notes_person_id", "village_id", "person_id", "id"),
    )

    person_id: Mapped[UUID]
    text: Mapped[str] = mapped_column(String(600))
    written_at: Mapped[datetime] = mapped_column(server_default=func.now())
    written_by: Mapped[UUID | None]
