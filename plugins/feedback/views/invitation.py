"""Asking somebody to rate a finished case: the slip with its code for phone and tablet, and the form on paper."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    Case,
    CaseError,
    area_today,
    commit,
    db,
    find_case,
    gettext,
    here,
    private_page,
    public_url,
    requires,
    service_titles,
)

from .. import listing
from ..answering import Rateable, check_open, invite, plain, take
from ..forms import SurveyForm
from ..models import ELEMENTS
from ..rulebook import display_rule, question_rule
from ..words import ELEMENT_TITLES
from . import bp


def case_or_404(case_id: UUID) -> Case:
    """One that is not there, is another village's, or that one may not see."""
    return find_case(here().id, case_id) or abort(404)


@bp.get("/waiting")
@requires("feedback.write")
def waiting() -> ResponseReturnValue:
    """Finished cases that nobody has rated yet, by ticket; a ticket that is asked for leads to its case."""
    ticket, problem = request.args.get("ticket", "").strip()[:20], ""
    if ticket:
        found = listing.finished_with(here().id, ticket)
        if found:
            return redirect(url_for("feedback.start", id=found))
        problem = gettext("Tidak ada kasus selesai dengan tiket itu di desa ini.")
    page = listing.unrated(here().id, request.args.get("after"))
    titles = service_titles()
    answer = render_template("feedback/waiting.html", page=page, ticket=ticket, problem=problem, services=titles)
    return answer, 404 if problem else 200


@bp.get("/cases/<uuid:id>")
@requires("feedback.write")
def start(id: UUID) -> ResponseReturnValue:
    """The three ways in which a finished case can be rated, or why it cannot."""
    case = case_or_404(id)
    try:
        check_open(case)
    except CaseError as problem:
        return _start_page(case, str(problem)), 422
    return _start_page(case)


@bp.post("/cases/<uuid:id>/invite")
@requires("feedback.write")
def slip(id: UUID) -> ResponseReturnValue:
    """The code is shown once; asked for again there is another, and the first holds no longer."""
    case, today = case_or_404(id), area_today()
    try:
        code = invite(case, today, by=current_user.id)
    except CaseError as problem:
        db.session.rollback()
        return _start_page(case_or_404(id), str(problem)), 422
    page = render_template(
        "feedback/slip.html",
        code=code,
        address=public_url("feedback.rate", code=plain(code)),
        case_id=case.id,
        ticket=case.ticket,
        days=display_rule(today).valid_days,
    )
    commit()
    return private_page(page)


@bp.route("/cases/<uuid:id>/paper", methods=["GET", "POST"])
@requires("feedback.write")
def paper(id: UUID) -> ResponseReturnValue:
    """What was filled in by hand. The clerk sees what is typed; once kept, nobody sees it with the case again."""
    case, today = case_or_404(id), area_today()
    form = SurveyForm()
    form.offer(question_rule(today))
    try:
        check_open(case)
        if request.method == "GET" or not form.validate():
            page = render_template(
                "feedback/paper.html", form=form, case=case, elements=ELEMENTS, titles=ELEMENT_TITLES
            )
            return page, 422 if request.method == "POST" else 200
        take(here().id, Rateable(case.id, case.service), form.said, "clerk", today)
    except CaseError as problem:
        db.session.rollback()
        return _start_page(case_or_404(id), str(problem)), 422
    commit()
    flash(gettext("Penilaian tersimpan tanpa nama. Formulir kertasnya dimusnahkan."), "success")
    return redirect(url_for("feedback.waiting"))


def _start_page(case: Case, problem: str = "") -> str:
    title = service_titles().get(case.service, case.service)
    return render_template("feedback/start.html", case=case, title=title, problem=problem)
