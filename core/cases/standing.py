"""Where a case stands, in words that hold whatever has become of its plugin: gone, off, or with other states."""

from collections.abc import Collection, Mapping, Sequence

from flask_babel import gettext as _
from sqlalchemy import Row

from core.clock import now
from core.referrals.models import Referral
from core.referrals.of_case import is_out, still_missing
from core.rules.rulebook import value_on

from .models import Case, LetterRecord
from .service import Service
from .workflow import State, Text, Transition, Workflow

Letters = Mapping[str, bool]
"""The letters of a case that hold, by key, each with whether it is signed."""

Standing = Case | Row
"""A case, or the row of a list with as much of it."""


def state_of(case: Standing, service: Service | None) -> State | None:
    """None when the plugin is gone, or no longer has the state."""
    return find_state(service.workflow, case.state) if service else None


def find_state(workflow: Workflow, key: str) -> State | None:
    return next((state for state in workflow.states if state.key == key), None)


def state_title(key: str, service: Service | None) -> str:
    state = find_state(service.workflow, key) if service else None
    return str(state.title) if state else key


def stale_days(case: Standing, service: Service | None) -> int | None:
    """How many days a case has waited for somebody outside, once that is longer than its state allows; else None.

    What it allows is what the rules said on the day when it arrived there.
    """
    state = state_of(case, service)
    if state is None or state.stale_days is None:
        return None
    days = (now() - case.state_since).days
    return days if days > value_on(state.stale_days, case.state_since.date()) else None


def waits_outside(case: Standing, service: Service | None) -> bool:
    """Whether somebody outside has to move it: then ``due_on`` is the day to ask again, and promises nothing."""
    state = state_of(case, service)
    return state is not None and state.stale_days is not None


def deadline_of(case: Standing, service: Service | None) -> Text | None:
    """What the day is called on which ``due_on`` stands, where the resident has to do something by then; else None."""
    state = state_of(case, service)
    return state.deadline if state else None


def bar_of(case: Standing, service: Service | None) -> list[tuple[str, str]]:
    """The bar of steps, as pairs of title and mark; empty for a state that nobody knows any more."""
    if service is None or state_of(case, service) is None:
        return []
    return [(str(s.state.title), "" if s.mark == "next" else s.mark) for s in service.workflow.steps(case.state)]


def subject_title(name: str, service: Service | None) -> str:
    """Whom a case is about: the person of this name, or their family."""
    if service is not None and service.subject == "household":
        return _("Keluarga %(name)s", name=name)
    return name


def listed_name(name: str, service: Service | None) -> str:
    """The name of a case's resident as lists say it."""
    return service.name_on_lists(name) if service else name


def transitions_of(case: Standing, service: Service) -> tuple[Transition, ...]:
    """The ways out of where the case is.

    A plugin's new version may have dropped the state: then the case can go back to the start, so that it is not stuck.
    """
    if state_of(case, service) is not None:
        return service.workflow.transitions_from(case.state)
    back = Transition(
        "start_again",
        _("Mulai lagi dari awal"),
        (case.state,),
        service.workflow.start,
        "cases.decide",
        asks=("note",),
        reopens=case.closed_at is not None,
    )
    return (back,)


def letters_that_hold(letters: Sequence[LetterRecord]) -> dict[str, bool]:
    """A case's letters by key, each with whether it is signed; revoked ones left out."""
    return {letter.key: letter.signed_at is not None for letter in letters if letter.revoked_at is None}


def proposed(case: Standing, service: Service, referral: Referral | None) -> Transition | None:
    """The step that the answer to the case's planned referral brings, while the case has not taken it."""
    if referral is None or not referral.decision:
        return None
    return next((t for t in transitions_of(case, service) if t.answered == referral.decision), None)


def to_mend(case: Standing, service: Service, referral: Referral | None) -> bool:
    """Whether the case waits for the answer to a referral that has come back without one."""
    awaited = any(transition.answered for transition in transitions_of(case, service))
    return referral is not None and referral.state == "returned" and awaited


def next_step(
    case: Standing, service: Service | None, wanted: Collection[str], letters: Letters, referral: Referral | None = None
) -> str:
    """What has to happen next, in one sentence.

    Args:
        wanted: keys of the papers that are neither given nor waived.
        letters: those that hold.
        referral: the newest of those that the service plans.
    """
    if service is None:
        return _("Modulnya tidak terpasang")
    state = state_of(case, service)
    if state is None:
        return _("Keadaannya tidak dikenal lagi: %(key)s", key=case.state)
    if news := _news(case, service, referral):
        return news
    if awaited := _awaited(state):
        return awaited
    if state.kind != "open":
        return str(state.title)
    return _next_deed(service, case, wanted, letters, referral) or str(state.title)


def _awaited(state: State) -> str | None:
    """What others have to do before the case can go on: the resident, by a day, or whom it waits for."""
    if state.deadline:
        return _("Ingatkan dan dampingi warga: %(deadline)s", deadline=state.deadline)
    return _("Menunggu %(whom)s", whom=state.waits_for) if state.waits_for else None


def _news(case: Standing, service: Service, referral: Referral | None) -> str | None:
    """What came back for the planned referral and is the desk's turn now."""
    if referral is None or service.referral is None:
        return None
    if proposed(case, service, referral):
        return _("%(name)s sudah menjawab: catat hasilnya", name=referral.organisation.name)
    return still_missing(service.referral, referral) if to_mend(case, service, referral) else None


def _next_deed(
    service: Service, case: Standing, wanted: Collection[str], letters: Letters, referral: Referral | None
) -> str | None:
    """What the desk does next: papers first, whichever step they are needed for, but where they may follow."""
    onward = next((t for t in service.workflow.transitions_from(case.state) if t.primary), None)
    papers = [str(r.title) for r in service.requirements if r.mandatory and r.key in wanted]
    if papers and not _may_follow(service, case, onward):
        return _("Belum ada: %(papers)s", papers=", ".join(papers))
    if onward and onward.needs_referral and service.referral and not is_out(referral):
        return still_missing(service.referral, referral)
    return _letter_step(onward, letters) or str(onward.label) if onward else None


def _may_follow(service: Service, case: Standing, onward: Transition | None) -> bool:
    """Whether an urgent case goes on without its papers: on the way to the step that lets it, and at that step."""
    if case.priority != "urgent" or all(t.papers_later is None for t in service.workflow.transitions):
        return False
    return onward is None or not onward.needs_requirements or onward.papers_later is not None


def _letter_step(onward: Transition, letters: Letters) -> str | None:
    if onward.needs_letter and not letters:
        return _("Buat suratnya")
    if onward.needs_letter == "signed" and not any(letters.values()):
        return _("Menunggu tanda tangan kepala desa")
    return None
