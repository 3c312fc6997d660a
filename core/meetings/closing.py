"""Closing a meeting moves all its cases at once, through the steps of their workflows; reopening takes it back."""

from collections import Counter
from collections.abc import Iterator, Sequence
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import delete, select

from core.areas.current import CurrentArea
from core.audit import record
from core.cases.catalogue import find_service
from core.cases.errors import CaseError
from core.cases.models import Case
from core.cases.progress import Answer, take_step
from core.clock import now, today
from core.database.session import db
from core.web.formats import long_date

from .declaration import ELEMENTS, KINDS, RANKED, VillageMeeting
from .finding import attendees_of, candidates_of
from .hearing import Hearing, hearings, ranks
from .letters import holding_letters
from .models import Meeting, MeetingAttendee, MeetingCandidate
from .planning import touch


def obstacles(
    area: CurrentArea, meeting: Meeting, heard: Sequence[Hearing], attendees: Sequence[MeetingAttendee]
) -> list[str]:
    """What must be done before the meeting can be closed, each with how."""
    found: list[str] = []
    if meeting.held_on > today(area.timezone):
        found.append(gettext("Musdesnya baru berlangsung %(date)s.", date=long_date(meeting.held_on)))
    if not attendees:
        found.append(gettext("Daftar hadir masih kosong. Catat siapa yang hadir."))
    if not heard:
        found.append(gettext("Belum ada calon. Masukkan keluarga yang dibahas."))
    return [*found, *(line for hearing in heard for line in _of_programme(hearing))]


def _of_programme(hearing: Hearing) -> Iterator[str]:
    declared = hearing.declared
    if declared is None:
        yield gettext("Modul %(name)s tidak terpasang. Keluarkan calonnya dari daftar.", name=hearing.name)
        return
    if hearing.lacks_terms:
        yield gettext("Rincian %(programme)s belum diisi.", programme=hearing.title)
    undecided = [h.case.person.name for h in hearing.heard if h.decision not in declared.outcomes]
    if undecided:
        yield gettext("Belum diputuskan: %(names)s.", names=", ".join(undecided))
    if unexplained := [h.case.person.name for h in hearing.decided("not_chosen") if not h.reason]:
        yield gettext("Alasannya belum ditulis: %(names)s.", names=", ".join(unexplained))
    if gone := [h.case.ticket for h in hearing.heard if h.case.state != declared.state]:
        yield gettext("Kasusnya bukan calon lagi: %(tickets)s. Keluarkan dari daftar.", tickets=", ".join(gone))
    for rank in double_ranks(hearing):
        yield gettext("Peringkat %(rank)s dipakai lebih dari satu keluarga.", rank=rank)


def double_ranks(hearing: Hearing) -> list[int]:
    """Ranks that two cases of one programme have in one of its lists."""
    return sorted({rank for given in ranks(hearing).values() for rank, times in Counter(given).items() if times > 1})


def warnings(meeting: Meeting, heard: Sequence[Hearing], attendees: Sequence[MeetingAttendee]) -> list[str]:
    """What departs from the rules, but is the village's to answer for."""
    found: list[str] = []
    wanted: list[str] = []
    for hearing in heard:
        if declared := hearing.declared:
            found += _of_kind(meeting, hearing, declared)
            found += declared.warnings(hearing)
            wanted += declared.elements(meeting.held_on)
    present = {attendee.element for attendee in attendees}
    missing = [str(title) for key, title in ELEMENTS.items() if key in wanted and key not in present]
    if attendees and missing:
        found.append(gettext("Unsur yang belum tercatat hadir: %(elements)s.", elements=", ".join(missing)))
    return found


def _of_kind(meeting: Meeting, hearing: Hearing, declared: VillageMeeting) -> Iterator[str]:
    if meeting.kind not in declared.kinds:
        fitting = ", ".join(str(KINDS[kind]) for kind in declared.kinds)
        yield gettext("%(programme)s diputuskan dalam: %(kinds)s.", programme=hearing.title, kinds=fitting)
    if hearing.heard and not any(h.decision in ("accepted", "") for h in hearing.heard):
        yield gettext("%(programme)s: tidak satu pun calon diterima.", programme=hearing.title)


def close_meeting(area: CurrentArea, meeting: Meeting, permissions: frozenset[str], by: UUID | None) -> None:
    """All cases take their step, or none does. The caller commits.

    Raises:
        CaseError: something is missing, or a case cannot take its step.
    """
    candidates = candidates_of(meeting)
    heard = hearings(area, meeting, candidates, judged=False)
    if problems := obstacles(area, meeting, heard, attendees_of(meeting)):
        raise CaseError(" ".join(problems))
    _forget_withdrawn(meeting)
    for hearing in heard:
        for key in RANKED:
            for rank, of_case in enumerate(hearing.decided(key), start=1):
                if of_case.candidate:
                    of_case.candidate.rank = rank
    meeting.closed_at, meeting.closed_by = now(), by
    db.session.flush()
    for candidate in sorted(candidates, key=lambda c: c.case_id):
        _move(area, candidate, permissions, _note(meeting, candidate))
    record("meetings.closed", "meeting", meeting.id, **Counter(c.decision for c in candidates))


def _move(area: CurrentArea, candidate: MeetingCandidate, permissions: frozenset[str], note: str) -> None:
    service = find_service(candidate.case.service)
    if service and service.meeting:
        step = service.meeting.outcomes[candidate.decision].step
        take_step(area, candidate.case, service, step, permissions, Answer(note=note))


def _forget_withdrawn(meeting: Meeting) -> None:
    """Families that withdrew before the meeting was over were not decided on."""
    closed = select(Case.id).where(Case.village_id == meeting.village_id, Case.closed_at.is_not(None))
    mine = (MeetingCandidate.village_id == meeting.village_id, MeetingCandidate.meeting_id == meeting.id)
    db.session.execute(
        delete(MeetingCandidate).where(*mine, MeetingCandidate.case_id.in_(closed)),
        execution_options={"synchronize_session": False},
    )


def _note(meeting: Meeting, candidate: MeetingCandidate) -> str:
    """What the case's timeline says."""
    parts = [gettext("Musdes %(date)s", date=long_date(meeting.held_on))]
    if candidate.rank:
        parts.append(gettext("peringkat %(rank)s", rank=candidate.rank))
    if candidate.reason:
        parts.append(candidate.reason)
    return ", ".join(parts)


def reopen_meeting(area: CurrentArea, meeting: Meeting, permissions: frozenset[str], reason: str) -> None:
    """Its cases are candidates again; one that went elsewhere meanwhile stays where it is. The caller commits.

    Raises:
        CaseError: it is open, or a letter of it holds.
    """
    if meeting.closed_at is None:
        raise CaseError(gettext("Musdes ini belum ditutup."))
    if held := holding_letters(meeting):
        raise CaseError(gettext("Cabut dulu surat yang masih berlaku: %(letters)s.", letters=", ".join(held)))
    candidates = candidates_of(meeting)
    meeting.closed_at = meeting.closed_by = None
    touch(meeting)
    db.session.flush()
    for candidate in sorted(candidates, key=lambda c: c.case_id):
        _move_back(area, candidate, permissions, reason)
    record("meetings.reopened", "meeting", meeting.id)


def _move_back(area: CurrentArea, candidate: MeetingCandidate, permissions: frozenset[str], reason: str) -> None:
    service = find_service(candidate.case.service)
    declared = service.meeting if service else None
    outcome = declared.outcomes.get(candidate.decision) if declared else None
    if service is None or outcome is None:
        return
    reached = next((t.target for t in service.workflow.transitions if t.key == outcome.step), None)
    if candidate.case.state == reached:
        take_step(area, candidate.case, service, outcome.back, permissions, Answer(note=reason))
