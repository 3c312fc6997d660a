"""Working days, as a service standard counts them, and the days that follow from them."""

from datetime import date, timedelta

from lokal import HOLIDAY_YEARS, add_working_days

from core.rules.rulebook import value_on

from .workflow import State


def working_days_after(start: date, days: int) -> date:
    """The day that lies ``days`` working days after ``start``: neither weekends, holidays nor cuti bersama.

    Holidays come from ``lokal`` (SKB 3 Menteri), which knows some years only; in others just weekends are left out.
    """
    if days <= 0:
        return start
    if start.year in HOLIDAY_YEARS and (start + timedelta(days=days * 2 + 14)).year in HOLIDAY_YEARS:
        return add_working_days(start, days)
    day = start
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


def promised(day: date, days: int, *, urgent: bool) -> date:
    """The day by which the desk promises its next step: ``days`` working days on, today when the case is urgent."""
    return day if urgent else working_days_after(day, days)


def due_again(day: date, state: State, *, urgent: bool) -> date | None:
    """When a case that arrives in ``state`` is due; None leaves the promise that was made before.

    A case that waits outside is due again when nothing was heard for too long: of an urgent one, on the next working
    day.
    """
    if state.due_days is not None:
        return promised(day, value_on(state.due_days, day), urgent=urgent)
    if state.stale_days is None:
        return None
    silent = day + timedelta(days=value_on(state.stale_days, day))
    return min(silent, working_days_after(day, 1)) if urgent else silent
