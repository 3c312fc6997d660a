"""The plugin's tables: a meeting, who came and who was discussed, then who receives what was decreed, and payments."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.api import KEPT, Base, Case, VillageOwned, village_reference

SHORT, LINE = 80, 200


class Meeting(VillageOwned, Base):
    """A musyawarah desa khusus, and the period of the decree that follows from it: months of one year.

    ``version`` counts everything that a decision can rest on: candidates, attendance and decisions too.
    """

    __tablename__ = "blt_desa_meetings"
    __table_args__ = (
        CheckConstraint("1 <= first_month AND first_month <= last_month AND last_month <= 12", name="months"),
        Index("ix_blt_desa_meetings_held_on", "village_id", "held_on", "id"),
    )

    held_on: Mapped[date]
    starts_at: Mapped[str] = mapped_column(String(5))
    place: Mapped[str] = mapped_column(String(SHORT))
    agenda: Mapped[str]
    leader: Mapped[str] = mapped_column(String(SHORT))
    secretary: Mapped[str] = mapped_column(String(SHORT))
    year: Mapped[int]
    first_month: Mapped[int]
    last_month: Mapped[int]
    amount: Mapped[int]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}

    @property
    def months(self) -> range:
        return range(self.first_month, self.last_month + 1)

    @property
    def agenda_lines(self) -> Sequence[str]:
        return [line.strip() for line in self.agenda.splitlines() if line.strip()]


class Attendee(VillageOwned, Base):
    """Somebody at a meeting: the name, and for whom he or she sits there. ``place`` keeps the order of the list."""

    __tablename__ = "blt_desa_attendees"
    __table_args__ = (
        village_reference("meeting_id", "blt_desa_meetings"),
        Index("ix_blt_desa_attendees_meeting_id", "village_id", "meeting_id", "place"),
    )

    meeting_id: Mapped[UUID]
    place: Mapped[int]
    name: Mapped[str] = mapped_column(String(SHORT))
    element: Mapped[str] = mapped_column(String(16))


class Candidate(VillageOwned, Base):
    """A case on a meeting's list. ``decision`` is blank until it was discussed: accepted, reserve or not_chosen."""

    __tablename__ = "blt_desa_candidates"
    __table_args__ = (
        village_reference("meeting_id", "blt_desa_meetings"),
        village_reference("case_id", "cases"),
        UniqueConstraint("village_id", "meeting_id", "case_id", name="uq_blt_desa_candidates_case"),
        Index("ix_blt_desa_candidates_case_id", "village_id", "case_id"),
    )

    meeting_id: Mapped[UUID]
    case_id: Mapped[UUID]
    decision: Mapped[str] = mapped_column(String(16), default="", server_default="", info=KEPT)
    rank: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(LINE), default="", server_default="")

    case: Mapped[Case] = relationship(
        primaryjoin="and_(Candidate.village_id == Case.village_id, Candidate.case_id == Case.id)",
        foreign_keys="[Candidate.village_id, Candidate.case_id]",
        viewonly=True,
    )
    meeting: Mapped[Meeting] = relationship(
        primaryjoin="and_(Candidate.village_id == Meeting.village_id, Candidate.meeting_id == Meeting.id)",
        foreign_keys="[Candidate.village_id, Candidate.meeting_id]",
        viewonly=True,
    )


class Recipient(VillageOwned, Base):
    """A family on a signed decree, with the months for which it is paid.

    ``state`` is active, left (``last_month`` is then the last one that it is still paid for) or void: its decree was
    revoked. One that follows a family which left keeps who that was in ``replaces_id``.
    """

    __tablename__ = "blt_desa_recipients"
    __table_args__ = (
        village_reference("meeting_id", "blt_desa_meetings"),
        village_reference("case_id", "cases"),
        village_reference("household_id", "households"),
        village_reference("replaces_id", "blt_desa_recipients"),
        UniqueConstraint("village_id", "meeting_id", "case_id", name="uq_blt_desa_recipients_case"),
        Index("ix_blt_desa_recipients_case_id", "village_id", "case_id"),
        Index("ix_blt_desa_recipients_household_id", "village_id", "household_id"),
    )

    meeting_id: Mapped[UUID]
    case_id: Mapped[UUID]
    household_id: Mapped[UUID | None]
    rank: Mapped[int]
    first_month: Mapped[int]
    last_month: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default="active", server_default="active", info=KEPT)
    left_on: Mapped[date | None]
    left_why: Mapped[str] = mapped_column(String(16), default="", server_default="", info=KEPT)
    left_note: Mapped[str] = mapped_column(String(LINE), default="", server_default="")
    replaces_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    __mapper_args__ = {"version_id_col": version}

    case: Mapped[Case] = relationship(
        primaryjoin="and_(Recipient.village_id == Case.village_id, Recipient.case_id == Case.id)",
        foreign_keys="[Recipient.village_id, Recipient.case_id]",
        viewonly=True,
    )
    meeting: Mapped[Meeting] = relationship(
        primaryjoin="and_(Recipient.village_id == Meeting.village_id, Recipient.meeting_id == Meeting.id)",
        foreign_keys="[Recipient.village_id, Recipient.meeting_id]",
        viewonly=True,
    )

    @property
    def months(self) -> range:
        """Those for which the family is paid; empty when it left before its first."""
        return range(self.first_month, self.last_month + 1)


class Payment(VillageOwned, Base):
    """Money handed over for one or several months. A reversed one stays visible, with the reason."""

    __tablename__ = "blt_desa_payments"
    __table_args__ = (
        village_reference("recipient_id", "blt_desa_recipients"),
        Index("ix_blt_desa_payments_recipient_id", "village_id", "recipient_id", "paid_on"),
    )

    recipient_id: Mapped[UUID]
    paid_on: Mapped[date]
    amount: Mapped[int]
    handed_by: Mapped[str] = mapped_column(String(SHORT), info=KEPT)
    received_by: Mapped[str] = mapped_column(String(SHORT))
    received_as: Mapped[str] = mapped_column(String(16), info=KEPT)
    authority: Mapped[str] = mapped_column(String(LINE), default="", server_default="")
    reason: Mapped[str] = mapped_column(String(LINE), default="", server_default="")
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    reversed_at: Mapped[datetime | None]
    reversed_by: Mapped[UUID | None]
    reversed_reason: Mapped[str] = mapped_column(String(LINE), default="", server_default="")

    recipient: Mapped[Recipient] = relationship(
        primaryjoin="and_(Payment.village_id == Recipient.village_id, Payment.recipient_id == Recipient.id)",
        foreign_keys="[Payment.village_id, Payment.recipient_id]",
        viewonly=True,
    )
    months: Mapped[list["PaidMonth"]] = relationship(
        primaryjoin="and_(Payment.village_id == PaidMonth.village_id, Payment.id == PaidMonth.payment_id)",
        foreign_keys="[PaidMonth.village_id, PaidMonth.payment_id]",
        order_by="PaidMonth.month",
        viewonly=True,
    )


class PaidMonth(VillageOwned, Base):
    """One month of a payment. However many clerks pay at once, a family has each month at most once that holds."""

    __tablename__ = "blt_desa_paid_months"
    __table_args__ = (
        village_reference("payment_id", "blt_desa_payments"),
        village_reference("recipient_id", "blt_desa_recipients"),
        Index("ix_blt_desa_paid_months_payment_id", "village_id", "payment_id"),
        Index(
            "uq_blt_desa_paid_months",
            "village_id",
            "recipient_id",
            "month",
            unique=True,
            postgresql_where=text("NOT reversed"),
        ),
    )

    payment_id: Mapped[UUID]
    recipient_id: Mapped[UUID]
    month: Mapped[int]
    reversed: Mapped[bool] = mapped_column(default=False, server_default="false")
