"""What stands on core's pages: figures of the village, a case's decree and months, a resident's years with BLT."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select

from core.api import Case, IssuedLetter, Person, db

from .decree import decrees_in_force
from .meetings import count_waiting
from .models import Candidate, Meeting, PaidMonth, Recipient
from .objections import last_hearing, recipient_of
from .payments import Line, line_of, unpaid_until


@dataclass(frozen=True)
class Standing:
    """Of one case: the meeting that heard it last, and its place on a decree."""

    candidate: Candidate | None
    meeting: Meeting | None
    line: Line | None
    decree: IssuedLetter | None


@dataclass(frozen=True)
class Year:
    """A resident's family in one year: how many months were paid, by which case."""

    year: int
    paid: int
    case_id: UUID


def standing_of(case: Case) -> Standing | None:
    """None for a case that no meeting has heard yet."""
    heard = last_hearing(case)
    if heard is None:
        return None
    candidate, meeting = heard
    recipient = recipient_of(case)
    decree = decrees_in_force(case.village_id, [meeting.id]).get(meeting.id) if recipient else None
    return Standing(candidate, meeting, line_of(recipient) if recipient else None, decree)


def years_of(person: Person) -> list[Year]:
    """Years in which the resident's family was on a decree, the latest first."""
    family: ColumnElement[bool] = Case.person_id == person.id
    if person.household_id:
        family = or_(family, Recipient.household_id == person.household_id)
    paid = (
        select(func.count())
        .where(
            PaidMonth.village_id == Recipient.village_id,
            PaidMonth.recipient_id == Recipient.id,
            PaidMonth.reversed.is_(False),
        )
        .correlate(Recipient)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Meeting.year, paid, Recipient.case_id)
        .join(Meeting, (Meeting.village_id == Recipient.village_id) & (Meeting.id == Recipient.meeting_id))
        .join(Case, (Case.village_id == Recipient.village_id) & (Case.id == Recipient.case_id))
        .where(Recipient.village_id == person.village_id, Recipient.state != "void", family)
        .order_by(Meeting.year.desc(), Recipient.id.desc())
    )
    return [Year(*row) for row in rows]


def figures(village_id: int, on: date) -> tuple[int, int]:
    """Candidates that wait for a meeting, and months that are due and not paid."""
    return count_waiting(village_id), unpaid_until(village_id, on)
