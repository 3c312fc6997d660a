"""What a district or kecamatan sees of its villages: figures, never a family."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, tuple_

from core.areas.code import Level
from core.areas.current import CurrentArea
from core.areas.models import Area
from core.database.session import db
from core.referrals.oversight import overdue_answers
from core.web.paging import PAGE_SIZE, Page, paged

from .lists import SOON, escape_like, read_keys
from .models import Case

URGENT = Case.priority == "urgent"


@dataclass(frozen=True)
class WideFigures:
    villages: int
    open: int
    urgent: int
    overdue: int
    waiting: int
    silent: int
    """Referrals without an answer past the day by which it was due."""


@dataclass(frozen=True)
class VillageRow:
    area: Area
    open: int
    urgent: int
    overdue: int
    due_soon: int


def district_figures(area: CurrentArea, today: date) -> WideFigures:
    """The strip of a wide area's first page."""
    villages = db.session.scalar(
        select(func.count()).where(Area.id.between(area.id, area.hi), Area.level == Level.VILLAGE)
    )
    counts = db.session.execute(
        select(
            func.count(),
            func.count().filter(URGENT),
            func.count().filter(Case.due_on < today),
            func.count().filter(Case.waiting),
        ).where(Case.village_id.between(area.id, area.hi), Case.closed_at.is_(None))
    ).one()
    return WideFigures(villages or 0, *counts, silent=overdue_answers(area, today))


def villages_page(
    area: CurrentArea, today: date, *, search: str, cursor: str | None, suspended: bool = False
) -> Page[VillageRow]:
    """The villages of an area by name, each with its open cases. Names are not unique, hence the code as second key.

    Args:
        search: a piece of a name, or the beginning of a code.
        suspended: only those that are suspended.
    """
    sort_name = func.lower(Area.name)
    query = select(Area, sort_name).where(Area.id.between(area.id, area.hi), Area.level == Level.VILLAGE)
    if suspended:
        query = query.where(Area.suspended_at.is_not(None))
    if search:
        named = sort_name.like(f"%{escape_like(search.lower())}%")
        query = query.where(named | Area.code.startswith(search, autoescape=True))
    if after := read_keys(cursor, str, _area_id):
        query = query.where(tuple_(sort_name, Area.id) > tuple_(*after))
    found = db.session.execute(query.order_by(sort_name, Area.id).limit(PAGE_SIZE + 1)).all()
    # The database's own lower case is the key: Python's differs for some letters, and rows would be skipped.
    page = paged(found, lambda row: (row[1], row[0].id), cursor)
    villages = [row[0] for row in page.rows]
    counts = _open_cases([village.id for village in villages], today)
    rows = [VillageRow(village, *counts.get(village.id, (0, 0, 0, 0))) for village in villages]
    return Page(rows, page.next, page.is_first)


@dataclass(frozen=True)
class UrgentVillage:
    """How many open cases of a village cannot wait, and how many of them are late all the same."""

    area: Area
    urgent: int
    overdue: int


def urgent_villages(area: CurrentArea, today: date, *, limit: int = 10) -> Sequence[UrgentVillage]:
    """The villages with urgent cases, those with the most late ones first."""
    overdue = func.count().filter(Case.due_on < today)
    rows = db.session.execute(
        select(Area, func.count(), overdue)
        .join(Case, Case.village_id == Area.id)
        .where(Case.village_id.between(area.id, area.hi), Case.closed_at.is_(None), URGENT)
        .group_by(Area.id)
        .order_by(overdue.desc(), func.count().desc(), Area.id)
        .limit(limit)
    )
    return [UrgentVillage(*row) for row in rows]


def _area_id(value: object) -> int:
    """Raises: ValueError: not the number of an area."""
    if not isinstance(value, int) or not 0 <= value < 10**10:
        raise ValueError(f"{value!r} is not an area")
    return value


def _open_cases(village_ids: list[int], today: date) -> dict[int, Sequence[int]]:
    rows = db.session.execute(
        select(
            Case.village_id,
            func.count(),
            func.count().filter(URGENT),
            func.count().filter(Case.due_on < today),
            func.count().filter(Case.due_on.between(today, today + SOON)),
        )
        .where(Case.village_id.in_(village_ids), Case.closed_at.is_(None))
        .group_by(Case.village_id)
    )
    return {village_id: counts for village_id, *counts in rows}
