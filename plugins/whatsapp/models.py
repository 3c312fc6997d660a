"""The plugin's tables: who agreed to be written to at which number, what was sent, and what came to the webhook."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, String, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.api import KEPT, Base, Person, VillageOwned, village_reference

CODE, PHONE, NAME = 16, 15, 80
IN_HAND = "state IN ('waiting', 'sending')"
UNANSWERED = "state IN ('failed', 'unclear') AND handled_at IS NULL"


class WhatsAppConsent(VillageOwned, Base):
    """That messages may go to a number: whose, told how and to whom, and since when they may no longer.

    ``phone`` is the E.164 number without its plus; ``person_id`` is None for somebody who only left a number. ``how``
    is desk, form or message; ``stopped_how`` message or clerk; ``stopped_at`` None: it holds.
    """

    __tablename__ = "whatsapp_consents"
    __table_args__ = (
        village_reference("person_id", "persons"),
        Index(
            "uq_whatsapp_consents_person",
            "village_id",
            "phone",
            "person_id",
            unique=True,
            postgresql_where=text("person_id IS NOT NULL"),
        ),
        Index(
            "uq_whatsapp_consents_phone",
            "village_id",
            "phone",
            unique=True,
            postgresql_where=text("person_id IS NULL"),
        ),
        Index("ix_whatsapp_consents_person_id", "village_id", "person_id"),
        Index("ix_whatsapp_consents_given", "village_id", "given_at", "id"),
    )

    person_id: Mapped[UUID | None]
    phone: Mapped[str | None] = mapped_column(String(PHONE))
    how: Mapped[str] = mapped_column(String(CODE), info=KEPT)
    given_at: Mapped[datetime]
    given_by: Mapped[UUID | None]
    stopped_at: Mapped[datetime | None]
    stopped_how: Mapped[str] = mapped_column(String(CODE), default="", server_default="", info=KEPT)
    stopped_by: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}

    person: Mapped[Person | None] = relationship(
        primaryjoin="and_(WhatsAppConsent.village_id == Person.village_id, WhatsAppConsent.person_id == Person.id)",
        foreign_keys="[WhatsAppConsent.village_id, WhatsAppConsent.person_id]",
        viewonly=True,
    )

    @property
    def holds(self) -> bool:
        return self.stopped_at is None and self.phone is not None


class WhatsAppMessage(VillageOwned, Base):
    """A message from its making to the reader's screen.

    ``state``: waiting, sending (claimed; the request is under way), unclear (it may have gone out), sent (Meta took
    it), delivered, read, failed, cancelled. ``reason`` is a code of ``words.REASONS``, ``error_code`` and ``trace`` are
    Meta's. ``send_at`` is when it goes out at the earliest; ``handled_at`` when somebody has seen to a failure.
    """

    __tablename__ = "whatsapp_messages"
    __table_args__ = (
        village_reference("person_id", "persons"),
        village_reference("case_id", "cases"),
        Index("ix_whatsapp_messages_made", "village_id", "made_at", "id"),
        Index("ix_whatsapp_messages_in_hand", "village_id", "send_at", "id", postgresql_where=text(IN_HAND)),
        Index("ix_whatsapp_messages_unanswered", "village_id", "made_at", "id", postgresql_where=text(UNANSWERED)),
        Index("ix_whatsapp_messages_wamid", "wamid"),
        Index("ix_whatsapp_messages_claimed", "village_id", "claimed_at"),
        Index("ix_whatsapp_messages_person_id", "village_id", "person_id"),
        Index("ix_whatsapp_messages_case_id", "village_id", "case_id", "kind", "made_at"),
    )

    person_id: Mapped[UUID | None]
    case_id: Mapped[UUID | None]
    phone: Mapped[str | None] = mapped_column(String(PHONE))
    kind: Mapped[str] = mapped_column(String(NAME), info=KEPT)
    template: Mapped[str] = mapped_column(String(512), info=KEPT)
    language: Mapped[str] = mapped_column(String(CODE), default="id", server_default="id", info=KEPT)
    parameters: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default="[]")
    text: Mapped[str] = mapped_column(default="", server_default="")
    reference: Mapped[str] = mapped_column(String(NAME), default="", server_default="")
    state: Mapped[str] = mapped_column(String(CODE), default="waiting", server_default="waiting", info=KEPT)
    reason: Mapped[str] = mapped_column(String(32), default="", server_default="", info=KEPT)
    error_code: Mapped[int | None]
    trace: Mapped[str] = mapped_column(String(NAME), default="", server_default="", info=KEPT)
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    wamid: Mapped[str | None] = mapped_column(String(160))
    made_at: Mapped[datetime]
    made_by: Mapped[UUID | None]
    send_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    handled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}

    @property
    def unanswered(self) -> bool:
        """It did not go out for certain, and nobody has seen to it."""
        return self.state in ("failed", "unclear") and self.handled_at is None


class WhatsAppHookDay(VillageOwned, Base):
    """What came to a district's webhook on a day: ``village_id`` is the district's own number, ``id`` of the day."""

    __tablename__ = "whatsapp_hook_days"

    day: Mapped[date]
    accepted: Mapped[int] = mapped_column(default=0, server_default="0")
    refused: Mapped[int] = mapped_column(default=0, server_default="0")
    unknown: Mapped[int] = mapped_column(default=0, server_default="0")
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
