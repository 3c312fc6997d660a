"""Programmes that exclude each other: a warning for whoever decides, which never blocks.

What a service excludes is a value of its dated rules (``Service.excludes``), with their regulation and certainty, and
an area may set another list in its place. The warning stands on both sides: at what excludes, and at what is excluded,
for a family that starts to get the one has to give up the other.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _

from core.areas.current import CurrentArea
from core.cases.models import Case
from core.cases.service import Service
from core.clock import today
from core.people.family import Family
from core.people.models import Person
from core.people.search import families_of
from core.platform import platform
from core.rules.in_force import judged_in
from core.rules.rule import Rule
from core.rules.rulebook import NoRule
from core.texts import Text
from core.web.formats import long_date

from .gathering import Aid, aid_of_families
from .received import AidReceived


@dataclass(frozen=True, eq=False)
class Clash:
    """A family gets ``aid`` while it asks for, or gets, what does not go together with it.

    Attributes:
        service: whose rules say so; it may be another than the one asked for.
        excluded: the programme that it excludes.
        rule: of the day, with its regulation and certainty.
    """

    aid: AidReceived
    service: Service
    excluded: Text
    rule: Rule

    @property
    def text(self) -> str:
        """What is known, since when and from where."""
        values = {"aid": self.aid.title, "source": self.aid.source}
        if self.aid.first_day is None:
            return _("Tercatat mendapat %(aid)s (%(source)s).", **values)
        return _("Tercatat mendapat %(aid)s sejak %(day)s (%(source)s).", day=long_date(self.aid.first_day), **values)

    @property
    def why(self) -> str:
        """Which programme does not want whose recipients."""
        return _("%(service)s tidak untuk penerima %(excluded)s.", service=self.service.title, excluded=self.excluded)


def programmes_at_odds(service: Service, on: date, services: Mapping[str, Service]) -> frozenset[str]:
    """The programmes whose aid does not go together with a service, by name, whichever side says so."""
    return frozenset(programme for programme, _by in _at_odds(service, on, services))


def clashes(service: Service, aid: Sequence[AidReceived], on: date, services: Mapping[str, Service]) -> list[Clash]:
    """What of a family's aid on the day ``on`` does not go together with a service; each programme once.

    Args:
        services: those whose rules are looked at besides, by name: the village's.
    """
    found = []
    plugins = platform().plugins.plugins
    for programme, by in _at_odds(service, on, services):
        current = next((each for each in aid if each.programme == programme and each.holds(on)), None)
        rule = _rule(by, on)
        if current is not None and rule is not None:
            excluded = programme if by is service else service.plugin
            title = plugins[excluded].title if excluded in plugins else excluded
            found.append(Clash(current, by, title, rule))
    return found


def clashes_of_family(
    area: CurrentArea, service: Service, person: Person, family: Family, permissions: Collection[str]
) -> list[Clash]:
    """Of one family today, for the page at which somebody asks for a service."""
    on, services = today(area.timezone), platform().hooks_for(area.enabled).services
    with judged_in(area.id):
        only = programmes_at_odds(service, on, services)
        if not only:
            return []
        aid = aid_of_families(area, [family], person, permissions=permissions, only=only)
        return clashes(service, aid.of(family, person), on, services)


def clashes_of_cases(
    area: CurrentArea, service: Service, cases: Sequence[Case], permissions: Collection[str]
) -> dict[UUID, list[Clash]]:
    """Of many cases of one service, by the case's id: what whoever decides should know of each family.

    A query for all families, and what the modules concerned ask once. The persons and their households must be loaded.
    """
    on, services = today(area.timezone), platform().hooks_for(area.enabled).services
    with judged_in(area.id):
        only = programmes_at_odds(service, on, services)
        if not only or not cases:
            return {case.id: [] for case in cases}
        families = families_of([case.person for case in cases])
        people = [case.person for case in cases]
        aid = aid_of_families(area, families.values(), *people, permissions=permissions, only=only)
        return {
            case.id: clashes(service, aid.of(families[case.person_id], case.person), on, services) for case in cases
        }


def clashes_in_screening(
    services: Mapping[str, Service], aid: Aid, family: Family, person: Person, on: date
) -> dict[str, list[Clash]]:
    """By the service's name, for a page of all programmes."""
    with judged_in(person.village_id):
        own = aid.of(family, person)
        return {service.name: clashes(service, own, on, services) for service in services.values()}


def all_at_odds(services: Mapping[str, Service], on: date) -> frozenset[str]:
    """The programmes of which any of these services does not want its families to get anything."""
    return frozenset().union(*(programmes_at_odds(service, on, services) for service in services.values()))


def _at_odds(service: Service, on: date, services: Mapping[str, Service]) -> list[tuple[str, Service]]:
    """Pairs of a programme and the service whose rules exclude it, or are excluded by it; its own programme is none."""
    found = [(programme, service) for programme in service.excluded_on(on)]
    found += [
        (other.plugin, other)
        for other in services.values()
        if other.plugin != service.plugin and service.plugin in other.excluded_on(on)
    ]
    return list(dict.fromkeys(found))


def _rule(service: Service, on: date) -> Rule | None:
    try:
        return service.excludes.rules.at(on) if service.excludes else None
    except NoRule:
        return None
