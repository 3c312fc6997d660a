"""Which kinds of files there are: core's own, and those of the plugins that are on."""

from collections.abc import Collection

from core.areas.current import CurrentArea
from core.platform import platform

from .kind import ImportKind

CORE_KINDS: dict[str, ImportKind] = {}


def core_kind(kind: ImportKind) -> ImportKind:
    """Make a kind of core's own known, wherever it is."""
    CORE_KINDS[kind.name] = kind
    return kind


def kind_in(area: CurrentArea, name: str) -> ImportKind | None:
    """The kind of this name; None where there is none, or its plugin is off."""
    found = CORE_KINDS.get(name) or platform().plugins.imports.get(name)
    return found if found and (name in CORE_KINDS or _is_on(area, found)) else None


def kinds_in(area: CurrentArea, permissions: Collection[str]) -> list[ImportKind]:
    """Those that somebody with these permissions may bring in, core's own first."""
    found = [*CORE_KINDS.values(), *(kind for kind in platform().plugins.imports.values() if _is_on(area, kind))]
    return [kind for kind in found if kind.permission in permissions]


def _is_on(area: CurrentArea, kind: ImportKind) -> bool:
    return kind.plugin in platform().hooks_for(area.enabled).plugins
