"""Who may become or stay a member, criterion by criterion. Kemensos decides; this advises the clerk."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from core.api import Criterion, Family, Person, Rule
from core.api import lazy_gettext as _

from .rulebook import rules

ASK_BPJS = _("Cek di Mobile JKN, PANDAWA, atau Care Center 165.")
CHECK_DECILE = _("Cek desil di DTSEN, lalu catat di data keluarga.")


def may_be_reactivated(person: Person, family: Family, on: date, answers: Mapping[str, Any]) -> Iterator[Criterion]:
    """For somebody whose membership was switched off, at a time when they need care."""
    rule = rules.at(on)
    yield from _identity(person)
    yield Criterion(_("Pernah menjadi peserta PBI-JK"), met=_was_member(person, answers), settled_by=ASK_BPJS)
    yield Criterion(
        _("Kepesertaannya sedang tidak aktif"),
        met=True if answers.get("inactive_since") else None,
        settled_by=ASK_BPJS,
    )
    yield Criterion(
        _("Sedang atau segera berobat di fasilitas kesehatan"),
        met=True if answers.get("care") else None,
        settled_by=_("Tanyakan kepada warga. Surat keterangan berobat wajib ada."),
    )
    yield _decile_for_reactivation(family, rule)


def may_be_enrolled(person: Person, family: Family, on: date) -> Iterator[Criterion]:
    """For somebody who never was a member."""
    rule = rules.at(on)
    yield from _identity(person)
    yield Criterion(
        _("Belum punya jaminan kesehatan"), met={"none": True, "pbi": False}.get(person.insurance), settled_by=ASK_BPJS
    )
    yield Criterion.poor(family, rule.decile_max)


def _identity(person: Person) -> Iterator[Criterion]:
    yield Criterion.resident(person)
    yield Criterion(
        _("NIK padan dengan data Dukcapil"),
        met=person.nik_matched,
        settled_by=_("Cek di Dukcapil. Usulan dengan NIK yang tidak padan ditolak SIKS-NG."),
    )


def _was_member(person: Person, answers: Mapping[str, Any]) -> bool | None:
    """What is on record may be older than the card in the resident's hand."""
    if person.insurance == "pbi" or answers.get("card_number"):
        return True
    return False if person.insurance == "none" else None


def _decile_for_reactivation(family: Family, rule: Rule) -> Criterion:
    """A higher decile does not exclude while the rule grants it for some months."""
    low = family.decile_at_most(rule.decile_max)
    if not rule.temporary_months:
        return Criterion.poor(family, rule.decile_max)
    return Criterion(
        _(
            "Desil %(n)s atau kurang; di atasnya aktif %(months)s bulan saja",
            n=rule.decile_max,
            months=rule.temporary_months,
        ),
        met=None if low is None else True,
        settled_by=CHECK_DECILE,
    )
