"""Keyset paging: a page starts after a row, not after a count, so that page 400 costs what page 1 does."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar
from uuid import UUID

Row = TypeVar("Row")

PAGE_SIZE = 25


@dataclass(frozen=True)
class Page(Generic[Row]):
    """The rows of one page and the cursor of the next; None when this is the last."""

    rows: Sequence[Row]
    next: str | None
    is_first: bool


def paged(
    rows: Sequence[Row], key: Callable[[Row], Sequence[object]], cursor: str | None, size: int = PAGE_SIZE
) -> Page[Row]:
    """From a query with ``limit(size + 1)``: the extra row only tells that there is more."""
    shown = rows[:size]
    more = len(rows) > size
    return Page(shown, write_cursor(key(shown[-1])) if more else None, cursor is None)


def write_cursor(values: Sequence[object]) -> str:
    plain = [v.isoformat() if isinstance(v, date | datetime) else str(v) if isinstance(v, UUID) else v for v in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def read_cursor(text: str | None, length: int) -> list | None:
    """The values that :func:`write_cursor` wrote; a damaged cursor starts at the first page."""
    if not text:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        return None
    return values if isinstance(values, list) and len(values) == length else None
