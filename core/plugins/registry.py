"""Finding the installed plugins, and refusing those that cannot work, each with its reason.

A plugin is a module named in the entry-point group ``puskesos.plugins``. A broken one never stops the installation,
unless ``PLUGINS_STRICT`` says so; one named in ``PLUGINS_DISABLED`` is not even imported.
"""

import importlib.metadata
import logging
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from click import Command
from flask import Blueprint

from core.cases.service import Service
from core.cases.workflow import Text
from core.config import Config
from core.database.upgrade import PluginMigrations
from core.imports.kind import ImportKind
from core.plugins.blocklist import Blocklist, read_blocklist
from core.plugins.dependencies import clashes, cycles, missing_of, required_by, running, without_unmet
from core.plugins.dispatch import VillageHooks, WorkLost
from core.plugins.flood import MOST_LINES, LogGates
from core.plugins.health import LOG, PAGE, PluginHealth, Suspension
from core.plugins.jobs import Job
from core.plugins.loading import Loaded, Refused, distribution_of, load
from core.plugins.manifest import BrokenPlugin, Plugin, PluginLoadError
from core.plugins.prepared import PreparedHooks
from core.settings.form import SettingsForm
from core.texts import lazy_gettext as _
from core.users.permissions import Permission

ENTRY_POINT_GROUP = "puskesos.plugins"

# Sets of switched-on plugins that are remembered. 435 villages share a handful, and one that is not remembered is made
# anew in less time than a query takes.
MAX_SETS = 4096

Answer = TypeVar("Answer")
OutOfDate = Callable[[Iterable[PluginMigrations]], Mapping[str, str]]

log = logging.getLogger("puskesos.plugins")


class PluginRegistry:
    """What was found: the plugins that work, the broken ones, and the door to the village hooks.

    Attributes:
        plugins: the manifests of the loaded plugins by name, in the order of their names.
        broken: the refused ones. A name may be in both, when two wheels bring a plugin of the same name.
        disabled: installed plugins that ``PLUGINS_DISABLED`` skipped.
        health: how they are called, and which of them fail.
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
        self.health = health
        self._log_gates = LogGates(self._loaded.values())
        self.plugins: Mapping[str, Plugin] = MappingProxyType({n: item.plugin for n, item in self._loaded.items()})
        self.broken = tuple(broken)
        self.disabled = disabled
        self.all_services: Mapping[str, Service] = MappingProxyType(
            {service.name: service for item in self._loaded.values() for service in item.services}
        )
        self.restricting = frozenset(s.restricted_to for s in self.all_services.values() if s.restricted_to)
        """Permissions without which the cases of some service cannot be seen."""
        self._plugin_of_form = {item.settings: name for name, item in self.plugins.items() if item.settings}
        self._prepared = PreparedHooks(
            {name: item.module for name, item in self._loaded.items()},
            {name: item.services for name, item in self._loaded.items()},
        )
        # Two steps: villages whose sets differ only in what is not installed share one view too.
        self._hooks_of_enabled = lru_cache(maxsize=MAX_SETS)(lambda names: self._hooks_of_set(self.effective(names)))
        self._hooks_of_set = lru_cache(maxsize=MAX_SETS)(lambda names: VillageHooks(self._prepared, names, self.health))

    def blueprints(self) -> list[tuple[str, Blueprint]]:
        """The plugins' pages of villages, each blueprint with its plugin's name."""
        return [(name, item.blueprint) for name, item in self._loaded.items() if item.blueprint]

    def wide_blueprints(self) -> list[tuple[str, Blueprint]]:
        """The same for the pages of wide areas."""
        return [(name, item.wide_blueprint) for name, item in self._loaded.items() if item.wide_blueprint]

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

    @property
    def jobs(self) -> Mapping[str, Job]:
        """The jobs that plugins declare, by name, which begins with the plugin's."""
        return {job.name: job for item in self._loaded.values() for job in item.jobs}

    @property
    def imports(self) -> Mapping[str, ImportKind]:
        """The kinds of files that plugins can bring in, by name, which begins with the plugin's."""
        return {kind.name: kind for item in self._loaded.values() for kind in item.imports}

    def translation_directories(self) -> list[Path]:
        """The ``translations`` folders of those plugins that have one."""
        return [folder for item in self._loaded.values() if (folder := item.file("translations"))]

    def template_directories(self) -> list[tuple[str, Path]]:
        """The folders ``templates/<plugin>``, each with its plugin's name; nothing else of ``templates`` is used."""
        return [(name, folder) for name, item in self._loaded.items() if (folder := item.file(f"templates/{name}"))]

    def migration_directories(self) -> list[PluginMigrations]:
        """The ``migrations`` folders of those plugins that have one, for ``core.database.upgrade.upgrade``."""
        return _migrations(self._loaded)

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

        Cheap to ask on every request, and for a set that was never asked for as well.
        """
        return self._hooks_of_enabled(frozenset(enabled))

    def hooks_of_all(self) -> VillageHooks:
        """The hooks of every loaded plugin, on or off, for duties: whatever runs in a village, each may hold data."""
        return self._hooks_of_set(frozenset(self._loaded))

    def dam_the_log(self) -> None:
        """Ration what each plugin writes to the log, from now on."""
        self._log_gates.stand()

    def ask(self, plugin: str, about: str, area_id: int, question: Callable[[], Answer]) -> Answer | None:
        """Ask a plugin, outside of its hooks, for something to show; None where it fails, which is logged and counted.

        Raises:
            WorkLost: the page cannot go on.
        """
        try:
            return self.health.for_a_page(plugin, about, question)
        except WorkLost:
            raise
        except Exception as error:
            self.health.record(plugin, about, area_id, error)
            return None

    def hangs(self, plugin: str) -> bool:
        """Whether a call of the plugin hangs out of reach, so that nobody else should wait for it."""
        return self.health.hangs(plugin)

    def page_failed(self, plugin: str, area_id: int | None, error: BaseException) -> None:
        """A page of the plugin's own failed."""
        self.health.record(plugin, PAGE, area_id, error)

    def tell_of_floods(self) -> None:
        """Keep which plugins wrote too much to the log since this was last asked. Nearly always nothing."""
        for plugin in self._log_gates.flooding():
            self.health.note(plugin, LOG, f"> {MOST_LINES}")

    def dropped_lines(self, plugin: str) -> int:
        """How many lines of a plugin this process has kept from the log."""
        return self._log_gates.dropped(plugin)

    def resume(self, plugin: str) -> None:
        """End the suspension that its failures brought about in this process."""
        self.health.resume(plugin)

    def suspended(self) -> tuple[Suspension, ...]:
        """Plugins that this process leaves out of pages for the moment, because they kept failing."""
        return self.health.suspensions()

    def failures(self) -> Mapping[str, int]:
        """How often each plugin's hooks failed in this process since it started."""
        return self.health.failures()


def load_plugins(
    *,
    strict: bool,
    disabled: frozenset[str],
    entry_points: Iterable[importlib.metadata.EntryPoint] | None = None,
    health: PluginHealth | None = None,
    blocklist: Blocklist | None = None,
    out_of_date: OutOfDate = lambda _migrations: {},
) -> PluginRegistry:
    """Import and check every installed plugin.

    Args:
        strict: a broken plugin is fatal.
        disabled: names to skip; the rescue when a plugin breaks the installation.
        entry_points: instead of those installed.
        health: counts failures; to be given by whoever sets the clock.
        blocklist: what this installation refuses.
        out_of_date: says of plugins with tables which of them do not find what they expect, and why.

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
            loaded[name] = _load_unless_blocked(entry_point, blocklist or Blocklist())
        except Refused as error:
            broken.append(BrokenPlugin(name, error.reason, error.detail, distribution))
            log.error("Broken plugin %s", broken[-1], exc_info=error.__cause__)
    broken += _drop_out_of_date(loaded, out_of_date)
    broken += _drop_unmet(loaded)
    if strict and broken:
        raise PluginLoadError(broken)
    return PluginRegistry(loaded, broken, skipped, health or PluginHealth())


def installed_plugins(
    config: Config, *, strict: bool | None = None, out_of_date: OutOfDate = lambda _migrations: {}
) -> PluginRegistry:
    """The plugins of this installation, as its settings want them.

    Args:
        strict: instead of what the settings say.

    Raises:
        BlocklistError: the blocklist cannot be understood.
        PluginLoadError: as :func:`load_plugins` does.
    """
    return load_plugins(
        strict=config.plugins_strict if strict is None else strict,
        disabled=config.plugins_disabled,
        blocklist=read_blocklist(config.plugins_blocklist),
        out_of_date=out_of_date,
    )


def _load_unless_blocked(entry_point: importlib.metadata.EntryPoint, blocklist: Blocklist) -> Loaded:
    """A wheel that is refused is not imported. The platform's own plugins have no wheel of their own: their manifest
    says which version they have.

    Raises:
        Refused: it is blocked, or cannot be used.
    """
    name, wheel = entry_point.name, entry_point.dist
    blocked = blocklist.find_all_versions(name)
    if wheel is not None and not _is_in_tree(entry_point):
        blocked = blocked or blocklist.find(name, wheel.version)
    if blocked is None:
        loaded = load(entry_point)
        blocked = blocklist.find(name, loaded.plugin.version)
        if blocked is None:
            return loaded
    versions = f" ({blocked.versions})" if len(blocked.versions) else ""
    raise Refused(
        _("Modul ini diblokir oleh pengelola: %(reason)s", reason=blocked.reason), f"blocklist: {name}{versions}"
    )


def _is_in_tree(entry_point: importlib.metadata.EntryPoint) -> bool:
    return entry_point.value.startswith("plugins.")


def _in_tree_first(entry_point: importlib.metadata.EntryPoint) -> tuple[str, bool, str]:
    """An outside wheel cannot take the place of an in-tree plugin by having its name."""
    return entry_point.name, not _is_in_tree(entry_point), distribution_of(entry_point)


def _drop_out_of_date(loaded: dict[str, Loaded], out_of_date: OutOfDate) -> list[BrokenPlugin]:
    """Take out what would fail on its own tables."""
    broken: list[BrokenPlugin] = []
    for name, detail in sorted(out_of_date(_migrations(loaded)).items()):
        reason = _(
            "Tabel modul ini tidak sesuai dengan versinya. Data tetap seperti sebelumnya. Jalankan puskesos db upgrade"
            " dan mulai ulang; bila gagal lagi, minta pengembangnya memperbaiki."
        )
        broken.append(BrokenPlugin(name, reason, detail, loaded.pop(name).distribution))
        log.error("Broken plugin %s", broken[-1])
    return broken


def _migrations(loaded: Mapping[str, Loaded]) -> list[PluginMigrations]:
    found = ((name, item.file("migrations")) for name, item in loaded.items())
    return [PluginMigrations(name, folder) for name, folder in found if folder]


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
