"""A clock that a test sets and moves; everything that asks ``now()``, ``today()`` or ``area_today()`` sees it.

Times that the database itself writes (``server_default=func.now()``) are not moved.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from core import clock

# A Thursday, 10.00 in Cibadak.
START = datetime(2026, 11, 12, 3, 0, tzinfo=UTC)


class Clock:
    """Stands still at ``moment`` until a test moves it."""

    def __init__(self, moment: datetime = START) -> None:
        self.moment = moment

    def move(self, **duration: float) -> None:
        """``clock.move(days=3, hours=-1)``."""
        self.moment += timedelta(**duration)

    def set(self, moment: datetime) -> None:
        """Raises: ValueError: the moment says no time zone."""
        if moment.tzinfo is None:
            raise ValueError("a moment needs its time zone, such as tzinfo=UTC")
        self.moment = moment


@contextmanager
def moved_clock() -> Iterator[Clock]:
    made = Clock()
    token = clock.told_by.set(lambda: made.moment)
    try:
        yield made
    finally:
        clock.told_by.reset(token)
