"""Which modules are on in an area, worked out from the settings that stand at it and above it.

A setting may stand at any level, from the nation to the village. The nearest one wins, unless one above is locked: that
holds for everything below, and of several locks the topmost. A module that no setting names is off.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Setting:
    """A module switched on or off at an area, for it and all below. An area has at most one for a module.

    Attributes:
        area_id: the area's ten-digit code as a number.
        locked: areas below cannot deviate.
    """

    area_id: int
    module: str
    enabled: bool
    locked: bool = False


@dataclass(frozen=True)
class Origin:
    """A module's value in an area, the area whose setting gave it, and the area that locked it (None: nobody)."""

    enabled: bool
    area_id: int
    locked_by: int | None = None


def effective(chain: Sequence[int], settings: Iterable[Setting]) -> dict[str, Origin]:
    """Each module's value in the last area of ``chain``, and where it comes from.

    Args:
        chain: the area's ancestors from the topmost down, the area itself last.
        settings: of these areas; those of others are ignored.

    A module without a setting in the chain is missing from the result: it is off.
    """
    at: dict[int, list[Setting]] = {area_id: [] for area_id in chain}
    for setting in settings:
        if setting.area_id in at:
            at[setting.area_id].append(setting)
    origins: dict[str, Origin] = {}
    for area_id in chain:
        for setting in at[area_id]:
            above = origins.get(setting.module)
            if above is None or above.locked_by is None:
                origins[setting.module] = Origin(setting.enabled, area_id, area_id if setting.locked else None)
    return origins


_Resolved = tuple[frozenset[str], frozenset[str]]  # modules that are on, modules that are locked


def effective_sets(areas: Mapping[int, int | None], settings: Iterable[Setting]) -> dict[int, frozenset[str]]:
    """The modules that are on in each area, for a whole district or more in one pass.

    Args:
        areas: each area's parent, None for a topmost one; in any order.
        settings: of these areas; those of others are ignored.

    Equal sets are one object, so thousands of villages take the memory of a few.

    Raises:
        ValueError: a parent is not among the areas (settings and locks above it would be lost), or there is a circle.
    """
    at: dict[int, list[Setting]] = {}
    for setting in settings:
        at.setdefault(setting.area_id, []).append(setting)
    shared: dict[frozenset[str], frozenset[str]] = {}
    nothing: _Resolved = (frozenset(), frozenset())
    resolved: dict[int, _Resolved] = {}
    for area_id in areas:
        for below in reversed(_unresolved(area_id, areas, resolved)):
            parent = areas[below]
            on, locked = nothing if parent is None else resolved[parent]
            if below in at:
                on, locked = _apply(at[below], on, locked)
                on = shared.setdefault(on, on)
            resolved[below] = on, locked
    return {area_id: resolved[area_id][0] for area_id in areas}


@dataclass(frozen=True)
class Stop:
    """A module that does not run from ``lo`` to ``hi``, whatever the settings there say."""

    lo: int
    hi: int
    module: str


def without_stopped(sets: dict[int, frozenset[str]], stops: Sequence[Stop]) -> dict[int, frozenset[str]]:
    """Each area's modules without those that are stopped there. Equal sets are one object, as before."""
    if not stops:
        return sets
    shared: dict[frozenset[str], frozenset[str]] = {}
    rest = {}
    for area_id, modules in sets.items():
        left = modules - {stop.module for stop in stops if stop.lo <= area_id <= stop.hi}
        rest[area_id] = shared.setdefault(left, left)
    return rest


def _unresolved(area_id: int, areas: Mapping[int, int | None], resolved: Mapping[int, _Resolved]) -> list[int]:
    """The area and those of its ancestors that are not worked out yet, from the bottom up."""
    path: list[int] = []
    above: int | None = area_id
    while above is not None and above not in resolved:
        if above in path:
            raise ValueError(f"The parents of area {above} form a circle")
        if above not in areas:
            raise ValueError(f"Area {path[-1]} has the parent {above}, which is not among the areas")
        path.append(above)
        above = areas[above]
    return path


def _apply(own: Iterable[Setting], on: frozenset[str], locked: frozenset[str]) -> _Resolved:
    deviating = [setting for setting in own if setting.module not in locked]
    switched_on = {setting.module for setting in deviating if setting.enabled}
    switched_off = {setting.module for setting in deviating if not setting.enabled}
    newly_locked = {setting.module for setting in deviating if setting.locked}
    return (on - switched_off) | switched_on, locked | newly_locked if newly_locked else locked
