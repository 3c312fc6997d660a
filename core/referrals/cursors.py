"""Where a page of a list over several villages goes on: a day or a moment, the village, the referral."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from core.cases.lists import read_keys

Key = tuple[Any, int, UUID]


def after_day(cursor: str | None) -> Key | None:
    return _after(cursor, date.fromisoformat)


def after_moment(cursor: str | None) -> Key | None:
    return _after(cursor, datetime.fromisoformat)


def _after(cursor: str | None, reader: Callable[[str], date]) -> Key | None:
    keys = read_keys(cursor, reader, _village_id, UUID)
    return (keys[0], keys[1], keys[2]) if keys else None


def _village_id(value: object) -> int:
    """Raises: ValueError: not the number of an area."""
    if not isinstance(value, int) or not 0 <= value < 10**10:
        raise ValueError(f"{value!r} is not an area")
    return value
