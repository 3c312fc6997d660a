"""Moving a case on: which steps a role may take now, what stands in the way, and taking one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import bindparam, select

from core.actor import current_actor
from core.areas.current import CurrentArea
from core.clock import now, today
from core.database.session import db
from core.meetings.of_case import meeting_objection
from core.people.search import family_of
from core.referrals.models import Referral
from core.referrals.of_case import close_answered, is_out, newest_of, still_missing
from core.rules.rulebook import value_on

from .checklist import ChecklistItem, checklist, missing
from .deadlines import due_again, promised, working_days_after
from .errors import CaseError
from .intake import CHANNELS, announce
from .letter_values import in_indonesian
from .locking import hold, lock
from .models import Case, LetterRecord
from .objections import ask_plugins
from .service import Requirement, Service
from .sharing import open_to
from .standing import deadline_of, find_state, transitions_of
from .tasks import put_task, tasks_of
from .timeline import note_event
from .workflow import Transition

GONE = ("dead", "moved")
MAX_TITLE = 200  # of a task


@dataclass(frozen=True)
class Step:
    """A transition that this role may take, and what stands in its way (None: nothing)."""

    transition: Transition
    obstacle: str | None


@dataclass(frozen=True)
class Answer:
    """What the clerk gave with a step.

    ``how``: the channel through which the resident was told, if they were; ``deadline``: the last day of what the
    resident has to do now.
    """

    note: str = ""
    outcome: str = ""
    on: date | None = None
    how: str = ""
    deadline: date | None = None


def steps_for(
    case: Case,
    service: Service,
    permissions: frozenset[str],
    items: Sequence[ChecklistItem],
    letters: Sequence[LetterRecord],
    *,
    referral: Referral | None = None,
) -> list[Step]:
    """The buttons of the case's page, in the workflow's order.

    Args:
        referral: the newest of those that the service plans.
    """
    return [
        Step(transition, obstacle(case, service, transition, items, letters, referral=referral))
        for transition in _ways_out(case, service)
        if transition.permission in permissions
    ]


def _ways_out(case: Case, service: Service) -> tuple[Transition, ...]:
    """None for a case whose resident was erased: nobody is left for whom it could be opened again."""
    return () if case.person.erased else transitions_of(case, service)


def obstacle(
    case: Case,
    service: Service,
    transition: Transition,
    items: Sequence[ChecklistItem],
    letters: Sequence[LetterRecord],
    *,
    referral: Referral | None = None,
) -> str | None:
    """What is still missing before a step can be taken, in words."""
    if problem := _not_ready(case, transition, items):
        return problem
    if transition.needs_referral and service.referral and not is_out(referral):
        return still_missing(service.referral, referral)
    valid = [letter for letter in letters if letter.revoked_at is None]
    if transition.needs_letter == "issued" and not valid:
        return _("Suratnya belum dibuat.")
    if transition.needs_letter == "signed" and not any(letter.signed_at for letter in valid):
        return _("Suratnya belum ditandatangani kepala desa.")
    # A letter that the case was to end in cannot hold when it ends otherwise; one that went out with it is done.
    keeps_it = transition.needs_letter or transition.tells
    if valid and service.workflow.letter_states and not keeps_it and closes(service, transition):
        return _("Surat %(reference)s masih berlaku. Cabut dulu suratnya.", reference=valid[0].reference)
    return None


def _not_ready(case: Case, transition: Transition, items: Sequence[ChecklistItem]) -> str | None:
    """What speaks against a step of the resident and their papers."""
    if transition.needs_resident and case.person.life_status in GONE:
        return _("Warga ini tercatat sudah meninggal atau pindah. Periksa data warga lebih dulu.")
    if transition.needs_requirements and not may_owe(case, transition) and (wanted := missing(items)):
        return _("Belum ada: %(papers)s.", papers=", ".join(str(requirement.title) for requirement in wanted))
    return None


def may_owe(case: Case, transition: Transition) -> bool:
    """Whether papers that are missing may follow: a patient's cover cannot wait for a photocopy."""
    return transition.papers_later is not None and case.urgent


def closes(service: Service, transition: Transition) -> bool:
    target = find_state(service.workflow, transition.target)
    return target is not None and target.closed


def take_step(  # noqa: PLR0917 - the case and its service go together, and so do the key and who may
    area: CurrentArea, case: Case, service: Service, key: str, permissions: frozenset[str], answer: Answer
) -> None:
    """Take a transition. The caller commits.

    Raises:
        CaseError: not from this state, not by this role, or something is missing.
        DecisionFailed: a plugin that was asked for objections could not answer.
    """
    lock(case)
    transition = next((t for t in _ways_out(case, service) if t.key == key), None)
    if transition is None:
        raise CaseError(_("Langkah itu tidak mungkin dari keadaan kasus sekarang."))
    if transition.permission not in permissions:
        raise CaseError(_("Langkah itu bukan bagian dari peran Anda."))
    _check_answer(transition, answer, today(area.timezone))
    referral, items = planned_referral(case, service), checklist(case, service)
    if problem := obstacle(case, service, transition, items, letters_of(case), referral=referral):
        raise CaseError(problem)
    if service.meeting and (problem := meeting_objection(case, service.meeting, key)):
        raise CaseError(problem)
    ask_plugins(area, case, service, transition)
    if "deadline" not in transition.asks:
        answer = replace(answer, deadline=None)
    _arrive(area, case, service, transition, answer)
    if may_owe(case, transition):
        day = today(area.timezone)
        _note_owed(case, missing(items), working_days_after(day, value_on(transition.papers_later or 0, day)))


def _note_owed(case: Case, papers: Sequence[Requirement], due_on: date) -> None:
    """Each paper that the case went without is a task; ticking it off is the clerk's, with the paper at hand."""
    owed = {task.title for task in tasks_of(case)}
    with in_indonesian():
        titles = [_("Lengkapi berkas: %(paper)s", paper=paper.title)[:MAX_TITLE] for paper in papers]
    for title in titles:
        if title not in owed:
            put_task(case, title, due_on)


def _check_answer(transition: Transition, answer: Answer, day: date) -> None:
    if "note" in transition.asks and not answer.note.strip():
        raise CaseError(_("Tulis catatannya: warga dan rekan perlu tahu alasannya."))
    if "outcome" in transition.asks and not answer.outcome.strip():
        raise CaseError(_("Tulis hasilnya."))
    if ("date" in transition.asks or transition.tells) and answer.on is None:
        raise CaseError(_("Isi tanggalnya."))
    if "deadline" in transition.asks and answer.deadline is None:
        raise CaseError(_("Isi batas waktunya."))
    if answer.deadline and answer.on and answer.deadline < answer.on:
        raise CaseError(_("Batas waktunya mendahului tanggalnya. Periksa keduanya."))
    if transition.tells and answer.how not in CHANNELS:
        raise CaseError(_("Pilih bagaimana warga diberi tahu."))
    if transition.tells and answer.on and answer.on > day:
        raise CaseError(_("Tanggalnya belum tiba. Isi hari warga benar-benar diberi tahu."))


def _arrive(area: CurrentArea, case: Case, service: Service, transition: Transition, answer: Answer) -> None:
    came_from, state = case.state, service.workflow.state(transition.target)
    case.due_on = answer.deadline or _due_on(area, case, service, transition) or case.due_on
    case.state, case.waiting, case.state_since = state.key, state.kind == "waiting", now()
    case.closed_at = now() if state.closed else None
    details = {"outcome": answer.outcome.strip()} if answer.outcome.strip() else {}
    if answer.on:
        details["on"] = answer.on.isoformat()
    if answer.how:
        details["how"] = answer.how
    if answer.deadline:
        details["deadline"] = answer.deadline.isoformat()
    note_event(
        case,
        "moved",
        note=answer.note.strip(),
        from_state=came_from,
        to_state=state.key,
        step=transition.key,
        **details,
    )
    day = today(area.timezone)
    if answer.how:
        told_on = answer.on if transition.tells and answer.on else day
        close_answered(area, case, how=answer.how, on=told_on, note=answer.note.strip())
    _follow_up(case, service, answer.on or day)
    announce("case_closed" if state.closed else "case_changed", case, area)


_LETTERS = (
    select(LetterRecord)
    .where(LetterRecord.village_id == bindparam("village_id"), LetterRecord.case_id == bindparam("case_id"))
    .order_by(LetterRecord.year.desc(), LetterRecord.number.desc())
)


def _follow_up(case: Case, service: Service, day: date) -> None:
    """What the service wants to be done later, now that the case is where it is."""
    if service.follow_up is None:
        return
    with in_indonesian():  # colleagues read it, whatever language this clerk's screen has
        for planned in service.follow_up(case, family_of(case.person), day):
            put_task(case, str(planned.title), planned.due_on)


def _due_on(area: CurrentArea, case: Case, service: Service, transition: Transition) -> date | None:
    """None leaves the promise that was made before."""
    state = service.workflow.state(transition.target)
    if state.closed:
        return None
    day, left = today(area.timezone), find_state(service.workflow, case.state)
    if due_on := due_again(day, state, urgent=case.urgent):
        return due_on
    # The old promise lies in the past, or was to ask why nobody outside answers, or the resident's own: the desk
    # promises anew.
    if transition.reopens or (left is not None and (left.stale_days is not None or left.deadline)):
        return promised(day, value_on(service.standard.time_days, day), urgent=case.urgent)
    return None


def planned_referral(case: Case, service: Service) -> Referral | None:
    """The newest referral of the case that follows the plan of its service."""
    return newest_of(case.village_id, {case.id: service.referral}).get(case.id) if service.referral else None


def letters_of(case: Case) -> list[LetterRecord]:
    """All letters of a case, revoked ones too, the latest first."""
    return list(db.session.scalars(_LETTERS, {"village_id": case.village_id, "case_id": case.id}))


@dataclass(frozen=True)
class Edit:
    """What a clerk may change of a case after intake."""

    answers: Mapping[str, Any]
    note: str
    priority: str


def save_answers(area: CurrentArea, case: Case, service: Service, edit: Edit) -> bool:
    """Change what was filled in at intake; False when nothing is different. The caller commits.

    A case that becomes urgent, by the clerk's word or by its answers, is due today unless others have to move it.

    Raises:
        CaseError: the case is closed.
    """
    hold(case)
    answers = {**case.data, **edit.answers}
    priority = "urgent" if service.urgent(answers) else edit.priority
    changed = sorted(key for key, value in edit.answers.items() if case.data.get(key) != value)
    changed += [name for name, value in (("note", edit.note), ("priority", priority)) if getattr(case, name) != value]
    if not changed:
        return False
    note_event(case, "edited", fields=changed)
    if priority == "urgent" and not case.urgent and not case.waiting and deadline_of(case, service) is None:
        case.due_on = min(case.due_on, today(area.timezone))
    case.data, case.note, case.priority = answers, edit.note, priority
    return True


def assign(case: Case, user_id: UUID | None, user_name: str) -> bool:
    """Give the case to a colleague, or to nobody; False when it is theirs already. The caller commits.

    Raises:
        CaseError: the case is closed; or it is restricted, and not this clerk's to show to others.
    """
    hold(case)
    if case.assigned_to == user_id:
        return False
    if case.readers is not None and user_id is not None:
        open_to(case, user_id, user_name)  # whoever is to work on a restricted case must see it
    note_event(case, "assigned", note=user_name, by_self=user_id == current_actor.get().user_id)
    case.assigned_to = user_id
    return True
