"""The plugin's tables: a distribution of aid, who is to get it, and what was handed over.

The classes begin with Aid: SQLAlchemy finds a class that another plugin names in a text by its bare name, and two of
one name are none.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, and_, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.api import KEPT, Base, Person, VillageOwned, village_reference

from .goods import Item

SHORT, LINE = 80, 200


class AidDistribution(VillageOwned, Base):
    """One handing out of one aid in a village: what each recipient gets, where, and from when to when.

    ``items`` are lists [quantity, unit, name] of texts, ``amount`` rupiah; one of both may be missing. ``year`` and
    ``number`` count the village's distributions. ``version`` counts changes of this row, not of its recipients.
    """

    __tablename__ = "bansos_distributions"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days"),
        CheckConstraint("amount >= 0", name="amount"),
        UniqueConstraint("village_id", "year", "number", name="uq_bansos_distributions_number"),
        Index("ix_bansos_distributions_first_day", "village_id", "first_day", "id"),
    )

    year: Mapped[int]
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(SHORT))
    source: Mapped[str] = mapped_column(String(16))
    period: Mapped[str] = mapped_column(String(SHORT))
    items: Mapped[list[Any]] = mapped_column(JSONB, default=list, server_default="[]")
    amount: Mapped[int | None]
    place: Mapped[str] = mapped_column(String(SHORT))
    first_day: Mapped[date]
    last_day: Mapped[date]
    answers_for: Mapped[str] = mapped_column(String(SHORT))
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]
    returned_to: Mapped[str] = mapped_column(String(SHORT), default="", server_default="")
    closing_note: Mapped[str] = mapped_column(String(LINE), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}

    @property
    def reference(self) -> str:
        """Under which the village knows it: ``2026/3``."""
        return f"{self.year}/{self.number}"

    @property
    def goods(self) -> Sequence[Item]:
        return [Item.stored(item) for item in self.items]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class AidRecipient(VillageOwned, Base):
    """A resident on a distribution's list; ``number`` is the place there. One who was struck off says why.

    ``fetched`` is whether a handover holds. It stands here as well so that a list of 2,000 need not look for one.
    """

    __tablename__ = "bansos_recipients"
    __table_args__ = (
        village_reference("distribution_id", "bansos_distributions"),
        village_reference("person_id", "persons"),
        village_reference("import_id", "imports"),
        UniqueConstraint("village_id", "distribution_id", "person_id", name="uq_bansos_recipients_person"),
        UniqueConstraint("village_id", "distribution_id", "number", name="uq_bansos_recipients_number"),
        Index("ix_bansos_recipients_person_id", "village_id", "person_id"),
        Index("ix_bansos_recipients_import_id", "village_id", "import_id"),
    )

    distribution_id: Mapped[UUID]
    person_id: Mapped[UUID]
    import_id: Mapped[UUID | None]
    number: Mapped[int]
    fetched: Mapped[bool] = mapped_column(default=False, server_default="false")
    struck_on: Mapped[date | None]
    struck_reason: Mapped[str] = mapped_column(String(LINE), default="", server_default="")
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}

    person: Mapped[Person] = relationship(
        primaryjoin=lambda: and_(AidRecipient.village_id == Person.village_id, AidRecipient.person_id == Person.id),
        foreign_keys=lambda: [AidRecipient.village_id, AidRecipient.person_id],
        viewonly=True,
    )
    distribution: Mapped[AidDistribution] = relationship(
        primaryjoin=lambda: and_(
            AidRecipient.village_id == AidDistribution.village_id, AidRecipient.distribution_id == AidDistribution.id
        ),
        foreign_keys=lambda: [AidRecipient.village_id, AidRecipient.distribution_id],
        viewonly=True,
    )


class AidHandover(VillageOwned, Base):
    """Aid that somebody took. However many clerks hand over at once, a recipient has at most one that holds.

    ``relation`` is self, family, neighbour or official; whoever else than the recipient came says why in ``reason``.
    ``serial`` counts a recipient's handovers: one that was undone stays to be seen, and the next has another number.
    """

    __tablename__ = "bansos_handovers"
    __table_args__ = (
        village_reference("recipient_id", "bansos_recipients"),
        Index("ix_bansos_handovers_recipient_id", "village_id", "recipient_id", "serial"),
        Index("ix_bansos_handovers_handed_on", "village_id", "handed_on"),
        Index(
            "uq_bansos_handovers_holds",
            "village_id",
            "recipient_id",
            unique=True,
            postgresql_where=text("undone_at IS NULL"),
        ),
    )

    recipient_id: Mapped[UUID]
    serial: Mapped[int]
    handed_on: Mapped[date]
    handed_by: Mapped[str] = mapped_column(String(SHORT), info=KEPT)
    received_by: Mapped[str] = mapped_column(String(SHORT))
    relation: Mapped[str] = mapped_column(String(16), info=KEPT)
    reason: Mapped[str] = mapped_column(String(LINE), default="", server_default="")
    sha256: Mapped[str | None] = mapped_column(String(64))
    media_type: Mapped[str] = mapped_column(String(32), default="", server_default="", info=KEPT)
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[UUID | None]
    undone_reason: Mapped[str] = mapped_column(String(LINE), default="", server_default="")

    recipient: Mapped[AidRecipient] = relationship(
        primaryjoin=lambda: and_(
            AidHandover.village_id == AidRecipient.village_id, AidHandover.recipient_id == AidRecipient.id
        ),
        foreign_keys=lambda: [AidHandover.village_id, AidHandover.recipient_id],
        viewonly=True,
    )

    @property
    def holds(self) -> bool:
        return self.undone_at is None
