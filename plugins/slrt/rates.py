"""How many answers come, and how much is solved in the village: by village, kecamatan, sector and month.

All from the counts of the night before (:mod:`.counting`): a district of hundreds of villages is summed by the database
within milliseconds, and the page says as of when.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from core.api import AreaCode, Figure, db, find_areas
from core.api import lazy_gettext as _

from .counting import COUNTS
from .models import SlrtMonth
from .words import SECTORS

MONTHS = 12
"""Shown at a time: this month and those before it."""


@dataclass(frozen=True)
class Counts:
    """Sums of :class:`SlrtMonth`; rates are None, shown as "–", of fewer than five."""

    opened: int = 0
    closed: int = 0
    local: int = 0
    sent: int = 0
    answered: int = 0
    refused: int = 0
    returned: int = 0
    overdue: int = 0
    answer_days: int = 0

    @property
    def local_rate(self) -> Figure:
        """The headline: of the cases closed, those of which nothing was sent out of the village."""
        title = _("Selesai di desa")
        return Figure(key="slrt.local", title=title, amount=self.local, of=self.closed, unit="share")

    @property
    def answer_rate(self) -> Figure:
        """Of the referrals sent, those answered with done or refused."""
        title = _("Rujukan dijawab")
        return Figure(key="slrt.answered", title=title, amount=self.answered, of=self.sent, unit="share")

    @property
    def days(self) -> Figure:
        """Whole days from the last sending to the answer, on the average."""
        title = _("Hari sampai dijawab")
        return Figure(key="slrt.days", title=title, amount=self.answer_days, of=self.answered, unit="days")


@dataclass(frozen=True)
class Line:
    """A line of a table. ``code`` is the area's, where it is one."""

    title: Any
    counts: Counts
    code: AreaCode | None = None


@dataclass(frozen=True)
class Rates:
    """Of an area. ``oldest`` and ``newest``: between which moments its villages were counted; None before the first
    night. ``villages``: how many have figures."""

    total: Counts
    months: Sequence[Line]
    sectors: Sequence[Line]
    kecamatan: Sequence[Line]
    villages: Sequence[Line] = field(default_factory=list)
    oldest: datetime | None = None
    newest: datetime | None = None


def rates_of(area: AreaCode, first: date, last: date) -> Rates:
    """From the month ``first`` to the month ``last``, both their first days: six queries, however many villages."""
    within = SlrtMonth.village_id.between(area.id, area.hi), SlrtMonth.month.between(first, last)
    by_village = _sums(within, SlrtMonth.village_id)
    by_kecamatan: dict[int, Counts] = {}
    for village_id, counts in by_village.items():
        around = village_id // 10_000 * 10_000
        by_kecamatan[around] = _plus(by_kecamatan.get(around, Counts()), counts)
    total = Counts()
    for counts in by_village.values():
        total = _plus(total, counts)
    titles = {found.id: found.title for found in find_areas([*by_village, *by_kecamatan])}
    oldest, newest = db.session.execute(
        select(func.min(SlrtMonth.counted_at), func.max(SlrtMonth.counted_at)).where(*within)
    ).one()
    return Rates(
        total=total,
        months=[Line(month, counts) for month, counts in sorted(_sums(within, SlrtMonth.month).items())],
        sectors=[
            Line(SECTORS.get(key, key), counts) for key, counts in sorted(_sums(within, SlrtMonth.sector).items())
        ],
        kecamatan=_places(by_kecamatan, titles),
        villages=_places(by_village, titles),
        oldest=oldest,
        newest=newest,
    )


def total_of(area: AreaCode, first: date, last: date) -> Counts:
    """The sums alone, from one query."""
    within = SlrtMonth.village_id.between(area.id, area.hi), SlrtMonth.month.between(first, last)
    sums = (func.coalesce(func.sum(getattr(SlrtMonth, name)), 0) for name in COUNTS)
    return Counts(*(int(value) for value in db.session.execute(select(*sums).where(*within)).one()))


def _sums(within: Sequence[ColumnElement[bool]], key: Any) -> Mapping[Any, Counts]:
    sums = (func.sum(getattr(SlrtMonth, name)) for name in COUNTS)
    rows = db.session.execute(select(key, *sums).where(*within).group_by(key))
    return {row[0]: Counts(*(int(value) for value in row[1:])) for row in rows}


def _plus(one: Counts, other: Counts) -> Counts:
    return Counts(*(getattr(one, name) + getattr(other, name) for name in COUNTS))


def _places(found: Mapping[int, Counts], titles: Mapping[int, str]) -> Sequence[Line]:
    lines = [
        Line(titles.get(key, str(AreaCode.from_id(key))), counts, AreaCode.from_id(key))
        for key, counts in found.items()
    ]
    return sorted(lines, key=lambda line: (str(line.title), str(line.code)))
