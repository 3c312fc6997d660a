"""The dated rules, and the day that follows from them."""

from datetime import date

from core.api import NoRule, Rule, Rules, working_days_after
from core.api import lazy_gettext as _

rules = Rules.load(
    "plugins.emergency",
    titles={
        "follow_up_days": _("Hari kerja sampai kasus susulan dibuka"),
        "small": _("Jumlah pendampingan terkecil yang waktunya ditampilkan"),
        "overview_days": _("Hari ke belakang pada ringkasan kabupaten"),
    },
)


def rule_on(day: date) -> Rule:
    """The rule of a day; of one that no rule speaks of, the latest."""
    try:
        return rules.at(day)
    except NoRule:
        return rules.all[-1]


def follow_up_by(day: date) -> date:
    """The last day on which the case about the patient's cover is opened, of a call on ``day``."""
    return working_days_after(day, rule_on(day).follow_up_days)
