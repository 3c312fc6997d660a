"""The current moment, in one place, so that tests can move it."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


def today(timezone: str = "Asia/Jakarta") -> date:
    """The calendar day where the desk stands: WIB, WITA or WIT, never the server's."""
    return now().astimezone(ZoneInfo(timezone)).date()
