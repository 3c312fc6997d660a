"""What the demonstration shows of BLT: first payments on the decree of its musdes. All made up."""

from sqlalchemy import select

from core.api import Area, commit, db, today

from .models import Decree, Payment
from .payments import PaymentInput, lines_of, pay


def fill(area: Area, _permissions: frozenset[str]) -> None:
    """Nothing where somebody was paid already, or there is no decree yet."""
    paid = db.session.scalar(select(Payment.id).where(Payment.village_id == area.id).limit(1))
    decree = db.session.scalar(select(Decree).where(Decree.village_id == area.id, Decree.void.is_(False)).limit(1))
    if paid is None and decree is not None:
        _pay(area, decree)
        commit()


def _pay(area: Area, decree: Decree) -> None:
    """Some fetch three months at once, one sends somebody, two have not come yet."""
    day = today(area.timezone)
    for number, line in enumerate(lines_of(decree)[:4]):
        months = [month for month in decree.months if month <= day.month][: 1 if number == 3 else 3]
        data = PaymentInput(
            months=months,
            paid_on=day,
            amount=decree.amount * len(months),
            handed_by="Imas Masitoh",
            received_by="Iis Aisyah" if number == 3 else line.recipient.case.person.name,
            received_as="proxy" if number == 3 else "family",
            authority="Surat kuasa bermeterai" if number == 3 else "",
        )
        pay(area, line.recipient, data, None)
    db.session.flush()
