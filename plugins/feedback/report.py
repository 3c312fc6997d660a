"""The index of a period, in all and by service, over time, and of whom; and of many villages at once.

Nothing of a period is told before it has ended: whoever looked before and after somebody had answered could subtract.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import dropwhile
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from core.api import Area, AreaCode, Case, db

from .ikm import Marks, Result, result_of, sample_needed
from .models import ELEMENTS, FeedbackAnswer
from .periods import Period
from .rulebook import display_rule, index_rule, sample_rule
from .words import CHARACTERISTICS

TREND = 8
Said = Mapping[tuple[date, str], Marks]
"""The marks by month and service."""


@dataclass(frozen=True)
class Told:
    """Of somebody or something: how many respondents, and their result where they are enough."""

    n: int
    result: Result | None


@dataclass(frozen=True)
class Report:
    """A period of a village.

    Attributes:
        result: None of too few, and of a period that still runs (``ended``).
        hidden: how many rated services that are not among ``services``, since too few rated them.
        trend: the ended ones of the last ``TREND`` periods of the kind, the oldest first.
        people: how many said what, by characteristic; one of which a group is too small to be told is left out.
        needed: the sample for ``population`` finished cases.
    """

    period: Period
    ended: bool
    n: int
    result: Result | None
    services: Mapping[str, Told]
    hidden: int
    trend: Sequence[tuple[Period, Told]]
    people: Mapping[str, Mapping[str, int]]
    population: int
    needed: int
    small: int

    @property
    def enough(self) -> bool:
        return self.n >= self.needed


def report_of(area: Area, period: Period, today: date) -> Report:
    """Of a village: three queries."""
    small, rule = display_rule(today).small, index_rule(period.first)
    said = marks_between(area.interval, period.later(1 - TREND).first, period.end)
    ended = period.ended(today)
    whole = marks_in(said, period)
    trend = [period.later(back) for back in range(1 - TREND, 1)]
    population = finished_in(area, period)
    services, hidden = _services(said, period, small) if ended else ({}, whole.n)
    return Report(
        period=period,
        ended=ended,
        n=whole.n,
        result=result_of(whole, rule, small) if ended else None,
        services=services,
        hidden=hidden,
        trend=_trend(said, [each for each in trend if each.ended(today)], small),
        people=_people(area, period, small) if ended and whole.n >= small else {},
        population=population,
        needed=sample_needed(population, sample_rule(period.first)),
        small=small,
    )


def marks_between(area: AreaCode, first: date, end: date) -> Said:
    """Of a village, from a month on until before another: one query."""
    rows = db.session.execute(
        select(FeedbackAnswer.month, FeedbackAnswer.service, func.count(), *_sums())
        .where(
            FeedbackAnswer.village_id == area.id,
            FeedbackAnswer.month >= first,
            FeedbackAnswer.month < end,
        )
        .group_by(FeedbackAnswer.month, FeedbackAnswer.service)
    )
    return {(row[0], row[1]): Marks(row[2], tuple(row[3:])) for row in rows}


def marks_in(said: Said, period: Period) -> Marks:
    return sum((marks for (month, _service), marks in said.items() if period.holds(month)), Marks())


def marks_by_village(area: AreaCode, first: date, last: date) -> dict[int, Marks]:
    """Of all villages in an area that have marks in these months: one query."""
    rows = db.session.execute(
        select(FeedbackAnswer.village_id, func.count(), *_sums())
        .where(FeedbackAnswer.village_id.between(area.id, area.hi), FeedbackAnswer.month.between(first, last))
        .group_by(FeedbackAnswer.village_id)
    )
    return {row[0]: Marks(row[1], tuple(row[2:])) for row in rows}


def answers_in(village_id: int, period: Period) -> Sequence[Sequence[int]]:
    """The nine marks of each respondent of a period, in the order of ids that were drawn: none that tells anything."""
    columns = [getattr(FeedbackAnswer, element) for element in ELEMENTS]
    rows = db.session.execute(
        select(*columns)
        .where(
            FeedbackAnswer.village_id == village_id,
            FeedbackAnswer.month >= period.first,
            FeedbackAnswer.month < period.end,
        )
        .order_by(FeedbackAnswer.id)
    )
    return [tuple(row) for row in rows]


def finished_in(area: Area, period: Period) -> int:
    """The cases that could have been rated: finished in the period, and not restricted."""
    zone = ZoneInfo(area.timezone)
    first, end = (datetime.combine(day, time(), zone) for day in (period.first, period.end))
    query = select(func.count()).where(
        Case.village_id == area.id, Case.closed_at >= first, Case.closed_at < end, Case.readers.is_(None)
    )
    return db.session.scalar(query) or 0


def _sums() -> Sequence[Any]:
    return [func.sum(getattr(FeedbackAnswer, element)) for element in ELEMENTS]


def _told(marks: Marks, period: Period, small: int) -> Told:
    return Told(marks.n, result_of(marks, index_rule(period.first), small))


def _trend(said: Said, periods: Sequence[Period], small: int) -> list[tuple[Period, Told]]:
    """From the first on in which somebody answered."""
    told = [(each, _told(marks_in(said, each), each, small)) for each in periods]
    return list(dropwhile(lambda row: row[1].n == 0, told))


def _services(said: Said, period: Period, small: int) -> tuple[dict[str, Told], int]:
    """The services that can be told, and how many respondents stand behind those that cannot.

    Where few are left over, their marks could be had by subtraction from the whole: so the smallest that could be told
    is left out with them.
    """
    found: dict[str, Marks] = {}
    for (month, service), marks in said.items():
        if period.holds(month):
            found[service] = found.get(service, Marks()) + marks
    by_size = sorted(found.items(), key=lambda item: (-item[1].n, item[0]))
    told = [item for item in by_size if item[1].n >= small]
    left = sum(marks.n for _service, marks in by_size) - sum(marks.n for _service, marks in told)
    if told and 0 < left < small:
        left += told.pop()[1].n
    return {service: _told(marks, period, small) for service, marks in told}, left


def _people(area: Area, period: Period, small: int) -> dict[str, dict[str, int]]:
    columns = [getattr(FeedbackAnswer, name) for name in CHARACTERISTICS]
    rows = db.session.execute(
        select(*columns, func.count())
        .where(
            FeedbackAnswer.village_id == area.id,
            FeedbackAnswer.month >= period.first,
            FeedbackAnswer.month < period.end,
        )
        .group_by(*columns)
    ).all()
    people = {}
    for place, name in enumerate(CHARACTERISTICS):
        counts: dict[str, int] = {}
        for row in rows:
            counts[row[place]] = counts.get(row[place], 0) + row[-1]
        if min(counts.values(), default=0) >= small:
            people[name] = counts
    return people
