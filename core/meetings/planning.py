"""Planning a meeting and writing down what happens in it: candidates, attendance, terms, decisions. Callers commit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import delete
from sqlalchemy.orm.attributes import flag_modified

from core.areas.current import CurrentArea
from core.audit import record
from core.cases.errors import CaseError
from core.database.session import db

from .declaration import RANKED
from .finding import attendees_of, candidates_of, waiting_cases
from .models import Meeting, MeetingAttendee, MeetingCandidate


@dataclass(frozen=True)
class MeetingInput:
    """What is known of a meeting when it is planned; ``starts_at`` as HH:MM."""

    kind: str
    held_on: date
    starts_at: str
    place: str
    agenda: str
    leader: str
    secretary: str


@dataclass(frozen=True)
class Decision:
    """On one candidate: accepted, reserve or not_chosen; blank when there is none yet."""

    key: str
    rank: int | None
    reason: str


def touch(meeting: Meeting) -> None:
    """Move the version although no column of the meeting itself changes."""
    flag_modified(meeting, "place")


def create_meeting(village_id: int, data: MeetingInput) -> Meeting:
    meeting = Meeting(village_id=village_id, terms={}, **asdict(data))
    db.session.add(meeting)
    db.session.flush()
    record("meetings.called", "meeting", meeting.id, held_on=data.held_on.isoformat())
    return meeting


def change_meeting(meeting: Meeting, data: MeetingInput) -> None:
    changed = [name for name, value in asdict(data).items() if getattr(meeting, name) != value]
    for name in changed:
        setattr(meeting, name, getattr(data, name))
    if changed:
        record("meetings.changed", "meeting", meeting.id, fields=changed)


def set_terms(meeting: Meeting, service: str, terms: Mapping[str, Any]) -> None:
    """What a programme wants to know of the meeting, as JSON keeps it."""
    if meeting.terms.get(service) == terms:
        return
    meeting.terms = {**meeting.terms, service: dict(terms)}
    record("meetings.terms_set", "meeting", meeting.id, service=service)


def discard_meeting(meeting: Meeting) -> None:
    """A meeting that did not take place leaves no trace but in the audit; its candidates wait for the next one."""
    for table in (MeetingAttendee, MeetingCandidate):
        db.session.execute(delete(table).where(table.village_id == meeting.village_id, table.meeting_id == meeting.id))
    record("meetings.discarded", "meeting", meeting.id)
    db.session.delete(meeting)


def add_candidates(area: CurrentArea, meeting: Meeting, case_ids: Iterable[UUID]) -> int:
    """Put cases on the list; those that do not wait for a meeting are passed over. How many were added."""
    cases = waiting_cases(area, only=list(case_ids))
    for case in cases:
        db.session.add(MeetingCandidate(village_id=meeting.village_id, meeting_id=meeting.id, case_id=case.id))
    if cases:
        touch(meeting)
        record("meetings.candidates_added", "meeting", meeting.id, tickets=[case.ticket for case in cases])
    return len(cases)


def remove_candidate(meeting: Meeting, candidate_id: UUID) -> None:
    """Raises: CaseError: it is not on the list any more."""
    candidate = next((c for c in candidates_of(meeting) if c.id == candidate_id), None)
    if candidate is None:
        raise CaseError(gettext("Calon itu sudah tidak ada di daftar."))
    record("meetings.candidate_removed", "meeting", meeting.id, ticket=candidate.case.ticket)
    db.session.delete(candidate)
    touch(meeting)


def add_attendees(meeting: Meeting, people: Sequence[tuple[str, str]]) -> None:
    """Names with their elements, in the order of the list."""
    last = max((attendee.place for attendee in attendees_of(meeting)), default=0)
    for place, (name, element) in enumerate(people, start=last + 1):
        db.session.add(
            MeetingAttendee(
                village_id=meeting.village_id, meeting_id=meeting.id, place=place, name=name, element=element
            )
        )
    touch(meeting)
    record("meetings.attendance_noted", "meeting", meeting.id, people=len(people))


def remove_attendee(meeting: Meeting, attendee_id: UUID) -> None:
    """Raises: CaseError: not on the list any more."""
    attendee = next((a for a in attendees_of(meeting) if a.id == attendee_id), None)
    if attendee is None:
        raise CaseError(gettext("Nama itu sudah tidak ada di daftar hadir."))
    db.session.delete(attendee)
    touch(meeting)
    record("meetings.attendance_noted", "meeting", meeting.id, people=-1)


def decide(meeting: Meeting, candidates: Sequence[MeetingCandidate], decisions: Mapping[UUID, Decision]) -> None:
    """What the meeting decided on its candidates, by their ids. Only a closed meeting moves the cases."""
    for candidate in candidates:
        decision = decisions[candidate.id]
        candidate.decision = decision.key
        candidate.rank = decision.rank if decision.key in RANKED else None
        candidate.reason = decision.reason
    touch(meeting)
    record("meetings.decided", "meeting", meeting.id, candidates=len(candidates))
