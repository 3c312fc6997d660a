"""The page of one meeting, which also says what did not work."""

from uuid import UUID

from flask import abort, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from core.cases.letters import may_revoke
from core.meetings import closing, finding, letters
from core.meetings.declaration import ELEMENTS, KINDS, SHORT_KINDS
from core.meetings.hearing import hearings
from core.meetings.models import Meeting
from core.meetings.papers import announced_by
from core.web.answers import told_on_page
from core.web.formats import area_today
from core.web.forms import VersionedForm


def meeting_or_404(meeting_id: UUID) -> Meeting:
    meeting = finding.find_meeting(g.area.id, meeting_id)
    if meeting is None:
        abort(404)
    return meeting


def to_meeting(meeting_id: UUID, anchor: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("meetings.show", id=meeting_id, _anchor=anchor))


def moved_on() -> str:
    return gettext("Orang lain sudah mengubah musdes ini. Periksa keadaannya sekarang, lalu ulangi.")


def posted_version() -> int:
    return VersionedForm().seen


def meeting_page(meeting: Meeting, problem: str = "") -> str:
    """A fixed number of queries for each programme, however many candidates and attendees there are."""
    candidates, attendees = finding.candidates_of(meeting), finding.attendees_of(meeting)
    heard = hearings(g.area, meeting, candidates, permissions=g.permissions)
    issued = letters.letters_of(meeting)
    return render_template(
        "meetings/show.html",
        meeting=meeting,
        kind=KINDS.get(meeting.kind, meeting.kind),
        short_kind=SHORT_KINDS.get(meeting.kind, meeting.kind),
        hearings=heard,
        deviations={key: lines for hearing in heard for key, lines in hearing.deviations.items()},
        attendees=attendees,
        obstacles=closing.obstacles(g.area, meeting, heard, attendees),
        warnings=closing.warnings(meeting, heard, attendees),
        letters=issued,
        printable=letters.printable(meeting, heard, issued),
        announced=any(announced_by(hearing, issued) for hearing in heard),
        holding=any(letter.revoked_at is None for letter in issued),
        elements=ELEMENTS,
        problem=problem,
        past=meeting.held_on <= area_today(),
        write="meetings.write" in g.permissions and meeting.closed_at is None,
        why_not_signed=lambda letter: letters.why_not_signed(letter, issued),
        may_revoke=lambda letter: may_revoke(letter, g.permissions),
    )


changes_meeting = told_on_page(lambda id, problem: meeting_page(meeting_or_404(id), problem), moved_on)
