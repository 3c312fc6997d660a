"""Every plugin that an area has to do with: installed or broken, skipped or gone; where it is on; what stopped it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import any_, func, literal, select

from core.areas.code import AreaCode, Level
from core.areas.models import Area, ModuleSetting
from core.areas.modules import in_or_above
from core.cases.workflow import Text
from core.database.session import db
from core.platform import platform
from core.plugins.failures import Stopped, stopped
from core.plugins.manifest import BrokenPlugin

READY, BROKEN, SKIPPED, MISSING = "ready", "broken", "skipped", "missing"


@dataclass(frozen=True)
class PluginOverview:
    """One plugin as an area sees it.

    Attributes:
        state: ready, broken, skipped (``PLUGINS_DISABLED``) or missing: settings name it and no wheel brings it.
        version: "–" where it is not loaded, as are ``api``.
        distribution: the wheel that brings it; "–" for a missing one.
        troubles: why it, or a second wheel of its name, was refused.
        villages: in how many villages of the area it is on, of ``total``.
        stops: what keeps it from running there.
    """

    name: str
    title: Text
    summary: Text
    state: str
    version: str
    api: str
    distribution: str
    troubles: Sequence[BrokenPlugin]
    villages: int
    total: int
    stops: Sequence[Stopped]


def overview(area: AreaCode) -> list[PluginOverview]:
    """By name; three queries."""
    registry = platform().plugins
    on, total = _usage(area)
    named = set(db.session.scalars(select(ModuleSetting.module).where(in_or_above(ModuleSetting.area_id, area)))) | {
        *on
    }
    broken = {item.name for item in registry.broken}
    stops = stopped(area)
    names = {*registry.plugins, *broken, *registry.disabled, *named, *(stop.plugin for stop in stops)}
    return [_one(name, on[name], total, [stop for stop in stops if stop.plugin == name]) for name in sorted(names)]


def find(area: AreaCode, name: str) -> PluginOverview | None:
    return next((item for item in overview(area) if item.name == name), None)


def _one(name: str, villages: int, total: int, stops: Sequence[Stopped]) -> PluginOverview:
    registry = platform().plugins
    plugin = registry.plugins.get(name)
    troubles = [item for item in registry.broken if item.name == name]
    if plugin:
        state, distribution = READY, registry.loaded(name).distribution
    elif troubles:
        state, distribution = BROKEN, troubles[0].distribution
    else:
        state, distribution = SKIPPED if name in registry.disabled else MISSING, "–"
    return PluginOverview(
        name=name,
        title=plugin.title if plugin else name,
        summary=plugin.summary if plugin else "",
        state=state,
        version=plugin.version if plugin else "–",
        api=plugin.api if plugin else "–",
        distribution=distribution,
        troubles=troubles,
        villages=villages,
        total=total,
        stops=stops,
    )


def _usage(area: AreaCode) -> tuple[Counter[str], int]:
    """In how many villages each module is on, those that are not installed among them; and how many there are."""
    rows = db.session.execute(
        select(Area.enabled, func.count())
        .where(Area.id.between(area.id, area.hi), Area.level == Level.VILLAGE)
        .group_by(Area.enabled)
    ).all()
    on: Counter[str] = Counter()
    for enabled, count in rows:
        on.update(dict.fromkeys(enabled, count))
    return on, sum(count for _enabled, count in rows)


def villages_with(area: AreaCode, plugin: str, most: int) -> Iterable[Area]:
    """The first villages of an area in which a plugin is on, by code."""
    here = Area.id.between(area.id, area.hi), Area.level == Level.VILLAGE, literal(plugin) == any_(Area.enabled)
    query = select(Area).where(*here)
    return db.session.scalars(query.order_by(Area.id).limit(most))
