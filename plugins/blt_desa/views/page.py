"""The page of one meeting, which also says what did not work."""

from uuid import UUID

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.api import VersionedForm, area_today, gettext, here, may, may_revoke, my_permissions, told_on_page

from .. import closing, decree, meetings
from ..documents import period
from ..models import Meeting
from ..rules import ELEMENTS, rule_of_year
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
    return VersionedForm().seen


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
        elements=ELEMENTS,
        decisions=meetings.DECISIONS,
        problem=problem,
        past=meeting.held_on <= area_today(),
        write=may("blt_desa.write") and meeting.closed_at is None,
        may_revoke=lambda letter: may_revoke(letter, my_permissions()),
    )


changes_meeting = told_on_page(lambda id, problem: meeting_page(meeting_or_404(id), problem), moved_on)
