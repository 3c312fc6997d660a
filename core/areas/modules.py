"""Switching modules on and off, at any level, and keeping every area's effective set up to date."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import BigInteger, ColumnElement, any_, delete, func, literal, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.orm import InstrumentedAttribute

from core.audit import record
from core.database.session import after_commit, db
from core.enablement import Origin, Setting, Stop, effective, effective_sets, without_stopped
from core.platform import platform
from core.plugins.models import PluginSuspension

from .code import AreaCode, Level
from .current import CurrentArea, find_areas
from .models import Area, ModuleSetting

# Held while sets are worked out, so that of two changes at once the later one sees the earlier one's setting.
RECOMPUTING = 3201


class UnknownModule(Exception):
    """No installed plugin has this name; the message lists those that there are."""


@dataclass(frozen=True)
class ModuleUse:
    """In how many villages of an area a module is on."""

    villages: int
    total: int


def check_installed(module: str) -> None:
    """Raises: UnknownModule: no installed plugin has this name."""
    installed = platform().plugins.plugins
    if module not in installed:
        raise UnknownModule(f"Modul {module!r} tidak terpasang. Yang ada: {', '.join(installed) or '–'}.")


def set_module(area: AreaCode, module: str, *, enabled: bool | None, locked: bool = False) -> int:
    """Store a setting (None: remove it, so that the area inherits again) and recompute what lies below.

    Answers with the number of areas whose set of modules changed. Data of a module that goes off are kept.

    Raises:
        UnknownModule: no installed plugin has this name.
    """
    check_installed(module)
    store_settings([Setting(area.id, module, bool(enabled), locked)] if enabled is not None else [])
    remove_settings([(area.id, module)] if enabled is None else [])
    record("modules.set", "module", module, area=str(area), enabled=enabled, locked=locked)
    return recompute(area)


def store_settings(settings: Iterable[Setting]) -> None:
    """Write settings as they are, without recomputing."""
    rows = [{"area_id": s.area_id, "module": s.module, "enabled": s.enabled, "locked": s.locked} for s in settings]
    if rows:
        statement = insert(ModuleSetting).values(rows)
        db.session.execute(
            statement.on_conflict_do_update(
                index_elements=["area_id", "module"],
                set_={
                    "enabled": statement.excluded.enabled,
                    "locked": statement.excluded.locked,
                    "set_at": func.now(),
                },
            )
        )


def remove_settings(keys: Collection[tuple[int, str]]) -> None:
    """Remove the settings of these areas and modules, without recomputing."""
    if keys:
        db.session.execute(delete(ModuleSetting).where(tuple_(ModuleSetting.area_id, ModuleSetting.module).in_(keys)))


def hold_settings() -> None:
    """Let nobody else change what is on where until this transaction ends."""
    db.session.execute(select(func.pg_advisory_xact_lock(RECOMPUTING)))


def recompute(area: AreaCode) -> int:
    """Bring ``areas.enabled`` of everything in ``area`` up to date; answers with how many changed.

    Four queries and one update for each distinct set, however many villages there are.
    """
    hold_settings()
    rows = db.session.execute(
        select(Area.id, Area.parent_id, Area.enabled, Area.level).where(in_or_above(Area.id, area))
    ).all()
    known = {row.id for row in rows}
    parents = {row.id: row.parent_id if row.parent_id in known else None for row in rows}
    settings = settings_where(in_or_above(ModuleSetting.area_id, area))
    sets = without_stopped(effective_sets(parents, settings), stops_at(area))
    changed = [row for row in rows if area.id <= row.id <= area.hi and frozenset(row.enabled) != sets[row.id]]
    by_set: dict[frozenset[str], list[int]] = {}
    for row in changed:
        by_set.setdefault(sets[row.id], []).append(row.id)
    for modules, area_ids in by_set.items():
        # One array: 84,000 villages are more than the bind parameters that a statement can have.
        ids = any_(literal(area_ids, ARRAY(BigInteger)))
        db.session.execute(update(Area).where(Area.id == ids).values(enabled=sorted(modules)))
    _announce((row.id, frozenset(row.enabled), sets[row.id]) for row in changed if row.level == Level.VILLAGE)
    return len(changed)


def in_or_above(column: InstrumentedAttribute[int], area: AreaCode) -> ColumnElement[bool]:
    """The area, all that lies in it, and what it lies in."""
    return column.between(area.id, area.hi) | column.in_(ancestors(area))


def ancestors(area: AreaCode) -> list[int]:
    """The ids of what an area lies in, from the nearest up."""
    found: list[int] = []
    above = area.parent
    while above is not None:
        found.append(above.id)
        above = above.parent
    return found


def stops_at(area: AreaCode) -> list[Stop]:
    """What somebody has suspended at an area, above it or in it."""
    at = PluginSuspension.area_id
    where = or_(in_or_above(at, area), at == 0)
    rows = db.session.execute(select(at, PluginSuspension.plugin).where(where))
    return [Stop(area_id, AreaCode.from_id(area_id).hi, plugin) for area_id, plugin in rows]


def settings_where(condition: ColumnElement[bool]) -> list[Setting]:
    # Columns, not rows of the model: those are written past the session, which would answer with what it knew before.
    columns = (ModuleSetting.area_id, ModuleSetting.module, ModuleSetting.enabled, ModuleSetting.locked)
    return [Setting(*row) for row in db.session.execute(select(*columns).where(condition))]


def _announce(changes: Iterable[tuple[int, frozenset[str], frozenset[str]]]) -> None:
    """Tell each plugin in which villages it went on or off, once that is committed: one call a plugin and event."""
    registry = platform().plugins
    hooks = registry.hooks_of_all()
    events = ("village_enabled", "village_disabled")
    listening = {event: hooks.listeners(event) for event in events}
    if not any(listening.values()):
        return  # nothing is worked out for nobody: provisioning a nation would pay for it
    alike: dict[tuple[frozenset[str], frozenset[str]], list[int]] = {}
    for area_id, before, after in changes:
        alike.setdefault((before, after), []).append(area_id)
    switched: dict[tuple[str, str], list[int]] = {}
    for (before, after), area_ids in alike.items():
        # What counts is where a plugin runs: one that requires another starts when that one is switched on.
        ran, runs = registry.effective(before), registry.effective(after)
        for event, modules in zip(events, (runs - ran, ran - runs), strict=True):
            for module in modules & listening[event]:
                switched.setdefault((event, module), []).extend(area_ids)

    def tell() -> None:
        areas = find_areas({area_id for area_ids in switched.values() for area_id in area_ids})
        for (event, module), area_ids in sorted(switched.items()):
            concerned = frozenset(area_ids)
            hooks.emit(event, only=frozenset({module}), areas=[area for area in areas if area.id in concerned])

    if switched:
        after_commit(tell)


def origins(area: AreaCode) -> dict[str, Origin]:
    """Each module's value in an area and where it comes from."""
    chain = [*reversed(ancestors(area)), area.id]
    return effective(chain, settings_where(ModuleSetting.area_id.in_(chain)))


def usage(area: CurrentArea) -> dict[str, ModuleUse]:
    """For each installed module, in how many villages of the area it is on."""
    rows = db.session.scalars(
        select(Area.enabled).where(Area.id.between(area.id, area.hi), Area.level == Level.VILLAGE)
    ).all()
    counted = Counter(module for enabled in rows for module in enabled)
    return {name: ModuleUse(counted[name], len(rows)) for name in platform().plugins.plugins}
