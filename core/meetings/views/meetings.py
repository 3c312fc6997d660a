"""Planning a meeting, what each programme wants to know of it, closing and reopening it."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user
from wtforms import Form as PlainForm

from core.areas.code import AreaCode
from core.cases.answers import answers_of, form_with
from core.cases.catalogue import find_service
from core.cases.errors import CaseError
from core.cases.service import Service
from core.database.session import commit, db
from core.database.versions import Stale
from core.meetings import closing, finding, planning
from core.meetings.declaration import SHORT_KINDS
from core.meetings.forms import AGENDA, MeetingForm, ReasonForm
from core.meetings.letters import letters_ever
from core.meetings.models import Meeting
from core.users.permissions import requires
from core.web.formats import area_today

from . import bp
from .page import changes_meeting, meeting_or_404, meeting_page, moved_on, posted_version, to_meeting


@bp.get("/<village:area>/meetings")
@requires("meetings.read")
def index(area: AreaCode) -> ResponseReturnValue:
    page = finding.page_of(g.area.id, request.args.get("after"))
    return render_template(
        "meetings/index.html",
        page=page,
        kinds=SHORT_KINDS,
        tallies=finding.tallies(g.area.id, [meeting.id for meeting in page.rows]),
        pending=finding.pending(g.area, area_today()),
    )


@bp.get("/<village:area>/meetings/<uuid:id>")
@requires("meetings.read")
def show(area: AreaCode, id: UUID) -> ResponseReturnValue:
    return meeting_page(meeting_or_404(id))


# ---- planning, changing, discarding ----


@bp.route("/<village:area>/meetings/new", methods=["GET", "POST"])
@requires("meetings.write")
def new(area: AreaCode) -> ResponseReturnValue:
    form = MeetingForm(
        kind="special",
        held_on=area_today(),
        place=gettext("Balai %(village)s", village=g.area.title),
        agenda=str(AGENDA),
    )
    if request.method == "GET":
        return render_template("meetings/form.html", form=form, meeting=None)
    if not form.validate():
        return render_template("meetings/form.html", form=form, meeting=None), 422
    meeting_id = planning.create_meeting(g.area.id, form.input).id
    commit()
    flash(gettext("Musdes tercatat. Masukkan calon yang akan dibahas."), "success")
    return redirect(url_for("meetings.candidates", id=meeting_id))


@bp.route("/<village:area>/meetings/<uuid:id>/edit", methods=["GET", "POST"])
@requires("meetings.write")
@changes_meeting
def edit(area: AreaCode, id: UUID) -> ResponseReturnValue:
    found = meeting_or_404(id)
    finding.check_open(found)
    if request.method == "GET":
        return _edit_page(found, MeetingForm(obj=found))
    form = MeetingForm()
    try:
        found = finding.open_meeting(g.area.id, id, form.seen)
    except Stale:
        db.session.rollback()
        return _edit_page(meeting_or_404(id), form, moved_on()), 409
    if not form.validate():
        return _edit_page(found, form), 422
    planning.change_meeting(found, form.input)
    commit()
    flash(gettext("Data musdes disimpan."), "success")
    return to_meeting(id)


def _edit_page(found: Meeting, form: MeetingForm, problem: str = "") -> str:
    form.version.data = str(found.version)
    return render_template("meetings/form.html", form=form, meeting=found, problem=problem)


@bp.route("/<village:area>/meetings/<uuid:id>/terms/<service>", methods=["GET", "POST"])
@requires("meetings.write")
@changes_meeting
def terms(area: AreaCode, id: UUID, service: str) -> ResponseReturnValue:
    """What a programme wants to know of the meeting, such as the months and the amount of a decree."""
    found, declared = meeting_or_404(id), find_service(service)
    if declared is None or declared.meeting is None or declared.meeting.form is None:
        abort(404)
    finding.check_open(found)
    if request.method == "GET":
        kept = found.terms.get(service) or declared.meeting.defaults(found.held_on)
        return _terms_page(found, declared, form_with(declared.meeting.form, kept))
    form = declared.meeting.form(request.form)
    try:
        found = finding.open_meeting(g.area.id, id, posted_version())
    except Stale:
        db.session.rollback()
        return _terms_page(meeting_or_404(id), declared, form, moved_on()), 409
    if not form.validate():
        return _terms_page(found, declared, form), 422
    planning.set_terms(found, service, answers_of(form))
    commit()
    flash(gettext("Rincian disimpan."), "success")
    return to_meeting(id, "candidates")


def _terms_page(found: Meeting, service: Service, form: PlainForm, problem: str = "") -> str:
    return render_template("meetings/terms.html", meeting=found, service=service, form=form, problem=problem)


@bp.route("/<village:area>/meetings/<uuid:id>/discard", methods=["GET", "POST"])
@requires("meetings.write")
@changes_meeting
def discard(area: AreaCode, id: UUID) -> ResponseReturnValue:
    found = meeting_or_404(id)
    finding.check_open(found)
    if request.method == "GET":
        return render_template("meetings/discard.html", meeting=found)
    found = finding.open_meeting(g.area.id, id, posted_version())
    if issued := letters_ever(found):
        raise CaseError(gettext("Musdes ini punya surat di register: %(letters)s.", letters=", ".join(issued)))
    planning.discard_meeting(found)
    commit()
    flash(gettext("Musdes dibuang. Calonnya menunggu musdes berikutnya."), "success")
    return redirect(url_for("meetings.index"))


# ---- closing and reopening ----


@bp.post("/<village:area>/meetings/<uuid:id>/close")
@requires("meetings.decide")
@changes_meeting
def close(area: AreaCode, id: UUID) -> ResponseReturnValue:
    meeting_or_404(id)
    found = finding.open_meeting(g.area.id, id, posted_version())
    closing.close_meeting(g.area, found, g.permissions, current_user.id)
    commit()
    flash(gettext("Musdes ditutup. Buat berita acara dan surat lainnya."), "success")
    return to_meeting(id, "letters")


@bp.route("/<village:area>/meetings/<uuid:id>/reopen", methods=["GET", "POST"])
@requires("meetings.decide")
@changes_meeting
def reopen(area: AreaCode, id: UUID) -> ResponseReturnValue:
    found = meeting_or_404(id)
    form = ReasonForm()
    if request.method == "GET":
        form.version.data = str(found.version)
    elif form.validate():
        found = finding.current_meeting(g.area.id, id, form.seen)
        closing.reopen_meeting(g.area, found, g.permissions, form.reason.data or "")
        commit()
        flash(gettext("Musdes dibuka kembali; keluarganya menjadi calon lagi."), "success")
        return to_meeting(id)
    page = render_template("meetings/reopen.html", meeting=found, form=form)
    return page, 422 if request.method == "POST" else 200
