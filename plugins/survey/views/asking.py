"""Asking for a survey, giving it to a worker with a day, and cancelling it."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    Case,
    CaseError,
    Person,
    area_today,
    colleagues,
    commit,
    db,
    find_person,
    gettext,
    here,
    people_page,
    requires,
)

from .. import surveys
from ..forms import AskForm, AssignForm, ReasonForm
from ..listing import find_case
from ..models import HomeSurvey
from ..surveys import Worker
from . import bp
from .page import changes_survey, survey_or_404, to_survey


@bp.route("/new", methods=["GET", "POST"])
@requires("survey.assign")
def new() -> ResponseReturnValue:
    """Of a resident, or of the one whom a case is about. Without either somebody is looked for first."""
    person, case = _about()
    if person is None:
        search = request.args.get("q", "").strip()[:80]
        page = people_page(here().id, search, request.args.get("after"))
        return render_template("survey/choose.html", page=page, search=search)
    form = AskForm()
    if request.method == "GET":
        return _ask_page(form, person, case)
    if not form.validate():
        return _ask_page(form, person, case), 422
    try:
        made_id = surveys.ask(here(), person, form.reason.data or "", current_user.id, case).id
    except CaseError as refusal:
        db.session.rollback()
        person, case = _about()
        return _ask_page(form, person or abort(404), case, str(refusal)), 422
    commit()
    flash(gettext("Survei diminta. Tugaskan petugasnya."), "success")
    return redirect(url_for("survey.assign", id=made_id))


def _ask_page(form: AskForm, person: Person, case: Case | None, problem: str = "") -> str:
    running = surveys.under_way(person)
    return render_template("survey/ask.html", form=form, person=person, case=case, problem=problem, running=running)


def _about() -> tuple[Person | None, Case | None]:
    """404 for an id that leads nowhere here."""
    if request.args.get("case"):
        case = find_case(here().id, _id("case")) or abort(404)
        return find_person(here().id, case.person_id), case
    if request.args.get("person"):
        return find_person(here().id, _id("person")) or abort(404), None
    return None, None


def _id(name: str) -> UUID:
    try:
        return UUID(request.args.get(name, ""))
    except ValueError:
        abort(404)


@bp.route("/surveys/<uuid:id>/assign", methods=["GET", "POST"])
@requires("survey.assign")
@changes_survey
def assign(id: UUID) -> ResponseReturnValue:
    found, team = survey_or_404(id), colleagues(here().interval)
    form = AssignForm(team)
    if request.method == "GET":
        form.surveyor.data = str(found.surveyor_id or "")
        form.planned_on.data = max(found.planned_on or area_today(), area_today())
        form.version.data = str(found.version)
        return _assign_page(form, found)
    if not form.validate():
        return _assign_page(form, found), 422
    chosen = next(one for one in team if str(one.id) == form.surveyor.data)
    try:
        held = surveys.current(here().id, id, form.seen)
        surveys.assign(held, Worker(chosen.id, chosen.name), form.planned_on.data or area_today(), area_today())
    except CaseError as refusal:
        db.session.rollback()
        return _assign_page(form, survey_or_404(id), str(refusal)), 422
    commit()
    flash(gettext("Survei ditugaskan kepada %(name)s.", name=chosen.name), "success")
    return to_survey(id)


def _assign_page(form: AssignForm, found: HomeSurvey, problem: str = "") -> str:
    return render_template("survey/assign.html", form=form, survey=found, problem=problem)


@bp.route("/surveys/<uuid:id>/cancel", methods=["GET", "POST"])
@requires("survey.assign")
@changes_survey
def cancel(id: UUID) -> ResponseReturnValue:
    found, form = survey_or_404(id), ReasonForm()
    if request.method == "POST" and form.validate():
        surveys.cancel(surveys.current(here().id, id, form.seen), form.reason.data or "", current_user.id)
        commit()
        flash(gettext("Survei dibatalkan."), "success")
        return to_survey(id)
    form.version.data = form.version.data or str(found.version)
    page = render_template("survey/cancel.html", form=form, survey=found)
    return page, 422 if request.method == "POST" else 200
