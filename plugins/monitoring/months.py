"""Months where a village's desk stands: their bounds as moments, and their order."""

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from core.api import month_name

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


def first_of(day: date) -> date:
    return day.replace(day=1)


def months_before(month: date, number: int) -> date:
    """The first day of the month so many months earlier; later ones for a negative number."""
    place = month.year * 12 + month.month - 1 - number
    return date(place // 12, place % 12 + 1, 1)


def months_until(month: date, number: int) -> list[date]:
    """So many months in order, ``month`` the last of them."""
    return [months_before(month, ago) for ago in range(number - 1, -1, -1)]


def bounds(month: date, timezone: str) -> tuple[datetime, datetime]:
    """The first moment of a month and that of the next, in a time zone such as Asia/Jayapura."""
    zone = ZoneInfo(timezone)
    after = months_before(month, -1)
    return datetime(month.year, month.month, 1, tzinfo=zone), datetime(after.year, after.month, 1, tzinfo=zone)


def read_month(text: str | None) -> date | None:
    """From 2026-10; None for what is no month."""
    found = _MONTH.fullmatch(text or "")
    return date(int(found[1]), int(found[2]), 1) if found else None


def month_key(month: date) -> str:
    """2026-10"""
    return f"{month:%Y-%m}"


def month_title(month: date, language: str | None = None) -> str:
    """Oktober 2026"""
    return f"{month_name(month.month, language)} {month.year}"
