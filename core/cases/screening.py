"""A family against every programme of the village at once: whom each is for, what is unknown, what was asked before.

It advises the clerk, who may open a case all the same. Everything is judged from what is in memory already: the number
of queries does not grow with programmes or members.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import or_, select

from core.database.session import db
from core.people.family import Family
from core.people.models import Person
from core.platform import platform
from core.rules.rule import Rule

from .judging import Judgement, judge
from .models import Case
from .service import Service

FOR_WHOM = "for_whom"
"""What a plugin's failure at its criteria is kept under."""

RECENT = timedelta(days=180)
"""For so long the family should hear how the last case ended before it asks again."""

ORDER = ("met", "anyone", "unknown", "failed", "unmet")


@dataclass(frozen=True)
class Candidate:
    """A programme judged for one member, or for the family in the name of its head.

    ``case`` is open already or was closed lately. ``verdict`` is met, unknown, unmet, or anyone (no criteria).
    """

    person: Person
    judgement: Judgement | None
    case: Case | None = None

    @property
    def verdict(self) -> str:
        return self.judgement.verdict if self.judgement else "anyone"


@dataclass(frozen=True)
class Programme:
    """A service with those that it may be for, the likeliest first; nobody where its criteria cannot be worked out."""

    service: Service
    candidates: tuple[Candidate, ...]

    @property
    def verdict(self) -> str:
        """That of the likeliest; "failed" where the criteria cannot be worked out."""
        return self.candidates[0].verdict if self.candidates else "failed"

    @property
    def rule(self) -> Rule | None:
        """The rule of the day, by which all candidates are judged; None for a service without dated rules."""
        return next((found.judgement.rule for found in self.candidates if found.judgement), None)

    @property
    def likely(self) -> tuple[Candidate, ...]:
        return tuple(found for found in self.candidates if found.verdict != "unmet")

    @property
    def unlikely(self) -> tuple[Candidate, ...]:
        return tuple(found for found in self.candidates if found.verdict == "unmet")


@dataclass(frozen=True)
class Question:
    """Something to find out, and the services on which the answer decides."""

    text: str
    services: tuple[Service, ...]


@dataclass(frozen=True)
class Screening:
    """Programmes, those that fit first; what is worth finding out, what would settle most of them first."""

    programmes: tuple[Programme, ...]
    questions: tuple[Question, ...]


def screen(services: Mapping[str, Service], chosen: Person, family: Family, on: date) -> Screening:
    """Judge a family by the rules in force on the day ``on``: each member for a personal service, else the family once.

    A plugin that fails leaves its own programme without a verdict and the others untouched.

    Args:
        services: those that the village offers, by name.
        chosen: the resident who came; of a service without criteria the only candidate.
        family: of the chosen one.
    """
    cases = _cases(services, chosen, family, on)
    programmes = [_judged(service, chosen, family, on, cases) for service in services.values()]
    programmes.sort(key=lambda programme: ORDER.index(programme.verdict))
    return Screening(tuple(programmes), _questions(programmes))


def asked_since(on: date) -> datetime:
    """A case that was closed before this moment no longer counts as asked."""
    return datetime.combine(on - RECENT, time.min, tzinfo=UTC)


def _judged(service: Service, chosen: Person, family: Family, on: date, cases: Sequence[Case]) -> Programme:
    def judged() -> list[Candidate]:
        found = []
        for person in _subjects(service, chosen, family):
            judgement = judge(service, person, family, on)
            _read(judgement)
            found.append(Candidate(person, judgement, _case_of(service, person, cases)))
        return found

    candidates = platform().plugins.ask(service.plugin, FOR_WHOM, chosen.village_id, judged) or []
    candidates.sort(key=lambda found: (ORDER.index(found.verdict), found.person is not chosen))
    return Programme(service, tuple(candidates))


def _read(judgement: Judgement | None) -> None:
    """Put the plugin's texts together once, here: one that cannot be would otherwise fail in the middle of the page."""
    for criterion in judgement.criteria if judgement else ():
        for text in (criterion.title, criterion.settled_by, criterion.regulation):
            str(text)


def _subjects(service: Service, chosen: Person, family: Family) -> Sequence[Person]:
    """Whom a service is judged for. One who died or moved away is no member any more, but may be asked about."""
    if service.subject == "household":
        return [next((member for member in family.members if member.family_role == "head"), chosen)]
    if service.for_whom is None:
        return [chosen]
    return family.members if chosen in family.members else [chosen, *family.members]


# ---- what was asked before ----


def _cases(services: Mapping[str, Service], chosen: Person, family: Family, on: date) -> Sequence[Case]:
    """The family's cases that are open or were closed lately; open ones first, then the latest. One query."""
    whose = Case.person_id.in_({chosen.id, *(member.id for member in family.members)})
    if family.household is not None:
        whose = or_(whose, Case.household_id == family.household.id)
    return db.session.scalars(
        select(Case)
        .where(
            Case.village_id == chosen.village_id,
            Case.service.in_(list(services)),
            whose,
            or_(Case.closed_at.is_(None), Case.closed_at >= asked_since(on)),
        )
        .order_by(Case.closed_at.desc().nulls_first(), Case.opened_at.desc())
    ).all()


def _case_of(service: Service, person: Person, cases: Sequence[Case]) -> Case | None:
    """Of a service for the family whichever member's it is, of a personal one only the person's own."""
    for case in cases:
        if case.service == service.name and (service.subject == "household" or case.person_id == person.id):
            return case
    return None


# ---- what to find out ----


def _questions(programmes: Iterable[Programme]) -> tuple[Question, ...]:
    """Each thing that is not known once, however many members and programmes wait for it."""
    asked: dict[str, dict[str, Service]] = {}
    for programme in programmes:
        for text in _open_questions(programme):
            asked.setdefault(text, {})[programme.service.name] = programme.service
    questions = [Question(text, tuple(services.values())) for text, services in asked.items()]
    return tuple(sorted(questions, key=lambda question: -len(question.services)))


def _open_questions(programme: Programme) -> Iterable[str]:
    """Only where the answer decides: what fails for another reason is not worth a walk to the family.

    Neither is what only favours it, nor a further one of several when one that is met is enough.
    """
    for candidate in programme.candidates:
        if candidate.judgement and candidate.verdict == "unknown":
            for criterion in candidate.judgement.undecided:
                yield str(criterion.settled_by or criterion.title)
