"""The page of one meeting, which also says what did not work."""

from collections.abc import Callable
from functools import wraps
from io import BytesIO
from uuid import UUID

from flask import Response, abort, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from core.api import CaseError, area_today, db, gettext, here, may, may_revoke, my_permissions

from .. import closing, decree, meetings
from ..documents import period
from ..meeting_forms import version_of
from ..models import Meeting
from ..rules import rule_of_year
from ..screening import deviations, screenings


def meeting_or_404(meeting_id: UUID) -> Meeting:
    meeting = meetings.find_meeting(here().id, meeting_id)
    if meeting is None:
        abort(404)
    return meeting


def to_meeting(meeting_id: UUID, anchor: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("blt_desa.meeting", id=meeting_id, _anchor=anchor))


def moved_on() -> str:
    return gettext("Orang lain sudah mengubah musdes ini. Periksa keadaannya sekarang, lalu ulangi.")


def posted_version() -> int:
    return version_of(request.form.get("version"))


def meeting_page(meeting: Meeting, problem: str = "") -> str:
    """A fixed number of queries, however many candidates and attendees there are."""
    candidates, attendees = meetings.candidates_of(meeting), meetings.attendees_of(meeting)
    letters = decree.letters_of(meeting)
    held = {letter.key for letter in letters if letter.revoked_at is None}
    screened = screenings(here(), [c.case for c in candidates])
    return render_template(
        "blt_desa/meeting.html",
        meeting=meeting,
        period=period(meeting),
        candidates=candidates,
        attendees=attendees,
        screened=screened,
        deviations=deviations(candidates, screened),
        obstacles=closing.obstacles(here(), meeting, candidates, attendees),
        warnings=closing.warnings(meeting, candidates, attendees),
        letters=letters,
        printable=[letter for key, letter in decree.LETTERS.items() if meeting.closed_at and key not in held],
        in_force=decree.decree_in_force(letters),
        rule=rule_of_year(meeting.year, meeting.first_month),
        elements=meetings.ELEMENTS,
        decisions=meetings.DECISIONS,
        problem=problem,
        past=meeting.held_on <= area_today(),
        write=may("blt_desa.write") and meeting.closed_at is None,
        may_revoke=lambda letter: may_revoke(letter, my_permissions()),
    )


def changes_meeting(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """What stands in the way of a change is told on the meeting's page, and nothing of it is kept."""

    @wraps(view)
    def guarded(id: UUID, **values: object) -> ResponseReturnValue:
        try:
            return view(id=id, **values)
        except CaseError as problem:
            db.session.rollback()
            return meeting_page(meeting_or_404(id), str(problem)), 422
        except meetings.StaleMeeting:
            db.session.rollback()
            return meeting_page(meeting_or_404(id), moved_on()), 409

    return guarded


def pdf(content: bytes, name: str) -> Response:
    """A paper that is made anew each time, and kept by no browser."""
    answer = send_file(BytesIO(content), mimetype="application/pdf", download_name=f"{name}.pdf")
    answer.headers["Cache-Control"] = "no-store"
    return answer
