"""Whether a family may get what it asks for, criterion by criterion. It advises the clerk; it decides nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from core.areas.current import CurrentArea
from core.people.family import Family
from core.people.models import Person
from core.people.search import families_of
from core.rules.in_force import judged_in
from core.rules.rule import Rule
from core.rules.rulebook import NoRule

from .eligibility import Criterion, CriterionKind
from .models import Case
from .service import Service

NO_ANSWERS: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Judgement:
    """The criteria with their answers, and the rule that they come from (None: the service has no dated rules).

    ``changed_since``: an area has set other values for that day after the case was opened, which keeps those of then.
    """

    criteria: Sequence[Criterion]
    rule: Rule | None
    problem: str | None = None
    changed_since: bool = False

    @property
    def verdict(self) -> str:
        """met, unmet or unknown: an unmet condition outweighs what is not known. What only favours does not count."""
        answers = [criterion.met for criterion in self.of_kind("required")]
        if self.of_kind("one_of"):
            answers.append(self.one_met)
        if False in answers:
            return "unmet"
        return "unknown" if self.problem or None in answers else "met"

    @property
    def one_met(self) -> bool | None:
        """Whether one of the criteria is met of which one is enough; None when that is not known, or there are none."""
        answers = [criterion.met for criterion in self.of_kind("one_of")]
        if True in answers:
            return True
        return None if None in answers or not answers else False

    @property
    def undecided(self) -> list[Criterion]:
        """What is not known and would settle the verdict: where one of several is enough and met, not the others."""
        deciding = self.of_kind("required")
        if self.one_met is None:
            deciding += self.of_kind("one_of")
        return [criterion for criterion in deciding if criterion.met is None]

    def of_kind(self, kind: CriterionKind) -> list[Criterion]:
        """The criteria of one kind, in the order in which the service names them."""
        return [criterion for criterion in self.criteria if criterion.kind == kind]


def judge(
    service: Service,
    person: Person,
    family: Family,
    on: date,
    answers: Mapping[str, Any] = NO_ANSWERS,
    *,
    known_at: datetime | None = None,
) -> Judgement | None:
    """By the rules in force on the day ``on`` in the person's village; None for a service that anybody may ask for.

    A plugin's error is not caught: a wrong yes is worse than an error page.

    Args:
        known_at: with the values that areas had set by this moment; None: those that are known today.
    """
    if service.for_whom is None:
        return None
    try:
        with judged_in(person.village_id, known_at):
            rule = service.rules.at(on) if service.rules else None
            return Judgement(service.criteria(person, family, on, answers), rule)
    except NoRule as error:
        return Judgement((), None, str(error))


def judge_case(area: CurrentArea, service: Service, case: Case, family: Family) -> Judgement | None:
    """A case by the rules of the day on which it was opened, as they were known then, and by its own answers."""
    day = opened_on(area, case)
    judgement = judge(service, case.person, family, day, case.data, known_at=case.opened_at)
    if judgement is None or judgement.rule is None or service.rules is None:
        return judgement
    with judged_in(case.village_id):
        changed = service.rules.at(day).version != judgement.rule.version
    return replace(judgement, changed_since=changed)


def opened_on(area: CurrentArea, case: Case) -> date:
    """The day on which it was opened, where the desk stands: at seven there, the server has yesterday."""
    return case.opened_at.astimezone(ZoneInfo(area.timezone)).date()


def judge_cases(area: CurrentArea, service: Service, cases: Sequence[Case]) -> dict[UUID, Judgement | None]:
    """Many cases of one service, each by the rules of its day and by its own answers: one query for all families."""
    families = families_of([case.person for case in cases])
    return {case.id: judge_case(area, service, case, families[case.person.id]) for case in cases}


def rule_version(service: Service, on: date) -> str | None:
    """What a case keeps of the rules; None also where none holds on that day: it is taken in all the same."""
    try:
        return service.rule_version(on)
    except NoRule:
        return None
