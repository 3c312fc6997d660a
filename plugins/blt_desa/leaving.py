"""What is left behind: by a family whose case was closed, and by a village in which the module was switched off."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import Select, func, select

from core.api import Area, Case, commit, db, record, scope, smallest_around

from .meetings import touch
from .models import Candidate, Meeting
from .services import aid


def withdraw(case: Case) -> bool:
    """A family that withdrew leaves the list of a meeting that is not closed yet. The caller commits."""
    if case.service != aid.name:
        return False
    of_meeting = (Meeting.village_id == Candidate.village_id) & (Meeting.id == Candidate.meeting_id)
    rows = db.session.execute(
        select(Candidate, Meeting)
        .join(Meeting, of_meeting)
        .where(Candidate.village_id == case.village_id, Candidate.case_id == case.id, Meeting.closed_at.is_(None))
    ).all()
    for candidate, meeting in rows:
        record("blt_desa.candidate_removed", "meeting", meeting.id, ticket=case.ticket)
        db.session.delete(candidate)
        touch(meeting)
    return bool(rows)


def note_unfinished(areas: Sequence[Area]) -> None:
    """What the module was switched off over stands in each village's audit; read by two queries for all of them."""
    around = smallest_around([area.interval for area in areas])
    inside = Case.village_id.between(around.id, around.hi)
    receiving = select(Case.village_id, func.count()).where(inside, Case.service == aid.name, Case.state == "receiving")
    inside = Meeting.village_id.between(around.id, around.hi)
    called = select(Meeting.village_id, func.count()).where(inside, Meeting.closed_at.is_(None))
    with scope(around):
        families = _by_village(receiving.group_by(Case.village_id))
        meetings = _by_village(called.group_by(Meeting.village_id))
    for area in areas:
        if families[area.id] or meetings[area.id]:
            with scope(area):
                record("blt_desa.left_unfinished", families=families[area.id], meetings=meetings[area.id])
                commit()


def _by_village(counted: Select[int, int]) -> Counter[int]:
    return Counter(dict(db.session.execute(counted).all()))
