"""What the demonstration shows of BLT: one musdes from its list to the first payments. All made up."""

from uuid import UUID

from sqlalchemy import select

from core.api import Area, commit, db, today

from .closing import close_meeting
from .decree import DECREE, MINUTES, issue, sign
from .meeting_forms import AGENDA
from .meetings import (
    Decision,
    MeetingInput,
    add_attendees,
    add_candidates,
    candidates_of,
    create_meeting,
    decide,
    waiting_cases,
)
from .models import Meeting, Recipient
from .payments import PaymentInput, lines_of, pay
from .rules import rules
from .screening import screenings

DISCUSSED = 9  # of those put forward; the others wait for the next meeting
PEOPLE = (
    ("H. Dedi Kurnia", "bpd"),
    ("Imas Masitoh", "bpd"),
    ("Ujang Sutisna", "rt_rw"),
    ("Dadang Suhendar", "rt_rw"),
    ("Ustaz Maman Suparman", "figure"),
    ("Kokom Rohaeti", "women"),
    ("Iis Aisyah", "women"),
    ("Rudi Hartono", "companion"),
)


def fill(area: Area, permissions: frozenset[str]) -> None:
    """Nothing where somebody receives already, or too few were put forward."""
    there = db.session.scalar(select(Recipient.id).where(Recipient.village_id == area.id).limit(1))
    waiting = waiting_cases(area.id)
    if there is not None or len(waiting) < DISCUSSED:
        return
    meeting = _hold(area, [case.id for case in waiting[:DISCUSSED]])
    close_meeting(area, meeting, permissions, None)
    for letter in (MINUTES, DECREE):
        sign(area, meeting, issue(area, meeting, letter), permissions)
    db.session.flush()
    _pay(area, meeting)
    commit()


def _hold(area: Area, case_ids: list[UUID]) -> Meeting:
    day = today(area.timezone)
    data = MeetingInput(
        held_on=day,
        starts_at="09:00",
        place=f"Balai {area.title}",
        agenda=str(AGENDA),
        leader="H. Dedi Kurnia",
        secretary="Imas Masitoh",
        year=day.year,
        first_month=max(1, day.month - 3),
        last_month=12,
        amount=rules.at(day).amount_most,
    )
    meeting = create_meeting(area.id, data)
    add_candidates(meeting, case_ids)
    add_attendees(meeting, PEOPLE)
    db.session.flush()
    candidates = candidates_of(meeting)
    screened = screenings(area, [c.case for c in candidates])
    neediest = sorted(candidates, key=lambda c: (screened[c.case_id].order, c.case.ticket))
    decisions = {c.id: Decision("accepted", rank, "") for rank, c in enumerate(neediest[:6], start=1)}
    decisions |= {c.id: Decision("reserve", rank, "") for rank, c in enumerate(neediest[6:8], start=1)}
    decisions |= {c.id: Decision("not_chosen", None, "Penghasilan keluarga sudah cukup") for c in neediest[8:]}
    decide(meeting, candidates, decisions)
    db.session.flush()
    return meeting


def _pay(area: Area, meeting: Meeting) -> None:
    """Some fetch three months at once, one sends somebody, two have not come yet."""
    day = today(area.timezone)
    for number, line in enumerate(lines_of(meeting)[:4]):
        months = [month for month in meeting.months if month <= day.month][: 1 if number == 3 else 3]
        data = PaymentInput(
            months=months,
            paid_on=day,
            amount=meeting.amount * len(months),
            handed_by="Imas Masitoh",
            received_by="Iis Aisyah" if number == 3 else line.recipient.case.person.name,
            received_as="proxy" if number == 3 else "family",
            authority="Surat kuasa bermeterai" if number == 3 else "",
        )
        pay(area, line.recipient, data, None)
    db.session.flush()
