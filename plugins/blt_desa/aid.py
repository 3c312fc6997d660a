"""What families get of BLT: their place on a decree, and what they were paid of it."""

from calendar import monthrange
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, any_, bindparam, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import contains_eager, selectinload

from core.api import AidReceived, Area, Case, db, gettext
from core.api import lazy_gettext as _

from .models import Payment, Recipient

TITLE = _("BLT Dana Desa")
READ = "blt_desa.read"


# For core's pages, put together once: building a statement takes longer than running it.
_RECIPIENTS = (
    select(Recipient)
    .join(Case, (Case.village_id == Recipient.village_id) & (Case.id == Recipient.case_id))
    .join(Recipient.decree)
    .where(
        Recipient.village_id == bindparam("village_id"),
        Recipient.state != "void",
        or_(
            Recipient.household_id == any_(bindparam("households", type_=ARRAY(Uuid))),
            Case.person_id == any_(bindparam("people", type_=ARRAY(Uuid))),
        ),
    )
    .options(contains_eager(Recipient.case), contains_eager(Recipient.decree))
)


def aid_of(area: Area, people: Collection[UUID], households: Collection[UUID]) -> list[AidReceived]:
    """What was decreed, and each payment that holds: three queries, one where nothing was decreed."""
    values = {"village_id": area.id, "people": list(people), "households": list(households)}
    recipients = db.session.scalars(_RECIPIENTS, values).all()
    if not recipients:
        return []
    by_id = {recipient.id: recipient for recipient in recipients}
    payments = db.session.scalars(
        select(Payment)
        .where(Payment.village_id == area.id, Payment.recipient_id.in_(by_id), Payment.reversed_at.is_(None))
        .options(selectinload(Payment.months))
    ).all()
    return [*_decreed(recipients, households), *_paid(payments, by_id, households)]


def _decreed(recipients: Collection[Recipient], households: Collection[UUID]) -> Iterator[AidReceived]:
    """All months of the decree, also those that were paid: what was promised stays what it was."""
    for recipient in recipients:
        if recipient.months:
            yield AidReceived(
                programme="blt_desa",
                title=TITLE,
                state="decided",
                source=gettext("SK kepala desa %(year)s", year=recipient.decree.year),
                permission=READ,
                amount=recipient.decree.amount * len(recipient.months),
                first_day=date(recipient.decree.year, recipient.first_month, 1),
                last_day=_end(recipient.decree.year, recipient.last_month),
                **_whose(recipient, households),
            )


def _paid(
    payments: Collection[Payment], recipients: dict[UUID, Recipient], households: Collection[UUID]
) -> Iterator[AidReceived]:
    for payment in payments:
        recipient, months = recipients[payment.recipient_id], [paid.month for paid in payment.months]
        year = recipient.decree.year
        yield AidReceived(
            programme="blt_desa",
            title=TITLE,
            state="received",
            source=gettext("tanda terima"),
            permission=READ,
            amount=payment.amount,
            first_day=date(year, min(months), 1) if months else payment.paid_on,
            last_day=_end(year, max(months)) if months else payment.paid_on,
            recorded_at=payment.created_at,
            **_whose(recipient, households),
        )


def _whose(recipient: Recipient, households: Collection[UUID]) -> dict[str, Any]:
    """The family's; of a resident who has none, or another since, the one in whose name the case is."""
    own = {"endpoint": "cases.show", "values": {"id": recipient.case_id}}
    if recipient.household_id in households:
        return {"household_id": recipient.household_id, **own}
    return {"person_id": recipient.case.person_id, **own}


def _end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
