"""What field workers did in a month: counts of each, by name, in no order of merit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, func, literal, select, union_all

from core.api import AreaCode, db, names_of

from .models import KaderFinding, KaderPrecheck, KaderVisit


@dataclass(frozen=True)
class Work:
    """Of one field worker, or of all of an area. ``due``: findings whose answer has come or should have; ``on_time``:
    those of them that were answered by their day."""

    visits: int = 0
    findings: int = 0
    prechecks: int = 0
    due: int = 0
    on_time: int = 0

    def __add__(self, other: "Work") -> "Work":
        return Work(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


def next_month(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def month_of(text: str | None, day: date) -> date:
    """The first day of a month written "2026-11"; of ``day``'s where it is none, or lies ahead."""
    try:
        month = datetime.strptime(text or "", "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
    except ValueError:
        month = day
    this = day.replace(day=1)
    return this if month.year < 2000 or month > this else month.replace(day=1)


def work_of(area: AreaCode, month: date, timezone: str, today: date) -> tuple[dict[str, Work], Work]:
    """By name, and all together; two queries."""
    found = work_between(area, month, next_month(month), timezone, today, by="user")
    names = names_of(set(found))
    rows = sorted(((names.get(key, "–"), key, work) for key, work in found.items()), key=lambda row: row[:2])
    by_name: dict[str, Work] = {}
    for name, _key, work in rows:
        # Two of one name are two lines.
        title = name if name not in by_name else f"{name} ({sum(other.startswith(name) for other in by_name) + 1})"
        by_name[title] = work
    return by_name, sum(found.values(), Work())


def work_between(
    area: AreaCode, first: date, until: date, timezone: str, today: date, *, by: str
) -> Mapping[Any, Work]:
    """From ``first`` until before ``until``, by "user" or "village", in one query.

    A finding counts in the month in which it was found, in the area's own days.
    """
    zone = ZoneInfo(timezone)
    start, stop = (datetime.combine(day, time(), zone) for day in (first, until))

    def key(model: Any) -> ColumnElement[Any]:
        return model.user_id if by == "user" else model.village_id

    def inside(model: Any, *conditions: ColumnElement[bool]) -> Any:
        return (model.village_id.between(area.id, area.hi), *conditions)

    answered_on = func.date(func.timezone(timezone, KaderFinding.answered_at))
    late = KaderFinding.answered_at.is_(None) & (KaderFinding.answer_by < today)
    none = literal(0)
    one = literal(1)
    parts = union_all(
        select(
            key(KaderVisit).label("key"),
            one.label("v"),
            none.label("f"),
            none.label("p"),
            none.label("d"),
            none.label("t"),
        ).where(
            *inside(KaderVisit, KaderVisit.state == "done", KaderVisit.done_on >= first, KaderVisit.done_on < until)
        ),
        select(key(KaderPrecheck), none, none, one, none, none).where(
            *inside(
                KaderPrecheck,
                KaderPrecheck.undone_at.is_(None),
                KaderPrecheck.done_on >= first,
                KaderPrecheck.done_on < until,
            )
        ),
        select(
            key(KaderFinding),
            none,
            one,
            none,
            _one_where(KaderFinding.answered_at.is_not(None) | late),
            _one_where(answered_on <= KaderFinding.answer_by),
        ).where(*inside(KaderFinding, KaderFinding.found_at >= start, KaderFinding.found_at < stop)),
    ).subquery()
    columns = [func.coalesce(func.sum(parts.c[name]), 0) for name in "vfpdt"]
    rows = db.session.execute(select(parts.c.key, *columns).group_by(parts.c.key))
    return {row[0]: Work(*map(int, row[1:])) for row in rows}


def unanswered(village_id: int, today: date, month: date) -> int:
    """Findings without an answer past their day, of those found before the month was over; one query."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(KaderFinding)
            .where(
                KaderFinding.village_id == village_id,
                KaderFinding.state.in_(("new", "seen")),
                KaderFinding.answer_by < min(today, next_month(month)),
            )
        )
        or 0
    )


def _one_where(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)
