"""A meeting that agrees to a proposal before it goes out, for workflows in which somebody outside decides."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from core.cases.workflow import State, Transition, Workflow
from core.rules.rulebook import RuleValue
from core.texts import lazy_gettext as _

from .declaration import Outcome, VillageMeeting

WAITING, AGREED, NOT_AGREED = "meeting", "agreed", "not_agreed"


def with_meeting(
    workflow: Workflow,
    *,
    at: str = "handling",
    refused: str = "refused",
    due_days: int | RuleValue | None = None,
    tell_days: int | RuleValue = 3,
) -> Workflow:
    """The workflow with a musdes that a case may be brought to from the state ``at``, and back to the way it was on.

    What the meeting agrees to goes on by the steps that lead on from ``at``. What it does not agree to ends in
    ``refused``, once the resident was told. Whether a case must pass it is the programme's to say, by an objection.

    Args:
        due_days: working days within which a meeting should have heard it.
        tell_days: working days in which the resident is told that it was not agreed to.
    """
    states = (
        State(WAITING, _("Menunggu musdes"), kind="waiting", due_days=due_days, waits_for=_("musyawarah desa")),
        State(AGREED, _("Disepakati musdes")),
        State(NOT_AGREED, _("Tidak disepakati musdes"), due_days=tell_days),
    )
    transitions = (*(_onward(workflow, step, at) for step in workflow.transitions), *_steps(at, refused))
    return Workflow(workflow.name, (*workflow.states, *states), transitions, workflow.start)


def _onward(workflow: Workflow, step: Transition, at: str) -> Transition:
    if at not in step.source:
        return step
    ends = workflow.state(step.target).closed
    return replace(step, source=(*step.source, AGREED, *((WAITING,) if ends else ())))


def _steps(at: str, refused: str) -> Iterator[Transition]:
    write, decide = "cases.write", "meetings.decide"
    aside: Any = {"asks": ("note",), "primary": False}
    yield Transition("to_meeting", _("Ajukan ke musdes"), (at,), WAITING, write, needs_requirements=True, primary=False)
    yield Transition("agree", _("Catat: disepakati musdes"), (WAITING,), AGREED, decide)
    yield Transition("not_agree", _("Catat: tidak disepakati musdes"), (WAITING,), NOT_AGREED, decide, **aside)
    yield Transition("from_meeting", _("Kembalikan"), (WAITING, AGREED), at, write, **aside)
    yield Transition("undo_meeting", _("Tarik keputusan musdes"), (AGREED, NOT_AGREED), WAITING, decide, **aside)
    yield Transition("tell_not_agreed", _("Warga sudah diberi tahu"), (NOT_AGREED,), refused, write, tells=True)


def proposal_meeting(**more: Any) -> VillageMeeting:
    """The declaration that goes with :func:`with_meeting`; ``more`` is any other part of it."""
    outcomes = {
        "accepted": Outcome("agree", "undo_meeting", _("Disepakati")),
        "not_chosen": Outcome("not_agree", "undo_meeting", _("Tidak disepakati")),
    }
    return VillageMeeting(state=WAITING, outcomes=outcomes, **more)
