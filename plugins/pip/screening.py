"""Who may be proposed, criterion by criterion. Ministry and campus decide; this advises the clerk."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from core.api import Criterion, Family, Person, Rule
from core.api import lazy_gettext as _

from .forms import GROUNDS
from .rulebook import college_rules, school_rules

ASK_GROUNDS = _("Tanyakan: punya KIP, PKH, KKS, atau SKTM? Yatim piatu, terdampak bencana, disabilitas?")
ASK_SCHOOL = _("Tanyakan apakah anak bersekolah, di kelas berapa, atau mau kembali ke sekolah.")


def may_get_school_aid(person: Person, family: Family, on: date, answers: Mapping[str, Any]) -> Iterator[Criterion]:
    """A child of the right age in a school, and one of the grounds."""
    rule = school_rules.at(on)
    yield Criterion.resident(person)
    yield Criterion(
        _("Umur %(least)s–%(most)s tahun", least=rule.age_least, most=rule.age_most),
        met=rule.age_least <= person.age(on) <= rule.age_most,
    )
    yield Criterion(
        _("Bersekolah, atau akan kembali bersekolah"),
        met={"enrolled": True, "returning": True, "out": False}.get(answers.get("attendance", "")),
        settled_by=ASK_SCHOOL,
    )
    yield Criterion(
        _("NISN diketahui"),
        met=True if answers.get("nisn") else None,
        settled_by=_("Minta NISN di sekolah, atau cari di laman NISN Kemendikdasmen."),
    )
    yield from _grounds(rule, person, family, answers)


def may_get_college_aid(person: Person, family: Family, on: date, answers: Mapping[str, Any]) -> Iterator[Criterion]:
    """Somebody who left school lately and goes to a college, and one of the grounds."""
    rule = college_rules.at(on)
    yield Criterion.resident(person)
    first = on.year - rule.years_since_graduation
    yield Criterion(
        _("Lulus SMA atau sederajat tahun %(first)s–%(last)s", first=first, last=on.year),
        met=_graduated_lately(rule, person, on, answers),
        settled_by=_("Tanyakan tahun lulus; lihat ijazah atau surat keterangan lulus."),
    )
    yield Criterion(
        _("Diterima atau mengikuti seleksi masuk perguruan tinggi"),
        met={"accepted": True, "applying": True, "none": False}.get(answers.get("admission", "")),
        settled_by=_("Tanyakan bukti pendaftaran atau penerimaan dari kampus."),
    )
    yield from _grounds(rule, person, family, answers)


def _graduated_lately(rule: Rule, person: Person, on: date, answers: Mapping[str, Any]) -> bool | None:
    """By the year that was told, at any age. While nobody was asked: whoever may have done so by their age is."""
    year = answers.get("graduated_in")
    if year is not None:
        return on.year - rule.years_since_graduation <= year <= on.year
    youngest, oldest = rule.asked_ages
    return None if youngest <= person.age(on) <= oldest else False


def _grounds(rule: Rule, person: Person, family: Family, answers: Mapping[str, Any]) -> Iterator[Criterion]:
    """Of these one is enough."""
    for ground in rule.grounds:
        if ground == "decile":
            yield Criterion.poor(family, rule.decile_max, kind="one_of")
        elif ground == "dropout":
            returns = {"returning": True, "enrolled": False, "out": False}.get(answers.get("attendance", ""))
            yield Criterion(_("Putus sekolah dan akan kembali"), returns, ASK_SCHOOL, kind="one_of")
        else:
            yield Criterion(GROUNDS[ground], _ticked(ground, person, answers), ASK_GROUNDS, kind="one_of")


def _ticked(ground: str, person: Person, answers: Mapping[str, Any]) -> bool | None:
    """The registry only ever says that there is a disability; that there is none must be asked."""
    if ground == "disability" and person.disability:
        return True
    return ground in answers["grounds"] if "grounds" in answers else None
