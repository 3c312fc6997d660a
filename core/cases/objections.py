"""What plugins say against a step before it is taken."""

from core.areas.current import CurrentArea
from core.platform import platform

from .errors import CaseError
from .models import Case
from .service import Service
from .workflow import Transition


def ask_plugins(area: CurrentArea, case: Case, service: Service, transition: Transition) -> None:
    """Ask whether the case may go through a transition.

    Raises:
        CaseError: a plugin objects, with its reason.
        DecisionFailed: one that was asked could not answer.
    """
    # The programme's own plugin is asked also where it has been switched off: its open cases can still be finished.
    hooks = platform().hooks_for(area.enabled | {service.plugin})
    for objection in hooks.decide("case_transition_allowed", case=case, transition=transition):
        raise CaseError(str(objection.reason))
