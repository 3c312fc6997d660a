"""Who came: many lines at once, and the list to sign by hand."""

from uuid import UUID

from flask import flash, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from core.areas.code import AreaCode
from core.cases.letter_pdf import render_paper
from core.cases.letter_values import in_indonesian
from core.database.session import commit, db
from core.database.versions import Stale
from core.meetings import finding, planning
from core.meetings.declaration import KINDS
from core.meetings.forms import AttendanceForm
from core.meetings.models import Meeting
from core.meetings.papers import when_and_where
from core.users.permissions import requires
from core.web.answers import pdf_answer

from . import bp
from .page import changes_meeting, meeting_or_404, moved_on, posted_version, to_meeting


@bp.route("/<village:area>/meetings/<uuid:id>/attendance", methods=["GET", "POST"])
@requires("meetings.write")
@changes_meeting
def attendance(area: AreaCode, id: UUID) -> ResponseReturnValue:
    found = meeting_or_404(id)
    finding.check_open(found)
    form = AttendanceForm()
    if request.method == "GET":
        return _page(found, form)
    try:
        found = finding.open_meeting(g.area.id, id, form.seen)
    except Stale:
        db.session.rollback()
        return _page(meeting_or_404(id), form, moved_on()), 409
    if not form.validate():
        return _page(found, form), 422
    planning.add_attendees(found, form.people)
    commit()
    flash(gettext("Daftar hadir disimpan."), "success")
    return to_meeting(id, "attendance")


def _page(found: Meeting, form: AttendanceForm, problem: str = "") -> str:
    form.version.data = str(found.version)
    attendees = finding.attendees_of(found)
    return render_template("meetings/attendance.html", meeting=found, form=form, problem=problem, attendees=attendees)


@bp.post("/<village:area>/meetings/<uuid:id>/attendance/<uuid:attendee_id>/remove")
@requires("meetings.write")
@changes_meeting
def remove_attendee(area: AreaCode, id: UUID, attendee_id: UUID) -> ResponseReturnValue:
    meeting_or_404(id)
    planning.remove_attendee(finding.open_meeting(g.area.id, id, posted_version()), attendee_id)
    commit()
    return to_meeting(id, "attendance")


@bp.get("/<village:area>/meetings/<uuid:id>/attendance.pdf")
@requires("meetings.read")
def attendance_pdf(area: AreaCode, id: UUID) -> ResponseReturnValue:
    """The list to sign by hand: who is noted already, then empty lines."""
    found = meeting_or_404(id)
    with in_indonesian():
        values = when_and_where(found)
        title = gettext("Daftar Hadir %(kind)s", kind=KINDS.get(found.kind, found.kind))
    return pdf_answer(render_paper(g.area, "meetings/attendance.typ", title, values), "daftar-hadir")
