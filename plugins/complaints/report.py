"""Counts without names: by sector and kind, how fast, and what the reporters say. Nothing here tells of one person."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select

from core.api import AreaCode, db

from .models import Complaint, is_late
from .rulebook import rule_on


@dataclass(frozen=True)
class Counts:
    """Of the complaints received in a time. Ratings are of those who rated.

    ``prompt`` of the ``judged`` had their first answer in time; whose day of it is still ahead is not judged yet.
    """

    received: int = 0
    open: int = 0
    late: int = 0
    judged: int = 0
    prompt: int = 0
    ended: int = 0
    in_time: int = 0
    passed_on: int = 0
    reopened: int = 0
    rated: int = 0
    solved: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, item.name) + getattr(other, item.name) for item in fields(self)))

    @property
    def prompt_share(self) -> int | None:
        return percent(self.prompt, self.judged)

    @property
    def in_time_share(self) -> int | None:
        return percent(self.in_time, self.ended)

    @property
    def solved_share(self) -> int | None:
        return percent(self.solved, self.rated)


@dataclass(frozen=True)
class Report:
    by_sector: Mapping[str, Counts]
    by_kind: Mapping[str, Counts]
    total: Counts


@dataclass(frozen=True)
class Published:
    """What anyone may read: a count below ``small`` is not in it. ``total`` None: all of them are fewer than that."""

    since: date
    small: int
    total: Counts | None
    sectors: Mapping[str, int]


def percent(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


def report_of(village_id: int, since: date, until: date, today: date) -> Report:
    """Of a village's complaints received from ``since`` to ``until``, in one query; merged ones count as received."""
    columns = (Complaint.sector, Complaint.kind)
    query = (
        select(*columns, *_counts(today))
        .where(Complaint.village_id == village_id, Complaint.received_on.between(since, until))
        .group_by(*columns)
    )
    rows = [(row[0], row[1], Counts(*row[2:])) for row in db.session.execute(query)]
    return Report(
        _summed(rows, lambda row: row[0]), _summed(rows, lambda row: row[1]), sum((row[2] for row in rows), Counts())
    )


def counts_by_village(area: AreaCode, since: date, until: date, today: date) -> Mapping[int, Counts]:
    """Of all villages in an area that the scope covers, by the village's id."""
    query = (
        select(Complaint.village_id, *_counts(today))
        .where(Complaint.village_id.between(area.id, area.hi), Complaint.received_on.between(since, until))
        .group_by(Complaint.village_id)
        .order_by(Complaint.village_id)
    )
    return {row[0]: Counts(*row[1:]) for row in db.session.execute(query)}


def years_of(village_id: int, today: date) -> Sequence[int]:
    """From this year back to the first complaint, at most ten."""
    first = db.session.scalar(select(func.min(Complaint.received_on)).where(Complaint.village_id == village_id))
    return range(today.year, max(first.year if first else today.year, today.year - 9) - 1, -1)


def published(village_id: int, today: date) -> Published:
    """The last twelve months, for the village's own page."""
    since = date(today.year - 1, today.month, 1)
    small, found = rule_on(today).small, report_of(village_id, since, today, today)
    sectors = {key: counts.received for key, counts in found.by_sector.items() if counts.received >= small}
    return Published(since, small, found.total if found.total.received >= small else None, sectors)


def _counts(today: date) -> tuple[ColumnElement[int], ...]:
    """In the order of :class:`Counts`."""
    mine = Complaint
    prompt = mine.first_answer_on <= mine.answer_by
    ended = mine.answered_on.is_not(None)
    return (
        func.count(),
        func.count().filter(mine.state == "open"),
        func.count().filter(is_late(today)),
        func.count().filter(or_(mine.first_answer_on.is_not(None), and_(mine.state == "open", mine.answer_by < today))),
        func.count().filter(prompt),
        func.count().filter(ended),
        func.count().filter(and_(ended, mine.answered_on <= mine.due_on)),
        func.count().filter(mine.outcome == "passed_on"),
        func.count().filter(mine.reopened > 0),
        func.count().filter(mine.rating != ""),
        func.count().filter(mine.rating == "solved"),
    )


def _summed(
    rows: Sequence[tuple[str, str, Counts]], key: Callable[[tuple[str, str, Counts]], str]
) -> dict[str, Counts]:
    """The most complained about first."""
    found: dict[str, Counts] = {}
    for row in rows:
        found[key(row)] = found.get(key(row), Counts()) + row[2]
    return dict(sorted(found.items(), key=lambda item: (-item[1].received, item[0])))
