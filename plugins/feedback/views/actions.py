"""Deciding on what is done about an element, and following it until it is done."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    CaseError,
    Stale,
    area_today,
    commit,
    current_row,
    db,
    gettext,
    here,
    may,
    names_of,
    requires,
    settings_of,
)

from .. import actions as domain
from ..forms import PlanForm, ProgressForm
from ..models import FeedbackAction
from ..periods import Period, last_ended, read_period
from ..report import report_of
from ..settings import FeedbackSettings
from ..words import ACTION_STATES, element_title
from . import bp

OFFERED = 4


@bp.get("/actions")
@requires("feedback.read")
def actions() -> ResponseReturnValue:
    show = request.args.get("show", "")
    show = show if show in domain.SHOWN else domain.SHOWN[0]
    page = domain.page_of(here().id, show, request.args.get("after"))
    return render_template(
        "feedback/actions.html",
        page=page,
        show=show,
        states=ACTION_STATES,
        element_title=element_title,
        period_title=period_title,
    )


@bp.route("/actions/new", methods=["GET", "POST"])
@requires("feedback.decide")
def decide() -> ResponseReturnValue:
    """The lowest element of the last period is chosen already, where it can be told."""
    today = area_today()
    last = last_ended(settings_of(here(), FeedbackSettings).period, today)
    asked = read_period(request.args.get("period", ""))
    period = asked if asked and asked.first <= today else last
    result = report_of(here(), period, today).result
    form = PlanForm(period=period.key, element=str(result.lowest[0]) if result else None)
    form.offer(dict.fromkeys([period, *(last.later(-back) for back in range(OFFERED))]))
    if request.method == "GET" or not form.validate():
        page = render_template("feedback/decide.html", form=form, period=period, result=result)
        return page, 422 if request.method == "POST" else 200
    made = domain.decide(here().id, form.plan, by=current_user.id)
    action_id = made.id
    commit()
    flash(gettext("Tindak lanjut diputuskan."), "success")
    return redirect(url_for("feedback.action", id=action_id))


@bp.get("/actions/<uuid:id>")
@requires("feedback.read")
def action(id: UUID) -> ResponseReturnValue:
    found = domain.find(here().id, id) or abort(404)
    return _page(found, _form(found))


@bp.post("/actions/<uuid:id>")
@requires("feedback.decide")
def progress(id: UUID) -> ResponseReturnValue:
    found = domain.find(here().id, id) or abort(404)
    form = _form(found)
    if not form.validate():
        return _page(found, form), 422
    try:
        held = current_row(FeedbackAction, here().id, id, form.seen) or abort(404)
        day = form.due_on.data or held.due_on
        domain.change(held, form.state.data, day, form.text.data or "", by=current_user.id)
    except CaseError as problem:
        db.session.rollback()
        return _page(domain.find(here().id, id) or abort(404), form, str(problem)), 422
    except Stale:
        db.session.rollback()
        found = domain.find(here().id, id) or abort(404)
        form.version.data = str(found.version)
        text = gettext("Orang lain baru saja mengubah tindak lanjut ini; riwayatnya di bawah. Isian Anda masih ada.")
        return _page(found, form, text), 409
    commit()
    flash(gettext("Tindak lanjut diubah."), "success")
    return redirect(url_for("feedback.action", id=id))


def period_title(key: str) -> str:
    period: Period | None = read_period(key)
    return period.title if period else key


def _form(found: FeedbackAction) -> ProgressForm:
    return ProgressForm(version=found.version, state=found.state, due_on=found.due_on)


def _page(found: FeedbackAction, form: ProgressForm, problem: str = "") -> str:
    history = domain.history_of(found)
    return render_template(
        "feedback/action.html",
        action=found,
        form=form if may("feedback.decide") else None,
        problem=problem,
        history=history,
        names=names_of({entry.by for entry in history if entry.by}),
        states=ACTION_STATES,
        element_title=element_title,
        period_title=period_title,
    )
