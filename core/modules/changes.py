"""Carrying a plan out, keeping what stood there before, and taking it back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import aliased

from core.actor import current_actor
from core.areas.code import AreaCode
from core.areas.models import Area, ModuleChange, ModuleSetting
from core.areas.modules import recompute, remove_settings, settings_where, store_settings
from core.audit import record
from core.clock import now
from core.database.session import db
from core.enablement import Setting
from core.web.paging import Page, paged

from .agreement import ModulesDisagree
from .plans import Impact, Plan, discords, read_ground, weigh
from .wishes import Key


@dataclass(frozen=True)
class Step:
    """One setting before and after a change; None where there was or is none."""

    area_id: int
    module: str
    before: Setting | None
    after: Setting | None


class AlreadyUndone(Exception):
    """The change is not in force any more."""


class ChangedSince(Exception):
    """Settings that a change touched are not as it left them: to restore what stood before would lose what came after.

    Attributes:
        steps: those settings, as the change left them and as they are now.
    """

    def __init__(self, steps: Sequence[Step]) -> None:
        super().__init__(f"{len(steps)} settings have been changed since")
        self.steps = steps


def apply_plan(plan: Plan, reason: str) -> ModuleChange:
    """Do what a plan says; one made while nobody else could change settings (``modules.hold_settings``).

    The caller commits.
    """
    change = _carry_out(plan.area, plan.before, plan.after, plan.impacts, reason)
    record("modules.changed", "module_change", change.id, **_told(change))
    return change


def undo(change: ModuleChange, reason: str = "") -> ModuleChange:
    """Restore exactly the settings that stood before a change. That is a change too, and can be undone itself.

    The caller holds the settings (``modules.hold_settings``) and commits.

    Raises:
        AlreadyUndone: somebody undid it before.
        ChangedSince: settings that it touched have been changed since.
        ModulesDisagree: other modules have been switched since, with which what stood before does not agree.
    """
    db.session.refresh(change)
    if change.undone_by is not None:
        raise AlreadyUndone
    steps = steps_of(change)
    now_there = _found([(step.area_id, step.module) for step in steps])
    moved = [
        Step(step.area_id, step.module, step.after, now_there.get((step.area_id, step.module)))
        for step in steps
        if now_there.get((step.area_id, step.module)) != step.after
    ]
    if moved:
        raise ChangedSince(moved)
    back = _restore(change, reason)
    change.undone_by = back.id
    db.session.flush()
    record("modules.undone", "module_change", change.id, **_told(back))
    return back


def _restore(change: ModuleChange, reason: str) -> ModuleChange:
    area = AreaCode.from_id(change.area_id)
    ground = read_ground(area)
    before, after = read_settings(change.after), read_settings(change.before)
    settings = {key: setting for key, setting in ground.settings.items() if key not in _by_key(before)}
    restored = {**settings, **_by_key(after)}
    if disagreeing := discords(ground, restored):
        raise ModulesDisagree(disagreeing)
    return _carry_out(area, before, after, weigh(ground, restored), reason)


def _carry_out(
    area: AreaCode, before: Sequence[Setting], after: Sequence[Setting], impacts: Iterable[Impact], reason: str
) -> ModuleChange:
    kept, impacts, actor = _by_key(after), list(impacts), current_actor.get()
    store_settings(after)
    remove_settings([key for key in _by_key(before) if key not in kept])
    recompute(area)
    change = ModuleChange(
        area_id=area.id,
        at=now(),
        user_id=actor.user_id,
        user_name=actor.name,
        reason=reason,
        before=_written(before),
        after=_written(after),
        villages_on=len({place.id for impact in impacts for place in impact.on}),
        villages_off=len({place.id for impact in impacts for place in impact.off}),
    )
    db.session.add(change)
    db.session.flush()
    return change


def _told(change: ModuleChange) -> dict[str, object]:
    """What the audit keeps of a change."""
    return {
        "area": str(AreaCode.from_id(change.area_id)),
        "modules": sorted({module for _area, module, *_rest in [*change.before, *change.after]}),
        "on": change.villages_on,
        "off": change.villages_off,
        "reason": change.reason,
        "before": change.before,
        "after": change.after,
    }


def _written(settings: Iterable[Setting]) -> list[list[object]]:
    return [[setting.area_id, setting.module, setting.enabled, setting.locked] for setting in settings]


def read_settings(written: Iterable[Sequence]) -> list[Setting]:
    """The settings of ``ModuleChange.before`` and ``after``."""
    return [Setting(*values) for values in written]


def _by_key(settings: Iterable[Setting]) -> dict[Key, Setting]:
    return {(setting.area_id, setting.module): setting for setting in settings}


def _found(keys: Sequence[Key]) -> dict[Key, Setting]:
    return _by_key(settings_where(tuple_(ModuleSetting.area_id, ModuleSetting.module).in_(keys)))


# ---- reading ----


@dataclass(frozen=True)
class Entry:
    """A change in the history. ``undoes`` is the one that it took back."""

    change: ModuleChange
    undoes: UUID | None
    steps: Sequence[Step]


def steps_of(change: ModuleChange) -> list[Step]:
    """What a change did to each setting, by area and module."""
    before, after = _by_key(read_settings(change.before)), _by_key(read_settings(change.after))
    return [Step(*key, before.get(key), after.get(key)) for key in sorted({*before, *after})]


def history(area: AreaCode, cursor: UUID | None = None) -> Page[Entry]:
    """The changes that lie in an area, the newest first."""
    undone = aliased(ModuleChange)
    query = (
        select(ModuleChange, undone.id)
        .outerjoin(undone, undone.undone_by == ModuleChange.id)
        .where(ModuleChange.area_id.between(area.id, area.hi))
        .order_by(ModuleChange.id.desc())
    )
    if cursor is not None:
        query = query.where(ModuleChange.id < cursor)
    rows = [Entry(change, undoes, steps_of(change)) for change, undoes in db.session.execute(query.limit(26))]
    return paged(rows, lambda entry: (entry.change.id,), None if cursor is None else "further")


def find_change(area: AreaCode, change_id: UUID) -> Entry | None:
    """A change that lies in an area."""
    undone = aliased(ModuleChange)
    row = db.session.execute(
        select(ModuleChange, undone.id)
        .outerjoin(undone, undone.undone_by == ModuleChange.id)
        .where(ModuleChange.id == change_id, ModuleChange.area_id.between(area.id, area.hi))
    ).first()
    return Entry(row[0], row[1], steps_of(row[0])) if row else None


def titles_of(entries: Iterable[Entry]) -> Mapping[int, str]:
    """The names of the areas that these changes touched, in one query."""
    ids = {step.area_id for entry in entries for step in entry.steps} | {entry.change.area_id for entry in entries}
    return {area.id: area.title for area in db.session.scalars(select(Area).where(Area.id.in_(ids)))}
