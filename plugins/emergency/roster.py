"""Who is on call: by day and shift, a week at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, bindparam, select

from core.api import Area, CaseError, db, gettext, record

from .models import OnCallShift
from .settings import ShiftKind

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Day:
    """One day of the week's plan, with who is on call in the order of the shifts."""

    day: date
    shifts: Sequence[OnCallShift]


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


_ON_CALL = (
    select(OnCallShift)
    .where(
        OnCallShift.village_id == bindparam("village_id"),
        OnCallShift.ends_at > bindparam("at"),
        OnCallShift.starts_at <= bindparam("at"),
    )
    .order_by(OnCallShift.starts_at, OnCallShift.name)
    .limit(bindparam("most", type_=Integer))
)


def on_call(village_id: int, at: datetime, limit: int = 10) -> Sequence[OnCallShift]:
    """Whose shift it is at a moment, also that of a night which began yesterday."""
    return db.session.scalars(_ON_CALL, {"village_id": village_id, "at": at, "most": limit}).all()


def week_of(village_id: int, monday: date) -> list[Day]:
    """Seven days, in one query."""
    shifts = _shifts(village_id, monday)
    days = [monday + timedelta(days=n) for n in range(7)]
    return [Day(day, [shift for shift in shifts if shift.day == day]) for day in days]


def add(area: Area, day: date, kind: ShiftKind, name: str, phone: str, *, by: UUID | None) -> bool:
    """Put somebody on call; False when he or she is already. The caller commits."""
    zone = ZoneInfo(area.timezone)
    starts_at = datetime.combine(day, kind.start, zone)
    end_day = day if kind.end > kind.start else day + timedelta(days=1)
    again = select(OnCallShift.id).where(
        OnCallShift.village_id == area.id, OnCallShift.starts_at == starts_at, OnCallShift.name == name
    )
    if db.session.scalar(again) is not None:
        return False
    db.session.add(
        OnCallShift(
            village_id=area.id,
            day=day,
            title=kind.title,
            starts_at=starts_at,
            ends_at=datetime.combine(end_day, kind.end, zone),
            name=name,
            phone=phone,
            created_by=by,
        )
    )
    record("emergency.shift_added", "emergency_roster", day.isoformat(), day=day.isoformat())
    return True


def remove(village_id: int, shift_id: UUID) -> date | None:
    """Take somebody off; the day of it, None when nobody was there any more. The caller commits."""
    shift = db.session.scalar(
        select(OnCallShift).where(OnCallShift.village_id == village_id, OnCallShift.id == shift_id)
    )
    if shift is None:
        return None
    db.session.delete(shift)
    record("emergency.shift_removed", "emergency_roster", shift.day.isoformat(), day=shift.day.isoformat())
    return shift.day


def copy_last_week(area: Area, monday: date, *, by: UUID | None) -> int:
    """The week before ``monday`` once more, but for who is there already; how many were added. The caller commits.

    Raises:
        CaseError: nobody was on call in the week before.
    """
    before = _shifts(area.id, monday - WEEK)
    if not before:
        raise CaseError(gettext("Minggu sebelumnya kosong, tidak ada yang disalin."))
    there = {(shift.starts_at, shift.name) for shift in _shifts(area.id, monday)}
    missing = [shift for shift in before if (shift.starts_at + WEEK, shift.name) not in there]
    for shift in missing:
        db.session.add(
            OnCallShift(
                village_id=area.id,
                day=shift.day + WEEK,
                title=shift.title,
                starts_at=shift.starts_at + WEEK,
                ends_at=shift.ends_at + WEEK,
                name=shift.name,
                phone=shift.phone,
                created_by=by,
            )
        )
    if missing:
        day = monday.isoformat()
        record("emergency.week_copied", "emergency_roster", day, day=day, shifts=len(missing))
    return len(missing)


def _shifts(village_id: int, monday: date) -> Sequence[OnCallShift]:
    return db.session.scalars(
        select(OnCallShift)
        .where(OnCallShift.village_id == village_id, OnCallShift.day >= monday, OnCallShift.day < monday + WEEK)
        .order_by(OnCallShift.starts_at, OnCallShift.name)
    ).all()
