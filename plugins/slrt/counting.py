"""The figures of a village by month and sector, counted anew each night for the months that can still change."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Date, Integer, cast, delete, exists, func, insert, select

from core.api import WITH_RECEIVER, Area, AreaCode, Case, Referral, commit, db, now, today

from .models import SlrtMonth
from .rulebook import rule_on
from .words import sector_of

COUNTS = ("opened", "closed", "local", "sent", "answered", "refused", "returned", "overdue", "answer_days")
"""What is counted of each month and sector; see :class:`SlrtMonth`."""

Key = tuple[date, str]


def months_back(day: date, months: int) -> date:
    """The first day of the month that lies so many months before the one of ``day``, which counts as one."""
    whole = day.year * 12 + day.month - months
    return date(whole // 12, whole % 12 + 1, 1)


def count_village(area: Area) -> None:
    """The nightly job: the months of the rule, in the village's own time zone. Commits; the same again if repeated."""
    day = today(area.timezone)
    since = months_back(day, rule_on(day).months)
    figures = figures_since(area.interval, since, area.timezone, day)
    db.session.execute(delete(SlrtMonth).where(SlrtMonth.village_id == area.id, SlrtMonth.month >= since))
    moment = now()
    rows = [
        {"village_id": area.id, "month": month, "sector": sector, "counted_at": moment, **counts}
        for (month, sector), counts in sorted(figures.items())
    ]
    if rows:
        db.session.execute(insert(SlrtMonth), rows)
    commit()


def figures_since(village: AreaCode, since: date, timezone: str, day: date) -> Mapping[Key, Mapping[str, int]]:
    """By month and sector, from three queries whatever the village has.

    A case counts as solved in the village when it was closed and nothing of it was ever sent to an organisation. A
    referral that came back and was sent again counts in the month of the last sending.
    """
    begin = datetime.combine(since, time(), ZoneInfo(timezone))
    found: defaultdict[Key, Counter[str]] = defaultdict(Counter)
    _add(found, _opened(village.id, begin, timezone), ("opened",))
    _add(found, _closed(village.id, begin, timezone), ("closed", "local"))
    _add(found, _sent(village.id, begin, timezone, day), COUNTS[3:])
    return {key: {name: counts[name] for name in COUNTS} for key, counts in found.items()}


def _add(found: defaultdict[Key, Counter[str]], rows: Iterable[Sequence[Any]], names: Sequence[str]) -> None:
    for row in rows:
        for name, value in zip(names, row[2:], strict=True):
            found[row[0], sector_of(row[1])][name] += value or 0


def _month_of(column: Any, timezone: str) -> Any:
    return cast(func.date_trunc("month", func.timezone(timezone, column)), Date).label("month")


def _opened(village_id: int, begin: datetime, timezone: str) -> Sequence[Sequence[Any]]:
    rows = select(_month_of(Case.opened_at, timezone), Case.service.label("service"))
    rows = rows.where(Case.village_id == village_id, Case.opened_at >= begin).subquery()
    return _grouped(rows, func.count())


def _closed(village_id: int, begin: datetime, timezone: str) -> Sequence[Sequence[Any]]:
    referred = exists().where(
        Referral.village_id == Case.village_id, Referral.case_id == Case.id, Referral.sent_at.is_not(None)
    )
    rows = select(_month_of(Case.closed_at, timezone), Case.service.label("service"), (~referred).label("local"))
    rows = rows.where(Case.village_id == village_id, Case.closed_at >= begin).subquery()
    return _grouped(rows, func.count(), func.count().filter(rows.c.local))


def _sent(village_id: int, begin: datetime, timezone: str, day: date) -> Sequence[Sequence[Any]]:
    days = cast(func.floor(func.extract("epoch", Referral.back_at - Referral.sent_at) / 86_400), Integer)
    rows = (
        select(
            _month_of(Referral.sent_at, timezone),
            Case.service.label("service"),
            Referral.decision.label("decision"),
            Referral.state.label("state"),
            Referral.due_on.label("due_on"),
            days.label("days"),
        )
        .join(Case, (Case.village_id == Referral.village_id) & (Case.id == Referral.case_id))
        .where(Referral.village_id == village_id, Referral.sent_at >= begin)
        .subquery()
    )
    answered = rows.c.decision != ""
    return _grouped(
        rows,
        func.count(),
        func.count().filter(answered),
        func.count().filter(rows.c.decision == "refused"),
        func.count().filter((rows.c.state == "returned") & ~answered),
        func.count().filter(rows.c.state.in_(WITH_RECEIVER) & (rows.c.due_on < day)),
        func.sum(rows.c.days).filter(answered),
    )


def _grouped(rows: Any, *counts: Any) -> Sequence[Sequence[Any]]:
    keys = rows.c.month, rows.c.service
    return db.session.execute(select(*keys, *counts).group_by(*keys)).all()
