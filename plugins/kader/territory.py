"""Whose RT/RW: what somebody sees on the pages of the field, and who else looks after the same place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true

from core.api import Case, Household, Person, db

from .models import KaderAssignment, KaderGroupHousehold


class Place(NamedTuple):
    """An RT as the registry writes it; a whole RW where ``rt`` is blank."""

    rw: str
    rt: str = ""

    def __str__(self) -> str:
        return f"RT {self.rt}/RW {self.rw}" if self.rt else f"RW {self.rw}"


@dataclass(frozen=True)
class Territory:
    """What somebody looks after: ``everything`` of the desk and the kepala desa, else places and named households."""

    village_id: int
    everything: bool = False
    places: tuple[Place, ...] = ()
    households: frozenset[UUID] = frozenset()
    groups: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return not (self.everything or self.places or self.households)

    @property
    def names(self) -> list[str]:
        return [*map(str, self.places), *self.groups]

    def covers(self) -> ColumnElement[bool]:
        """Of a household, in a query that names ``Household``."""
        if self.everything:
            return true()
        parts = [and_(Household.rw == rw, Household.rt == rt if rt else true()) for rw, rt in self.places]
        named = Household.id.in_(self.households) if self.households else false()
        return or_(named, *parts)


def territory_of(village_id: int, user_id: UUID, day: date, *, everything: bool) -> Territory:
    """In one query; none for who sees everything."""
    if everything:
        return Territory(village_id, everything=True)
    query = (
        select(KaderAssignment, KaderGroupHousehold.household_id)
        .outerjoin(
            KaderGroupHousehold,
            and_(
                KaderGroupHousehold.village_id == KaderAssignment.village_id,
                KaderGroupHousehold.assignment_id == KaderAssignment.id,
            ),
        )
        .where(KaderAssignment.village_id == village_id, KaderAssignment.user_id == user_id)
        .order_by(KaderAssignment.rw, KaderAssignment.rt)
    )
    rows = [(each, household) for each, household in db.session.execute(query) if each.holds_on(day)]
    places = dict.fromkeys(Place(each.rw, each.rt) for each, _household in rows if not each.is_group)
    groups = dict.fromkeys(each.group_name for each, _household in rows if each.is_group)
    households = frozenset(household for _each, household in rows if household)
    return Territory(village_id, places=tuple(places), households=households, groups=tuple(groups))


def find_household(territory: Territory, household_id: UUID) -> Household | None:
    """None too where it lies outside."""
    return db.session.scalar(
        select(Household).where(
            Household.village_id == territory.village_id, Household.id == household_id, territory.covers()
        )
    )


def find_case_inside(territory: Territory, case_id: UUID) -> tuple[Case, Person] | None:
    """An open case of a household inside, with its resident."""
    query = (
        select(Case, Person)
        .join(Person, and_(Person.village_id == Case.village_id, Person.id == Case.person_id))
        .outerjoin(Household, and_(Household.village_id == Person.village_id, Household.id == Person.household_id))
        .where(
            Case.village_id == territory.village_id,
            Case.id == case_id,
            Case.closed_at.is_(None),
            territory.covers(),
        )
    )
    row = db.session.execute(query).first()
    return None if row is None else (row[0], row[1])


def places_of(village_id: int) -> Mapping[Place, int]:
    """Every RT that the registry knows, with its number of households, in one query."""
    rows = db.session.execute(
        select(Household.rw, Household.rt, func.count())
        .where(Household.village_id == village_id, Household.rw != "", Household.rt != "")
        .group_by(Household.rw, Household.rt)
        .order_by(Household.rw, Household.rt)
    )
    return {Place(rw, rt): n for rw, rt, n in rows}


def overlaps(assignments: Sequence[KaderAssignment]) -> dict[UUID, list[UUID]]:
    """Whose others look after the same RT on some same day, by the assignment's id."""
    found: dict[UUID, list[UUID]] = {each.id: [] for each in assignments}
    placed = [each for each in assignments if not each.is_group]
    for one in placed:
        for other in placed:
            same_place = one.rw == other.rw and (one.rt == other.rt or "" in (one.rt, other.rt))
            if one.user_id != other.user_id and same_place and _meet(one, other):
                found[one.id].append(other.user_id)
    return found


def _meet(one: KaderAssignment, other: KaderAssignment) -> bool:
    last, first = date.max, max(one.starts_on, other.starts_on)
    return first <= min(one.ends_on or last, other.ends_on or last)
