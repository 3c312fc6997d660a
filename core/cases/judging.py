"""Whether a family may get what it asks for, criterion by criterion. It advises the clerk; it decides nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any

from core.people.family import Family
from core.people.models import Person

from .eligibility import Criterion, NoRule, Rule
from .service import Service

NO_ANSWERS: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Judgement:
    """The criteria with their answers, and the rule that they come from (None: the service has no dated rules)."""

    criteria: Sequence[Criterion]
    rule: Rule | None
    problem: str | None = None

    @property
    def verdict(self) -> str:
        """met, unmet or unknown: an unmet criterion outweighs what is not known."""
        if any(criterion.met is False for criterion in self.criteria):
            return "unmet"
        if self.problem or any(criterion.met is None for criterion in self.criteria):
            return "unknown"
        return "met"


def judge(
    service: Service, person: Person, family: Family, on: date, answers: Mapping[str, Any] = NO_ANSWERS
) -> Judgement | None:
    """By the rules in force on the day ``on``; None for a service that anybody may ask for.

    A plugin's error is not caught: a wrong yes is worse than an error page.
    """
    if service.for_whom is None:
        return None
    try:
        rule = service.rules.at(on) if service.rules else None
        return Judgement(service.criteria(person, family, on, answers), rule)
    except NoRule as error:
        return Judgement((), None, str(error))


def rule_version(service: Service, on: date) -> str | None:
    """What a case keeps of the rules; None also where none holds on that day: it is taken in all the same."""
    try:
        return service.rule_version(on)
    except NoRule:
        return None
