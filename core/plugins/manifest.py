"""Who a plugin is, and why one could not be loaded."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flask_babel.speaklater import LazyString

from core.plugins.api_version import read_version
from core.plugins.dependencies import Dependency, check_version, read_dependencies
from core.settings.form import SettingsForm, check_settings_form

# A plugin's name is part of addresses, permissions, tables, template folders and commands; these are core's there.
RESERVED_NAMES = frozenset(
    """
    account accounts aid area areas audit case case_batch cases core counters db demo documents errors exports files
    households import imports inbox jobs known language letters macros meeting meetings module modules
    organisations people persons plugin plugin_setting plugins procrastinate procrastinate_periodic profile
    recovery referral referrals rule rules screening search second serve services settings shown sign static
    status tasks tenants told users verify village village_screening villages worker
    """.split()
)

NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")


WIDE = "-wide"


def wide_name(plugin: str) -> str:
    """The name of the blueprint with a plugin's pages for wide areas; no plugin's own name has a ``-``."""
    return f"{plugin}{WIDE}"


def is_wide(blueprint: str) -> bool:
    return blueprint.endswith(WIDE)


class InvalidManifest(ValueError):
    """A manifest that says something impossible about its plugin."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Plugin:
    """A plugin's manifest: the module-level object ``plugin``.

    Attributes:
        name: as in the entry point; lower-case letters, digits and ``_``, 2 to 31 characters.
        title: what people call it.
        summary: one line for the district's list of modules.
        version: the plugin's own version (PEP 440).
        api: the version of ``core.api`` that it needs, such as "1" or "1.2". Compared when the plugin is loaded, so
            that one that needs a newer core is listed with that reason.
        personal_data: kinds of personal data that it adds ("children", "health"), for the processing record (UU PDP).
        requires: plugins without which it cannot work, each with the versions that will do: "queue", "queue >=1.2,<2".
        conflicts: plugins beside which it must not run in a village, written alike.
        settings: the form of what a district, a kecamatan or a village may set; see ``SettingsForm``.
        deeds: what its audit entries say, by action, as it follows the name of who did it; an entry's details may stand
            in the words: ``{"queue.called": _("memanggil nomor %(number)s")}``.
        objects: what the things are called that its audit entries are about, by ``object_type``.
    """

    name: str
    title: str | LazyString
    summary: str | LazyString
    version: str
    api: str
    personal_data: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    settings: type[SettingsForm] | None = None
    deeds: Mapping[str, str | LazyString] = field(default_factory=dict)
    objects: Mapping[str, str | LazyString] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.name, str) or not NAME.fullmatch(self.name):
            raise InvalidManifest(f"name {self.name!r}: 2 to 31 lower-case letters, digits or _, a letter first")
        if self.name in RESERVED_NAMES:
            raise InvalidManifest(f"name {self.name!r} is core's own; choose another")
        for key in ("title", "summary"):
            value = getattr(self, key)
            if not isinstance(value, str | LazyString) or not value:
                raise InvalidManifest(f"{self.name}: {key} must be a text that is not empty")
        for key in ("version", "api"):
            value = getattr(self, key)
            if not isinstance(value, str) or not value:
                raise InvalidManifest(f'{self.name}: {key} must be a text such as "1"')
        for key in ("personal_data", "requires", "conflicts"):
            value = getattr(self, key)
            if not isinstance(value, tuple) or not all(isinstance(item, str) for item in value):
                raise InvalidManifest(f'{self.name}: {key} must be a tuple of texts, such as ("queue",)')
        for action in self.deeds:
            if not action.startswith(f"{self.name}."):
                raise InvalidManifest(f'{self.name}: deeds must be named "{self.name}.…", not {action!r}')
        try:
            self._check_others_and_settings()
        except ValueError as error:
            raise InvalidManifest(f"{self.name}: {error}") from error

    def _check_others_and_settings(self) -> None:
        check_version(self.version)
        read_version(self.api)
        if any(other.name == self.name for other in (*self.needs, *self.refuses)):
            raise ValueError("requires and conflicts are about other plugins")
        if self.settings is not None:
            check_settings_form(self.settings)

    @property
    def needs(self) -> tuple[Dependency, ...]:
        """``requires``, read."""
        return read_dependencies(self.requires)

    @property
    def refuses(self) -> tuple[Dependency, ...]:
        """``conflicts``, read."""
        return read_dependencies(self.conflicts)


@dataclass(frozen=True, eq=False)
class BrokenPlugin:
    """An installed plugin that was refused.

    Attributes:
        name: as in its entry point.
        reason: what is wrong and what to do, one sentence for the district's list of modules.
        detail: what a developer needs: the exception, file and line; may be empty.
        distribution: the wheel that brought it, with its version; "?" when unknown.
    """

    name: str
    reason: str | LazyString
    detail: str
    distribution: str

    def __str__(self) -> str:
        detail = f" [{self.detail}]" if self.detail else ""
        return f"{self.name} ({self.distribution}): {self.reason}{detail}"


class PluginLoadError(Exception):
    """At least one plugin is broken and ``PLUGINS_STRICT=1`` forbids to run without it."""

    def __init__(self, broken: Iterable[BrokenPlugin]) -> None:
        self.broken = tuple(broken)
        super().__init__("\n".join(str(item) for item in self.broken))
