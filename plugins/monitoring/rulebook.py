"""The dated values: the deadline of a report, groups of age, and what is too few to be published."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from core.api import NoRule, Rule, Rules
from core.api import lazy_gettext as _

from .months import months_before

rules = Rules.load(
    "plugins.monitoring",
    titles={
        "deadline_day": _("Tanggal terakhir mengirim laporan bulan sebelumnya"),
        "ages": _("Umur awal tiap kelompok umur"),
        "small": _("Jumlah terkecil yang dipublikasikan"),
        "published_after": _("Bulan penuh sebelum angka dipublikasikan"),
        "shown_months": _("Banyaknya bulan pada grafik"),
    },
)


def rule_on(day: date) -> Rule:
    """The rule of a day; of one that no rule speaks of, the latest."""
    try:
        return rules.at(day)
    except NoRule:
        return rules.all[-1]


def deadline_of(month: date) -> date:
    """The last day on which the report of a month is in time."""
    after = months_before(month, -1)
    return after.replace(day=rule_on(after).deadline_day)


def age_groups(ages: Sequence[int]) -> list[str]:
    """The names of the groups, as figures are kept by them: "0-5", "6-17", "18-59", "60+"."""
    starts = [0, *ages]
    return [*(f"{start}-{end - 1}" for start, end in pairwise(starts)), f"{starts[-1]}+"]


def age_group(age: int, ages: Sequence[int]) -> str:
    return age_groups(ages)[sum(age >= start for start in ages)]
