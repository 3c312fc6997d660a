"""What somebody wants of some fields of the matrix, and which settings that makes of those that stand today."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.areas.code import AreaCode, Level
from core.areas.modules import ancestors
from core.enablement import Setting, effective

Key = tuple[int, str]
"""An area's id and a module's name: a setting has one, and so has a field of the matrix."""

Settings = Mapping[Key, Setting]


class State(StrEnum):
    ON = "on"
    OFF = "off"
    INHERIT = "inherit"
    KEEP = "keep"


class Lock(StrEnum):
    LOCK = "lock"
    UNLOCK = "unlock"
    KEEP = "keep"


@dataclass(frozen=True)
class Cell:
    """One field of the matrix."""

    area: AreaCode
    module: str

    @property
    def key(self) -> Key:
        return self.area.id, self.module


class EmptyWish(ValueError):
    """Nothing would be changed by it, or it contradicts itself."""


@dataclass(frozen=True)
class Wish:
    """The same wish for each of ``cells``.

    Attributes:
        lock: whether areas below may deviate; a village, which has none below, is never locked. To lock what only
            inherits sets it to what it inherits.
        clear_below: remove the deviations of these modules in everything that lies below the cells.

    Raises:
        EmptyWish: no cells, nothing to do, or a lock without a setting to lock.
    """

    cells: tuple[Cell, ...]
    state: State = State.KEEP
    lock: Lock = Lock.KEEP
    clear_below: bool = False

    def __post_init__(self) -> None:
        idle = self.state == State.KEEP and self.lock == Lock.KEEP and not self.clear_below
        if not self.cells or idle or (self.state == State.INHERIT and self.lock == Lock.LOCK):
            raise EmptyWish


@dataclass(frozen=True)
class Outcome:
    """The settings as they would be, and the cells that an area above has locked, each with that area's id."""

    settings: Settings
    refused: Mapping[Cell, int]


def outcome(wish: Wish, settings: Settings) -> Outcome:
    """What becomes of ``settings``, which must be all that stand in and above the wish's cells.

    From the top down: what is decided above holds for those below, so that a lock and what it locks can be undone in
    one wish. A cell under a lock of the same wish needs no setting of its own and is not refused either.
    """
    after, refused = dict(settings), {}
    own = {cell.key for cell in wish.cells}
    for cell in sorted(wish.cells, key=lambda cell: (cell.area.level, cell.area.id)):
        locked_by = lock_above(cell, after)
        if locked_by is None:
            _fulfil(wish, cell, after)
        elif (locked_by, cell.module) not in own:
            refused[cell] = locked_by
    return Outcome(after, refused)


def lock_above(cell: Cell, settings: Settings) -> int | None:
    """The topmost area above a cell that keeps it from deviating."""
    for area_id in reversed(ancestors(cell.area)):
        setting = settings.get((area_id, cell.module))
        if setting is not None and setting.locked:
            return area_id
    return None


def _fulfil(wish: Wish, cell: Cell, after: dict[Key, Setting]) -> None:
    if wish.clear_below:
        for key in [key for key in after if _is_below(key, cell)]:
            del after[key]
    setting = _wanted(wish, cell, after)
    if setting is None:
        after.pop(cell.key, None)
    else:
        after[cell.key] = setting


def _is_below(key: Key, cell: Cell) -> bool:
    area_id, module = key
    return module == cell.module and cell.area.id < area_id <= cell.area.hi


def _wanted(wish: Wish, cell: Cell, settings: Settings) -> Setting | None:
    own = settings.get(cell.key)
    if wish.state == State.INHERIT:
        return None
    if wish.state == State.KEEP and own is None and wish.lock != Lock.LOCK:
        return None
    if wish.state == State.KEEP:
        enabled = own.enabled if own else _inherited(cell, settings)
    else:
        enabled = wish.state == State.ON
    locked = wish.lock == Lock.LOCK if wish.lock != Lock.KEEP else own is not None and own.locked
    return Setting(cell.area.id, cell.module, enabled, locked and cell.area.level < Level.VILLAGE)


def _inherited(cell: Cell, settings: Settings) -> bool:
    chain = list(reversed(ancestors(cell.area)))
    above = (settings.get((area_id, cell.module)) for area_id in chain)
    origin = effective(chain, [setting for setting in above if setting]).get(cell.module)
    return origin is not None and origin.enabled
