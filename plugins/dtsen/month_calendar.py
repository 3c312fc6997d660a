"""The month of DTSEN: proposals, the cut-off, what the village answers for, the district's ratification.

By one village's notice (``rules.toml``), so every day in it is a rule's value. The cut-off itself still counts: what is
keyed on the 17th is of the month.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from core.api import Rule

from .rulebook import rule_on

Phase = Literal["before", "proposing", "agreeing", "ratifying"]


@dataclass(frozen=True)
class MonthCalendar:
    """The days of one month, in their order; each is the last of what it names."""

    rule: Rule
    first: date
    opens: date
    cutoff: date
    agree_by: date
    ends: date

    @property
    def remind_from(self) -> date:
        """From when what was not keyed yet is on the first page."""
        return self.cutoff - timedelta(days=self.rule.remind_days)

    def phase(self, on: date) -> Phase:
        """What a day of the month is for."""
        if on < self.opens:
            return "before"
        if on <= self.cutoff:
            return "proposing"
        return "agreeing" if on <= self.agree_by else "ratifying"


def calendar_of(year: int, month: int) -> MonthCalendar | None:
    """By the rule of the month's last day; None for a month before DTSEN. A day that the month lacks is its last."""
    last = monthrange(year, month)[1]
    rule = rule_on(date(year, month, last))
    if rule is None:
        return None

    def day(number: int) -> date:
        return date(year, month, max(1, min(number, last)))

    return MonthCalendar(
        rule, day(1), day(rule.open_day), day(rule.cutoff_day), day(rule.agree_day), date(year, month, last)
    )


def month_for(on: date) -> tuple[int, int]:
    """For which month something counts that is keyed on a day: after the cut-off for the next."""
    calendar = calendar_of(on.year, on.month)
    return next_month(on.year, on.month) if calendar and on > calendar.cutoff else (on.year, on.month)


def next_month(year: int, month: int) -> tuple[int, int]:
    return (year + 1, 1) if month == 12 else (year, month + 1)


def previous_month(year: int, month: int) -> tuple[int, int]:
    return (year - 1, 12) if month == 1 else (year, month - 1)
