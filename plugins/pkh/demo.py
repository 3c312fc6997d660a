"""What the demonstration shows of PKH: families on the list, their verified months, one that left. All made up."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from core.api import Area, Family, Household, Person, Rule, commit, db, families_of, today

from .checks import Entry, owing_in, write_month
from .components import SCHOOLS, find_components
from .families import Component, NewFamily, enlist, leave, members_of
from .models import KpmFamily
from .payee import usual_payee
from .rulebook import Month, latest, rule_on, stage_of

FAMILIES = 12
LOW_ATTENDANCE, EXCUSED, UNCHECKED, LEFT = 2, 4, 7, 11  # which of the families shows what
PLACES = {"sd": "SDN Cibadak 02", "smp": "SMPN 1 Ciampea", "sma": "SMKN 1 Ciampea", "child": "Posyandu Melati 3"}


def fill(area: Area) -> None:
    """Nothing where somebody is on the list already."""
    if db.session.scalar(select(KpmFamily.id).where(KpmFamily.village_id == area.id).limit(1)) is not None:
        return
    day = today(area.timezone)
    for number, found in enumerate(_families(area, day)):
        made = _enlist(found, day, number)
        _verify(made, day, number)
        if number == LEFT:
            leave(made, "able", "Usaha warung sudah berjalan (contoh)", day)
    commit()


@dataclass(frozen=True)
class _Found:
    household: Household
    family: Family
    payee: Person
    rule: Rule


def _families(area: Area, day: date) -> list[_Found]:
    """Poor families with somebody who counts, in the order of their No KK."""
    rule = rule_on(day) or latest
    heads = db.session.scalars(
        select(Person)
        .join(Household, (Household.village_id == Person.village_id) & (Household.id == Person.household_id))
        .where(
            Person.village_id == area.id,
            Person.family_role == "head",
            Person.life_status == "alive",
            Household.decile <= latest.decile_max,
        )
        .order_by(Household.kk_number.desc())
    ).all()
    families = families_of(heads)
    found: list[_Found] = []
    for head in heads:
        family = families[head.id]
        payee = usual_payee(family.members, rule, day)
        if head.household and payee and payee.nik and find_components(family.members, rule, day):
            found.append(_Found(head.household, family, payee, rule))
    return found[:FAMILIES]


def _enlist(found: _Found, day: date, number: int) -> KpmFamily:
    chosen: dict[UUID, list[Component]] = {}
    for each in find_components(found.family.members, found.rule, day):
        if each.certain or each.component in SCHOOLS:
            chosen[each.member.id] = [Component(each.component, PLACES.get(each.component, ""))]
    if not chosen:
        chosen = {found.payee.id: [Component("disability")]}
    since = date(day.year - 1, 1 + number % 12, 1)
    data = NewFamily(found.payee.id, since, f"PKH-{number + 1:04d} (contoh)", chosen, reason="Contoh")
    return enlist(found.household, found.family, data, day)


def _verify(family: KpmFamily, day: date, number: int) -> None:
    """The months of this stage that have ended, and of one family none: it waits for the clerk."""
    db.session.flush()
    stage = stage_of(day)
    members = members_of(family.village_id, [family.id])[family.id]
    for month in stage.months if stage else ():
        if month >= Month.of(day) or number == UNCHECKED:
            continue
        owing = owing_in(members, month)
        entries = {member.id: _entry(member.component, place, number) for place, member in enumerate(owing)}
        write_month(family, members, month, entries, by=None, today=day)


def _entry(component: str, place: int, number: int) -> Entry:
    if place == 0 and number == EXCUSED:
        return Entry(None, excused=True, note="Sakit, ada surat puskesmas")
    if component in SCHOOLS:
        return Entry(78 if number == LOW_ATTENDANCE else 92 + (number + place) % 8)
    return Entry(1)
