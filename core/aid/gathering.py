"""The aid of families in one list: what was told, and what each module knows; asked once for a page of families."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from core.areas.current import CurrentArea
from core.people.family import Family
from core.people.models import Person
from core.platform import platform
from core.plugins.dispatch import Failed

from .received import AidReceived
from .told import HOOK, told_to

MOST_OF_ONE = 200
"""As many as a module may answer for one of whom it was asked."""


Look = Callable[[AidReceived], object]


def _no_look(_aid: AidReceived) -> None:
    """Nothing is made of it but a list."""


class WrongAid(TypeError):
    """What a plugin answered is not what the hook asks for."""


@dataclass(frozen=True)
class Aid:
    """What is known, the latest first, and the modules that could not say, by their titles."""

    found: Sequence[AidReceived]
    failed: Sequence[str]

    def of(self, family: Family, *more: Person) -> list[AidReceived]:
        """Of this family, its members and whoever else."""
        people = {person.id for person in (*family.members, *more)}
        household = family.household.id if family.household else None
        return [aid for aid in self.found if aid.person_id in people or (household and aid.household_id == household)]


NO_AID = Aid((), ())


def gather_aid(
    area: CurrentArea,
    people: Collection[UUID],
    households: Collection[UUID],
    permissions: Collection[str],
    *,
    only: Collection[str] | None = None,
    look: Look = _no_look,
) -> Aid:
    """What these residents and households get, as far as ``permissions`` let somebody see it.

    A query for what was told, and what each module asks once for all of them.

    Args:
        only: the programmes that matter; None for all.
        look: called with each thing of a module, while a failure is still the module's: a page that is not there.
    """
    asked, homes = frozenset(people), frozenset(households)
    enabled = area.enabled if only is None else area.enabled & frozenset(only)

    def prepared(answer: object) -> list[AidReceived]:
        checked = _checked(answer, asked, homes)
        for aid in checked:
            look(aid)
        return checked

    answers = platform().hooks_for(enabled).collect(HOOK, prepare=prepared, area=area, people=asked, households=homes)
    found = told_to(area.id, asked)
    for _plugin, answer in answers:
        found += answer or ()
    wanted = [aid for aid in found if aid.permission in permissions and (only is None or aid.programme in only)]
    plugins = platform().plugins.plugins
    failed = [str(plugins[plugin].title) for plugin, answer in answers if isinstance(answer, Failed)]
    return Aid(sorted(wanted, key=_latest_first), failed)


def aid_of_families(
    area: CurrentArea,
    families: Iterable[Family],
    *more: Person,
    permissions: Collection[str],
    only: Collection[str] | None = None,
    look: Look = _no_look,
) -> Aid:
    """As :func:`gather_aid`, of all these families and whoever else is meant, such as a member who has died."""
    people, homes = {person.id for person in more}, set[UUID]()
    for family in families:
        people |= {member.id for member in family.members}
        if family.household is not None:
            homes.add(family.household.id)
    return gather_aid(area, people, homes, permissions, only=only, look=look)


def names_in(families: Iterable[Family], *more: Person) -> Mapping[UUID, str]:
    """Names of those whom aid may be of."""
    return {person.id: person.name for family in families for person in family.members} | {
        person.id: person.name for person in more
    }


def _checked(answer: object, people: frozenset[UUID], homes: frozenset[UUID]) -> list[AidReceived]:
    """With the texts put together, while a failure is still the plugin's.

    Raises:
        WrongAid: something else, of somebody who was not asked about, or more than anybody gets.
    """
    if not isinstance(answer, list | tuple):
        raise WrongAid(f"must be a list of AidReceived objects, not {type(answer).__name__}")
    if len(answer) > MOST_OF_ONE * max(1, len(people) + len(homes)):
        raise WrongAid(f"{len(answer)} are more than anybody gets")
    found = []
    for aid in answer:
        if not isinstance(aid, AidReceived):
            raise WrongAid(f"must be AidReceived objects, not {type(aid).__name__}")
        if aid.person_id not in people and aid.household_id not in homes:
            raise WrongAid("aid of somebody who was not asked about")
        found.append(replace(aid, title=str(aid.title), goods=str(aid.goods), source=str(aid.source)))
    return found


def _latest_first(aid: AidReceived) -> tuple[int, int, str]:
    """What has no day stands last."""
    first, last = (-day.toordinal() if day else 0 for day in (aid.first_day, aid.last_day))
    return first, last, aid.state
