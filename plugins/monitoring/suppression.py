"""Hiding small counts, and what could be computed from the others (secondary suppression).

Counts stand in lines whose parts add up to a total: the sectors of a village to all its cases, the villages of a
kecamatan to the kecamatan. A count of 1 to ``fewest`` - 1 is hidden. Where a line's hidden cells could be computed from
what is shown, because only one is hidden or because together they are fewer than ``fewest``, its smallest shown count
that is not 0 is hidden too, until no line tells (Hundepool et al., Statistical Disclosure Control, 2012, ch. 4). A 0
tells of nobody and is shown. Lines are looked at one by one: what only a system of many lines together would tell is
not searched for.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Cell = TypeVar("Cell", bound=Hashable)


@dataclass(frozen=True)
class Line(Generic[Cell]):
    """``parts`` add up to ``total``."""

    parts: Sequence[Cell]
    total: Cell


def hidden_cells(counts: Mapping[Cell, int], lines: Iterable[Line[Cell]], fewest: int) -> set[Cell]:
    """The cells that may not be published."""
    every = list(lines)
    hidden = {cell for cell, count in counts.items() if 0 < count < fewest}
    settled = False
    while not settled:
        settled = True
        for line in every:
            more = _to_hide(counts, line, hidden, fewest)
            if more is not None:
                hidden.add(more)
                settled = False
    return hidden


def _to_hide(counts: Mapping[Cell, int], line: Line[Cell], hidden: set[Cell], fewest: int) -> Cell | None:
    """The next cell to hide in a line that tells too much; None where it does not, or nothing is left to hide."""
    cells = [*line.parts, line.total]
    away = [cell for cell in cells if cell in hidden]
    if not away:
        return None
    few = line.total not in hidden and sum(counts[cell] for cell in away) < fewest
    if len(away) > 1 and not few:
        return None
    shown = [cell for cell in line.parts if cell not in hidden and counts[cell]]
    if shown:
        return min(shown, key=lambda cell: counts[cell])
    return line.total if line.total not in hidden and counts[line.total] else None
