"""Finding the installed plugins, and refusing those that cannot work, each with its reason.

A plugin is a module named in the entry-point group ``puskesos.plugins``. A broken one never stops the installation,
unless ``PLUGINS_STRICT`` says so; one named in ``PLUGINS_DISABLED`` is not even imported.
"""

import importlib.metadata
import logging
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from click import Command
from flask import Blueprint

from core.cases.service import Service
from core.cases.workflow import Text
from core.database.upgrade import PluginMigrations
from core.plugins.dependencies import clashes, cycles, missing_of, required_by, running, without_unmet
from core.plugins.dispatch import VillageHooks
from core.plugins.health import PluginHealth, Suspension
from core.plugins.loading import Loaded, Refused, distribution_of, load
from core.plugins.manifest import BrokenPlugin, Plugin, PluginLoadError
from core.settings.form import SettingsForm
from core.texts import lazy_gettext as _
from core.users.permissions import Permission

ENTRY_POINT_GROUP = "puskesos.plugins"

# Sets of switched-on plugins that differ in effect, each with a small hook manager. 435 villages share a handful.
MAX_SETS = 256

log = logging.getLogger("puskesos.plugins")


class PluginRegistry:
    """What was found: the plugins that work, the broken ones, and the door to the village hooks.

    Attributes:
        plugins: the manifests of the loaded plugins by name, in the order of their names.
        broken: the refused ones. A name may be in both, when two wheels bring a plugin of the same name.
        disabled: installed plugins that ``PLUGINS_DISABLED`` skipped.
        all_services: every service of every loaded plugin by name, whether switched on anywhere or not.
    """

    def __init__(
        self,
        loaded: Mapping[str, Loaded],
        broken: Iterable[BrokenPlugin],
        disabled: frozenset[str],
        health: PluginHealth,
    ) -> None:
        self._loaded = dict(sorted(loaded.items()))
        self._health = health
        self.plugins: Mapping[str, Plugin] = MappingProxyType({n: item.plugin for n, item in self._loaded.items()})
        self.broken = tuple(broken)
        self.disabled = disabled
        self.all_services: Mapping[str, Service] = MappingProxyType(
            {service.name: service for item in self._loaded.values() for service in item.services}
        )
        self._plugin_of_form = {item.settings: name for name, item in self.plugins.items() if item.settings}
        # Two steps: villages whose sets differ only in what is not installed share one manager too.
        self._hooks_of_enabled = lru_cache(maxsize=4 * MAX_SETS)(
            lambda names: self._hooks_of_set(self.effective(names))
        )
        self._hooks_of_set = lru_cache(maxsize=MAX_SETS)(self._build_hooks)

    def blueprints(self) -> list[tuple[str, Blueprint]]:
        """The plugins' blueprints, each with its plugin's name."""
        return [(name, item.blueprint) for name, item in self._loaded.items() if item.blueprint]

    def permissions(self) -> list[Permission]:
        return [permission for name in self._loaded for permission in self.permissions_of(name)]

    def permissions_of(self, name: str) -> tuple[Permission, ...]:
        """Those that a plugin declares, and the one for its settings where it has any."""
        item = self._loaded[name]
        if item.plugin.settings is None:
            return item.permissions
        title = _("Mengatur %(module)s", module=item.plugin.title)
        return (
            *item.permissions,
            Permission(settings_permission(name), title, ("district_admin", *item.plugin.settings.editors)),
        )

    def plugin_of_settings(self, form: type[SettingsForm]) -> str:
        """The plugin that has its settings in this form.

        Raises:
            LookupError: none that is loaded has.
        """
        try:
            return self._plugin_of_form[form]
        except KeyError:
            raise LookupError(f"no loaded plugin has the settings {form.__name__}") from None

    def commands(self) -> list[tuple[str, Command]]:
        """The plugins' commands, each with its plugin's name."""
        return [(name, command) for name, item in self._loaded.items() for command in item.commands]

    def translation_directories(self) -> list[Path]:
        """The ``translations`` folders of those plugins that have one."""
        return [folder for item in self._loaded.values() if (folder := item.file("translations"))]

    def template_directories(self) -> list[tuple[str, Path]]:
        """The folders ``templates/<plugin>``, each with its plugin's name; nothing else of ``templates`` is used."""
        return [(name, folder) for name, item in self._loaded.items() if (folder := item.file(f"templates/{name}"))]

    def migration_directories(self) -> list[PluginMigrations]:
        """The ``migrations`` folders of those plugins that have one, for ``core.database.upgrade.upgrade``."""
        found = ((name, item.file("migrations")) for name, item in self._loaded.items())
        return [PluginMigrations(name, folder) for name, folder in found if folder]

    def template_file(self, path: str) -> Path | None:
        """Where a template such as "pip/letter.typ" lies: in the ``templates`` folder of the plugin named first.

        None when that plugin is not loaded, or has no such file.
        """
        item = self._loaded.get(path.partition("/")[0])
        return item.file(f"templates/{path}") if item else None

    def loaded(self, name: str) -> Loaded:
        """Raises: KeyError: no such plugin is loaded."""
        return self._loaded[name]

    def effective(self, enabled: Iterable[str]) -> frozenset[str]:
        """Those of the switched-on plugins that run: see :func:`core.plugins.dependencies.running`."""
        return running(enabled, self.plugins)

    def hooks_for(self, enabled: Iterable[str]) -> VillageHooks:
        """The hooks of a village in which ``enabled`` are switched on. The only way to a village hook.

        Cached for each distinct set, so it is cheap to ask on every request.
        """
        return self._hooks_of_enabled(frozenset(enabled))

    def hooks_of_all(self) -> VillageHooks:
        """The hooks of every loaded plugin, on or off, for duties: whatever runs in a village, each may hold data."""
        return self._hooks_of_set(frozenset(self._loaded))

    def suspended(self) -> tuple[Suspension, ...]:
        """Plugins that this process leaves out of pages for the moment, because they kept failing."""
        return self._health.suspensions()

    def failures(self) -> Mapping[str, int]:
        """How often each plugin's hooks failed in this process since it started."""
        return self._health.failures()

    def _build_hooks(self, names: frozenset[str]) -> VillageHooks:
        chosen = {name: item for name, item in self._loaded.items() if name in names}
        services = [service for item in chosen.values() for service in item.services]
        return VillageHooks({name: item.module for name, item in chosen.items()}, services, self._health)


def load_plugins(
    *,
    strict: bool,
    disabled: frozenset[str],
    entry_points: Iterable[importlib.metadata.EntryPoint] | None = None,
    health: PluginHealth | None = None,
) -> PluginRegistry:
    """Import and check every installed plugin.

    Args:
        strict: a broken plugin is fatal.
        disabled: names to skip; the rescue when a plugin breaks the installation.
        entry_points: instead of those installed.
        health: counts failures; to be given by whoever must recover from one or sets the clock.

    Raises:
        PluginLoadError: ``strict`` and at least one plugin is broken; lists all of them.
    """
    if entry_points is None:
        entry_points = importlib.metadata.entry_points(group=ENTRY_POINT_GROUP)
    found = sorted(entry_points, key=_in_tree_first)
    skipped = disabled & {entry_point.name for entry_point in found}
    for name in sorted(disabled - skipped):
        log.warning("PLUGINS_DISABLED names %s, which is not installed", name)
    loaded: dict[str, Loaded] = {}
    broken: list[BrokenPlugin] = []
    first: dict[str, str] = {}
    for entry_point in found:
        name, distribution = entry_point.name, distribution_of(entry_point)
        if name in skipped:
            continue
        try:
            if name in first:
                raise Refused(_duplicate(first[name], distribution))
            first[name] = distribution
            loaded[name] = load(entry_point)
        except Refused as error:
            broken.append(BrokenPlugin(name, error.reason, error.detail, distribution))
            log.error("Broken plugin %s", broken[-1], exc_info=error.__cause__)
    broken += _drop_unmet(loaded)
    if strict and broken:
        raise PluginLoadError(broken)
    return PluginRegistry(loaded, broken, skipped, health or PluginHealth())


def _in_tree_first(entry_point: importlib.metadata.EntryPoint) -> tuple[str, bool, str]:
    """An outside wheel cannot take the place of an in-tree plugin by having its name."""
    return entry_point.name, not entry_point.value.startswith("plugins."), distribution_of(entry_point)


def settings_permission(plugin: str) -> str:
    """The name of the permission to change a plugin's settings."""
    return f"{plugin}.settings"


def _drop_unmet(loaded: dict[str, Loaded]) -> list[BrokenPlugin]:
    """Take out what can run in no village: circles, contradictions, and what requires a plugin that is not there."""
    plugins = {name: item.plugin for name, item in loaded.items()}
    reasons: dict[str, Text] = {}
    for circle in cycles(plugins):
        reasons |= dict.fromkeys(circle, _circular(circle))
    for name in plugins.keys() - reasons.keys():
        if pairs := clashes({name, *required_by(name, plugins)}, plugins):
            reasons[name] = _contradictory(*pairs[0])
    kept = without_unmet(plugins.keys() - reasons.keys(), plugins)
    for name in plugins.keys() - kept - reasons.keys():
        reasons[name] = _unmet(name, kept, plugins)
    broken = [BrokenPlugin(name, reason, "", loaded.pop(name).distribution) for name, reason in sorted(reasons.items())]
    for item in broken:
        log.error("Broken plugin %s", item)
    return broken


def _circular(circle: Iterable[str]) -> Text:
    return _(
        "Modul-modul ini saling membutuhkan dalam lingkaran: %(circle)s. Minta pengembangnya memutus lingkaran itu.",
        circle=" → ".join(circle),
    )


def _contradictory(one: str, other: str) -> Text:
    return _(
        "Modul ini membutuhkan %(one)s dan %(other)s, yang tidak boleh berjalan bersama."
        " Pasang versi yang cocok satu sama lain.",
        one=one,
        other=other,
    )


def _unmet(name: str, kept: frozenset[str], plugins: Mapping[str, Plugin]) -> Text:
    needs = missing_of(name, kept, plugins)
    unfit = [need for need in needs if need.name in kept]
    if unfit:
        return _(
            "Modul ini membutuhkan modul %(needed)s, sedangkan yang terpasang %(present)s. Pasang versi yang cocok.",
            needed=", ".join(str(need) for need in unfit),
            present=", ".join(f"{need.name} {plugins[need.name].version}" for need in unfit),
        )
    return _(
        "Modul ini membutuhkan modul %(missing)s, yang tidak terpasang, rusak, atau dimatikan."
        " Pasang atau perbaiki modul itu dahulu.",
        missing=", ".join(str(need) for need in needs),
    )


def _duplicate(first: str, second: str) -> Text:
    return _(
        "Nama modul ini sudah dipakai oleh paket %(first)s, maka paket %(second)s ditolak. Copot salah satunya.",
        first=first,
        second=second,
    )
