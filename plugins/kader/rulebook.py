"""The dated rules, and the day that follows from them."""

from datetime import date

from core.api import NoRule, Rule, Rules, working_days_after
from core.api import lazy_gettext as _

rules = Rules.load(
    "plugins.kader",
    titles={
        "answer_days": _("Hari kerja sampai temuan kader dijawab"),
        "urgent_days": _("Hari kerja sampai temuan mendesak dijawab"),
        "elderly_age": _("Umur mulai lansia"),
        "toddler_age": _("Umur di bawah ini balita"),
        "soon_days": _("Hari ke depan pada daftar kunjungan"),
        "overview_days": _("Hari ke belakang pada ringkasan kabupaten"),
    },
)


def rule_on(day: date) -> Rule:
    """The rule of a day; of one that no rule speaks of, the latest."""
    try:
        return rules.at(day)
    except NoRule:
        return rules.all[-1]


def answer_by(day: date, *, urgent: bool) -> date:
    """The last day for the first answer to a finding of ``day``."""
    rule = rule_on(day)
    return working_days_after(day, rule.urgent_days if urgent else rule.answer_days)
