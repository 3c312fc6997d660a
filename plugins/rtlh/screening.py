"""Whose house may be proposed, criterion by criterion. DPKPP looks at it and decides; this advises the clerk."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from core.api import Criterion, Family, Person
from core.api import lazy_gettext as _

from .rulebook import CRITERIA, aid_rules

# By which question of the form each condition is known, which answer meets it, and how to find out.
QUESTIONS: Mapping[str, tuple[str, Any, str]] = {
    "owner": ("owner", "yes", _("Tanyakan siapa pemilik rumahnya; lihat surat tanah atau keterangan RT.")),
    "land": ("land", "yes", _("Lihat surat tanahnya dan tanyakan ketua RT apakah ada sengketa.")),
    "only_house": ("only_house", "yes", _("Tanyakan apakah keluarga ini punya rumah lain.")),
    "never_aided": ("aided", "no", _("Tanyakan, dan lihat daftar rumah yang pernah dibantu di halaman RTLH.")),
}
PARTS: Mapping[str, str] = {
    "roof": _("Atap tidak layak"),
    "floor": _("Lantai tidak layak"),
    "wall": _("Dinding tidak layak"),
}
LOOK = _("Lihat rumahnya, lalu foto atap, lantai, dan dindingnya.")


def may_be_repaired(person: Person, family: Family, on: date, answers: Mapping[str, Any]) -> Iterator[Criterion]:
    """A resident's own and only house, never aided, of which at least one part is unfit."""
    rule = aid_rules.at(on)
    yield Criterion.resident(person)
    yield Criterion.registered(family)
    for key in rule.criteria:
        question, wants, settled_by = QUESTIONS[key]
        yield Criterion.asked(CRITERIA[key], answers, question, settled_by, wants=wants)
    for part, title in PARTS.items():
        yield Criterion(title, {"unfit": True, "fit": False}.get(answers.get(part, "")), LOOK, kind="one_of")
