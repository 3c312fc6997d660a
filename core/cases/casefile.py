"""Everything that a case's page shows, gathered by a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import FromClause, Row, bindparam, select
from wtforms import Form

from core.areas.code import AreaCode
from core.areas.current import CurrentArea
from core.database.session import db
from core.people.family import Family
from core.people.models import Person
from core.people.search import family_of
from core.referrals.lists import referrals_of
from core.referrals.models import Referral
from core.referrals.of_case import is_out
from core.rules.rulebook import value_on
from core.users.colleagues import Colleague, colleagues_and_names

from .answers import form_with, left_over
from .catalogue import find_service
from .checklist import ChecklistItem, checklist, files_at_hand, missing
from .events import describe
from .judging import Judgement, judge_case
from .letters import why_not_now
from .models import Case, CaseEvent, Document, LetterRecord, Task
from .progress import Step, letters_of, may_owe, steps_for
from .service import Letter, Service
from .sharing import may_share, named_in, roles_of
from .standing import bar_of, deadline_of, letters_that_hold, next_step, proposed, subject_title, to_mend, waits_outside
from .tasks import tasks_of


@dataclass(frozen=True)
class TimelineEntry:
    event: CaseEvent | Row
    title: str
    who: str


@dataclass(frozen=True)
class Access:
    """Who may see a restricted case: by role, in words, and by name; and whether who asks may change that."""

    roles: Sequence[str]
    named: Sequence[tuple[UUID, str]]
    others: Sequence[Colleague]
    may_share: bool


def access_of(case: Case, team: Sequence[Colleague], names: Mapping[UUID, str]) -> Access | None:
    """None for a case that everybody may see who sees cases. ``others`` may have the permission already."""
    if case.readers is None:
        return None
    named = named_in(case)
    return Access(
        roles=roles_of(case),
        named=[(user_id, names.get(user_id, "–")) for user_id in named],
        others=[colleague for colleague in team if colleague.id not in named],
        may_share=may_share(case),
    )


@dataclass(frozen=True)
class CaseFile:
    """A case with all that hangs on it. ``service`` is None when its plugin is no longer installed."""

    case: Case
    person: Person
    family: Family
    service: Service | None
    answers: Form | None
    items: Sequence[ChecklistItem]
    at_hand: Mapping[str, Document]
    steps: Sequence[Step]
    letters: Sequence[LetterRecord]
    referrals: Sequence[Referral]
    tasks: Sequence[Task]
    timeline: Sequence[TimelineEntry]
    judgement: Judgement | None
    team: Sequence[Colleague]
    names: dict[UUID, str]
    access: Access | None

    @property
    def ticket(self) -> str:
        return self.case.ticket

    @property
    def title(self) -> str:
        return str(self.service.title) if self.service else self.case.service

    @property
    def subject(self) -> str:
        return subject_title(self.case.person.name, self.service)

    @property
    def bar(self) -> list[tuple[str, str]]:
        return bar_of(self.case, self.service)

    @property
    def main_step(self) -> Step | None:
        """What an answer from outside brings, or the first step on the main way; something may stand in its way."""
        return self.proposed or next((s for s in self.steps if s.transition.primary), None)

    @property
    def next_step(self) -> str:
        wanted = {item.requirement.key for item in self.items if not item.settled}
        return next_step(self.case, self.service, wanted, letters_that_hold(self.letters), self.planned)

    @property
    def waits_outside(self) -> bool:
        return waits_outside(self.case, self.service)

    @property
    def costs_nothing(self) -> bool:
        """Whether the service was free of charge on the day on which the case was opened."""
        return self.service is not None and not value_on(self.service.standard.fee, self.case.opened_at.date())

    @property
    def deadline(self) -> str:
        """What the day is called that the resident has to keep, as ``due_on`` says it; empty when there is none."""
        return str(deadline_of(self.case, self.service) or "")

    @property
    def planned(self) -> Referral | None:
        """The newest referral that follows the plan of the service."""
        return newest_planned(self.referrals, self.service)

    @property
    def proposed(self) -> Step | None:
        """The step that the answer to the planned referral brings, if this role may take it."""
        wanted = proposed(self.case, self.service, self.planned) if self.service else None
        return next((step for step in self.steps if wanted and step.transition.key == wanted.key), None)

    @property
    def letter_is_next(self) -> bool:
        """Whether the next step needs a letter that can be made now; one that merely goes along does not press."""
        return bool(self.printable() and self.service and self.case.state in self.service.workflow.letter_states)

    @property
    def why_no_letter(self) -> str:
        """Why no letter can be made yet, as it is with the service's first; empty when it can, or has none."""
        if self.service is None or not self.service.letters:
            return ""
        return why_not_now(self.case, self.service, self.service.letters[0]) or ""

    @property
    def is_referred(self) -> bool:
        """Whether the planned referral is on its way, or was granted."""
        return is_out(self.planned)

    @property
    def to_refer(self) -> bool:
        """Whether the planned referral is what the case needs now, and nothing else stands before it."""
        main = self.main_step
        if self.service and to_mend(self.case, self.service, self.planned):
            return True
        if main is None or not main.transition.needs_referral or self.is_referred:
            return False
        return may_owe(self.case, main.transition) or not missing(self.items)

    @property
    def given(self) -> int:
        return sum(item.settled for item in self.items)

    @property
    def left_over(self) -> list[tuple[str, str]]:
        """Answers for which the plugin has no field any more."""
        if self.answers is None:
            return [(name, str(value)) for name, value in self.case.data.items()]
        return left_over(self.answers, self.case.data)

    def printable(self) -> list[Letter]:
        """Letters that can be issued now: due where the case is, and no copy of them holds."""
        if self.service is None or self.case.closed_at is not None:
            return []
        held = letters_that_hold(self.letters)
        return [
            letter
            for letter in self.service.letters
            if letter.key not in held and why_not_now(self.case, self.service, letter) is None
        ]


_event: FromClause = CaseEvent.__table__
_EVENTS = (
    select(_event)
    .where(_event.c.village_id == bindparam("village_id"), _event.c.case_id == bindparam("case_id"))
    .order_by(_event.c.id.desc())
)


def load_case_file(area: CurrentArea, case: Case, permissions: frozenset[str]) -> CaseFile:
    """A fixed number of queries, whatever hangs on the case."""
    service = find_service(case.service)
    family = family_of(case.person)
    items = checklist(case, service)
    letters = letters_of(case)
    referrals = referrals_of(case)
    planned = newest_planned(referrals, service)
    tasks = tasks_of(case)
    events = db.session.execute(_EVENTS, {"village_id": case.village_id, "case_id": case.id}).all()
    team, names = colleagues_and_names(AreaCode.from_id(case.village_id), _people_of(case, events, tasks))
    return CaseFile(
        case=case,
        person=case.person,
        family=family,
        service=service,
        answers=form_with(service.form, case.data) if service else None,
        items=items,
        at_hand=files_at_hand(case, service) if service else {},
        steps=steps_for(case, service, permissions, items, letters, referral=planned) if service else [],
        letters=letters,
        referrals=referrals,
        tasks=tasks,
        timeline=timeline_entries(events, service, names),
        judgement=None if service is None or case.person.erased else judge_case(area, service, case, family),
        team=team,
        names=names,
        access=access_of(case, team, names),
    )


def newest_planned(referrals: Sequence[Referral], service: Service | None) -> Referral | None:
    """Of a case's referrals, the newest first, the one that follows the plan of its service."""
    plan = service.referral if service else None
    return next((r for r in referrals if plan and r.organisation.sector == plan.to), None)


def timeline_entries(
    events: Sequence[CaseEvent | Row], service: Service | None, names: Mapping[UUID, str]
) -> list[TimelineEntry]:
    return [TimelineEntry(e, describe(e, service), names.get(e.by, "") if e.by else "") for e in events]


def _people_of(case: Case, events: Sequence[CaseEvent | Row], tasks: Sequence[Task]) -> set[UUID]:
    mentioned = (
        {event.by for event in events}
        | {task.assigned_to for task in tasks}
        | {case.assigned_to, case.opened_by}
        | set(named_in(case))
    )
    return {user_id for user_id in mentioned if user_id}
