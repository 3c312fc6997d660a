"""The dated rules: what a new session begins with, and when an end is told."""

from datetime import date

from core.api import NoRule, Rule, Rules
from core.api import lazy_gettext as _

rules = Rules.load(
    "plugins.training",
    titles={
        "valid_months": _("Bulan berlakunya sertifikat, kecuali ditetapkan lain"),
        "warn_days": _("Hari sebelum habis saat mulai diingatkan"),
        "seats": _("Tempat per pelatihan, kecuali ditetapkan lain"),
    },
)


def rule_on(day: date) -> Rule:
    """The rule of a day; of one that no rule speaks of, the latest."""
    try:
        return rules.at(day)
    except NoRule:
        return rules.all[-1]
