"""What stands on the papers of a meeting and its decree: plain texts, Indonesian, and never a NIK in full."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.api import Area, Case, day_and_date, gettext, long_date, mask_nik, month_name, rupiah

from .meetings import DECISIONS, attendees_of
from .models import Candidate, Meeting, Payment, Recipient
from .rules import ELEMENTS, rule_of_year

RECEIVED_AS: Mapping[str, str] = {"family": "anggota keluarga", "proxy": "penerima kuasa"}


def period(meeting: Meeting, first: int | None = None, last: int | None = None) -> str:
    """Januari–Desember 2026, or one month with its year."""
    start, end = first or meeting.first_month, last or meeting.last_month
    months = month_name(start) if start == end else f"{month_name(start)}–{month_name(end)}"
    return f"{months} {meeting.year}"


def months_in_words(months: Sequence[int], year: int) -> str:
    return ", ".join(month_name(month) for month in months) + f" {year}"


def address_of(case: Case, *, short: bool = False) -> str:
    """Where a family lives; short: RT and RW only, as a public notice has it."""
    household = case.household
    if household is None:
        return "–"
    place = f"RT {household.rt}/RW {household.rw}" if household.rt else "–"
    if short:
        return place
    return ", ".join(part for part in (household.address, household.hamlet, place) if part and part != "–") or "–"


def masked_nik(case: Case) -> str:
    return mask_nik(case.person.nik) if case.person.nik else "belum ada"


def meeting_values(meeting: Meeting, candidates: Sequence[Candidate], minutes_reference: str = "") -> dict[str, Any]:
    """For the minutes, the decree and the public notice; made inside ``in_indonesian()``."""
    rule = rule_of_year(meeting.year, meeting.first_month)
    return {
        "day": day_and_date(meeting.held_on),
        "date": long_date(meeting.held_on),
        "time": meeting.starts_at.replace(":", "."),
        "place": meeting.place,
        "leader": meeting.leader,
        "secretary": meeting.secretary,
        "agenda": list(meeting.agenda_lines),
        "year": str(meeting.year),
        "period": period(meeting),
        "months": str(len(meeting.months)),
        "amount": rupiah(meeting.amount),
        "each": rupiah(meeting.amount * len(meeting.months)),
        "regulation": rule.regulation if rule else "",
        "minutes_reference": minutes_reference,
        "attendees": [[a.name, str(ELEMENTS.get(a.element, a.element))] for a in attendees_of(meeting)],
        "accepted": [_family(c, meeting) for c in candidates if c.decision == "accepted"],
        "reserve": [_family(c, meeting) for c in candidates if c.decision == "reserve"],
        "not_chosen": [_family(c, meeting) for c in candidates if c.decision == "not_chosen"],
        "decisions": {key: str(title) for key, title in DECISIONS.items()},
    }


def _family(candidate: Candidate, meeting: Meeting) -> dict[str, str]:
    case = candidate.case
    return {
        "person": str(case.person_id),
        "rank": str(candidate.rank or "–"),
        "name": case.person.name,
        "nik": masked_nik(case),
        "address": address_of(case),
        "rt_rw": address_of(case, short=True),
        "reason": candidate.reason or "–",
        "amount": rupiah(meeting.amount),
        "months": str(len(meeting.months)),
    }


def notice_values(values: Mapping[str, Any], reference: str) -> dict[str, Any]:
    """What is posted for all to read: names and RT/RW of the accepted and the reserve, nothing else of a family."""
    kept = ("year", "period", "amount", "months", "date", "place")
    told = ("rank", "name", "rt_rw")
    lists = {key: [{name: family[name] for name in told} for family in values[key]] for key in ("accepted", "reserve")}
    return {**{key: values[key] for key in kept}, **lists, "reference": reference}


def receipt_values(area: Area, payment: Payment, meeting: Meeting, reference: str) -> dict[str, Any]:
    case = payment.recipient.case
    return {
        "name": case.person.name,
        "nik": masked_nik(case),
        "address": address_of(case),
        "months": months_in_words([paid.month for paid in payment.months], meeting.year),
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


def handover_values(recipients: Sequence[Recipient], meeting: Meeting, month: int, reference: str) -> dict[str, Any]:
    """The list of a month, for each family to sign on."""
    lines = [
        [str(r.rank), r.case.person.name, masked_nik(r.case), address_of(r.case, short=True), rupiah(meeting.amount)]
        for r in recipients
    ]
    return {
        "month": f"{month_name(month)} {meeting.year}",
        "reference": reference,
        "lines": lines,
        "total": rupiah(meeting.amount * len(lines)),
    }
