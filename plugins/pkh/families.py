"""The village's list of KPM: putting a family on it, its components, its pengurus, leaving. The caller commits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import bindparam, delete, false, func, select
from sqlalchemy.orm import contains_eager, joinedload
from sqlalchemy.orm.attributes import flag_modified

from core.api import CaseError, Family, Household, Person, Rule, Text, current_row, db, gettext, record
from core.api import lazy_gettext as _

from .components import SCHOOLS, Claim, Found, find_components, outlived
from .models import Check, KpmFamily, Member
from .payee import may_be_payee
from .rulebook import Stage, latest, rules

WHY: Mapping[str, Text] = {
    "natural": _("Graduasi alami: tidak ada komponen lagi"),
    "able": _("Graduasi mandiri: keluarga sudah mampu"),
    "ineligible": _("Tidak memenuhi syarat lagi menurut Kemensos"),
    "moved": _("Pindah dari desa"),
    "other": _("Sebab lain"),
}


@dataclass(frozen=True)
class Component:
    """What a member is to count for, and where that is kept (a school, a Posyandu; may be blank)."""

    key: str
    place: str = ""


Chosen = Mapping[UUID, Sequence[Component]]
"""By the member's id."""


# ---- finding ----


def find_family(village_id: int, family_id: UUID) -> KpmFamily | None:
    return db.session.scalar(
        select(KpmFamily)
        .where(KpmFamily.village_id == village_id, KpmFamily.id == family_id)
        .options(joinedload(KpmFamily.payee), joinedload(KpmFamily.household))
    )


def current_family(village_id: int, family_id: UUID, version: int) -> KpmFamily:
    """As the clerk's page showed it, locked for a change.

    Raises:
        Stale: somebody else has changed it since.
        CaseError: it is not there any more.
    """
    family = current_row(KpmFamily, village_id, family_id, version)
    if family is None:
        raise CaseError(gettext("Keluarga ini tidak ada lagi di daftar."))
    return family


_OF_HOUSEHOLD = (
    select(KpmFamily)
    .join(Person, (Person.village_id == KpmFamily.village_id) & (Person.id == KpmFamily.payee_id))
    .where(KpmFamily.village_id == bindparam("village_id"), KpmFamily.household_id == bindparam("household_id"))
    .order_by(KpmFamily.state, KpmFamily.left_on.desc(), KpmFamily.id.desc())
    .options(contains_eager(KpmFamily.payee))
    .limit(1)
)


def family_of_household(village_id: int, household_id: UUID | None) -> KpmFamily | None:
    """The household's place on the list, the one that holds first, else the latest that it left."""
    if household_id is None:
        return None
    return db.session.scalar(_OF_HOUSEHOLD, {"village_id": village_id, "household_id": household_id})


def people_of(families: Sequence[KpmFamily]) -> dict[UUID, Family]:
    """The living people of each household, by the id of its place on the list: one query. Households are loaded."""
    found: dict[UUID, list[Person]] = {family.household_id: [] for family in families}
    rows = db.session.scalars(
        select(Person)
        .where(
            Person.village_id == families[0].village_id if families else false(),
            Person.household_id.in_(list(found)),
            Person.life_status == "alive",
        )
        .order_by(Person.family_role != "head", Person.birth_date, Person.id)
    )
    for person in rows:
        if person.household_id:
            found[person.household_id].append(person)
    return {family.id: Family(family.household, found[family.household_id]) for family in families}


def members_of(village_id: int, family_ids: Iterable[UUID]) -> dict[UUID, list[Member]]:
    """What everybody counts for or counted for, by family, the eldest claim first: one query."""
    found: dict[UUID, list[Member]] = {family_id: [] for family_id in family_ids}
    rows = db.session.scalars(
        select(Member)
        .join(Person, (Person.village_id == Member.village_id) & (Person.id == Member.person_id))
        .where(Member.village_id == village_id, Member.family_id.in_(list(found)))
        .order_by(Person.birth_date, Member.person_id, Member.since, Member.id)
        .options(contains_eager(Member.person))
    )
    for member in rows:
        found[member.family_id].append(member)
    return found


# ---- what follows from the list ----


def claims_in(members: Sequence[Member], stage: Stage) -> list[Claim]:
    """Whom the list puts forward in a stage; with the reason for those whose component is over by then."""
    day = stage.counted_on
    return [
        Claim(
            member.component,
            member.person.name,
            member.person_id,
            outlived(member.component, member.person, member.since, stage.rule, day),
        )
        for member in members
        if member.holds(day, day)
    ]


@dataclass(frozen=True)
class Update:
    """Something that the list should say differently: ``added`` or not, of whom, for what, and why."""

    added: bool
    name: str
    component: str
    why: Text


def updates_due(family: Family, members: Sequence[Member], on: date) -> list[Update]:
    """What time has changed: components that are over, and members who came to the age for one."""
    rule = rules.get(on) or latest
    held = [member for member in members if member.holds(on, on)]
    found = [
        Update(False, member.person.name, member.component, why)
        for member in held
        if (why := outlived(member.component, member.person, member.since, rule, on))
    ]
    for each in find_components(family.members, rule, on):
        own = {m.component for m in held if m.person_id == each.member.id}
        if each.component not in own and _worth_asking(each, own, rule, on):
            found.append(Update(True, each.member.name, each.component, each.settled_by or _("menurut umurnya")))
    return found


def _worth_asking(each: Found, own: set[str], rule: Rule, on: date) -> bool:
    """Not what the list already answers: somebody at a school of the right age need not be asked again."""
    if each.component not in SCHOOLS:
        return each.certain and not own & set(SCHOOLS)
    age = each.member.age(on)
    return not any(rule.ages[level][0] <= age <= rule.ages[level][1] for level in own & set(SCHOOLS))


def payee_doubts(member: Person, family: Family, on: date) -> list[str]:
    """What speaks against somebody as pengurus; the clerk then says why all the same."""
    criteria = may_be_payee(member, family.members, rules.get(on) or latest, on)
    return [str(criterion.title) for criterion in criteria if criterion.met is False]


# ---- doing ----


@dataclass(frozen=True)
class NewFamily:
    """``reason`` is given when something speaks against the pengurus."""

    payee_id: UUID
    since: date
    participant: str
    chosen: Chosen
    reason: str = ""


def enlist(household: Household, family: Family, data: NewFamily, on: date, case_id: UUID | None = None) -> KpmFamily:
    """Put a household on the list.

    Raises:
        CaseError: it is there already, nobody counts for anything, or the pengurus does not fit and no reason is given.
    """
    held = family_of_household(household.village_id, household.id)
    if held is not None and held.active:
        raise CaseError(gettext("Keluarga ini sudah ada di daftar KPM PKH."))
    if not any(data.chosen.values()):
        raise CaseError(gettext("Pilih sedikitnya satu komponen: tanpa komponen tidak ada bantuan PKH."))
    _check_payee(data.payee_id, family, on, data.reason)
    made = KpmFamily(
        village_id=household.village_id,
        household_id=household.id,
        payee_id=data.payee_id,
        case_id=case_id,
        since=data.since,
        payee_note=data.reason.strip(),
        participant=data.participant,
    )
    db.session.add(made)
    db.session.flush()
    for person_id, components in data.chosen.items():
        db.session.add_all(_member(made, person_id, component, data.since) for component in components)
    record("pkh.family_added", "pkh_family", made.id, components=sum(map(len, data.chosen.values())))
    return made


def _member(family: KpmFamily, person_id: UUID, component: Component, since: date) -> Member:
    return Member(
        village_id=family.village_id,
        family_id=family.id,
        person_id=person_id,
        component=component.key,
        place=component.place,
        since=since,
    )


def _check_payee(payee_id: UUID, family: Family, on: date, reason: str) -> None:
    member = next((each for each in family.members if each.id == payee_id), None)
    if member is None:
        raise CaseError(gettext("Pengurus harus anggota keluarga ini yang masih hidup."))
    doubts = payee_doubts(member, family, on)
    if doubts and not reason.strip():
        raise CaseError(gettext("Tidak terpenuhi: %(what)s. Tulis alasannya.", what="; ".join(doubts)))


def change_components(family: KpmFamily, chosen: Chosen, on: date) -> int:
    """Make the list say ``chosen`` from the day ``on``; how many claims began or ended.

    Raises:
        CaseError: the family has left.
    """
    _must_be_active(family)
    members = members_of(family.village_id, [family.id])[family.id]
    held = {(m.person_id, m.component): m for m in members if m.until is None}
    wanted = {(person_id, c.key): c for person_id, components in chosen.items() for c in components}
    ended = [member for key, member in held.items() if key not in wanted]
    begun = [(key, component) for key, component in wanted.items() if key not in held]
    for member in ended:
        _end(member, on - timedelta(days=1))
    for (person_id, _key), component in begun:
        db.session.add(_member(family, person_id, component, on))
    for key, member in held.items():
        if key in wanted:
            member.place = wanted[key].place
    touch(family)
    record("pkh.components_changed", "pkh_family", family.id, begun=len(begun), ended=len(ended))
    return len(begun) + len(ended)


def _end(member: Member, last_day: date) -> None:
    """One that never held, and of which nothing was verified, was a mistake and leaves no trace."""
    checked = select(Check.id).where(Check.village_id == member.village_id, Check.member_id == member.id).limit(1)
    if member.since > last_day and db.session.scalar(checked) is None:
        db.session.execute(delete(Member).where(Member.village_id == member.village_id, Member.id == member.id))
    else:
        member.until = max(member.since, last_day)


def change_payee(family: KpmFamily, of: Family, payee_id: UUID, reason: str, on: date) -> None:
    """Somebody else fetches the aid.

    Raises:
        CaseError: the family has left, it is the same person, no reason is given, or the person is not of the family.
    """
    _must_be_active(family)
    if family.payee_id == payee_id:
        raise CaseError(gettext("Orang ini sudah menjadi pengurusnya."))
    if not reason.strip():
        raise CaseError(gettext("Tulis sebab pergantian pengurus."))
    _check_payee(payee_id, of, on, reason)
    before, family.payee_id, family.payee_note = family.payee_id, payee_id, reason.strip()
    record("pkh.payee_changed", "pkh_family", family.id, before=str(before))


def leave(family: KpmFamily, why: str, note: str, on: date) -> None:
    """The family is a KPM no longer; what its members counted for ends with the day.

    Raises:
        CaseError: it left before, or the day is before the one on which it came.
    """
    _must_be_active(family)
    if on < family.since:
        raise CaseError(gettext("Tanggal keluar lebih awal daripada tanggal menjadi KPM."))
    for member in members_of(family.village_id, [family.id])[family.id]:
        if member.until is None:
            member.until = max(member.since, on)
    family.state, family.left_on, family.left_why, family.left_note = "left", on, why, note
    record("pkh.family_left", "pkh_family", family.id, why=why)


def undo_leaving(family: KpmFamily) -> None:
    """As if it had not left: what ended on that day goes on.

    Raises:
        CaseError: it has not left, or the household is on the list again.
    """
    if family.active:
        raise CaseError(gettext("Keluarga ini tidak keluar."))
    again = family_of_household(family.village_id, family.household_id)
    if again is not None and again.active:
        raise CaseError(gettext("Keluarga ini sudah dicatat lagi sebagai KPM PKH."))
    for member in members_of(family.village_id, [family.id])[family.id]:
        if member.until is not None and family.left_on and member.until == max(member.since, family.left_on):
            member.until = None
    family.state, family.left_on, family.left_why, family.left_note = "active", None, "", ""
    record("pkh.leaving_undone", "pkh_family", family.id)


def _must_be_active(family: KpmFamily) -> None:
    if not family.active:
        raise CaseError(gettext("Keluarga ini sudah keluar dari daftar KPM PKH."))


def touch(family: KpmFamily) -> None:
    """Move the version although no column of the family itself changes."""
    flag_modified(family, "state")


def count_active(village_id: int) -> int:
    query = select(func.count()).where(KpmFamily.village_id == village_id, KpmFamily.state == "active")
    return db.session.scalar(query) or 0
