"""The meetings: calling one, its candidates and attendance, closing and reopening it."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    CaseError,
    Stale,
    area_today,
    commit,
    db,
    gettext,
    here,
    in_indonesian,
    my_permissions,
    ngettext,
    pdf_answer,
    render_paper,
    requires,
)

from .. import closing, meetings
from ..decree import decrees_in_force
from ..documents import meeting_values, period
from ..meeting_forms import AGENDA, AttendanceForm, CandidatesForm, MeetingForm, ReasonForm
from ..models import Meeting
from ..panels import figures
from ..rules import latest, rule_of_year
from ..screening import Screening, screenings
from . import bp
from .page import changes_meeting, meeting_or_404, meeting_page, moved_on, posted_version, to_meeting


@bp.get("/")
@requires("blt_desa.read")
def index() -> ResponseReturnValue:
    page = meetings.page_of(here().id, request.args.get("after"))
    ids = [meeting.id for meeting in page.rows]
    waiting, unpaid = figures(here().id, area_today())
    return render_template(
        "blt_desa/index.html",
        page=page,
        period=period,
        tallies=meetings.tallies(here().id, ids),
        decrees=decrees_in_force(here().id, ids),
        waiting=waiting,
        unpaid=unpaid,
    )


@bp.get("/meetings/<uuid:id>")
@requires("blt_desa.read")
def meeting(id: UUID) -> ResponseReturnValue:
    return meeting_page(meeting_or_404(id))


# ---- calling, changing, discarding ----


@bp.route("/meetings/new", methods=["GET", "POST"])
@requires("blt_desa.write")
def new() -> ResponseReturnValue:
    year = area_today().year
    rule = rule_of_year(year) or latest
    form = MeetingForm(
        held_on=area_today(),
        place=gettext("Balai %(village)s", village=here().title),
        agenda=str(AGENDA),
        year=year,
        first_month=1,
        last_month=12,
        amount=rule.amount_most,
    )
    if request.method == "GET":
        return render_template("blt_desa/meeting_form.html", form=form, meeting=None, rule=rule)
    if not form.validate():
        return render_template("blt_desa/meeting_form.html", form=form, meeting=None, rule=rule), 422
    meeting_id = meetings.create_meeting(here().id, form.input).id
    commit()
    flash(gettext("Musdes tercatat. Masukkan calon yang akan dibahas."), "success")
    return redirect(url_for("blt_desa.candidates", id=meeting_id))


@bp.route("/meetings/<uuid:id>/edit", methods=["GET", "POST"])
@requires("blt_desa.write")
@changes_meeting
def edit(id: UUID) -> ResponseReturnValue:
    found = meeting_or_404(id)
    if request.method == "GET":
        _refuse_closed(found)
        return _edit_page(found, MeetingForm(obj=found))
    form = MeetingForm()
    try:
        found = meetings.open_meeting(here().id, id, form.seen)
    except Stale:
        db.session.rollback()
        found = meeting_or_404(id)
        _refuse_closed(found)
        return _edit_page(found, form, moved_on()), 409
    if not form.validate():
        return _edit_page(found, form), 422
    meetings.change_meeting(found, form.input)
    commit()
    flash(gettext("Data musdes disimpan."), "success")
    return to_meeting(id)


def _refuse_closed(found: Meeting) -> None:
    if found.closed_at is not None:
        raise CaseError(gettext("Musdes ini sudah ditutup. Buka kembali dulu untuk mengubahnya."))


def _edit_page(found: Meeting, form: MeetingForm, problem: str = "") -> str:
    form.version.data = str(found.version)
    rule = rule_of_year(found.year, found.first_month)
    return render_template("blt_desa/meeting_form.html", form=form, meeting=found, rule=rule, problem=problem)


@bp.route("/meetings/<uuid:id>/discard", methods=["GET", "POST"])
@requires("blt_desa.write")
@changes_meeting
def discard(id: UUID) -> ResponseReturnValue:
    found = meeting_or_404(id)
    if request.method == "GET":
        _refuse_closed(found)
        return render_template("blt_desa/discard.html", meeting=found)
    found = meetings.open_meeting(here().id, id, posted_version())
    if meeting_letters := closing.letters_ever(found):
        raise CaseError(gettext("Musdes ini punya surat di register: %(letters)s.", letters=", ".join(meeting_letters)))
    meetings.discard_meeting(found)
    commit()
    flash(gettext("Musdes dibuang. Calonnya menunggu musdes berikutnya."), "success")
    return redirect(url_for("blt_desa.index"))


# ---- candidates ----


@bp.route("/meetings/<uuid:id>/candidates", methods=["GET", "POST"])
@requires("blt_desa.write")
@changes_meeting
def candidates(id: UUID) -> ResponseReturnValue:
    found = meeting_or_404(id)
    _refuse_closed(found)
    cases = list(meetings.waiting_cases(here().id))
    screened = screenings(here(), cases)
    cases.sort(key=lambda case: screened[case.id].order)
    choices = [(str(case.id), _choice(case.person.name, screened[case.id])) for case in cases]
    form = CandidatesForm(choices)
    if request.method == "GET":
        return _candidates_page(found, form)
    try:
        found = meetings.open_meeting(here().id, id, form.seen)
    except Stale:
        db.session.rollback()
        return _candidates_page(meeting_or_404(id), form, moved_on()), 409
    if not form.validate():
        return _candidates_page(found, form), 422
    added = meetings.add_candidates(found, [UUID(key) for key in form.cases.data or ()])
    commit()
    flash(ngettext("%(num)s calon ditambahkan.", "%(num)s calon ditambahkan.", added), "success")
    return to_meeting(id, "candidates")


def _choice(name: str, screening: Screening) -> str:
    """What a line to tick says: whom, the decile, what speaks for the family and what against."""
    parts = [gettext("desil %(n)s", n=screening.decile) if screening.decile else gettext("desil belum dicek")]
    parts += screening.speaking_for
    parts += [gettext("tidak terpenuhi: %(what)s", what=what) for what in screening.lacking]
    return f"{name} – {', '.join(parts)}"


def _candidates_page(found: Meeting, form: CandidatesForm, problem: str = "") -> str:
    form.version.data = str(found.version)
    return render_template("blt_desa/candidates.html", meeting=found, form=form, problem=problem)


@bp.post("/meetings/<uuid:id>/candidates/<uuid:candidate_id>/remove")
@requires("blt_desa.write")
@changes_meeting
def remove_candidate(id: UUID, candidate_id: UUID) -> ResponseReturnValue:
    meeting_or_404(id)
    meetings.remove_candidate(meetings.open_meeting(here().id, id, posted_version()), candidate_id)
    commit()
    flash(gettext("Calon dikeluarkan dari daftar musdes ini."), "success")
    return to_meeting(id, "candidates")


# ---- attendance ----


@bp.route("/meetings/<uuid:id>/attendance", methods=["GET", "POST"])
@requires("blt_desa.write")
@changes_meeting
def attendance(id: UUID) -> ResponseReturnValue:
    found = meeting_or_404(id)
    _refuse_closed(found)
    form = AttendanceForm()
    if request.method == "GET":
        return _attendance_page(found, form)
    try:
        found = meetings.open_meeting(here().id, id, form.seen)
    except Stale:
        db.session.rollback()
        return _attendance_page(meeting_or_404(id), form, moved_on()), 409
    if not form.validate():
        return _attendance_page(found, form), 422
    meetings.add_attendees(found, form.people)
    commit()
    flash(gettext("Daftar hadir disimpan."), "success")
    return to_meeting(id, "attendance")


def _attendance_page(found: Meeting, form: AttendanceForm, problem: str = "") -> str:
    form.version.data = str(found.version)
    here_already = meetings.attendees_of(found)
    return render_template(
        "blt_desa/attendance.html", meeting=found, form=form, problem=problem, attendees=here_already
    )


@bp.post("/meetings/<uuid:id>/attendance/<uuid:attendee_id>/remove")
@requires("blt_desa.write")
@changes_meeting
def remove_attendee(id: UUID, attendee_id: UUID) -> ResponseReturnValue:
    meeting_or_404(id)
    meetings.remove_attendee(meetings.open_meeting(here().id, id, posted_version()), attendee_id)
    commit()
    return to_meeting(id, "attendance")


@bp.get("/meetings/<uuid:id>/attendance.pdf")
@requires("blt_desa.read")
def attendance_pdf(id: UUID) -> ResponseReturnValue:
    """The list to sign by hand: who is noted already, then empty lines."""
    found = meeting_or_404(id)
    with in_indonesian():
        values = meeting_values(found, ())
        title = gettext("Daftar Hadir Musyawarah Desa Khusus BLT Dana Desa")
    return pdf_answer(render_paper(here(), "blt_desa/attendance.typ", title, values), "daftar-hadir")


# ---- closing and reopening ----


@bp.post("/meetings/<uuid:id>/close")
@requires("blt_desa.decide")
@changes_meeting
def close(id: UUID) -> ResponseReturnValue:
    meeting_or_404(id)
    found = meetings.open_meeting(here().id, id, posted_version())
    closing.close_meeting(here(), found, my_permissions(), current_user.id)
    commit()
    flash(gettext("Musdes ditutup. Buat berita acara dan SK-nya."), "success")
    return to_meeting(id, "letters")


@bp.route("/meetings/<uuid:id>/reopen", methods=["GET", "POST"])
@requires("blt_desa.decide")
@changes_meeting
def reopen(id: UUID) -> ResponseReturnValue:
    found = meeting_or_404(id)
    form = ReasonForm()
    if request.method == "GET":
        form.version.data = str(found.version)
    elif form.validate():
        found = meetings.current_meeting(here().id, id, form.seen)
        closing.reopen_meeting(here(), found, my_permissions(), form.reason.data or "")
        commit()
        flash(gettext("Musdes dibuka kembali; keluarganya menjadi calon lagi."), "success")
        return to_meeting(id)
    page = render_template("blt_desa/reopen.html", meeting=found, form=form)
    return page, 422 if request.method == "POST" else 200
