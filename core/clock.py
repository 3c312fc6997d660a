"""The current moment, in one place, so that tests can move it."""

from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

# What tells the time in place of the system, for tests: all that one of them runs in its thread, and nothing beside it.
told_by: ContextVar[Callable[[], datetime] | None] = ContextVar("told_by", default=None)


def now() -> datetime:
    """The moment, in UTC."""
    tell = told_by.get()
    return tell().astimezone(UTC) if tell else datetime.now(UTC)


def today(timezone: str = "Asia/Jakarta") -> date:
    """The calendar day where the desk stands: WIB, WITA or WIT, never the server's."""
    return now().astimezone(ZoneInfo(timezone)).date()
