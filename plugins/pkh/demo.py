"""What the demonstration shows of PKH: families on the list, verified months, proposals, changes. All made up."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from core.api import (
    Answer,
    Area,
    Family,
    Household,
    Intake,
    Person,
    Rule,
    Service,
    commit,
    confirm_seen,
    db,
    families_of,
    open_case,
    take_step,
    today,
)

from .checks import Entry, owing_in, write_month
from .components import SCHOOLS, find_components
from .families import Component, NewFamily, enlist, leave, members_of
from .models import KpmFamily
from .payee import usual_payee
from .rulebook import Month, latest, rules, stage_of
from .services import proposal, update

FAMILIES, PROPOSED = 12, 4
LOW_ATTENDANCE, EXCUSED, UNCHECKED, LEFT = 2, 4, 7, 11  # which of the families shows what
SITUATIONS = (
    "Buruh harian lepas, penghasilan tidak tetap, rumah semi permanen.",
    "Ibu tunggal berjualan gorengan, tiga tanggungan.",
    "Buruh tani, menumpang di rumah orang tua.",
    "Pedagang keliling, satu anak masih balita.",
)
CHANGES = (
    {"change": "moved_up", "explanation": "Anak kedua naik ke SMP, surat sekolah dibawa."},
    {"change": "payee", "payee_reason": "moved", "explanation": "Pengurus bekerja di luar kota sejak bulan lalu."},
)
PLACES = {"sd": "SDN Cibadak 02", "smp": "SMPN 1 Ciampea", "sma": "SMKN 1 Ciampea", "child": "Posyandu Melati 3"}


def fill(area: Area, permissions: frozenset[str]) -> None:
    """Nothing where somebody is on the list already."""
    if db.session.scalar(select(KpmFamily.id).where(KpmFamily.village_id == area.id).limit(1)) is not None:
        return
    day = today(area.timezone)
    poor = _families(area, day)
    for number, found in enumerate(poor[:FAMILIES]):
        made = _enlist(found, day, number)
        _verify(made, day, number)
        if number == LEFT:
            leave(made, "able", "Usaha warung sudah berjalan (contoh)", day)
        elif number < len(CHANGES):
            _report(area, permissions, found, CHANGES[number], day)
    for number, found in enumerate(poor[FAMILIES : FAMILIES + PROPOSED]):
        _propose(area, permissions, found, number)
    commit()


@dataclass(frozen=True)
class _Found:
    household: Household
    family: Family
    payee: Person
    rule: Rule


def _families(area: Area, day: date) -> list[_Found]:
    """Poor families with somebody who counts, those with most of them first, then by their No KK."""
    rule = rules.get(day) or latest
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
    return sorted(found, key=lambda each: -_members_that_count(each, day))


def _members_that_count(found: _Found, day: date) -> int:
    return len({each.member.id for each in find_components(found.family.members, found.rule, day)})


def _enlist(found: _Found, day: date, number: int) -> KpmFamily:
    chosen: dict[UUID, list[Component]] = {}
    for each in find_components(found.family.members, found.rule, day):
        if each.certain or each.component in SCHOOLS:
            chosen[each.member.id] = [Component(each.component, PLACES.get(each.component, ""))]
    if not chosen:
        chosen = {found.payee.id: [Component("disability")]}
    since = date(day.year - 1, 1 + number % 12, 1)
    data = NewFamily(found.payee.id, since, f"PKH-{number + 1:04d} (contoh)", chosen)
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


# ---- cases ----


def _propose(area: Area, permissions: frozenset[str], found: _Found, number: int) -> None:
    """Two with all their papers are being handled; two have just come."""
    counts = dict.fromkeys(("pregnancy", "sd", "smp", "sma", "disability", "rights_victim"), 0)
    schools = [each.component for each in find_components(found.family.members, found.rule, today(area.timezone))]
    answers = {
        **counts,
        **{level: schools.count(level) for level in SCHOOLS},
        "member": "no",
        "pregnancy_number": None,
        "payee": found.payee.name,
        "situation": SITUATIONS[number % len(SITUATIONS)],
    }
    _open(area, permissions, proposal, found.payee, answers, handled=number % 2 == 0)


def _report(area: Area, permissions: frozenset[str], found: _Found, change: dict[str, str], day: date) -> None:
    others = [member for member in found.family.members if member is not found.payee]
    answers = {
        "member": "yes",
        "changed_on": day.replace(day=1).isoformat(),
        "who": others[-1].name if others else found.payee.name,
        "payee_reason": "",
        "payee": others[0].name if others and change["change"] == "payee" else "",
        "account": "0042",
        **change,
    }
    _open(area, permissions, update, found.payee, answers, handled=change["change"] == "payee")


def _open(
    area: Area, permissions: frozenset[str], service: Service, person: Person, answers: dict, *, handled: bool
) -> None:
    case = open_case(area, service, person, Intake("desk", answers, privacy_notice_given=True))
    if handled:
        for requirement in service.requirements:
            confirm_seen(case, requirement.key)
        take_step(area, case, service, "handle", permissions, Answer())
