"""Importing one plugin and holding it against the contract."""

import importlib.metadata
import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import pluggy
from click import Command
from flask import Blueprint, Flask

from core.cases.service import Service
from core.cases.workflow import Text
from core.imports.kind import ImportKind
from core.plugins.api_version import API_VERSION, OLDEST_API, read_version
from core.plugins.jobs import Job
from core.plugins.manifest import InvalidManifest, Plugin, wide_name
from core.plugins.prepared import HookManager, call
from core.rules.rulebook import adopt
from core.texts import lazy_gettext as _
from core.users.permissions import CORE_PERMISSIONS, ROLES, Permission, PermissionTable, check_views
from core.web.urls import init_urls

Contribution = TypeVar("Contribution")


class Refused(Exception):
    """Why a plugin cannot be loaded: a sentence for the district, a detail for its developer."""

    def __init__(self, reason: Text, detail: str = "") -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, eq=False)
class Loaded:
    """A plugin that passed every check of its own; what it requires is not looked at here."""

    plugin: Plugin
    module: ModuleType
    blueprint: Blueprint | None
    wide_blueprint: Blueprint | None
    permissions: tuple[Permission, ...]
    commands: tuple[Command, ...]
    services: tuple[Service, ...]
    jobs: tuple[Job, ...]
    imports: tuple[ImportKind, ...]
    distribution: str

    def file(self, path: str) -> Path | None:
        """A file or folder of the plugin's package; None when there is no such one, or it lies outside."""
        for folder in getattr(self.module, "__path__", ()):
            root = Path(folder).resolve()
            found = (root / path).resolve()
            if found.is_relative_to(root) and found.exists():
                return found
        return None


def load(entry_point: importlib.metadata.EntryPoint) -> Loaded:
    """Import a plugin, check its manifest and hooks, and ask the hooks that are asked once.

    Raises:
        Refused: it cannot be used.
    """
    module = _import(entry_point)
    plugin = _manifest(module, entry_point)
    hooks = _checked_hooks(module, plugin.name)
    blueprints = _ask(hooks, "blueprint", Blueprint)
    wide_blueprints = _ask(hooks, "wide_blueprint", Blueprint)
    permissions = _ask(hooks, "permissions", Permission)
    services = _ask(hooks, "services", Service)
    jobs = _ask(hooks, "jobs", Job)
    imports = _ask(hooks, "imports", ImportKind)
    _check_names("blueprint", [item.name for item in blueprints], plugin.name, exact=True)
    _check_names("wide_blueprint", [item.name for item in wide_blueprints], wide_name(plugin.name), exact=True)
    _check_names("permissions", [item.name for item in permissions], plugin.name)
    _check_names("services", [item.name for item in services], plugin.name)
    _check_names("jobs", [item.name for item in jobs], plugin.name)
    _check_names("imports", [item.name for item in imports], plugin.name)
    table = PermissionTable([*CORE_PERMISSIONS, *permissions])
    _check_roles(permissions)
    if blueprints:
        _check_pages(blueprints[0], table, "/<village:area>/trial")
    if wide_blueprints:
        _check_pages(wide_blueprints[0], table, "/<wide:area>/trial")
    adopt(module.__name__, plugin.name)
    loaded = Loaded(
        plugin=plugin,
        module=module,
        blueprint=blueprints[0] if blueprints else None,
        wide_blueprint=wide_blueprints[0] if wide_blueprints else None,
        permissions=permissions,
        commands=_ask(hooks, "commands", Command),
        services=services,
        jobs=jobs,
        imports=imports,
        distribution=distribution_of(entry_point),
    )
    for service in services:
        _check_service(service, loaded, table)
    for kind in imports:
        if kind.permission not in table:
            raise Refused(_invalid("imports"), f"{kind.name} needs the unknown permission {kind.permission!r}")
    return loaded


def _check_roles(permissions: Iterable[Permission]) -> None:
    for permission in permissions:
        if unknown := set(permission.roles) - ROLES.keys():
            raise Refused(_invalid("permissions"), f"{permission.name}: no role is called {sorted(unknown)}")


def _check_service(service: Service, loaded: Loaded, table: PermissionTable) -> None:
    """What would otherwise show only when a clerk takes the step, or prints the letter."""
    for transition in service.workflow.transitions:
        if transition.permission not in table:
            detail = f"{service.name}: the step {transition.key!r} needs the unknown {transition.permission!r}"
            raise Refused(_invalid("services"), detail)
    if service.restricted_to is not None and service.restricted_to not in table:
        detail = f"{service.name}: its cases are restricted to the unknown {service.restricted_to!r}"
        raise Refused(_invalid("services"), detail)
    for letter in service.letters:
        if loaded.file(f"templates/{letter.template}") is None:
            raise Refused(_invalid("services"), f"{service.name}: there is no templates/{letter.template}")


def _check_pages(blueprint: Blueprint, table: PermissionTable, prefix: str) -> None:
    """Mount the pages on an application of their own: each declares who may open it, and they concern no other page."""
    trial = Flask("trial", static_folder=None)
    init_urls(trial)
    before = _app_wide(trial)
    try:
        trial.register_blueprint(blueprint, url_prefix=prefix)
        check_views(trial.view_functions, table)
        outside = [endpoint for endpoint in trial.view_functions if not endpoint.startswith(f"{blueprint.name}.")]
        if outside or _app_wide(trial) != before:
            raise ValueError("the blueprint reaches beyond its own pages: nothing of its app_… methods may be used")
    except Exception as error:
        raise Refused(
            _("Halaman modul ini tidak dapat dipasang. Minta pengembangnya memperbaiki."), _summary(error)
        ) from error


def _app_wide(app: Flask) -> list[object]:
    """What runs for every page of an application, so also where the plugin is off. Flask keeps it under None."""
    of_requests = (app.before_request_funcs, app.after_request_funcs, app.teardown_request_funcs)
    of_pages = (app.template_context_processors, app.url_value_preprocessors, app.url_default_functions)
    functions = [list(kept.get(None, ())) for kept in (*of_requests, *of_pages)]
    errors = {code: dict(handlers) for code, handlers in app.error_handler_spec.get(None, {}).items() if handlers}
    return [*functions, errors, "jinja_env" in vars(app)]  # made only when a filter or the like is put into it


def _import(entry_point: importlib.metadata.EntryPoint) -> Any:
    try:
        return entry_point.load()
    except InvalidManifest as error:
        raise Refused(
            _("Data diri modul ini (objek “plugin”) tidak sah. Minta pengembangnya memperbaiki."), str(error)
        ) from error
    except (Exception, SystemExit) as error:
        raise Refused(
            _("Modul ini gagal dibuka karena ada kesalahan di dalamnya. Minta pengembangnya memperbaiki."),
            _summary(error),
        ) from error


def _manifest(module: Any, entry_point: importlib.metadata.EntryPoint) -> Plugin:
    plugin = getattr(module, "plugin", None)
    if not isinstance(module, ModuleType) or not isinstance(plugin, Plugin):
        raise Refused(
            _("Paket ini tidak memperkenalkan diri: objek “plugin” tidak ada. Minta pengembangnya memperbaiki."),
            f"{entry_point.value} must be a module with plugin = Plugin(...)",
        )
    _check_api(plugin.api)
    if plugin.name != entry_point.name:
        raise Refused(
            _(
                "Modul ini menyebut dirinya “%(name)s”, padahal terdaftar sebagai “%(entry)s”."
                " Minta pengembangnya menyamakan.",
                name=plugin.name,
                entry=entry_point.name,
            )
        )
    return plugin


def _check_api(wanted: str) -> None:
    """The plugin needs nothing that came later than this core, and was not written for what is gone."""
    if read_version(wanted) > read_version(API_VERSION):
        raise Refused(
            _(
                "Modul ini memerlukan antarmuka versi %(theirs)s, sedangkan Puskesos ini baru memakai versi %(ours)s."
                " Perbarui Puskesos, atau pasang versi modul yang lebih lama.",
                theirs=wanted,
                ours=API_VERSION,
            )
        )
    if read_version(wanted) < read_version(OLDEST_API):
        raise Refused(
            _(
                "Modul ini dibuat untuk antarmuka versi %(theirs)s, sedangkan Puskesos ini melayani versi %(oldest)s"
                " sampai %(ours)s. Pasang versi modul yang lebih baru.",
                theirs=wanted,
                oldest=OLDEST_API,
                ours=API_VERSION,
            )
        )


def _checked_hooks(module: ModuleType, name: str) -> HookManager:
    """A manager that holds this module alone, after checking its hooks against the contract."""
    hooks = HookManager()
    for attribute in dir(module):
        options = hooks.parse_hookimpl_opts(module, attribute) or {}
        if options.get("wrapper") or options.get("hookwrapper"):
            raise Refused(
                _("Modul ini membungkus hook modul lain, dan itu tidak diizinkan. Minta pengembangnya memperbaiki."),
                f"{attribute} is a hook wrapper",
            )
    try:
        hooks.register(module, name=name)
    except pluggy.PluginValidationError as error:
        raise Refused(
            _("Modul ini meminta data yang tidak disediakan Puskesos. Pasang versi modul yang cocok."),
            " ".join(str(error).split()),
        ) from error
    unknown = hooks.unknown_hooks()
    if unknown:
        raise Refused(
            _(
                "Modul ini memakai hook yang tidak dikenal Puskesos: %(hooks)s. Pasang versi modul yang cocok.",
                hooks=", ".join(unknown),
            )
        )
    return hooks


def _ask(hooks: HookManager, hook: str, kind: type[Contribution]) -> tuple[Contribution, ...]:
    """What the plugin contributes through a hook without arguments: one item or a list of them."""
    try:
        answers = [call(implementation, {}) for implementation in hooks.implementations(hook)]
    except (Exception, SystemExit) as error:
        raise Refused(
            _("Modul ini gagal menjawab “%(hook)s”. Minta pengembangnya memperbaiki.", hook=hook), _summary(error)
        ) from error
    items: list[Contribution] = []
    for answer in answers:
        for item in answer if isinstance(answer, list | tuple) else () if answer is None else (answer,):
            if not isinstance(item, kind):
                raise Refused(_invalid(hook), f"{hook}() must return {kind.__name__} objects, not {item!r}")
            items.append(item)
    return tuple(items)


def _check_names(hook: str, names: Iterable[str], plugin: str, *, exact: bool = False) -> None:
    """A plugin's names begin with its own: it can neither replace nor shadow anything of core or of another plugin."""
    seen: set[str] = set()
    for name in names:
        if exact and name != plugin:
            raise Refused(_invalid(hook), f"the name of the {hook} must be {plugin!r}, not {name!r}")
        if not exact and not name.startswith(f"{plugin}."):
            raise Refused(_invalid(hook), f'a name in {hook} must start with "{plugin}.", not {name!r}')
        if name in seen:
            raise Refused(_invalid(hook), f"two {hook} are called {name!r}")
        seen.add(name)


def _invalid(hook: str) -> Text:
    return _("Jawaban modul ini untuk “%(hook)s” tidak sah. Minta pengembangnya memperbaiki.", hook=hook)


def distribution_of(entry_point: importlib.metadata.EntryPoint) -> str:
    return f"{entry_point.dist.name} {entry_point.dist.version}" if entry_point.dist else "?"


def _summary(error: BaseException) -> str:
    """The exception in one line, with the file and line where it came up."""
    text = f"{type(error).__name__}: {' '.join(str(error).split())}"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith("<frozen")]
    if isinstance(error, SyntaxError) or not frames:  # a SyntaxError says itself where
        return text
    return f"{text} ({Path(frames[-1].filename).name}, line {frames[-1].lineno})"
