"""The dated rules of who is called before others."""

from datetime import date

from core.api import Person, Rule, Rules
from core.api import lazy_gettext as _

NO_PRIORITY = 100
"""The rank of whoever has no reason to be called before others; every reason's is lower."""

rules = Rules.load(
    "plugins.queue",
    titles={
        "elderly_age": _("Umur lanjut usia"),
        "rank": _("Urutan dipanggil"),
        "rank.emergency": _("Urutan dipanggil: gawat darurat"),
        "rank.disabled": _("Urutan dipanggil: penyandang disabilitas"),
        "rank.pregnant": _("Urutan dipanggil: ibu hamil atau membawa bayi"),
        "rank.elderly": _("Urutan dipanggil: lanjut usia"),
    },
)


def rule_on(day: date) -> Rule:
    """The rule of a day; of one that no rule speaks of, the latest."""
    return rules.get(day) or rules.all[-1]


def rank_of(priority: str, day: date) -> int:
    """The lower, the sooner; of a reason that the rules do not know, as of none."""
    return rule_on(day).rank.get(priority, NO_PRIORITY)


def priority_of(person: Person | None, day: date) -> str:
    """What the village's own data say of a resident: who is old enough needs not ask for it."""
    if person is None or person.erased:
        return ""
    born = person.birth_date
    age = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return "elderly" if age >= rule_on(day).elderly_age else ""
