"""What a village's month comes to, from its cases.

A case is **received** in the month in which it was opened, in the village's own time zone, and **solved**, **refused**
or **cancelled** in that in which it was closed, by the state in which it is now: one that was reopened is open. It was
**solved in the village** when none of its referrals was ever sent: the headline figure is the share of these among the
solved. It is **referred** in each month in which a referral of it was sent. **Open**, **overdue** and **unanswered**
are as at the end of the month, or now while it lasts, by the due days that are known today.

Cases of restricted services (``Service.restricted_to``) are counted nowhere here: whoever reads a figure of one would
learn that there is one. Groups are never crossed: RT by sex by age would single somebody out.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from core.api import Area, Case, CaseEvent, Household, Person, Referral, db, now, sectors_of_services

from .day_classes import in_classes
from .months import bounds
from .rulebook import age_group, rule_on
from .words import GROUPS

Sums = dict[str, list[float | None]]
"""Key → [amount, of]; ``of`` is None for a plain count."""

REFUSED = frozenset({"refused", "not_chosen"})
CANCELLED = frozenset({"cancelled"})
"""Closed states of the workflows that there are; a case in any other closed state is solved."""

WITH_RECEIVER = ("sent", "accepted", "processing")


@dataclass(frozen=True)
class Counted:
    """A month of a village.

    Attributes:
        figures: those of ``words.OWN``.
        groups: group → key → counts in the order of ``words.COUNTED``.
        classes: of the solved, by days until then (``day_classes``).
        median: exact, of the same; None of none.
        most: open cases of the clerk who has most of them.
    """

    figures: Sums
    groups: Mapping[str, Mapping[str, list[int]]]
    classes: list[int]
    median: float | None
    most: int

    @property
    def detail(self) -> dict[str, Any]:
        """As it is kept."""
        return {"groups": self.groups, "classes": self.classes, "median": self.median, "most": self.most}


@dataclass(frozen=True)
class _Line:
    """A case that something of the month happened to."""

    received: bool
    solved: bool
    local: bool
    referred: bool
    refused: bool
    cancelled: bool
    days: int
    keys: Mapping[str, str]


def count_month(area: Area, month: date) -> Counted:
    """From five queries, whatever the number of cases.

    Args:
        area: a village.
        month: its first day.
    """
    begin, end = bounds(month, area.timezone)
    lines = _lines(area, month, begin, end)
    settled = [line.days for line in lines if line.solved]
    local = sum(line.local for line in lines)
    stock, load = _stock(area, begin, end)
    figures: Sums = {
        **{f"monitoring.{name}": [_sum(lines, name), None] for name in ("received", "solved")},
        "monitoring.local": [local, len(settled)],
        **{f"monitoring.{name}": [_sum(lines, name), None] for name in ("referred", "refused", "cancelled")},
        "monitoring.days": [sum(settled), len(settled)],
        **stock,
        **_proposals(area, begin, end),
        **_referrals(area, begin, end),
    }
    middle = float(median(settled)) if settled else None
    return Counted(figures, _grouped(lines), in_classes(settled), middle, max(load, default=0))


def open_by_clerk(area: Area) -> list[tuple[Any, int, int]]:
    """Who has how many open cases now, and how many of them late; the fullest desk first. None: nobody's."""
    count, late = func.count(), func.count().filter(Case.due_on < _last_day(area, now()))
    query = select(Case.assigned_to, count, late).where(*_countable(area), Case.closed_at.is_(None))
    rows = db.session.execute(query.group_by(Case.assigned_to).order_by(count.desc()))
    return [(clerk, number, overdue) for clerk, number, overdue in rows]


def _sum(lines: Iterable[_Line], name: str) -> int:
    return sum(getattr(line, name) for line in lines)


def _grouped(lines: Sequence[_Line]) -> dict[str, dict[str, list[int]]]:
    found: dict[str, dict[str, list[int]]] = {group: {} for group in GROUPS}
    for line in lines:
        counts = [line.received, line.solved, line.referred, line.refused]
        if not any(counts):
            continue
        for group, key in line.keys.items():
            before = found[group].get(key, [0] * len(counts))
            found[group][key] = [one + int(two) for one, two in zip(before, counts, strict=True)]
    return {group: dict(sorted(rows.items())) for group, rows in found.items()}


def _countable(area: Area) -> tuple[ColumnElement[bool], ...]:
    return Case.village_id == area.id, Case.readers.is_(None)


def _sent(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    of_case = and_(Referral.village_id == Case.village_id, Referral.case_id == Case.id)
    return exists().where(of_case, Referral.sent_at.is_not(None), *more)


def _between(column: Any, begin: datetime, end: datetime) -> ColumnElement[bool]:
    return and_(column >= begin, column < end)


def _lines(area: Area, month: date, begin: datetime, end: datetime) -> list[_Line]:
    """Cases that were opened, closed or referred in the month."""
    sent_now = _sent(_between(Referral.sent_at, begin, end))
    query = (
        select(
            Case.service,
            Case.state,
            Case.opened_at,
            Case.closed_at,
            Person.sex,
            Person.birth_date,
            Household.rt,
            Household.rw,
            sent_now.label("sent_now"),
            _sent().label("sent_ever"),
        )
        .join(Person, and_(Person.village_id == Case.village_id, Person.id == Case.person_id))
        .outerjoin(Household, and_(Household.village_id == Person.village_id, Household.id == Person.household_id))
        .where(
            *_countable(area),
            or_(_between(Case.opened_at, begin, end), _between(Case.closed_at, begin, end), sent_now),
        )
    )
    read = _reader(area, month, begin, end)
    return [read(row) for row in db.session.execute(query)]


def _reader(area: Area, month: date, begin: datetime, end: datetime) -> Callable[[Any], _Line]:
    zone, sectors, ages = ZoneInfo(area.timezone), sectors_of_services(), rule_on(month).ages

    def read(row: Any) -> _Line:
        opened = row.opened_at.astimezone(zone).date()
        ended: datetime | None = row.closed_at
        closed = ended.astimezone(zone).date() if ended is not None and begin <= ended < end else None
        refused, cancelled = row.state in REFUSED, row.state in CANCELLED
        solved = closed is not None and not refused and not cancelled
        born = row.birth_date
        age = opened.year - born.year - ((opened.month, opened.day) < (born.month, born.day))
        return _Line(
            received=begin <= row.opened_at < end,
            solved=solved,
            local=solved and not row.sent_ever,
            referred=row.sent_now,
            refused=closed is not None and refused,
            cancelled=closed is not None and cancelled,
            days=max(0, (closed - opened).days) if closed else 0,
            keys={
                "sector": sectors.get(row.service, "socio_economic"),
                "service": row.service,
                "rt": f"{row.rt}/{row.rw}" if row.rt or row.rw else "",
                "sex": row.sex,
                "age": age_group(max(0, age), ages),
            },
        )

    return read


def _last_day(area: Area, end: datetime) -> date:
    """The day of the village before which something must have been due to be late at a moment."""
    return min(end, now()).astimezone(ZoneInfo(area.timezone)).date()


def _stock(area: Area, begin: datetime, end: datetime) -> tuple[Sums, list[int]]:
    """What was open at the end of the month, and how much of it each clerk had."""
    if begin > now():
        return {"monitoring.open": [0, None], "monitoring.overdue": [0, None], "monitoring.load": [0, 0]}, []
    still_open = or_(Case.closed_at.is_(None), Case.closed_at >= end)
    late = func.count().filter(Case.due_on < _last_day(area, end))
    query = select(Case.assigned_to, func.count(), late).where(*_countable(area), Case.opened_at < end, still_open)
    rows = db.session.execute(query.group_by(Case.assigned_to)).all()
    load = [number for clerk, number, _late in rows if clerk is not None]
    return {
        "monitoring.open": [sum(row[1] for row in rows), None],
        "monitoring.overdue": [sum(row[2] for row in rows), None],
        "monitoring.load": [sum(load), len(load)],
    }, load


def _proposals(area: Area, begin: datetime, end: datetime) -> Sums:
    """Cases that were sent to who decides outside, and those of them that were granted, by their timelines."""
    sent_first = CaseEvent.__table__.alias("sent_first")
    was_sent = exists().where(
        sent_first.c.village_id == CaseEvent.village_id,
        sent_first.c.case_id == CaseEvent.case_id,
        sent_first.c.to_state == "sent",
    )
    query = (
        select(CaseEvent.to_state, func.count(CaseEvent.case_id.distinct()))
        .join(Case, and_(Case.village_id == CaseEvent.village_id, Case.id == CaseEvent.case_id))
        .where(
            *_countable(area),
            CaseEvent.village_id == area.id,
            _between(CaseEvent.at, begin, end),
            or_(CaseEvent.to_state == "sent", and_(CaseEvent.to_state == "approved", was_sent)),
        )
        .group_by(CaseEvent.to_state)
    )
    found = Counter({row[0]: row[1] for row in db.session.execute(query)})
    return {"monitoring.proposed": [found["sent"], None], "monitoring.granted": [found["approved"], None]}


def _referrals(area: Area, begin: datetime, end: datetime) -> Sums:
    """Those sent in the month, and those that at its end waited for an answer past the day that it was due."""
    waited = and_(
        Referral.sent_at < end,
        or_(Referral.state.in_(WITH_RECEIVER), Referral.back_at >= end),
        Referral.due_on < _last_day(area, end),
    )
    query = (
        select(func.count().filter(_between(Referral.sent_at, begin, end)), func.count().filter(waited))
        .select_from(Referral)
        .join(Case, and_(Case.village_id == Referral.village_id, Case.id == Referral.case_id))
        .where(*_countable(area), Referral.village_id == area.id)
    )
    sent, unanswered = db.session.execute(query).one()
    return {"monitoring.sent": [sent, None], "monitoring.unanswered": [unanswered, None]}
