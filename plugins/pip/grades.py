"""Classes of a school, the level that each belongs to, and what a pupil of it gets in a year."""

from dataclasses import dataclass
from datetime import date

from core.api import Rule
from core.api import lazy_gettext as _

LEVELS = {"sd": range(1, 7), "smp": range(7, 10), "sma": range(10, 14)}

GRADES = {
    **{f"{n}": _("Kelas %(n)s SD, MI, atau Paket A", n=n) for n in LEVELS["sd"]},
    **{f"{n}": _("Kelas %(n)s SMP, MTs, atau Paket B", n=n) for n in LEVELS["smp"]},
    **{f"{n}": _("Kelas %(n)s SMA, SMK, MA, atau Paket C", n=n) for n in range(10, 13)},
    "13": _("Kelas 13 SMK (program empat tahun)"),
}

FIRST, LAST = (1, 7, 10), (6, 9, 12, 13)


@dataclass(frozen=True)
class Money:
    """Rupiah that a pupil may expect in a calendar year, for all of it or only for the part at this school."""

    rupiah: int
    whole_year: bool


def level_of(grade: str) -> str:
    return next(level for level, grades in LEVELS.items() if int(grade) in grades)


def expected_money(rule: Rule, grade: str, on: date) -> Money:
    """What is paid in the year of the day ``on`` to a pupil who then is in this class.

    Who begins a school in July, or leaves it in June, is there for half of the year.
    """
    begun = on.month >= rule.school_year_begins
    part = int(grade) in (FIRST if begun else LAST)
    return Money((rule.amount_of_part if part else rule.amount)[level_of(grade)], whole_year=not part)
