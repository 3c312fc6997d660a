"""Setting, resetting and locking the settings of a plugin at one area; the history, and the way back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from core.actor import current_actor
from core.areas.code import AreaCode, Level
from core.audit import record
from core.clock import now
from core.database.session import db

from .models import PluginSetting, PluginSettingChange
from .reading import InForce, Stored, forget, in_force, rows_of, seal_secret

# Held while settings are changed, so that of two changes at once the later one sees the earlier one's.
CHANGING = 3202

HISTORY = 20


@dataclass(frozen=True)
class SettingsWish:
    """What is wanted of a plugin's settings at one area. What is named nowhere stays as it is.

    Attributes:
        values: to be set here, as JSON (``core.cases.answers.answers_of``).
        secrets: to be set here, in plain.
        reset: to be inherited again.
        locks: whether areas below may deviate. To lock what is only inherited, set it too.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    reset: frozenset[str] = frozenset()
    locks: Mapping[str, bool] = field(default_factory=dict)

    @property
    def names(self) -> frozenset[str]:
        return frozenset({*self.values, *self.secrets, *self.reset, *self.locks})


class LockedAbove(Exception):
    """Settings that an area above keeps from being changed; ``locked`` has each with that area's id."""

    def __init__(self, locked: Mapping[str, int]) -> None:
        super().__init__(", ".join(sorted(locked)))
        self.locked = locked


class CannotUndo(Exception):
    """A change that cannot be taken back: it was changed again since, or it touched a secret."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


def hold_settings() -> None:
    """Let nobody else change settings of plugins until this transaction ends."""
    db.session.execute(select(func.pg_advisory_xact_lock(CHANGING)))
    forget()


def change_settings(area: AreaCode, plugin: str, wish: SettingsWish) -> PluginSettingChange | None:
    """Carry a wish out and keep what stood there before; None when all is like that already. The caller commits.

    The caller holds the settings (:func:`hold_settings`) and has validated the values.

    Raises:
        LockedAbove: one of them is locked by an area above.
    """
    counts = in_force(area, plugin)
    locked = {name: found for name in wish.names if (found := locked_above(area, counts.get(name))) is not None}
    if locked:
        raise LockedAbove(locked)
    own = own_rows(area, plugin)
    after = {name: _wanted(area, plugin, name, wish, own.get(name)) for name in sorted(wish.names)}
    changed = {name: row for name, row in after.items() if _differs(own.get(name), row)}
    if not changed:
        return None
    for name, row in changed.items():
        _write(area, plugin, name, row)
    forget()
    return _note(area, plugin, {name: own.get(name) for name in changed}, changed)


def locked_above(area: AreaCode, found: InForce | None) -> int | None:
    """The area above that keeps this one from setting it; None where it may be set."""
    return found.locked_by if found and found.locked_by not in (None, area.id) else None


def own_rows(area: AreaCode, plugin: str) -> dict[str, Stored]:
    """What is set at the area itself, by name, whether it counts or not."""
    return {row.name: row for row in rows_of(area, plugin) if row.area_id == area.id}


def deviations(area: AreaCode, plugin: str) -> dict[str, int]:
    """How many areas below set each of a plugin's settings themselves."""
    rows = db.session.execute(
        select(PluginSetting.name, func.count().label("areas"))
        .where(PluginSetting.area_id > area.id, PluginSetting.area_id <= area.hi, PluginSetting.plugin == plugin)
        .group_by(PluginSetting.name)
    )
    return {row.name: row.areas for row in rows}


def _wanted(area: AreaCode, plugin: str, name: str, wish: SettingsWish, own: Stored | None) -> Stored | None:
    if name in wish.reset:
        return None
    sets = name in wish.values or name in wish.secrets
    if own is None and not sets:
        return None  # only a lock was named, and there is nothing to lock
    value, sealed = (own.value, own.sealed) if own else (None, None)
    if name in wish.values:
        value, sealed = wish.values[name], None
    if name in wish.secrets:
        value, sealed = None, seal_secret(area.id, plugin, name, wish.secrets[name])
    locked = wish.locks.get(name, own.locked if own else False) and area.level < Level.VILLAGE
    return Stored(area.id, plugin, name, value, sealed, locked, now(), current_actor.get().name)


def _differs(before: Stored | None, after: Stored | None) -> bool:
    if before is None or after is None:
        return before is not after
    return (before.value, before.sealed, before.locked) != (after.value, after.sealed, after.locked)


def _write(area: AreaCode, plugin: str, name: str, row: Stored | None) -> None:
    key = {"area_id": area.id, "plugin": plugin, "name": name}
    if row is None:
        where = [getattr(PluginSetting, column) == value for column, value in key.items()]
        db.session.execute(delete(PluginSetting).where(*where))
        return
    values = {
        "value": row.value,
        "sealed": row.sealed,
        "locked": row.locked,
        "set_at": row.set_at,
        "user_id": current_actor.get().user_id,
        "user_name": row.user_name,
    }
    statement = insert(PluginSetting).values(**key, area_hi=area.hi, **values)
    db.session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))


def _note(
    area: AreaCode, plugin: str, before: Mapping[str, Stored | None], after: Mapping[str, Stored | None]
) -> PluginSettingChange:
    """The history's entry and the audit's. Neither ever holds a secret."""
    actor = current_actor.get()
    change = PluginSettingChange(
        area_id=area.id,
        area_hi=area.hi,
        plugin=plugin,
        at=now(),
        user_id=actor.user_id,
        user_name=actor.name,
        before={name: _told(row) for name, row in before.items()},
        after={name: _told(row) for name, row in after.items()},
    )
    db.session.add(change)
    db.session.flush()
    detail = {"area": str(area), "plugin": plugin, "names": sorted(after)}
    record("settings.changed", "plugin_settings", change.id, **detail, before=change.before, after=change.after)
    return change


def _told(row: Stored | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {"secret": True, "locked": row.locked} if row.sealed else {"value": row.value, "locked": row.locked}


# ---- what was done, and the way back ----


def history(area: AreaCode, plugin: str) -> Sequence[PluginSettingChange]:
    """The latest changes at the area itself, the newest first."""
    return db.session.scalars(
        select(PluginSettingChange)
        .where(PluginSettingChange.area_id == area.id, PluginSettingChange.plugin == plugin)
        .order_by(PluginSettingChange.id.desc())
        .limit(HISTORY)
    ).all()


def find_change(area: AreaCode, plugin: str, change_id: UUID) -> PluginSettingChange | None:
    return db.session.scalar(
        select(PluginSettingChange).where(
            PluginSettingChange.id == change_id,
            PluginSettingChange.area_id == area.id,
            PluginSettingChange.plugin == plugin,
        )
    )


def touches_secret(change: PluginSettingChange) -> bool:
    return any(told and "secret" in told for side in (change.before, change.after) for told in side.values())


def undo(change: PluginSettingChange) -> PluginSettingChange | None:
    """Set what stood before a change. That is a change too. The caller holds the settings and commits.

    Raises:
        CannotUndo: it touched a secret, whose former value nobody keeps, or was changed again since.
        LockedAbove: an area above has locked one of them since.
    """
    area = AreaCode.from_id(change.area_id)
    if touches_secret(change):
        raise CannotUndo([])
    own = own_rows(area, change.plugin)
    if moved := [name for name, told in change.after.items() if _told(own.get(name)) != told]:
        raise CannotUndo(sorted(moved))
    stood = {name: told for name, told in change.before.items() if told is not None}
    return change_settings(
        area,
        change.plugin,
        SettingsWish(
            values={name: told["value"] for name, told in stood.items()},
            reset=frozenset(change.before.keys() - stood.keys()),
            locks={name: told["locked"] for name, told in stood.items()},
        ),
    )
