"""Judging every resident of a register, family by family, by the rules of one day.

What a page does for one family (``core.cases.screening``) is done here for thousands: families are read in batches, a
plugin is asked once for a whole batch, and nothing is asked of the database for a family or for a programme.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager

from core.cases.judging import Judgement, judge
from core.cases.models import Case
from core.cases.screening import FOR_WHOM, asked_since
from core.cases.service import Service
from core.database.session import db
from core.people.family import Family
from core.people.models import Person
from core.platform import platform

BATCH = 200
"""Families in memory at a time, and in one question to a plugin."""

Verdicts = Counter[str]


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody to whom a service may apply; ``open_questions``: how many criteria are not known, 0 when all are met."""

    service: str
    person: Person
    open_questions: int


@dataclass
class Tally:
    """How often which verdict was given, by service, and the services that could not be judged."""

    verdicts: dict[str, Verdicts] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    residents: int = 0

    def as_counts(self) -> dict[str, object]:
        services = {name: dict(verdicts) for name, verdicts in self.verdicts.items() if name not in self.failed}
        return {"services": services, "failed": sorted(self.failed)}


def living_residents(village_id: int) -> int:
    """How many the register has."""
    alive = select(func.count()).select_from(Person)
    return db.session.scalar(alive.where(Person.village_id == village_id, Person.life_status == "alive")) or 0


def judge_register(
    village_id: int, services: Mapping[str, Service], on: date, tally: Tally
) -> Iterator[tuple[int, list[Found]]]:
    """Judge all living residents for those of ``services`` that have criteria; count into ``tally``.

    Yields for each batch of families how many residents it had, and whom it found: whoever meets the criteria or may
    meet them, and has no case of the service, neither open nor closed lately. A service whose plugin fails is left
    out from then on, with everything that it had answered.
    """
    judged = [service for service in services.values() if service.for_whom is not None]
    asked = Asked.read(village_id, [service.name for service in judged], on)
    for families in _batches(_families(village_id)):
        found: list[Found] = []
        for service in judged:
            if service.name not in tally.failed:
                found += _judged(service, families, on, asked, tally)
        residents = sum(family.size for family in families)
        tally.residents += residents
        yield residents, found


def _judged(service: Service, families: Sequence[Family], on: date, asked: "Asked", tally: Tally) -> list[Found]:
    def judgements() -> list[tuple[Person, Judgement]]:
        return [
            (person, judgement)
            for family in families
            for person in _subjects(service, family)
            if (judgement := judge(service, person, family, on)) is not None
        ]

    village_id = families[0].members[0].village_id
    answers = platform().plugins.ask(service.plugin, FOR_WHOM, village_id, judgements)
    if answers is None:
        tally.failed.add(service.name)
        return []
    verdicts = tally.verdicts.setdefault(service.name, Counter())
    found = []
    for person, judgement in answers:
        if asked.has(service, person):
            verdicts["asked"] += 1
            continue
        verdict = judgement.verdict
        verdicts[verdict] += 1
        if verdict != "unmet":
            found.append(Found(service.name, person, len(judgement.undecided) if verdict == "unknown" else 0))
    return found


def _subjects(service: Service, family: Family) -> Sequence[Person]:
    """Every member, or for the family as a whole its head, who stands first."""
    return family.members[:1] if service.subject == "household" else family.members


# ---- the register ----


def _families(village_id: int) -> Iterator[Family]:
    """All households with their living members, then those who belong to none; two statements, read as they come."""
    members = (
        select(Person)
        .join(Person.household)
        .options(contains_eager(Person.household))
        .where(Person.village_id == village_id, Person.life_status == "alive")
        .order_by(Person.household_id, Person.family_role != "head", Person.birth_date, Person.id)
        .execution_options(yield_per=1_000)
    )
    for _household_id, group in groupby(db.session.scalars(members), lambda person: person.household_id):
        people = list(group)
        yield Family(people[0].household, people)
    alone = (
        select(Person)
        .where(Person.village_id == village_id, Person.life_status == "alive", Person.household_id.is_(None))
        .order_by(Person.id)
        .execution_options(yield_per=1_000)
    )
    for person in db.session.scalars(alone):
        yield Family(None, [person])


def _batches(families: Iterable[Family]) -> Iterator[list[Family]]:
    batch: list[Family] = []
    for family in families:
        batch.append(family)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


# ---- who has asked already ----


@dataclass(frozen=True)
class Asked:
    """Which residents and which households have a case of which service, open or closed lately."""

    people: frozenset[tuple[str, UUID]]
    households: frozenset[tuple[str, UUID]]

    @classmethod
    def read(cls, village_id: int, services: Sequence[str], on: date) -> "Asked":
        """Of a whole village, by one query."""
        rows = db.session.execute(
            select(Case.service, Case.person_id, Case.household_id).where(
                Case.village_id == village_id,
                Case.service.in_(services),
                or_(Case.closed_at.is_(None), Case.closed_at >= asked_since(on)),
            )
        ).all()
        return cls(
            frozenset((service, person) for service, person, _household in rows),
            frozenset((service, household) for service, _person, household in rows if household),
        )

    def has(self, service: Service, person: Person) -> bool:
        """Of a service for the family whichever member's it is, of a personal one only the person's own."""
        if (service.name, person.id) in self.people:
            return True
        return service.subject == "household" and (service.name, person.household_id) in self.households
