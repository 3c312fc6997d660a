"""Which villages have somebody who is trained for each service, for those who oversee them: counts by village."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from core.api import Area, OwnRows, Worker, district_of, find_areas, scope, working_in

from .qualifications import ENDS_SOON, HOLDS, PersonStanding, certified, standings


@dataclass(frozen=True)
class VillageCoverage:
    """``trained``: by service, how many of the village's people hold a certificate today."""

    area: Area
    people: int
    trained: dict[str, int]

    @property
    def lacks(self) -> list[str]:
        """Services for which nobody there is trained."""
        return [service for service, count in self.trained.items() if not count]


def by_person(
    area: Area, services: Collection[str], *, on: date, warn_days: int
) -> list[tuple[Worker, PersonStanding]]:
    """Everybody who works in a village of ``area``, once, with what they have; two queries."""
    workers = {worker.user_id: worker for worker in reversed(working_in(area.interval))}
    has = _certified(area, set(workers))
    ordered = sorted(workers.values(), key=lambda worker: (worker.village_id, worker.name))
    found = standings([(one.user_id, one.name) for one in ordered], has, services, on=on, warn_days=warn_days)
    return list(zip(ordered, found, strict=True))


def by_village(area: Area, services: Collection[str], *, on: date, warn_days: int) -> list[VillageCoverage]:
    """Every village of ``area`` in which somebody works, those that lack most first; three queries."""
    people: dict[int, list[PersonStanding]] = {}
    for worker, person in by_person(area, services, on=on, warn_days=warn_days):
        people.setdefault(worker.village_id, []).append(person)
    found = [_coverage(village, people[village.id], services) for village in find_areas(people)]
    return sorted(found, key=lambda row: (-len(row.lacks), row.area.id))


def _coverage(village: Area, people: Sequence[PersonStanding], services: Collection[str]) -> VillageCoverage:
    return VillageCoverage(village, len(people), {name: _trained(people, name) for name in services})


def _trained(people: Sequence[PersonStanding], service: str) -> int:
    return sum(1 for person in people if person.services[service].state in (HOLDS, ENDS_SOON))


def _certified(area: Area, user_ids: Collection[UUID]) -> dict[tuple[UUID, str], date | None]:
    if not user_ids:
        return {}
    district = district_of(area)
    with scope(OwnRows(district.id)):
        return certified(district.id, user_ids)
