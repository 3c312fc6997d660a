"""Visits at the door: written down, planned, cancelled."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    CaseError,
    Colleague,
    Household,
    area_today,
    colleagues,
    commit,
    current_row,
    gettext,
    here,
    may,
    requires,
)

from .. import visits as domain
from ..forms import PlanForm, ReasonForm, VisitForm
from ..models import KaderVisit
from ..sent_once import SentBefore
from . import bp
from .access import household_or_404, refusing, told_before


@bp.route("/households/<uuid:id>/visit", methods=["GET", "POST"])
@requires("kader.own")
def visit(id: UUID) -> ResponseReturnValue:
    """One that nobody had planned."""
    household = household_or_404(id)
    form = VisitForm(done_on=area_today())
    form.offer()
    if request.method == "GET" or not form.validate():
        return _form_page(form, household), 422 if request.method == "POST" else 200
    try:
        domain.note_done(here(), household, form.done, by=current_user.id)
    except SentBefore:
        return told_before("kader.household", id=id)
    commit()
    flash(gettext("Kunjungan tercatat."), "success")
    return redirect(url_for("kader.household", id=id))


@bp.route("/visits/<uuid:id>/done", methods=["GET", "POST"])
@requires("kader.own")
def done(id: UUID) -> ResponseReturnValue:
    """What a planned one came to; the visit's own id is the form's."""
    planned = _mine_or_404(id)
    household = household_or_404(planned.household_id)
    form = VisitForm(done_on=area_today(), purpose=planned.purpose, draft=str(id))
    if request.method == "GET" or not form.validate():
        return _form_page(form, household, planned), 422 if request.method == "POST" else 200
    try:
        domain.make(here(), domain.hold(here().id, id) or abort(404), household, form.done, by=current_user.id)
    except SentBefore:
        return told_before("kader.household", id=household.id)
    except CaseError as refusal:
        form.form_errors = [str(refusal)]
        return _form_page(form, household, planned), 422
    commit()
    flash(gettext("Kunjungan tercatat."), "success")
    return redirect(url_for("kader.household", id=planned.household_id))


def _form_page(form: VisitForm, household: Household, planned: KaderVisit | None = None) -> str:
    head = domain.heads_of(household.village_id, [household.id]).get(household.id, "")
    return render_template("kader/visit.html", form=form, household=household, head=head, planned=planned)


def _mine_or_404(visit_id: UUID) -> KaderVisit:
    """One's own; the desk reaches everybody's."""
    found = domain.find(here().id, visit_id) or abort(404)
    if found.user_id != current_user.id and not may("kader.handle"):
        abort(404)
    return found


@bp.route("/households/<uuid:id>/plan", methods=["GET", "POST"])
@requires("kader.own")
def plan(id: UUID) -> ResponseReturnValue:
    """A field worker plans for herself, the desk for anybody."""
    household = household_or_404(id)
    team = colleagues(here().interval) if may("kader.handle") else [Colleague(current_user.id, current_user.name)]
    form = PlanForm(user=str(current_user.id))
    form.offer(team)
    if request.method == "GET" or not form.validate():
        head = domain.heads_of(household.village_id, [household.id]).get(household.id, "")
        page = render_template("kader/plan.html", form=form, household=household, head=head, alone=len(team) == 1)
        return page, 422 if request.method == "POST" else 200
    day = form.day.data or area_today()
    domain.plan(here(), household, UUID(form.user.data), form.purpose.data, day, by=current_user.id)
    commit()
    flash(gettext("Kunjungan direncanakan."), "success")
    return redirect(url_for("kader.household", id=id))


@bp.route("/visits/<uuid:id>/cancel", methods=["GET", "POST"])
@requires("kader.own")
def cancel(id: UUID) -> ResponseReturnValue:
    found = _mine_or_404(id)
    return _cancel(household_id=found.household_id, id=id)


def _cancel_page(id: UUID, household_id: UUID, problem: str = "", form: ReasonForm | None = None) -> str:
    found = _mine_or_404(id)
    form = form or ReasonForm(formdata=None, version=found.version)
    return render_template("kader/cancel.html", form=form, visit=found, problem=problem)


@refusing(_cancel_page)
def _cancel(id: UUID, household_id: UUID) -> ResponseReturnValue:
    form = ReasonForm(version=_mine_or_404(id).version)
    if request.method == "GET" or not form.validate():
        return _cancel_page(id, household_id, form=form), 422 if request.method == "POST" else 200
    held = current_row(KaderVisit, here().id, id, form.seen) or abort(404)
    domain.cancel(held, form.reason.data or "")
    commit()
    flash(gettext("Kunjungan dibatalkan."), "success")
    return redirect(url_for("kader.index"))
