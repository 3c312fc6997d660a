"""The dated rules of routes and figures."""

from datetime import date

from core.api import NoRule, Rule, Rules
from core.api import lazy_gettext as _

rules = Rules.load(
    "plugins.slrt",
    titles={
        "days": _("Hari kerja sampai tiap jenjang menjawab"),
        "escalate_after": _("Hari kerja setelah tenggat sampai rujukan naik jenjang"),
        "months": _("Bulan yang dihitung ulang tiap malam"),
    },
)


def rule_on(day: date) -> Rule:
    """The rule of a day; of one that no rule speaks of, the latest."""
    try:
        return rules.at(day)
    except NoRule:
        return rules.all[-1]
