"""Who may become a KPM, and what a change needs, criterion by criterion. Kemensos decides; this advises the clerk."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.api import Criterion, Family, Person, Rule, Text, gettext
from core.api import lazy_gettext as _

from .components import (
    ASK_DECREE,
    ASK_MIDWIFE,
    ASK_SCHOOL,
    ASK_SEVERITY,
    COMPONENTS,
    SCHOOLS,
    Claim,
    Found,
    find_components,
    may_be_pregnant,
)
from .payee import may_be_payee, named, usual_payee
from .rulebook import rules

CHECK_MEMBER = _("Lihat di SIKS-NG, cekbansos.kemensos.go.id, atau kartu KKS apakah keluarga ini KPM PKH.")
CHECK_DECILE = _("Cek desil di DTSEN, lalu catat di data keluarga.")
# What the clerk is asked; small children and elderly people are in the family's own data.
ASKED: Mapping[str, Text] = {
    "pregnancy": ASK_MIDWIFE,
    **dict.fromkeys(SCHOOLS, ASK_SCHOOL),
    "disability": ASK_SEVERITY,
    "rights_victim": ASK_DECREE,
}


def may_become_member(person: Person, family: Family, on: date, answers: Mapping[str, Any]) -> Iterator[Criterion]:
    """For a family that is not a KPM yet: poor, registered, and at least one component."""
    rule = rules.at(on)
    yield from _residence(person, family)
    yield Criterion.poor(family, rule.decile_max)
    yield Criterion.asked(_("Belum menjadi KPM PKH"), answers, "member", CHECK_MEMBER, wants="no")
    yield from _components(family, rule, on, answers)
    yield from _proposed_payee(family, rule, on, answers)


def may_report_change(person: Person, family: Family, on: date, answers: Mapping[str, Any]) -> Iterator[Criterion]:
    """For a KPM: what its data must say before the change can be keyed."""
    rule, change = rules.at(on), answers.get("change")
    if change != "payee":  # a family of which a member died reports just that, in whosever name
        yield from _residence(person, family)
    yield Criterion.asked(_("Keluarga ini KPM PKH"), answers, "member", CHECK_MEMBER)
    if change == "payee":
        yield from _payee(family, rule, on, str(answers.get("payee") or ""))
    if change == "graduated":
        yield from _graduation(family, rule, on)


# ---- of any family ----


def _residence(person: Person, family: Family) -> Iterator[Criterion]:
    yield Criterion.resident(person)
    yield Criterion.registered(family)


# ---- components ----


@dataclass(frozen=True)
class Standing:
    """Of one component: how many there are for certain (None: not known yet), and whom the register suggests."""

    component: str
    people: int | None
    suggested: Sequence[Found]


def standing_of(family: Family, rule: Rule, on: date, answers: Mapping[str, Any]) -> list[Standing]:
    """Each component of the rule: what was asked outweighs what the register suggests."""
    found = find_components(family.members, rule, on)
    return [
        _standing(component, found, family, rule, on, answers) for component in COMPONENTS if component in rule.amount
    ]


def _standing(  # noqa: PLR0917 - all that is known of one component
    component: str, found: Sequence[Found], family: Family, rule: Rule, on: date, answers: Mapping[str, Any]
) -> Standing:
    suggested = [each for each in found if each.component == component]
    certain = sum(each.certain for each in suggested)
    if component not in ASKED:
        open_question = not certain and bool(suggested)
        return Standing(component, None if open_question else certain, suggested)
    asked = answers.get(component)
    if isinstance(asked, int):
        return Standing(component, _within_limit(component, asked, rule, answers), suggested)
    impossible = not suggested and _cannot_be(component, family, rule, on)
    return Standing(component, 0 if impossible else None, suggested)


def _within_limit(component: str, people: int, rule: Rule, answers: Mapping[str, Any]) -> int:
    """A pregnancy after the last that PKH covers counts for nobody."""
    number = answers.get("pregnancy_number")
    late = component == "pregnancy" and isinstance(number, int) and number > rule.pregnancy_number_most
    return 0 if late else people


def _cannot_be(component: str, family: Family, rule: Rule, on: date) -> bool:
    """Nobody of the family is of the age for it; what has no age must be asked."""
    if component == "pregnancy":
        return not any(may_be_pregnant(member, rule, member.age(on)) for member in family.members)
    if component in SCHOOLS:
        starts, ends = rule.school_ages
        return not any(starts <= member.age(on) <= ends for member in family.members)
    return False


def _components(family: Family, rule: Rule, on: date, answers: Mapping[str, Any]) -> Iterator[Criterion]:
    for standing in standing_of(family, rule, on, answers):
        names = ", ".join(each.member.name for each in standing.suggested)
        title = COMPONENTS[standing.component]
        yield Criterion(
            _("%(component)s: %(names)s", component=title, names=names) if names and standing.people != 0 else title,
            met=None if standing.people is None else standing.people > 0,
            settled_by=ASKED.get(standing.component, ASK_SCHOOL),
            kind="one_of",
        )


def claims_of(family: Family, rule: Rule, on: date, answers: Mapping[str, Any]) -> list[Claim]:
    """Whom a proposal puts forward: by name where the register agrees with what the family said, else by number."""
    claims: list[Claim] = []
    for standing in standing_of(family, rule, on, answers):
        people = standing.people or 0
        meant = [each.member for each in standing.suggested if each.certain or standing.component in ASKED]
        if len(meant) == people:
            claims += [Claim(standing.component, member.name, member.id) for member in meant]
        else:
            claims += [Claim(standing.component, gettext("orang ke-%(n)s", n=n)) for n in range(1, people + 1)]
    return claims


# ---- who fetches it, and leaving ----


def _proposed_payee(family: Family, rule: Rule, on: date, answers: Mapping[str, Any]) -> Iterator[Criterion]:
    written = str(answers.get("payee") or "")
    if written:
        yield from _payee(family, rule, on, written)
    elif usual := usual_payee(family.members, rule, on):
        yield from may_be_payee(usual, family.members, rule, on)


def _payee(family: Family, rule: Rule, on: date, written: str) -> Iterator[Criterion]:
    member = named(family.members, written)
    if member is None:
        yield Criterion(
            _("Pengurus %(name)s ada di data keluarga ini", name=written or "–"),
            met=None,
            settled_by=_("Tulis NIK atau nama pengurus persis seperti di KK, atau lengkapi data keluarganya."),
        )
        return
    yield from may_be_payee(member, family.members, rule, on)


def _graduation(family: Family, rule: Rule, on: date) -> Iterator[Criterion]:
    """Either is enough: no component is left, or the family itself says that it can do without."""
    found = find_components(family.members, rule, on)
    left = any(each.certain for each in found)
    names = ", ".join(dict.fromkeys(each.member.name for each in found))
    yield Criterion(
        _("Tidak ada lagi anggota yang menjadi komponen"),
        met=False if left else None if found else True,
        settled_by=_("Pastikan untuk %(names)s.", names=names) if names else None,
        kind="one_of",
    )
    yield Criterion(
        _("Keluarga menyatakan sendiri sudah mampu"),
        met=None,
        settled_by=_("Mintalah surat pernyataan graduasi mandiri yang ditandatangani pengurus."),
        kind="one_of",
    )
    if rule.decile_max:
        low = family.decile_at_most(rule.decile_max)
        yield Criterion(
            _("Desil di atas %(n)s", n=rule.decile_max),
            met=None if low is None else not low,
            settled_by=CHECK_DECILE,
            kind="favours",
        )
