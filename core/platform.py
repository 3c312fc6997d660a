"""What one running application consists of besides Flask: its settings, plugins and permissions."""

from dataclasses import dataclass, field
from typing import Any

from flask import current_app

from core.config import Config
from core.plugins.registry import PluginRegistry, VillageHooks
from core.users.permissions import PermissionTable
from core.web.kept import Kept


@dataclass
class Platform:
    config: Config
    plugins: PluginRegistry
    permissions: PermissionTable
    plugin_blueprints: dict[str, str] = field(default_factory=dict)
    """Name of a plugin's blueprint → name of the plugin."""
    menus: "Kept[list[tuple[str, Any]]]" = field(default_factory=lambda: Kept(most=1_000, seconds=60))
    """What the plugins answered for the menu, by whatever it may depend on (``core.web.panels``)."""

    modules_inside: "Kept[frozenset[str]]" = field(default_factory=lambda: Kept(most=1_000, seconds=60))
    """By the id of a wide area, for its menu (``core.areas.inside``)."""

    def plugin_of_blueprint(self, blueprint: str | None) -> str | None:
        return self.plugin_blueprints.get(blueprint) if blueprint else None

    def hooks_for(self, enabled: frozenset[str]) -> VillageHooks:
        return self.plugins.hooks_for(enabled)


def platform() -> Platform:
    return current_app.extensions["puskesos"]
