"""What the dashboards of a village and of wide areas have in common."""

from collections.abc import Sequence
from datetime import date

from core.api import ReportSection, area_today

from .counting import Counted
from .months import first_of, month_key, month_title, months_before, months_until
from .reading import Total
from .roll_up import sums_of

CHOICES = 6


def village_total(counted: Counted, sections: Sequence[ReportSection]) -> Total:
    """A village's month that was counted just now, in the form in which those of wide areas come."""
    total = Total(villages=1, figures={**counted.figures, **sums_of(sections)}, classes=counted.classes)
    total.groups = {group: dict(rows) for group, rows in counted.groups.items()}
    total.sections = {
        section.name: (str(section.title), {each.key: (str(each.title), each.unit) for each in section.figures})
        for section in sections
    }
    total.failed = sum(section.failed for section in sections)
    total.most = counted.most
    return total


def choices_of_months(chosen: date) -> list[tuple[str, str, bool]]:
    """The newest months, and the chosen one, as (key, title, chosen)."""
    this = first_of(area_today())
    months = months_until(this, CHOICES)
    if chosen not in months:
        months = [chosen, *months]
    return [(month_key(each), month_title(each), each == chosen) for each in months]


def previous(month: date) -> date:
    return months_before(month, 1)
