"""Who may be proposed for Sembako, and what trouble with a card needs. Others decide; this advises the clerk."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from core.api import Criterion, Family, Person, Rule
from core.api import lazy_gettext as _

from .rulebook import card_rules, food_rules

CHECK_LISTED = _("Lihat di SIKS-NG atau cekbansos.kemensos.go.id.")


def may_get_food(person: Person, family: Family, on: date, answers: Mapping[str, Any]) -> Iterator[Criterion]:
    """A resident with a family and a NIK that is known to Dukcapil, poor, and not a recipient yet."""
    rule = food_rules.at(on)
    yield Criterion.resident(person)
    yield Criterion.registered(family)
    yield Criterion(_("NIK padan dengan Dukcapil"), met=person.nik_matched, settled_by=_("Cek NIK-nya ke Dukcapil."))
    yield _poor(family, rule)
    yield Criterion.asked(_("Belum menerima Sembako"), answers, "member", CHECK_LISTED, wants="no")


def may_mend_card(person: Person, family: Family, on: date, answers: Mapping[str, Any]) -> Iterator[Criterion]:  # noqa: ARG001 - the contract's four
    """A recipient; for a card that was lost, with the paper that banks ask for."""
    rule = card_rules.at(on)
    yield Criterion.resident(person)
    yield Criterion.asked(_("Masih tercatat sebagai penerima"), answers, "listed", CHECK_LISTED)
    if answers.get("trouble") in rule.police_letter:
        yield Criterion(
            _("Ada surat kehilangan dari polisi (kebiasaan bank, belum dipastikan)"),
            met=True if answers.get("police_letter") == "yes" else None,
            settled_by=_("Minta surat kehilangan di polsek, atau tanyakan bank apakah boleh tanpa itu."),
        )


def _poor(family: Family, rule: Rule) -> Criterion:
    """Between what every source grants and what some do, the answer is not known."""
    if not rule.decile_max or rule.decile_sure == rule.decile_max:
        return Criterion.poor(family, rule.decile_max)
    sure, possible = family.decile_at_most(rule.decile_sure), family.decile_at_most(rule.decile_max)
    between = possible and not sure
    return Criterion(
        _(
            "Desil %(sure)s atau kurang di DTSEN; desil %(most)s menurut sebagian sumber",
            sure=rule.decile_sure,
            most=rule.decile_max,
        ),
        met=None if between else possible,
        settled_by=_("Desil keluarga ini di antara dua batas: tanyakan Dinas Sosial batas mana yang berlaku.")
        if between
        else _("Cek desil di DTSEN, lalu catat di data keluarga."),
    )
