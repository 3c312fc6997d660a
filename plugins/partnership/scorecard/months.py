"""A month as the village's own calendar has it."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from core.api import today


@dataclass(frozen=True)
class Month:
    """``first`` is its first day; it begins and ends at midnight where the desk stands (WIB, WITA or WIT)."""

    first: date
    timezone: str

    @property
    def next(self) -> date:
        """The first day of the month after it."""
        year, month = divmod(self.first.year * 12 + self.first.month, 12)
        return date(year, month + 1, 1)

    @property
    def before(self) -> "Month":
        year, month = divmod(self.first.year * 12 + self.first.month - 2, 12)
        return Month(date(year, month + 1, 1), self.timezone)

    @property
    def since(self) -> datetime:
        return self._midnight(self.first)

    @property
    def until(self) -> datetime:
        return self._midnight(self.next)

    @property
    def last(self) -> date:
        return date.fromordinal(self.next.toordinal() - 1)

    @property
    def seen_on(self) -> date:
        """The day of which standings are told: its last one, or today while it runs."""
        return min(self.last, today(self.timezone))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), ZoneInfo(self.timezone))

    def __str__(self) -> str:
        """2026-11, as addresses have it."""
        return f"{self.first:%Y-%m}"


def month_of(day: date, timezone: str) -> Month:
    return Month(day.replace(day=1), timezone)


def read_month(text: str | None, timezone: str) -> Month | None:
    """Of ``2026-11``; None for anything else, and for what no calendar of ours has."""
    try:
        day = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return Month(day, timezone) if len(text or "") == 7 and 2000 <= day.year <= 9998 else None
