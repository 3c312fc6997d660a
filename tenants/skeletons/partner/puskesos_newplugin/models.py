"""The plugin's one table. It belongs to villages: its key is (village_id, id), and so is every reference."""

from datetime import datetime
from uuid import UUID

from core.api import Base, VillageOwned, village_reference
from sqlalchemy import Index, String, func
from sqlalchemy.orm import Mapped, mapped_column


class Message(VillageOwned, Base):
    """What the partner is to hear about a case, or has heard (``sent_at``). ``event`` is "opened" or "closed"."""

    __tablename__ = "newplugin_messages"
    __table_args__ = (
        village_reference("case_id", "cases"),
        Index("ix_newplugin_messages_sent_at", "village_id", "sent_at", "id"),
    )

    case_id: Mapped[UUID]
    ticket: Mapped[str]
    service: Mapped[str]
    event: Mapped[str] = mapped_column(String(16))
    queued_at: Mapped[datetime] = mapped_column(server_default=func.now())
    sent_at: Mapped[datetime | None]
