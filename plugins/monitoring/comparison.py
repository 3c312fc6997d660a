"""Villages or kecamatan beside each other, sorted by a figure, a page at a time."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.api import PAGE_SIZE, Figure, Page, Text, paged, read_keys
from core.api import lazy_gettext as _

from .reading import Place
from .words import OWN

COLUMNS: Mapping[str, Text] = {
    "received": OWN["monitoring.received"][0],
    "solved": OWN["monitoring.solved"][0],
    "local": OWN["monitoring.local"][0],
    "referred": OWN["monitoring.referred"][0],
    "overdue": OWN["monitoring.overdue"][0],
    "wait": _("Menunggu"),
    "ikm": _("IKM"),
}
"""What can be sorted by; the first is the usual one."""

ELSEWHERE = {"wait": "queue.wait", "ikm": "feedback.ikm"}
BY_NAME = "name"


def figure_of(place: Place, column: str) -> Figure | None:
    """The figure of a column; None where the place has none of it."""
    key = ELSEWHERE.get(column)
    return place.total.own(f"monitoring.{column}") if key is None else _elsewhere(place, key)


def _elsewhere(place: Place, key: str) -> Figure | None:
    sums = place.total.figures.get(key)
    if sums is None:
        return None
    unit: Any = "minutes" if key == "queue.wait" else "points"
    return Figure(key=key, title=key, amount=sums[0] or 0, of=sums[1], unit=unit)


def compared(places: Sequence[Place], sort: str, cursor: str | None, size: int = PAGE_SIZE) -> Page[Place]:
    """One page of them: the greatest value first, those without one last; by name where ``sort`` names no column."""
    ordered = sorted(places, key=lambda place: _key(place, sort))
    after = read_keys(cursor, str)
    codes = [str(place.code) for place in ordered]
    begin = codes.index(after[0]) + 1 if after and after[0] in codes else 0
    return paged(ordered[begin : begin + size + 1], lambda place: (str(place.code),), cursor if begin else None, size)


def _key(place: Place, sort: str) -> tuple[bool, float, str, int]:
    if sort not in COLUMNS:
        return False, 0.0, place.title.lower(), place.code.id
    figure = figure_of(place, sort)
    value = figure.value if figure else None
    return value is None, -(value or 0.0), place.title.lower(), place.code.id
