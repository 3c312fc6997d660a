"""Which values areas have put in the place of a rule's own, as of a day and as was known at a moment.

All rows that the running scope can see come by one query, asked when a rule is first wanted and kept for the
transaction: one query for a page, a list or a job over many villages, and the next request sees what another process
has changed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select

from core.areas.code import AreaCode, chain_of
from core.areas.models import Area, title_of
from core.database.kept import KeptForTransaction
from core.database.session import Bounds, current_scope, db

from .models import RuleOverride


@dataclass(frozen=True, eq=False)
class Stored:
    """A row of ``rule_overrides``, with the title of its area."""

    id: UUID
    area_id: int
    plugin: str
    part: str
    key: str
    value: Any
    valid_from: date
    valid_to: date | None
    source: str
    certainty: Any
    withdrawn: bool
    set_at: datetime
    user_name: str
    area_title: str

    @property
    def series(self) -> tuple[int, str, date]:
        """What rows have in common of which the latest counts."""
        return self.area_id, self.key, self.valid_from

    @property
    def area(self) -> AreaCode:
        return AreaCode.from_id(self.area_id)

    def holds(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


Book = tuple[str, str]
"""A plugin, and the list of its ``rules.toml``."""

NONE: tuple[Stored, ...] = ()


@dataclass
class _Kept:
    rows: dict[Book, list[Stored]] | None = None
    found: dict[tuple[Book, int, date, int], tuple[Stored, ...]] = field(default_factory=dict)


_KEPT = KeptForTransaction(_Kept)

_COLUMNS = [getattr(RuleOverride, name) for name in Stored.__dataclass_fields__ if name != "area_title"]
_LO, _HI = bindparam("lo"), bindparam("hi")
# What the policy shows, said once more so that an index can serve it: what lies in the scope, and what contains it.
_SEEN = (
    select(*_COLUMNS, Area.kind, Area.name)
    .outerjoin(Area, Area.id == RuleOverride.area_id)
    .where(
        or_(
            RuleOverride.area_id.between(_LO, _HI),
            RuleOverride.area_id.in_(bindparam("above", expanding=True)),
        )
    )
    .order_by(RuleOverride.set_at, RuleOverride.id)
)


@dataclass(frozen=True)
class Judged:
    """Where rules are asked for, and when what is known had to be known; None: today's knowledge."""

    area_id: int
    known_at: datetime | None


_judged: ContextVar[Judged | None] = ContextVar("judged_in", default=None)


@contextmanager
def judged_in(area_id: int, known_at: datetime | None = None) -> Iterator[None]:
    """Ask rules for one area, whatever the scope: a list of a district judges the residents of many villages.

    Args:
        known_at: as was known at this moment: a case keeps the values under which it was opened.
    """
    token = _judged.set(Judged(area_id, known_at))
    try:
        yield
    finally:
        _judged.reset(token)


def overrides_on(book: Book, on: date, area: AreaCode | None = None) -> tuple[Stored, ...]:
    """The overrides that hold on a day, at most one a value: the nearest area's, of its own the latest to begin.

    Args:
        area: None: that of :func:`judged_in`, else the running scope's. Outside of any scope there are none.
    """
    bounds, judged = current_scope.get(), _judged.get()
    if bounds is None:
        return NONE
    rows = seen(book)
    if not rows:
        return NONE
    where = area or AreaCode.from_id(judged.area_id if judged else bounds[0])
    if judged and judged.known_at is not None and area is None:
        known_at = judged.known_at
        rows = [row for row in rows if row.set_at <= known_at]
    kept, key = _KEPT.get(), (book, where.id, on, len(rows))
    if key not in kept.found:
        kept.found[key] = _winners(rows, where, on)
    return kept.found[key]


def _winners(rows: Sequence[Stored], area: AreaCode, on: date) -> tuple[Stored, ...]:
    place = {area_id: number for number, area_id in enumerate(chain_of(area))}
    holding = [row for row in standing(rows) if row.area_id in place and row.holds(on)]
    holding.sort(key=lambda row: (place[row.area_id], row.valid_from))
    return tuple({row.key: row for row in holding}.values())


def standing(rows: Iterable[Stored]) -> list[Stored]:
    """Of each series its latest row, unless that withdraws it. The rows are in the order in which they were written."""
    return [row for row in {row.series: row for row in rows}.values() if not row.withdrawn]


def seen(book: Book) -> Sequence[Stored]:
    """Every row of a book that the running scope can see, in the order in which they were written."""
    return books_seen().get(book, NONE)


def books_seen() -> Mapping[Book, Sequence[Stored]]:
    """As :func:`seen`, of all books that have any."""
    bounds = current_scope.get()
    if bounds is None:
        return {}
    kept = _KEPT.get()
    if kept.rows is None:
        kept.rows = _read(bounds)
    return kept.rows


def _read(bounds: Bounds) -> dict[Book, list[Stored]]:
    above = chain_of(AreaCode.from_id(bounds[0]))
    asked = {"lo": bounds[0], "hi": bounds[1], "above": above}
    found: dict[Book, list[Stored]] = {}
    for *columns, kind, name in db.session.execute(_SEEN, asked):
        title = title_of(kind, name) if name else ""
        row = Stored(*columns, area_title=title)
        found.setdefault((row.plugin, row.part), []).append(
            row if title else Stored(*columns, area_title=str(row.area))
        )
    return found


def forget() -> None:
    """Read again: something was changed in this transaction."""
    _KEPT.forget()
