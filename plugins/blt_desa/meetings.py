"""The musdes khusus: calling one, who sat in it, which families were discussed, what was decided. Callers commit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, select, tuple_
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.attributes import flag_modified

from core.api import PAGE_SIZE, Case, CaseError, Page, Person, Text, current_row, db, gettext, paged, read_keys, record
from core.api import lazy_gettext as _

from .models import Attendee, Candidate, Meeting
from .services import aid

DECISIONS: Mapping[str, Text] = {
    "accepted": _("Diterima musdes"),
    "reserve": _("Cadangan"),
    "not_chosen": _("Tidak diterima"),
}
UNRANKED = 10_000  # after every rank that can be given
_WITH_FAMILY = joinedload(Candidate.case).joinedload(Case.person).joinedload(Person.household)


@dataclass(frozen=True)
class MeetingInput:
    """What is known of a meeting; months are those of the decree, ``amount`` is rupiah a month and family."""

    held_on: date
    starts_at: str
    place: str
    agenda: str
    leader: str
    secretary: str
    year: int
    first_month: int
    last_month: int
    amount: int


@dataclass(frozen=True)
class Decision:
    """On one candidate: ``key`` of :data:`DECISIONS`, blank when there is none yet."""

    key: str
    rank: int | None
    reason: str


# ---- finding ----


def find_meeting(village_id: int, meeting_id: UUID) -> Meeting | None:
    return db.session.scalar(select(Meeting).where(Meeting.village_id == village_id, Meeting.id == meeting_id))


def current_meeting(village_id: int, meeting_id: UUID, version: int) -> Meeting:
    """The meeting as the clerk's page showed it, locked for a change.

    Raises:
        Stale: somebody else has changed it since.
        CaseError: it is not there any more.
    """
    meeting = current_row(Meeting, village_id, meeting_id, version)
    if meeting is None:
        raise CaseError(gettext("Musdes ini tidak ada lagi."))
    return meeting


def open_meeting(village_id: int, meeting_id: UUID, version: int) -> Meeting:
    """As :func:`current_meeting`, for what a closed meeting does not allow any more."""
    meeting = current_meeting(village_id, meeting_id, version)
    if meeting.closed_at is not None:
        raise CaseError(gettext("Musdes ini sudah ditutup. Buka kembali dulu untuk mengubahnya."))
    return meeting


def touch(meeting: Meeting) -> None:
    """Move the version although no column of the meeting itself changes."""
    flag_modified(meeting, "place")


def page_of(village_id: int, cursor: str | None) -> Page[Meeting]:
    """One page of a village's meetings, the latest first."""
    query = select(Meeting).where(Meeting.village_id == village_id)
    if after := read_keys(cursor, _day, UUID):
        query = query.where(tuple_(Meeting.held_on, Meeting.id) < tuple_(*after))
    found = db.session.scalars(query.order_by(Meeting.held_on.desc(), Meeting.id.desc()).limit(PAGE_SIZE + 1)).all()
    return paged(found, lambda meeting: (meeting.held_on, meeting.id), cursor)


def _day(value: object) -> date:
    """Raises: ValueError: not a day."""
    return date.fromisoformat(str(value))


def tallies(village_id: int, meeting_ids: Iterable[UUID]) -> dict[UUID, dict[str, int]]:
    """How many candidates each meeting has by decision, and in all under "all", from one query."""
    found: dict[UUID, dict[str, int]] = {meeting_id: {"all": 0} for meeting_id in meeting_ids}
    rows = db.session.execute(
        select(Candidate.meeting_id, Candidate.decision, func.count())
        .where(Candidate.village_id == village_id, Candidate.meeting_id.in_(list(found)))
        .group_by(Candidate.meeting_id, Candidate.decision)
    )
    for meeting_id, decision, number in rows:
        found[meeting_id][decision] = number
        found[meeting_id]["all"] += number
    return found


def attendees_of(meeting: Meeting) -> Sequence[Attendee]:
    return db.session.scalars(
        select(Attendee)
        .where(Attendee.village_id == meeting.village_id, Attendee.meeting_id == meeting.id)
        .order_by(Attendee.place, Attendee.id)
    ).all()


def candidates_of(meeting: Meeting) -> list[Candidate]:
    """With case, person and household: the accepted by rank, then the reserve, then the others as they were added."""
    found = db.session.scalars(
        select(Candidate)
        .where(Candidate.village_id == meeting.village_id, Candidate.meeting_id == meeting.id)
        .order_by(Candidate.id)
        .options(_WITH_FAMILY)
    ).all()
    order = {key: place for place, key in enumerate(DECISIONS)}
    return sorted(found, key=lambda c: (order.get(c.decision, len(order)), c.rank or UNRANKED))


def _waiting(village_id: int) -> tuple[ColumnElement[bool], ...]:
    """Families put forward that are on no open meeting's list."""
    listed = exists().where(
        Candidate.village_id == village_id,
        Candidate.case_id == Case.id,
        Meeting.village_id == village_id,
        Meeting.id == Candidate.meeting_id,
        Meeting.closed_at.is_(None),
    )
    return Case.village_id == village_id, Case.service == aid.name, Case.state == "candidate", ~listed


def waiting_cases(village_id: int) -> Sequence[Case]:
    """Families put forward that are on no open meeting's list, the longest waiting first."""
    return db.session.scalars(
        select(Case)
        .where(*_waiting(village_id))
        .order_by(Case.state_since, Case.id)
        .options(joinedload(Case.person).joinedload(Person.household))
    ).all()


def count_waiting(village_id: int) -> int:
    return db.session.scalar(select(func.count()).select_from(Case).where(*_waiting(village_id))) or 0


def count_unclosed(village_id: int, on: date) -> int:
    """Meetings that were held by the day ``on`` and wait for the kepala desa to close them."""
    held = select(func.count()).select_from(Meeting).where(Meeting.village_id == village_id, Meeting.held_on <= on)
    return db.session.scalar(held.where(Meeting.closed_at.is_(None))) or 0


# ---- changing ----


def create_meeting(village_id: int, data: MeetingInput) -> Meeting:
    meeting = Meeting(village_id=village_id, **asdict(data))
    db.session.add(meeting)
    db.session.flush()
    record("blt_desa.meeting_called", "meeting", meeting.id, held_on=data.held_on.isoformat())
    return meeting


def change_meeting(meeting: Meeting, data: MeetingInput) -> None:
    changed = [name for name, value in asdict(data).items() if getattr(meeting, name) != value]
    for name in changed:
        setattr(meeting, name, getattr(data, name))
    if changed:
        record("blt_desa.meeting_changed", "meeting", meeting.id, fields=changed)


def discard_meeting(meeting: Meeting) -> None:
    """A meeting that did not take place leaves no trace but in the audit; its candidates wait for the next one."""
    for table in (Attendee, Candidate):
        db.session.execute(delete(table).where(table.village_id == meeting.village_id, table.meeting_id == meeting.id))
    record("blt_desa.meeting_discarded", "meeting", meeting.id)
    db.session.delete(meeting)


def add_candidates(meeting: Meeting, case_ids: Iterable[UUID]) -> int:
    """Put families on the list; those that do not wait for a meeting are passed over. How many were added."""
    wanted = set(case_ids)
    cases = [case for case in waiting_cases(meeting.village_id) if case.id in wanted]
    for case in cases:
        db.session.add(Candidate(village_id=meeting.village_id, meeting_id=meeting.id, case_id=case.id))
    if cases:
        touch(meeting)
        record("blt_desa.candidates_added", "meeting", meeting.id, tickets=[case.ticket for case in cases])
    return len(cases)


def remove_candidate(meeting: Meeting, candidate_id: UUID) -> None:
    candidate = next((c for c in candidates_of(meeting) if c.id == candidate_id), None)
    if candidate is None:
        raise CaseError(gettext("Calon itu sudah tidak ada di daftar."))
    record("blt_desa.candidate_removed", "meeting", meeting.id, ticket=candidate.case.ticket)
    db.session.delete(candidate)
    touch(meeting)


def add_attendees(meeting: Meeting, people: Sequence[tuple[str, str]]) -> None:
    """Names with their elements, in the order of the list."""
    last = max((attendee.place for attendee in attendees_of(meeting)), default=0)
    for place, (name, element) in enumerate(people, start=last + 1):
        db.session.add(
            Attendee(village_id=meeting.village_id, meeting_id=meeting.id, place=place, name=name, element=element)
        )
    touch(meeting)
    record("blt_desa.attendance_noted", "meeting", meeting.id, people=len(people))


def remove_attendee(meeting: Meeting, attendee_id: UUID) -> None:
    attendee = next((a for a in attendees_of(meeting) if a.id == attendee_id), None)
    if attendee is None:
        raise CaseError(gettext("Nama itu sudah tidak ada di daftar hadir."))
    db.session.delete(attendee)
    touch(meeting)
    record("blt_desa.attendance_noted", "meeting", meeting.id, people=-1)


def decide(meeting: Meeting, candidates: Sequence[Candidate], decisions: Mapping[UUID, Decision]) -> None:
    """What the meeting decided on its candidates, by their ids. Only a closed meeting moves the cases."""
    for candidate in candidates:
        decision = decisions[candidate.id]
        candidate.decision = decision.key
        candidate.rank = decision.rank if decision.key in ("accepted", "reserve") else None
        candidate.reason = decision.reason
    touch(meeting)
    record("blt_desa.decided", "meeting", meeting.id, candidates=len(candidates))
