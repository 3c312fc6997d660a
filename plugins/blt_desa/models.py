"""The plugin's tables: signed decrees, who receives what was decreed, and payments."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.api import KEPT, Base, Case, VillageOwned, village_reference

SHORT, LINE = 80, 200


class Decree(VillageOwned, Base):
    """What a signed decree gives the families that a meeting accepted: months of one year, rupiah a month.

    ``void``: it was revoked; a new one of the same meeting takes its place in the row.
    """

    __tablename__ = "blt_desa_decrees"
    __table_args__ = (
        village_reference("meeting_id", "meetings"),
        CheckConstraint("1 <= first_month AND first_month <= last_month AND last_month <= 12", name="months"),
        UniqueConstraint("village_id", "meeting_id", name="uq_blt_desa_decrees_meeting"),
        Index("ix_blt_desa_decrees_year", "village_id", "year", "id"),
    )

    meeting_id: Mapped[UUID]
    reference: Mapped[str] = mapped_column(String(SHORT))
    year: Mapped[int]
    first_month: Mapped[int]
    last_month: Mapped[int]
    amount: Mapped[int]
    void: Mapped[bool] = mapped_column(default=False, server_default="false")

    @property
    def months(self) -> range:
        return range(self.first_month, self.last_month + 1)


class Recipient(VillageOwned, Base):
    """A family on a signed decree, with the months for which it is paid.

    ``state`` is active, left (``last_month`` is then the last one that it is still paid for) or void: its decree was
    revoked. One that follows a family which left keeps who that was in ``replaces_id``.
    """

    __tablename__ = "blt_desa_recipients"
    __table_args__ = (
        village_reference("decree_id", "blt_desa_decrees"),
        village_reference("case_id", "cases"),
        village_reference("household_id", "households"),
        village_reference("replaces_id", "blt_desa_recipients"),
        UniqueConstraint("village_id", "decree_id", "case_id", name="uq_blt_desa_recipients_case"),
        Index("ix_blt_desa_recipients_case_id", "village_id", "case_id"),
        Index("ix_blt_desa_recipients_household_id", "village_id", "household_id"),
    )

    decree_id: Mapped[UUID]
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
    decree: Mapped[Decree] = relationship(
        primaryjoin="and_(Recipient.village_id == Decree.village_id, Recipient.decree_id == Decree.id)",
        foreign_keys="[Recipient.village_id, Recipient.decree_id]",
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
