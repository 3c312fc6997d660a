"""Months and money: what each family of a decree was paid, and what it still has to come. The caller commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Integer, bindparam, func, select, update
from sqlalchemy.orm import joinedload, selectinload

from core.api import (
    Area,
    Case,
    CaseError,
    Person,
    Stale,
    db,
    gettext,
    long_date,
    month_name,
    now,
    record,
    rupiah,
    today,
)

from .models import Decree, PaidMonth, Payment, Recipient
from .rules import rule_of_year

_FAMILY = (
    joinedload(Recipient.case).joinedload(Case.person).joinedload(Person.household),
    joinedload(Recipient.case).joinedload(Case.household),
)


@dataclass(frozen=True)
class PaymentInput:
    """``amount`` in rupiah; ``received_as`` is family or proxy, the latter by ``authority``, a letter."""

    months: Sequence[int]
    paid_on: date
    amount: int
    handed_by: str
    received_by: str
    received_as: str
    authority: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Line:
    """A family with its months: ``paid`` has the payment of each month that was paid."""

    recipient: Recipient
    paid: Mapping[int, Payment]

    @property
    def gone(self) -> bool:
        """It left, or its case was ended by hand."""
        return self.recipient.state == "left" or self.recipient.case.state in ("stopped", "cancelled")

    @property
    def unpaid(self) -> list[int]:
        if self.gone and self.recipient.state != "left":
            return []
        return [month for month in self.recipient.months if month not in self.paid]

    @property
    def total(self) -> int:
        """Rupiah, each payment once."""
        return sum({payment.id: payment.amount for payment in self.paid.values()}.values())

    def share(self, month: int) -> int:
        """Rupiah of one month: a payment for several is spread evenly over them, what does not divide on its first."""
        payment = self.paid.get(month)
        if payment is None:
            return 0
        months = sorted(other for other, found in self.paid.items() if found.id == payment.id)
        each, rest = divmod(payment.amount, len(months))
        return each + (rest if month == months[0] else 0)


# ---- finding ----


def find_recipient(village_id: int, recipient_id: UUID) -> Recipient | None:
    return db.session.scalar(
        select(Recipient)
        .where(Recipient.village_id == village_id, Recipient.id == recipient_id, Recipient.state != "void")
        .options(joinedload(Recipient.decree), *_FAMILY)
    )


def current_recipient(village_id: int, recipient_id: UUID, version: int) -> Recipient:
    """As the clerk's page showed it, locked for a change.

    Raises:
        Stale: changed since.
    """
    db.session.execute(
        select(Recipient.id).where(Recipient.village_id == village_id, Recipient.id == recipient_id).with_for_update()
    )
    db.session.expire_all()
    recipient = find_recipient(village_id, recipient_id)
    if recipient is None or recipient.version != version:
        raise Stale
    return recipient


def find_payment(village_id: int, payment_id: UUID) -> Payment | None:
    return db.session.scalar(
        select(Payment)
        .where(Payment.village_id == village_id, Payment.id == payment_id)
        .options(
            joinedload(Payment.recipient).options(joinedload(Recipient.decree), *_FAMILY), selectinload(Payment.months)
        )
    )


def lines_of(decree: Decree) -> list[Line]:
    """All families of a decree in the order of their ranks, each with what it was paid: two queries."""
    recipients = db.session.scalars(
        select(Recipient)
        .where(
            Recipient.village_id == decree.village_id,
            Recipient.decree_id == decree.id,
            Recipient.state != "void",
        )
        .order_by(Recipient.replaces_id.is_not(None), Recipient.rank, Recipient.id)
        .options(*_FAMILY)
    ).all()
    paid: dict[UUID, dict[int, Payment]] = {}
    for month, payment in _paid_months(decree.village_id, [recipient.id for recipient in recipients]):
        paid.setdefault(payment.recipient_id, {})[month] = payment
    return [Line(recipient, paid.get(recipient.id, {})) for recipient in recipients]


def line_of(recipient: Recipient) -> Line:
    return Line(recipient, dict(_paid_months(recipient.village_id, [recipient.id])))


def _paid_months(village_id: int, recipient_ids: Sequence[UUID]) -> list[tuple[int, Payment]]:
    rows = db.session.execute(
        select(PaidMonth.month, Payment)
        .join(Payment, (Payment.village_id == PaidMonth.village_id) & (Payment.id == PaidMonth.payment_id))
        .where(
            PaidMonth.village_id == village_id,
            PaidMonth.recipient_id.in_(recipient_ids),
            PaidMonth.reversed.is_(False),
        )
        .order_by(PaidMonth.month)
    )
    return [(row[0], row[1]) for row in rows]


def payments_of(village_id: int, recipient_ids: Sequence[UUID]) -> Sequence[Payment]:
    """All payments, reversed ones too, the latest first."""
    return db.session.scalars(
        select(Payment)
        .where(Payment.village_id == village_id, Payment.recipient_id.in_(recipient_ids))
        .order_by(Payment.paid_on.desc(), Payment.id.desc())
        .options(selectinload(Payment.months))
    ).all()


# ---- doing ----


def departures(decree: Decree, months: Sequence[int], amount: int) -> list[str]:
    """In what a payment departs from the rules or from the decree; then the clerk says why."""
    found: list[str] = []
    rule = rule_of_year(decree.year, decree.first_month)
    if rule and len(months) > rule.months_at_once:
        limit, regulation = rule.months_at_once, rule.regulation
        found.append(
            gettext(
                "%(months)s bulan sekaligus, lebih dari %(limit)s (%(regulation)s).",
                months=len(months),
                limit=limit,
                regulation=regulation,
            )
        )
    if amount != (decreed := decree.amount * len(months)):
        found.append(
            gettext("%(amount)s, padahal menurut SK %(decreed)s.", amount=rupiah(amount), decreed=rupiah(decreed))
        )
    return found


def pay(area: Area, recipient: Recipient, data: PaymentInput, by: UUID | None) -> Payment:
    """Write down that money was handed over; the caller holds the recipient.

    Raises:
        CaseError: a month is not the family's or was paid, the day has not come, or a departure has no reason.
    """
    line = line_of(recipient)
    wrong = [month_name(month) for month in data.months if month not in line.unpaid]
    if wrong or not data.months:
        raise CaseError(gettext("Bulan ini sudah dibayar atau bukan haknya: %(months)s.", months=", ".join(wrong)))
    if data.paid_on > today(area.timezone):
        raise CaseError(gettext("Tanggal penyerahan belum tiba: %(date)s.", date=long_date(data.paid_on)))
    departed = departures(recipient.decree, data.months, data.amount)
    if departed and not data.reason:
        raise CaseError(" ".join([*departed, gettext("Tulis alasannya.")]))
    payment = Payment(
        village_id=recipient.village_id,
        recipient_id=recipient.id,
        paid_on=data.paid_on,
        amount=data.amount,
        handed_by=data.handed_by,
        received_by=data.received_by,
        received_as=data.received_as,
        authority=data.authority if data.received_as == "proxy" else "",
        reason=data.reason,
        created_by=by,
    )
    db.session.add(payment)
    db.session.flush()
    db.session.add_all(
        PaidMonth(village_id=payment.village_id, payment_id=payment.id, recipient_id=recipient.id, month=month)
        for month in data.months
    )
    _bump(recipient)
    record("blt_desa.paid", "payment", payment.id, months=list(data.months), amount=data.amount)
    return payment


def reverse(payment: Payment, reason: str, by: UUID | None) -> None:
    """The payment does not count any more; it stays to be seen, with the reason.

    Raises:
        CaseError: no reason, or reversed before.
    """
    if not reason.strip():
        raise CaseError(gettext("Tulis alasan pembatalan; ia tetap tercatat."))
    db.session.refresh(payment, with_for_update={"of": Payment})
    if payment.reversed_at is not None:
        raise CaseError(gettext("Pembayaran ini sudah dibatalkan."))
    if payment.recipient.case.state == "done":
        raise CaseError(gettext("Kasusnya sudah selesai. Buka dulu kasusnya untuk perbaikan."))
    payment.reversed_at, payment.reversed_by, payment.reversed_reason = now(), by, reason.strip()
    db.session.execute(
        update(PaidMonth)
        .where(PaidMonth.village_id == payment.village_id, PaidMonth.payment_id == payment.id)
        .values(reversed=True)
    )
    _bump(payment.recipient)
    record("blt_desa.payment_reversed", "payment", payment.id, amount=payment.amount)


def _bump(recipient: Recipient) -> None:
    """The page that shows this family's months is no longer what it was."""
    db.session.execute(
        update(Recipient)
        .where(Recipient.village_id == recipient.village_id, Recipient.id == recipient.id)
        .values(version=Recipient.version + 1)
    )


# ---- counting ----


# For core's pages, put together once: building a statement takes longer than running it.
_month = bindparam("month", type_=Integer)
_PAID_MONTHS = (
    select(func.count())
    .where(
        PaidMonth.village_id == Recipient.village_id,
        PaidMonth.recipient_id == Recipient.id,
        PaidMonth.reversed.is_(False),
        PaidMonth.month <= _month,
    )
    .correlate(Recipient)
    .scalar_subquery()
)
_DUE_MONTHS = func.greatest(func.least(Recipient.last_month, _month) - Recipient.first_month + 1, 0)
_UNPAID = (
    select(func.coalesce(func.sum(_DUE_MONTHS - _PAID_MONTHS), 0))
    .join(Decree, (Decree.village_id == Recipient.village_id) & (Decree.id == Recipient.decree_id))
    .join(Case, (Case.village_id == Recipient.village_id) & (Case.id == Recipient.case_id))
    .where(
        Recipient.village_id == bindparam("village_id"),
        Recipient.state == "active",
        Decree.year == bindparam("year"),
        Case.state == "receiving",
    )
)


def unpaid_until(village_id: int, on: date) -> int:
    """How many months of active families were due by the day ``on`` and are not paid, in one query."""
    return db.session.scalar(_UNPAID, {"village_id": village_id, "year": on.year, "month": on.month}) or 0
