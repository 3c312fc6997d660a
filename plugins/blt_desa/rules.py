"""The dated rules of BLT Dana Desa, and the criteria that they make of a family's answers."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from core.api import MEETING_ELEMENTS, Criterion, Family, NoRule, Person, Rule, Rules
from core.api import lazy_gettext as _

rules = Rules.load(
    "plugins.blt_desa",
    titles={
        "mandatory": _("BLT wajib dianggarkan"),
        "amount_least": _("Besaran paling sedikit sebulan (rupiah)"),
        "amount_most": _("Besaran paling banyak sebulan (rupiah)"),
        "months_due": _("Bulan yang wajib dibayar (0: menurut desa)"),
        "months_at_once": _("Bulan yang boleh dibayar sekaligus"),
        "decile_first": _("Desil yang didahulukan"),
        "poor_decile": _("Desil keluarga miskin yang dikepalai perempuan"),
        "elderly_age": _("Umur lansia"),
        "elements": _("Unsur yang diundang ke musdes"),
        "time_days": _("Hari kerja sampai data diperiksa"),
        "candidate_days": _("Hari kerja sampai musdes memutuskan"),
        "receiving_days": _("Hari kerja sampai pembayaran berikutnya"),
        "classification": _("Kode klasifikasi surat"),
    },
    choices={"elements": tuple(MEETING_ELEMENTS)},
)
latest = rules.all[-1]

ASK = _("Tanyakan kepada keluarganya, lalu ubah isian kasus.")


def rule_of_year(year: int, first_month: int = 1) -> Rule | None:
    """The rule by which the months of a decree are paid; None for a year that no rule speaks of."""
    try:
        return rules.at(date(year, first_month, 1))
    except (NoRule, ValueError):
        return None


def may_receive(person: Person, family: Family, on: date, answers: Mapping[str, Any]) -> Iterator[Criterion]:
    """What must hold, of what one is enough, and what speaks for a family. The musdes decides, also against it."""
    rule = rules.at(on)
    yield Criterion(_("Warga desa ini"), met=person.life_status == "alive")
    yield Criterion(
        _("Keluarganya terdaftar (No KK)"),
        met=True if family.household and family.household.kk_number else None,
        settled_by=_("Hubungkan warga dengan keluarganya, atau minta KK-nya."),
    )
    yield Criterion(_("Tidak menerima PKH"), met=_opposite(_said(answers, "pkh")), settled_by=ASK)
    yield from _one_is_enough(family, on, answers, rule)
    yield Criterion(
        _("Tidak menerima bantuan tetap lain"),
        met=_opposite(_said(answers, "other_aid")),
        settled_by=ASK,
        kind="favours",
    )


def _one_is_enough(family: Family, on: date, answers: Mapping[str, Any], rule: Rule) -> Iterator[Criterion]:
    yield Criterion(
        _("Miskin ekstrem (desil %(n)s, didahulukan)", n=rule.decile_first),
        met=family.decile_at_most(rule.decile_first),
        settled_by=_("Cek desil di DTSEN."),
        kind="one_of",
    )
    yield Criterion(_("Ada yang sakit menahun"), met=_said(answers, "chronic_illness"), settled_by=ASK, kind="one_of")
    yield Criterion(_("Lansia tunggal"), met=_elderly_alone(family, on, answers, rule), settled_by=ASK, kind="one_of")
    yield Criterion(_("Ada penyandang disabilitas"), met=_disability(family, answers), settled_by=ASK, kind="one_of")
    yield Criterion(
        _("Kehilangan mata pencaharian"), met=_said(answers, "lost_livelihood"), settled_by=ASK, kind="one_of"
    )
    yield Criterion(
        _("Perempuan kepala keluarga miskin (desil %(n)s atau kurang)", n=rule.poor_decile),
        met=_woman_heads_poor_family(family, rule),
        settled_by=_("Lengkapi data keluarganya dan cek desil di DTSEN."),
        kind="one_of",
    )


def _said(answers: Mapping[str, Any], question: str) -> bool | None:
    return {"yes": True, "no": False}.get(answers.get(question, ""))


def _opposite(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _elderly_alone(family: Family, on: date, answers: Mapping[str, Any], rule: Rule) -> bool | None:
    """What the registered family says counts where nobody has asked."""
    said = _said(answers, "elderly_alone")
    if said is not None or family.household is None:
        return said
    return bool(family.members) and all(member.age(on) >= rule.elderly_age for member in family.members)


def _disability(family: Family, answers: Mapping[str, Any]) -> bool | None:
    """The registry only ever says that there is one; that there is none must be asked."""
    return True if any(member.disability for member in family.members) else _said(answers, "disability")


def _woman_heads_poor_family(family: Family, rule: Rule) -> bool | None:
    head = next((member for member in family.members if member.family_role == "head"), None)
    poor = family.decile_at_most(rule.poor_decile)
    if (head is not None and head.sex != "P") or poor is False:
        return False
    return None if head is None else poor
