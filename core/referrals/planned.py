"""A referral that its case's service plans: whether it is one, and whether the case has come so far that it may go."""

from flask_babel import gettext as _

from core.areas.current import CurrentArea
from core.cases.catalogue import find_service
from core.cases.errors import CaseError
from core.cases.models import Case
from core.cases.objections import ask_plugins
from core.cases.service import Service

from .errors import ReferralError
from .models import Referral


def follows_plan(referral: Referral, case: Case) -> bool:
    """Whether it goes to whom the case's service plans to refer."""
    return _planning(referral, case) is not None


def _planning(referral: Referral, case: Case) -> Service | None:
    service = find_service(case.service)
    return service if service and service.referral and service.referral.to == referral.organisation.sector else None


def check_may_go(area: CurrentArea, referral: Referral, case: Case) -> None:
    """By a planned referral a case leaves the village, so what speaks against the step that needs it holds for it too.

    A case that has taken that step has passed this: a referral that came back goes out again.

    Raises:
        ReferralError: that step cannot be taken where the case is, or a plugin objects to it.
        DecisionFailed: a plugin that was asked could not answer.
    """
    service = _planning(referral, case)
    needing = [step for step in service.workflow.transitions if step.needs_referral] if service else []
    if service is None or case.state not in service.workflow.states_without(needing):
        return
    # One desk takes in and refers in the same breath: of a case just registered the same is asked.
    begun = needing[0] if case.state == service.workflow.start else None
    onward = next((step for step in needing if case.state in step.source), begun)
    if onward is None:
        titles = dict.fromkeys(str(service.workflow.state(key).title) for step in needing for key in step.source)
        states = ", ".join(titles)
        raise ReferralError(_("Rujukan ini dikirim setelah kasusnya sampai di: %(states)s.", states=states))
    try:
        ask_plugins(area, case, service, onward)
    except CaseError as problem:
        raise ReferralError(str(problem)) from problem
