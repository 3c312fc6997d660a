"""Working days, as a service standard counts them."""

from datetime import date, timedelta

from lokal import HOLIDAY_YEARS, add_working_days


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
