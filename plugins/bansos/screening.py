"""Who may be proposed for Sembako, and what trouble with a card needs. Others decide; this advises the clerk."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from core.api import Criterion, Family, Person, Rule
from core.api import lazy_gettext as _

from .rulebook import card_rules, food_rules

CHECK_DECILE = _("Cek desil di DTSEN, lalu catat di data keluarga.")
CHECK_LISTED = _("Lihat di SIKS-NG atau cekbansos.kemensos.go.id.")


def may_get_food(person: Person, family: Family, on: date, answers: Mapping[str, Any]) -> Iterator[Criterion]:
    """A resident with a family and a NIK that is known to Dukcapil, poor, and not a recipient yet."""
    rule = food_rules.at(on)
    yield _resident(person)
    yield Criterion(
        _("Keluarganya terdaftar (No KK)"),
        met=True if family.household and family.household.kk_number else None,
        settled_by=_("Hubungkan warga dengan keluarganya, atau minta KK-nya."),
    )
    yield Criterion(_("NIK padan dengan Dukcapil"), met=_registered(person), settled_by=_("Cek NIK-nya ke Dukcapil."))
    yield _poor(family, rule)
    yield Criterion(_("Belum menerima Sembako"), met=_opposite(_said(answers, "member")), settled_by=CHECK_LISTED)


def may_mend_card(person: Person, family: Family, on: date, answers: Mapping[str, Any]) -> Iterator[Criterion]:  # noqa: ARG001 - the contract's four
    """A recipient; for a card that was lost, with the paper that banks ask for."""
    rule = card_rules.at(on)
    yield _resident(person)
    yield Criterion(_("Masih tercatat sebagai penerima"), met=_said(answers, "listed"), settled_by=CHECK_LISTED)
    if answers.get("trouble") in rule.police_letter:
        yield Criterion(
            _("Ada surat kehilangan dari polisi (kebiasaan bank, belum dipastikan)"),
            met=True if _said(answers, "police_letter") else None,
            settled_by=_("Minta surat kehilangan di polsek, atau tanyakan bank apakah boleh tanpa itu."),
        )


def _resident(person: Person) -> Criterion:
    return Criterion(_("Warga desa ini"), met=person.life_status == "alive")


def _registered(person: Person) -> bool | None:
    if not person.nik:
        return False
    return {"matched": True, "unmatched": False}.get(person.registry_match)


def _poor(family: Family, rule: Rule) -> Criterion:
    """Between what every source grants and what some do, the answer is not known."""
    if not rule.decile_max:
        return Criterion(
            _("Terdaftar di DTKS"), met=None, settled_by=_("Cek di SIKS-NG apakah keluarga ini ada di DTKS.")
        )
    sure, possible = family.decile_at_most(rule.decile_sure), family.decile_at_most(rule.decile_max)
    between = possible and not sure
    return Criterion(
        _(
            "Desil %(sure)s atau kurang di DTSEN; desil %(most)s menurut sebagian sumber",
            sure=rule.decile_sure,
            most=rule.decile_max,
        )
        if rule.decile_sure != rule.decile_max
        else _("Desil %(n)s atau kurang di DTSEN", n=rule.decile_max),
        met=None if between else possible,
        settled_by=_("Desil keluarga ini di antara dua batas: tanyakan Dinas Sosial batas mana yang berlaku.")
        if between
        else CHECK_DECILE,
    )


def _said(answers: Mapping[str, Any], question: str) -> bool | None:
    return {"yes": True, "no": False}.get(answers.get(question, ""))


def _opposite(answer: bool | None) -> bool | None:
    return None if answer is None else not answer
