"""Finding meetings, their candidates and attendance, and the cases that wait for one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import ColumnElement, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import contains_eager, selectinload

from core.areas.current import CurrentArea
from core.cases.catalogue import find_service, offered
from core.cases.errors import CaseError
from core.cases.lists import read_keys
from core.cases.models import Case, LetterRecord
from core.cases.service import Service
from core.database.session import db
from core.database.versions import current_row
from core.people.models import Person
from core.web.paging import PAGE_SIZE, Page, paged

from .declaration import DECISIONS
from .models import Meeting, MeetingAttendee, MeetingCandidate

UNRANKED = 10_000  # after every rank that can be given
# By their keys: joined to a register that was brought in a moment ago, of which the database has no statistics yet, it
# would compare all residents with all households.
_FAMILY = (
    selectinload(Case.person).selectinload(Person.household),
    selectinload(Case.household),
)


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
    check_open(meeting)
    return meeting


def check_open(meeting: Meeting) -> None:
    """Raises: CaseError: it is closed."""
    if meeting.closed_at is not None:
        raise CaseError(gettext("Musdes ini sudah ditutup. Buka kembali dulu untuk mengubahnya."))


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


@dataclass(frozen=True)
class Tally:
    """Of one meeting: how many cases of each service, and how many of each decision."""

    services: Mapping[str, int]
    decisions: Mapping[str, int]

    @property
    def all(self) -> int:
        return sum(self.services.values())

    @property
    def titles(self) -> list[str]:
        """The programmes that it hears, as a narrow column says them."""
        found = ((find_service(name), name) for name in self.services)
        return sorted(str(service.short_title or service.title) if service else name for service, name in found)


def tallies(village_id: int, meeting_ids: Iterable[UUID]) -> dict[UUID, Tally]:
    """From one query."""
    services: dict[UUID, dict[str, int]] = {meeting_id: {} for meeting_id in meeting_ids}
    decisions: dict[UUID, dict[str, int]] = {meeting_id: {} for meeting_id in services}
    rows = db.session.execute(
        select(MeetingCandidate.meeting_id, Case.service, MeetingCandidate.decision, func.count())
        .join(Case, _OF_CASE)
        .join(Meeting, _OF_MEETING)
        .where(
            MeetingCandidate.village_id == village_id, MeetingCandidate.meeting_id.in_(list(services)), _still_heard()
        )
        .group_by(MeetingCandidate.meeting_id, Case.service, MeetingCandidate.decision)
    )
    for meeting_id, service, decision, number in rows:
        services[meeting_id][service] = services[meeting_id].get(service, 0) + number
        decisions[meeting_id][decision] = decisions[meeting_id].get(decision, 0) + number
    return {meeting_id: Tally(services[meeting_id], decisions[meeting_id]) for meeting_id in services}


_OF_CASE = and_(Case.village_id == MeetingCandidate.village_id, Case.id == MeetingCandidate.case_id)
_OF_MEETING = and_(Meeting.village_id == MeetingCandidate.village_id, Meeting.id == MeetingCandidate.meeting_id)


def _still_heard() -> ColumnElement[bool]:
    """A family that withdrew is not discussed any more; what a closed meeting has decided stays."""
    return or_(Meeting.closed_at.is_not(None), Case.closed_at.is_(None))


def attendees_of(meeting: Meeting) -> Sequence[MeetingAttendee]:
    return db.session.scalars(
        select(MeetingAttendee)
        .where(MeetingAttendee.village_id == meeting.village_id, MeetingAttendee.meeting_id == meeting.id)
        .order_by(MeetingAttendee.place, MeetingAttendee.id)
    ).all()


def candidates_of(meeting: Meeting) -> list[MeetingCandidate]:
    """With case, person and household: the accepted by rank, then the reserve, then the others as they were added.

    Of an open meeting without those whose case was closed meanwhile.
    """
    found = db.session.scalars(
        select(MeetingCandidate)
        .join(MeetingCandidate.case)
        .join(Meeting, _OF_MEETING)
        .where(
            MeetingCandidate.village_id == meeting.village_id,
            MeetingCandidate.meeting_id == meeting.id,
            _still_heard(),
        )
        .order_by(MeetingCandidate.id)
        .options(contains_eager(MeetingCandidate.case).options(*_FAMILY))
    ).all()
    order = {key: place for place, key in enumerate(DECISIONS)}
    return sorted(found, key=lambda c: (order.get(c.decision, len(order)), c.rank or UNRANKED))


# ---- cases that wait for a meeting ----


def deciding(area: CurrentArea) -> dict[str, Service]:
    """The services of the village on whose cases a meeting decides, by name."""
    return {name: service for name, service in offered(area).items() if service.meeting}


def waiting(area: CurrentArea) -> tuple[ColumnElement[bool], ...]:
    """Cases that were put forward and are on no open meeting's list."""
    listed = exists().where(
        MeetingCandidate.village_id == area.id,
        MeetingCandidate.case_id == Case.id,
        Meeting.village_id == area.id,
        Meeting.id == MeetingCandidate.meeting_id,
        Meeting.closed_at.is_(None),
    )
    states = [(name, service.meeting.state) for name, service in deciding(area).items() if service.meeting]
    return Case.village_id == area.id, tuple_(Case.service, Case.state).in_(states), ~listed


def waiting_cases(area: CurrentArea, only: Sequence[UUID] | None = None) -> Sequence[Case]:
    """Those of all programmes, the longest waiting first; of the ids in ``only`` where it is given."""
    query = select(Case).where(*waiting(area))
    if only is not None:
        query = query.where(Case.id.in_(only))
    return db.session.scalars(query.order_by(Case.state_since, Case.id).options(*_FAMILY)).all()


@dataclass(frozen=True)
class Pending:
    """What of a village's meetings wants to be done."""

    waiting: int
    unclosed: int
    unsigned: int

    def __bool__(self) -> bool:
        return bool(self.waiting or self.unclosed or self.unsigned)


def pending(area: CurrentArea, on: date) -> Pending:
    """Cases that wait, meetings held by the day ``on`` and not closed, letters of meetings not signed: one query."""
    waits = select(func.count()).select_from(Case).where(*waiting(area)).scalar_subquery()
    held = (
        select(func.count())
        .select_from(Meeting)
        .where(Meeting.village_id == area.id, Meeting.held_on <= on, Meeting.closed_at.is_(None))
        .scalar_subquery()
    )
    letters = (
        select(func.count())
        .select_from(LetterRecord)
        .join(Meeting, and_(Meeting.village_id == LetterRecord.village_id, Meeting.id == LetterRecord.object_id))
        .where(LetterRecord.village_id == area.id, LetterRecord.signed_at.is_(None), LetterRecord.revoked_at.is_(None))
        .scalar_subquery()
    )
    return Pending(*db.session.execute(select(waits, held, letters)).one())
