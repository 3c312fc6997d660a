"""The demonstration's musdes: one that was held and whose letters are signed, and one that is being prepared."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from core.actor import acting
from core.areas.current import CurrentArea
from core.clock import today
from core.database.session import commit, db, scope
from core.meetings.closing import close_meeting
from core.meetings.finding import candidates_of, deciding, waiting_cases
from core.meetings.forms import AGENDA
from core.meetings.hearing import hearings
from core.meetings.letters import issue, letters_of, printable, sign
from core.meetings.models import Meeting
from core.meetings.planning import (
    Decision,
    MeetingInput,
    add_attendees,
    add_candidates,
    create_meeting,
    decide,
    set_terms,
)
from core.platform import platform

from .demo_cases import Team
from .demo_clock import moved_to

DISCUSSED = 9  # of those put forward; the others wait for the next meeting
ACCEPTED, RESERVE = 6, 8
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


def hold_meeting(area: CurrentArea, team: Team, moment: datetime) -> bool:
    """False where there was one already, or too few were put forward."""
    permissions = platform().permissions.of_role("village_head")
    with scope(area), acting(team.head), moved_to(moment):
        waiting = waiting_cases(area)
        if _meetings(area) or len(waiting) < DISCUSSED:
            return False
        meeting = _call(area, 0)
        add_candidates(area, meeting, [case.id for case in waiting[:DISCUSSED]])
        add_attendees(meeting, PEOPLE)
        db.session.flush()
        _settle(area, meeting)
        _decide(area, meeting)
        close_meeting(area, meeting, permissions, None)
        _letters(area, meeting, permissions)
        commit()
    return True


def prepare_meeting(area: CurrentArea, team: Team, moment: datetime) -> bool:
    """The next one, with whoever waits by now, of all programmes."""
    with scope(area), acting(team.head), moved_to(moment):
        waiting = waiting_cases(area)
        if len(_meetings(area)) != 1 or not waiting:
            return False
        meeting = _call(area, 7)
        add_candidates(area, meeting, [case.id for case in waiting])
        db.session.flush()
        _settle(area, meeting)
        commit()
    return True


def _meetings(area: CurrentArea) -> Sequence[Meeting]:
    return db.session.scalars(select(Meeting).where(Meeting.village_id == area.id).limit(2)).all()


def _call(area: CurrentArea, days: int) -> Meeting:
    day = today(area.timezone) + timedelta(days)
    place = f"Balai {area.title}"
    return create_meeting(
        area.id, MeetingInput("special", day, "09:00", place, str(AGENDA), "H. Dedi Kurnia", "Imas Masitoh")
    )


def _settle(area: CurrentArea, meeting: Meeting) -> None:
    """What each programme wants to know, as its form says it at first; months from three ago where it has months."""
    for name, service in deciding(area).items():
        if service.meeting and service.meeting.form:
            terms = dict(service.meeting.defaults(meeting.held_on))
            if "first_month" in terms:
                terms["first_month"] = max(1, meeting.held_on.month - 3)
            set_terms(meeting, name, terms)


def _decide(area: CurrentArea, meeting: Meeting) -> None:
    candidates = candidates_of(meeting)
    decisions: dict = {}
    for hearing in hearings(area, meeting, candidates):
        for place, heard in enumerate(hearing.neediest_first()):
            if heard.candidate is None:
                continue
            if place < ACCEPTED:
                decision = Decision("accepted", place + 1, "")
            elif place < RESERVE:
                decision = Decision("reserve", place + 1 - ACCEPTED, "")
            else:
                decision = Decision("not_chosen", None, "Penghasilan keluarga sudah cukup")
            decisions[heard.candidate.id] = decision
    decide(meeting, candidates, decisions)
    db.session.flush()


def _letters(area: CurrentArea, meeting: Meeting, permissions: frozenset[str]) -> None:
    heard = hearings(area, meeting, candidates_of(meeting), judged=False)
    for item in printable(meeting, heard, []):
        if item.owner == "meetings" or letters_of(meeting):
            sign(area, meeting, issue(area, meeting, item.owner, item.letter.key), permissions)
            db.session.flush()
