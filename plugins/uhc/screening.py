"""Who can be enrolled at the district's expense, criterion by criterion; the district decides."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from core.api import Criterion, Family, Person
from core.api import lazy_gettext as _

from .rulebook import rules

ASK_BPJS = _("Cek di Mobile JKN, PANDAWA, atau Care Center 165.")
COVERED = {"none": True, "stopped": True, "active": False}
RECORDED = {"none": True, "pbi": False, "regional": False, "non_pbi": False}


def may_be_enrolled(person: Person, family: Family, on: date, answers: Mapping[str, Any]) -> Iterator[Criterion]:
    rule = rules.at(on)
    yield Criterion.resident(person)
    yield Criterion(
        _("NIK padan dengan data Dukcapil"),
        met=person.nik_matched,
        settled_by=_("Cek di Dukcapil. BPJS tidak menerima NIK yang tidak padan."),
    )
    yield Criterion(_("Tidak punya jaminan kesehatan yang aktif"), met=_uncovered(person, answers), settled_by=ASK_BPJS)
    yield Criterion.poor(
        family,
        rule.decile_max,
        title=_("Miskin: desil %(n)s atau kurang di DTSEN", n=rule.decile_max),
        settled_by=_("Cek desil di DTSEN, lalu catat di data keluarga. Bila belum terdata, ajukan dengan SKTM."),
    )


def _uncovered(person: Person, answers: Mapping[str, Any]) -> bool | None:
    """What was looked up for this case is newer than what is on record."""
    return COVERED.get(answers.get("cover", "unknown"), RECORDED.get(person.insurance))
