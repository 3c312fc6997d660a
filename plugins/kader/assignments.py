"""Giving places to field workers: several may have one, and what is over stays as history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import and_, exists, or_, select

from core.api import Area, CaseError, Household, Person, db, gettext, record

from .models import KaderAssignment, KaderGroupHousehold
from .territory import Place

MOST_IN_GROUP = 60


def place_of(assignment: KaderAssignment) -> str:
    return assignment.group_name if assignment.is_group else str(Place(assignment.rw, assignment.rt))


def assignments_of(village_id: int, day: date, *, over: bool = False, limit: int = 300) -> Sequence[KaderAssignment]:
    """Those that hold or will, by place; or those that are ``over``, the last first."""
    ended = KaderAssignment.ends_on < day
    query = select(KaderAssignment).where(KaderAssignment.village_id == village_id)
    if over:
        query = query.where(ended).order_by(KaderAssignment.ends_on.desc(), KaderAssignment.id.desc())
    else:
        running = or_(KaderAssignment.ends_on.is_(None), ~ended)
        query = query.where(running).order_by(
            KaderAssignment.rw, KaderAssignment.rt, KaderAssignment.group_name, KaderAssignment.id
        )
    return db.session.scalars(query.limit(limit)).all()


@dataclass(frozen=True)
class Task:
    """What is given: one assignment a place, and one for a group of households that are named later."""

    kind: str
    starts_on: date
    places: Sequence[Place] = ()
    ends_on: date | None = None
    group_name: str = ""


def assign(area: Area, user_id: UUID, task: Task, *, by: UUID | None) -> list[KaderAssignment]:
    """Places that this person has on those days already stay as they are. The caller commits.

    Raises:
        CaseError: nothing is left to be given.
    """
    theirs = db.session.scalars(
        select(KaderAssignment).where(KaderAssignment.village_id == area.id, KaderAssignment.user_id == user_id)
    ).all()
    had = {Place(each.rw, each.rt) for each in theirs if each.kind == task.kind and each.holds_on(task.starts_on)}
    made = [
        KaderAssignment(
            village_id=area.id,
            user_id=user_id,
            kind=task.kind,
            rw=place.rw,
            rt=place.rt,
            group_name=name,
            starts_on=task.starts_on,
            ends_on=task.ends_on,
            created_by=by,
        )
        for place, name in [*((place, "") for place in task.places if place not in had), (Place(""), task.group_name)]
        if place.rw or name
    ]
    if not made:
        raise CaseError(gettext("Semua RT/RW itu sudah menjadi tugasnya. Pilih yang lain."))
    db.session.add_all(made)
    db.session.flush()
    for each in made:
        record("kader.assigned", "kader_assignment", each.id, place=place_of(each))
    return made


def end(assignment: KaderAssignment, day: date) -> None:
    """From ``day`` on it holds no more. The caller holds the row and commits."""
    assignment.ends_on = day - timedelta(days=1)
    record("kader.assignment_ended", "kader_assignment", assignment.id, place=place_of(assignment))


def households_of(assignment: KaderAssignment) -> Sequence[Household]:
    """Of a group, by place."""
    return db.session.scalars(
        select(Household)
        .join(
            KaderGroupHousehold,
            and_(
                KaderGroupHousehold.village_id == Household.village_id,
                KaderGroupHousehold.household_id == Household.id,
            ),
        )
        .where(
            KaderGroupHousehold.village_id == assignment.village_id,
            KaderGroupHousehold.assignment_id == assignment.id,
        )
        .order_by(Household.rw, Household.rt, Household.address, Household.id)
    ).all()


def add_household(assignment: KaderAssignment, household: Household) -> bool:
    """False when it is in the group already. The caller commits.

    Raises:
        CaseError: the group is full, or no group.
    """
    there = {each.id for each in households_of(assignment)}
    if household.id in there:
        return False
    if not assignment.is_group or len(there) >= MOST_IN_GROUP:
        raise CaseError(gettext("Kelompok dasawisma itu sudah penuh."))
    db.session.add(
        KaderGroupHousehold(village_id=assignment.village_id, assignment_id=assignment.id, household_id=household.id)
    )
    record("kader.household_added", "kader_assignment", assignment.id, place=place_of(assignment))
    return True


def remove_household(assignment: KaderAssignment, household_id: UUID) -> bool:
    """False when it is not there any more. The caller commits."""
    row = db.session.scalar(
        select(KaderGroupHousehold).where(
            KaderGroupHousehold.village_id == assignment.village_id,
            KaderGroupHousehold.assignment_id == assignment.id,
            KaderGroupHousehold.household_id == household_id,
        )
    )
    if row is None:
        return False
    db.session.delete(row)
    record("kader.household_removed", "kader_assignment", assignment.id, place=place_of(assignment))
    return True


def field_workers_at(household: Household, day: date) -> list[UUID]:
    """Who looks after a household today, in one query."""
    named = exists().where(
        KaderGroupHousehold.village_id == KaderAssignment.village_id,
        KaderGroupHousehold.assignment_id == KaderAssignment.id,
        KaderGroupHousehold.household_id == household.id,
    )
    here = and_(KaderAssignment.rw != "", KaderAssignment.rw == household.rw)
    whole = or_(KaderAssignment.rt == "", KaderAssignment.rt == household.rt)
    rows = db.session.scalars(
        select(KaderAssignment).where(KaderAssignment.village_id == household.village_id, or_(and_(here, whole), named))
    )
    return list(dict.fromkeys(each.user_id for each in rows if each.holds_on(day)))


def found_households(village_id: int, words: str, limit: int = 25) -> Sequence[Household]:
    """By a piece of a member's name, for a group."""
    if not words.strip():
        return []
    return db.session.scalars(
        select(Household)
        .where(Household.village_id == village_id, named(village_id, words))
        .order_by(Household.rw, Household.rt, Household.address, Household.id)
        .limit(limit)
    ).all()


def named(village_id: int, words: str):
    """Households with a member whose name has all these pieces."""
    wanted = [Person.name.icontains(word, autoescape=True) for word in words.split()]
    members = select(Person.household_id).where(
        Person.village_id == village_id, Person.life_status == "alive", Person.household_id.is_not(None), *wanted
    )
    return Household.id.in_(members)
