"""Taking a step of the workflow: a page that asks for what it needs, then the deed."""

from typing import Any
from uuid import UUID

from flask import abort, flash, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.areas.code import AreaCode
from core.cases import progress
from core.cases.casefile import TimelineEntry
from core.cases.catalogue import find_service
from core.cases.errors import CaseError, StaleCase
from core.cases.locking import current_case
from core.cases.models import Case
from core.cases.service import Service
from core.cases.standing import find_state, state_title, transitions_of
from core.cases.workflow import Transition
from core.database.session import commit, db
from core.plugins.dispatch import DecisionFailed
from core.referrals.of_case import reply_of, untold
from core.users.permissions import requires
from core.web.errors import decision_failed
from core.web.formats import area_today

from . import bp
from .case import changes_case, find_or_404, load, meanwhile, moved_on, to_case
from .forms import MAX_NOTE, MAX_OUTCOME, StepForm, version_of


@bp.route("/<village:area>/cases/<uuid:id>/step/<key>", methods=["GET", "POST"])
@requires("cases.read")  # the step's own permission is the workflow's
@changes_case
def step(area: AreaCode, id: UUID, key: str) -> ResponseReturnValue:
    """GET asks for what the step needs; POST takes it."""
    case = find_or_404(id)
    service = find_service(case.service)
    if service is None:
        raise CaseError(_("Modul layanan ini tidak terpasang, jadi langkahnya tidak diketahui."))
    transition = _transition_or_refuse(case, service, key)
    if request.method == "GET":
        if not _possible(case, service, transition):
            raise CaseError(
                _("Langkah “%(step)s” tidak mungkin lagi dari keadaan kasus sekarang.", step=transition.label)
            )
        given = _already_known(case, service, transition)
        return _step_page(
            case, transition, _asking(case, service, transition, formdata=None, version=case.version, **given)
        )
    return _take(case, service, transition)


def _asking(case: Case, service: Service, transition: Transition, **values: Any) -> StepForm:
    target = find_state(service.workflow, transition.target)
    news = transition.answered is not None and bool(untold(case))
    return StepForm.asking(transition, untold=news, deadline=target.deadline if target else None, **values)


def _already_known(case: Case, service: Service, transition: Transition) -> dict[str, object]:
    """What the clerk need not type again: the answer to the referral, or that the resident was told today."""
    if transition.tells:
        return {"on": area_today()}
    referral = progress.planned_referral(case, service)
    if referral is None or not referral.decision or transition.answered != referral.decision:
        return {}
    reply = reply_of(referral, g.area.timezone)
    return {"on": reply.on, "outcome": reply.outcome[:MAX_OUTCOME], "note": reply.note[:MAX_NOTE]}


def _possible(case: Case, service: Service, transition: Transition) -> bool:
    return any(way.key == transition.key for way in transitions_of(case, service))


def _transition_or_refuse(case: Case, service: Service, key: str) -> Transition:
    """404 for a step that the workflow does not have, 403 for one that is not this role's."""
    known = {t.key: t for t in (*service.workflow.transitions, *transitions_of(case, service))}
    transition = known.get(key)
    if transition is None:
        abort(404)
    if transition.permission not in g.permissions:
        abort(403)
    return transition


def _take(case: Case, service: Service, transition: Transition) -> ResponseReturnValue:
    case_id, form = case.id, _asking(case, service, transition)
    version = version_of(form.version.data)
    try:
        case = current_case(g.area.id, case_id, version)
    except StaleCase:
        db.session.rollback()
        return _stale_page(case_id, service, transition, form, version), 409
    if not form.validate():
        return _step_page(case, transition, form), 422
    answer = progress.Answer(
        form.note.data or "",
        form.outcome.data or "" if "outcome" in form else "",
        form.on.data if "on" in form else None,
        form.how.data or "" if "how" in form else "",
        form.deadline.data if "deadline" in form else None,
    )
    try:
        progress.take_step(g.area, case, service, transition.key, g.permissions, answer)
    except CaseError as problem:
        # An objection or a missing paper: what was typed stays, so that only the rest has to be mended.
        db.session.rollback()
        return _step_page(find_or_404(case_id), transition, form, problem=str(problem)), 422
    except DecisionFailed as failed:
        db.session.rollback()
        text = decision_failed(failed)
        problem = f"{text.title}. {text.text} {_('Kode: %(code)s', code=g.request_id)}"
        return _step_page(find_or_404(case_id), transition, form, problem=problem), 500
    commit()
    flash(_("%(step)s: tercatat.", step=transition.label), "success")
    return to_case(case_id)


def _stale_page(case_id: UUID, service: Service, transition: Transition, form: StepForm, version: int) -> str:
    """Somebody was faster. What was typed is kept, whether the step is still possible or not."""
    case = find_or_404(case_id)
    if not _possible(case, service, transition):
        return moved_on(case_id, version, typed=form.note.data or "")
    form.version.data = str(case.version)
    problem = _("Orang lain sudah mengubah kasus ini. Periksa dulu, lalu putuskan lagi; isian Anda masih di bawah.")
    return _step_page(case, transition, form, problem=problem, others=meanwhile(case, version))


def _step_page(
    case: Case, transition: Transition, form: StepForm, *, problem: str = "", others: list[TimelineEntry] | None = None
) -> str:
    file = load(case)
    taken = next((s for s in file.steps if s.transition.key == transition.key), None)
    target = find_state(file.service.workflow, transition.target) if file.service else None
    return render_template(
        "cases/step.html",
        file=file,
        case=case,
        transition=transition,
        obstacle=taken.obstacle if taken else None,
        before=state_title(case.state, file.service),
        after=target,
        form=form,
        problem=problem,
        closing_too=untold(case) if transition.tells else (),
        meanwhile=others or (),
    )
