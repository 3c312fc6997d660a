"""Minutes: what was said and who came; closed by the kepala desa, reopened with a reason; the papers of a meeting."""

from uuid import UUID

from flask import abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    CaseError,
    Stale,
    VersionedForm,
    area_today,
    commit,
    db,
    gettext,
    here,
    in_indonesian,
    pdf_answer,
    render_paper,
    requires,
)

from .. import meetings
from ..documents import invitation_values, minutes_values
from ..forms import ReasonForm
from ..models import NAME, PROSE, PartnerMeeting
from . import bp
from .editing import edit, moved_on
from .meetings import changes_meeting, held_or_404, meeting_or_404, meeting_page, to_meeting

PRESENCE = {"yes": True, "no": False}


@bp.post("/meetings/<uuid:id>/minutes")
@requires("partnership.write")
def write_minutes(id: UUID) -> ResponseReturnValue:
    """All points and all who were invited, in one form: ``outcome-<id>``, ``present-<id>``, ``who-<id>``."""
    found = meeting_or_404(id)
    typed = {key: value.strip() for key, value in request.form.items()}
    outcomes = {row.id: typed[f"outcome-{row.id}"] for row in meetings.points_of(found) if f"outcome-{row.id}" in typed}
    attendance = {
        row.id: (PRESENCE.get(typed[f"present-{row.id}"]), typed.get(f"who-{row.id}", ""))
        for row in meetings.invitations_of(found)
        if f"present-{row.id}" in typed
    }
    too_long = any(len(text) > PROSE for text in outcomes.values())
    if too_long or any(len(who) > NAME for _present, who in attendance.values()):
        problem = gettext("Isian terlalu panjang: pembahasan paling banyak %(n)s huruf, nama %(m)s.", n=PROSE, m=NAME)
        return meeting_page(found, problem, typed=typed), 422
    try:
        meetings.write_minutes(held_or_404(id, VersionedForm().seen), outcomes, attendance)
        commit()
    except CaseError as problem:
        db.session.rollback()
        return meeting_page(meeting_or_404(id), str(problem), typed=typed), 422
    except Stale:
        db.session.rollback()
        return meeting_page(meeting_or_404(id), moved_on(), typed=typed), 409
    flash(gettext("Notulen tersimpan."), "success")
    return to_meeting(id)


@bp.post("/meetings/<uuid:id>/close")
@requires("partnership.close")
@changes_meeting
def close_meeting(id: UUID) -> ResponseReturnValue:
    meetings.close(held_or_404(id, VersionedForm().seen), area_today(), by=current_user.id)
    commit()
    flash(gettext("Notulen ditutup."), "success")
    return to_meeting(id)


@bp.route("/meetings/<uuid:id>/reopen", methods=["GET", "POST"])
@requires("partnership.close")
def reopen_meeting(id: UUID) -> ResponseReturnValue:
    found = meeting_or_404(id)
    form = ReasonForm(version=found.version)
    return edit(
        PartnerMeeting,
        id,
        form,
        gettext("Buka lagi notulen"),
        url_for("partnership.meeting", id=id),
        lambda row: meetings.reopen(row, form.reason.data or ""),
        gettext("Notulen dibuka lagi."),
    )


@bp.get("/meetings/<uuid:id>/invitation.pdf")
@requires("partnership.read")
def invitation_paper(id: UUID) -> ResponseReturnValue:
    """A letter for each who is invited, one a page."""
    found = meeting_or_404(id)
    if not meetings.invitations_of(found):
        abort(404)
    with in_indonesian():
        values, title = invitation_values(here(), found), gettext("Undangan Pertemuan Mitra")
    return pdf_answer(
        render_paper(here(), "partnership/invitation.typ", title, values), f"undangan-{found.month:%Y-%m}"
    )


@bp.get("/meetings/<uuid:id>/minutes.pdf")
@requires("partnership.read")
def minutes_paper(id: UUID) -> ResponseReturnValue:
    found = meeting_or_404(id)
    with in_indonesian():
        values, title = minutes_values(here(), found), gettext("Notulen Pertemuan Mitra")
    return pdf_answer(render_paper(here(), "partnership/minutes.typ", title, values), f"notulen-{found.month:%Y-%m}")
