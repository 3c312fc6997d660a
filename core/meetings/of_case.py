"""A case and its meeting: which one heard it last, and why a step taken by hand does not fit what was decided there.

It looks at what is written down and not at who asks: closing a meeting writes first and then takes the steps.
"""

from flask_babel import gettext
from sqlalchemy import and_, select

from core.cases.models import Case
from core.database.session import db

from .declaration import VillageMeeting
from .models import Meeting, MeetingCandidate


def last_hearing(case: Case) -> tuple[MeetingCandidate, Meeting] | None:
    """The latest meeting on whose list the case is or was."""
    row = db.session.execute(
        select(MeetingCandidate, Meeting)
        .join(
            Meeting, and_(Meeting.village_id == MeetingCandidate.village_id, Meeting.id == MeetingCandidate.meeting_id)
        )
        .where(MeetingCandidate.village_id == case.village_id, MeetingCandidate.case_id == case.id)
        .order_by(MeetingCandidate.id.desc())
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else None


def meeting_objection(case: Case, declared: VillageMeeting, step: str) -> str | None:
    """Why a step does not fit what the meeting has decided, or has not; None for any other step.

    To return or to cancel a case needs no meeting: so a way out is left.
    """
    if case.state == declared.state:
        wanted = next((key for key, outcome in declared.outcomes.items() if outcome.step == step), None)
        if wanted is None:
            return None
        heard = last_hearing(case)
        if heard and heard[1].closed_at is not None and heard[0].decision == wanted:
            return None
        return gettext(
            "Musdes belum memutuskan “%(decision)s”. Catat keputusannya di halaman musdes, lalu tutup musdesnya.",
            decision=declared.title_of(wanted),
        )
    if all(outcome.back != step for outcome in declared.outcomes.values()):
        return None
    heard = last_hearing(case)
    if heard is None or heard[1].closed_at is None:
        return None
    return gettext("Keputusan musdes ditarik dengan membuka kembali musdesnya.")
