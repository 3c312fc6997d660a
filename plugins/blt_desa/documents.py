"""What stands on the papers of a decree: plain texts, Indonesian, and never a NIK in full."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.api import Area, address_of, gettext, long_date, masked_nik, month_name, rupiah

from .models import Decree, Payment, Recipient

RECEIVED_AS: Mapping[str, str] = {"family": "anggota keluarga", "proxy": "penerima kuasa"}


def period_of(terms: Mapping[str, Any]) -> str:
    """Of what a meeting settles about its decree, as :func:`period`."""
    return period(terms["year"], terms["first_month"], terms["last_month"])


def period(year: int, first: int, last: int) -> str:
    """Januari–Desember 2026, or one month with its year."""
    months = month_name(first) if first == last else f"{month_name(first)}–{month_name(last)}"
    return f"{months} {year}"


def months_in_words(months: Sequence[int], year: int) -> str:
    return ", ".join(month_name(month) for month in months) + f" {year}"


def receipt_values(area: Area, payment: Payment, decree: Decree, reference: str) -> dict[str, Any]:
    case = payment.recipient.case
    return {
        "name": case.person.name,
        "nik": masked_nik(case),
        "address": address_of(case),
        "months": months_in_words([paid.month for paid in payment.months], decree.year),
        "amount": rupiah(payment.amount),
        "paid_on": long_date(payment.paid_on),
        "handed_by": payment.handed_by,
        "received_by": payment.received_by,
        "received_as": RECEIVED_AS.get(payment.received_as, payment.received_as),
        "authority": payment.authority,
        "reason": payment.reason,
        "reference": reference,
        "reversed": gettext("DIBATALKAN: %(reason)s", reason=payment.reversed_reason) if payment.reversed_at else "",
        "village": area.title,
    }


def handover_values(recipients: Sequence[Recipient], decree: Decree, month: int, reference: str) -> dict[str, Any]:
    """The list of a month, for each family to sign on."""
    lines = [
        [str(r.rank), r.case.person.name, masked_nik(r.case), address_of(r.case, short=True), rupiah(decree.amount)]
        for r in recipients
    ]
    return {
        "month": f"{month_name(month)} {decree.year}",
        "reference": reference,
        "lines": lines,
        "total": rupiah(decree.amount * len(lines)),
    }
