"""A change of settings worked out before anything is done: in which villages what starts, stops or stays, and why."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import BigInteger, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from core.areas.code import AreaCode, Level, smallest_around
from core.areas.models import Area, ModuleSetting
from core.areas.modules import in_or_above, settings_where, stops_at
from core.cases.models import Case
from core.database.session import db
from core.enablement import Setting, Stop, effective_sets, without_stopped
from core.platform import platform
from core.plugins.dependencies import required_by

from .agreement import Discord, Place, new_pairs
from .wishes import Cell, Key, Settings, State, Wish, outcome


@dataclass(frozen=True)
class Impact:
    """What a change does to one module.

    Attributes:
        chosen: it was asked for; else it starts or stops because of another.
        depends_on: of those that were asked for, the ones that it requires.
        on: villages in which it starts.
        off: villages in which it stops. Their open cases stay readable and can be finished.
        deviating: villages below the chosen cells that keep the opposite, since a setting nearer to them says so.
        locked: villages below the refused cells.
        idle: villages in which it is switched on and does not run, since what it requires is off there or what runs
            there does not agree with it.
        cases: open cases in the villages of ``off``, and in how many of them there are any.
    """

    module: str
    chosen: bool
    on: tuple[Place, ...]
    off: tuple[Place, ...]
    deviating: tuple[Place, ...] = ()
    locked: tuple[Place, ...] = ()
    idle: tuple[Place, ...] = ()
    depends_on: tuple[str, ...] = ()
    cases: int = 0
    villages_with_cases: int = 0

    @property
    def nothing_happens(self) -> bool:
        return not (self.on or self.off)


@dataclass(frozen=True)
class Plan:
    """Attributes:
    area: the smallest that holds everything that would be touched.
    before, after: the settings that differ, as they are and as they would be.
    removed: those of ``before`` that go because deviations below are cleared.
    kept: deviations below the cells that stay.
    refused: cells that an area above has locked, each with that area.
    needed: cells to switch on too, so that what was asked for can run in all villages.
    clashes: what forbids the change.
    titles: the names of all areas that a page may have to name.
    fingerprint: differs when anything of this differs, but for the number of cases.
    """

    area: AreaCode
    before: tuple[Setting, ...]
    after: tuple[Setting, ...]
    removed: tuple[Setting, ...]
    kept: tuple[Setting, ...]
    refused: Mapping[Cell, int]
    impacts: tuple[Impact, ...]
    needed: tuple[Cell, ...]
    clashes: tuple[Discord, ...]
    titles: Mapping[int, str]
    fingerprint: str

    @property
    def changes_nothing(self) -> bool:
        return not (self.before or self.after)


@dataclass(frozen=True)
class Ground:
    """All that a change in an area depends on, read at once: six queries make a plan, however many villages."""

    area: AreaCode
    areas: Mapping[int, Area]
    settings: Settings
    stops: Sequence[Stop] = ()

    @property
    def villages(self) -> list[Area]:
        inside = (area for area in self.areas.values() if self.area.id <= area.id <= self.area.hi)
        return [area for area in inside if area.level == Level.VILLAGE]


def plan_wish(wish: Wish) -> Plan:
    """What a wish would do. Reads only."""
    ground = read_ground(smallest_around([cell.area for cell in wish.cells]))
    found = outcome(wish, ground.settings)
    before, after = difference(ground.settings, found.settings)
    chosen = {cell.key for cell in wish.cells}
    kept_keys = {key for cell in wish.cells for key in found.settings if _lies_below(key, cell)} - chosen
    impacts = weigh(ground, found.settings, wish, frozenset(found.refused))
    before_sets, after_sets = _sets(ground, ground.settings), _sets(ground, found.settings)
    return Plan(
        area=ground.area,
        before=before,
        after=after,
        removed=tuple(s for s in before if (s.area_id, s.module) not in {*found.settings, *chosen}),
        kept=tuple(found.settings[key] for key in sorted(kept_keys)),
        refused=found.refused,
        impacts=impacts,
        needed=_needed(ground, wish, after_sets),
        clashes=_clashes(ground, before_sets, after_sets),
        titles={area.id: area.title for area in ground.areas.values()},
        fingerprint=_fingerprint(before, after, found.refused, impacts),
    )


def _needed(ground: Ground, wish: Wish, enabled: Mapping[int, frozenset[str]]) -> tuple[Cell, ...]:
    """Where a module that is to be switched on finds something off that it requires, that too, at the same area."""
    if wish.state != State.ON:
        return ()
    plugins = platform().plugins.plugins
    found: set[Cell] = set()
    for cell in wish.cells:
        required = required_by(cell.module, plugins)
        missing = {name for village in _below(ground, [cell]) for name in required - enabled[village.id]}
        found |= {Cell(cell.area, name) for name in missing}
    return tuple(sorted(found - {*wish.cells}, key=lambda cell: cell.key))


def _clashes(
    ground: Ground, before: Mapping[int, frozenset[str]], after: Mapping[int, frozenset[str]]
) -> tuple[Discord, ...]:
    """Pairs that would newly be on together in a village, whether by a setting of its own or by what it inherits.

    What a module requires may be switched off: the preview tells what stops.
    """
    return tuple(found for found in _discords(ground, before, after) if not found.required)


def discords(ground: Ground, after: Settings) -> tuple[Discord, ...]:
    """Where other settings in an area would newly leave modules that do not agree."""
    lasting = replace(ground, stops=())
    return _discords(ground, _sets(lasting, ground.settings), _sets(lasting, after))


def _discords(
    ground: Ground, before: Mapping[int, frozenset[str]], after: Mapping[int, frozenset[str]]
) -> tuple[Discord, ...]:
    villages = {village.id: after[village.id] for village in ground.villages}
    return tuple(
        Discord(one, other, _places(ground.areas[village] for village in where), required)
        for (one, other, required), where in new_pairs(before, villages).items()
    )


def _lies_below(key: Key, cell: Cell) -> bool:
    return key[1] == cell.module and cell.area.id < key[0] <= cell.area.hi


def read_ground(area: AreaCode) -> Ground:
    areas = db.session.scalars(select(Area).where(in_or_above(Area.id, area)).order_by(Area.id))
    settings = settings_where(in_or_above(ModuleSetting.area_id, area))
    return Ground(area, {row.id: row for row in areas}, {(s.area_id, s.module): s for s in settings}, stops_at(area))


def difference(before: Settings, after: Settings) -> tuple[tuple[Setting, ...], tuple[Setting, ...]]:
    """The settings that only one side has or that differ, as they are on each, by area and module."""
    keys = sorted(key for key in {*before, *after} if before.get(key) != after.get(key))
    return tuple(before[key] for key in keys if key in before), tuple(after[key] for key in keys if key in after)


def weigh(
    ground: Ground, after: Settings, wish: Wish | None = None, refused: frozenset[Cell] = frozenset()
) -> tuple[Impact, ...]:
    """What other settings in an area do to each module that they touch, by the module's name."""
    enabled_before, enabled_after = _sets(ground, ground.settings), _sets(ground, after)
    hooks_for = platform().plugins.hooks_for
    on: dict[str, list[Area]] = {}
    off: dict[str, list[Area]] = {}
    runs: dict[int, frozenset[str]] = {}
    for village in ground.villages:
        ran = hooks_for(enabled_before[village.id]).plugins
        runs[village.id] = hooks_for(enabled_after[village.id]).plugins
        for names, found in ((runs[village.id] - ran, on), (ran - runs[village.id], off)):
            for name in names:
                found.setdefault(name, []).append(village)
    cases, impacts = _open_cases(off), []
    chosen = {cell.module for cell in wish.cells} if wish else set()
    for name in sorted(chosen | on.keys() | off.keys()):
        open_to_change = [cell for cell in wish.cells if cell not in refused] if wish else []
        below = _below(ground, [cell for cell in open_to_change if cell.module == name])
        impacts.append(
            Impact(
                module=name,
                chosen=name in chosen,
                on=_places(on.get(name, ())),
                off=_places(off.get(name, ())),
                deviating=_places(v for v in below if wish and _deviates(wish, name in enabled_after[v.id])),
                locked=_places(_below(ground, [cell for cell in refused if cell.module == name])),
                idle=_places(v for v in below if name in enabled_after[v.id] - runs[v.id]),
                depends_on=tuple(sorted(chosen & required_by(name, platform().plugins.plugins))),
                cases=sum(cases.get(name, {}).values()),
                villages_with_cases=len(cases.get(name, {})),
            )
        )
    return tuple(impacts)


def _deviates(wish: Wish, enabled: bool) -> bool:
    return wish.state in (State.ON, State.OFF) and enabled != (wish.state == State.ON)


def _sets(ground: Ground, settings: Settings) -> dict[int, frozenset[str]]:
    parents = {area.id: area.parent_id if area.parent_id in ground.areas else None for area in ground.areas.values()}
    return without_stopped(effective_sets(parents, settings.values()), ground.stops)


def _below(ground: Ground, cells: Sequence[Cell]) -> list[Area]:
    """The villages in which the cells lie or that lie in them."""
    return [v for v in ground.villages if any(cell.area.id <= v.id <= cell.area.hi for cell in cells)]


def _places(areas: Iterable[Area]) -> tuple[Place, ...]:
    return tuple(Place(area.id, area.title, area.suspended_at is not None) for area in areas)


def _open_cases(off: Mapping[str, Sequence[Area]]) -> dict[str, dict[int, int]]:
    """Of each module, the open cases in the villages where it stops: their number by village, where there are any."""
    loaded = platform().plugins.loaded
    module_of = {service.name: name for name in off for service in loaded(name).services}
    where = {name: {village.id for village in villages} for name, villages in off.items()}
    if not module_of:
        return {}
    ids = any_(literal(sorted(set().union(*where.values())), ARRAY(BigInteger)))
    rows = db.session.execute(
        select(Case.service, Case.village_id, func.count())
        .where(Case.village_id == ids, Case.closed_at.is_(None), Case.service.in_(module_of))
        .group_by(Case.service, Case.village_id)
    )
    found: dict[str, dict[int, int]] = {}
    for service, village_id, count in rows:
        module = module_of[service]
        if village_id in where[module]:
            of_module = found.setdefault(module, {})
            of_module[village_id] = of_module.get(village_id, 0) + count
    return found


def _fingerprint(
    before: Sequence[Setting], after: Sequence[Setting], refused: Mapping[Cell, int], impacts: Sequence[Impact]
) -> str:
    told = [
        [(s.area_id, s.module, s.enabled, s.locked) for s in (*before, *after)],
        sorted((*cell.key, locked_by) for cell, locked_by in refused.items()),
        [(i.module, [p.id for p in i.on], [p.id for p in i.off], [p.id for p in i.deviating]) for i in impacts],
    ]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]
