"""A plugin that writes to the log without end neither fills the disk nor hides what the others have to say.

Whose line it is, the logger's name tells (the plugin's package, ``puskesos.<plugin>``, and all below) or else the file.
What a plugin prints does not pass here.
"""

import logging
from collections.abc import Iterable

from core.plugins.loading import Loaded
from core.plugins.ration import Ration

# Of one plugin in one process.
MOST_LINES = 100
WINDOW_SECONDS = 60.0

log = logging.getLogger("puskesos.plugins")


class LogGates(logging.Filter):
    """Stands before everything that writes the log, and lets through what is within each plugin's ration."""

    def __init__(self, plugins: Iterable[Loaded]) -> None:
        super().__init__()
        self._rations: dict[str, Ration] = {}
        self._flooding: set[str] = set()
        self._loggers: dict[str, str] = {}
        self._folders: dict[str, str] = {}
        for item in plugins:
            name = item.plugin.name
            self._rations[name] = Ration(MOST_LINES, WINDOW_SECONDS)
            self._loggers |= {item.module.__name__: name, f"puskesos.{name}": name}
            if folder := item.file("."):
                self._folders[f"{folder}/"] = name

    def stand(self) -> None:
        """Before the handlers that there are now; those of an application before in the same process go."""
        for handler in (*logging.getLogger().handlers, *([logging.lastResort] if logging.lastResort else ())):
            for gates in [found for found in handler.filters if isinstance(found, LogGates)]:
                handler.removeFilter(gates)
            handler.addFilter(self)

    def filter(self, record: logging.LogRecord) -> bool:
        """One decision a line, however many handlers write it."""
        decided = record.__dict__.get("within_ration")
        if decided is None:
            plugin = self._plugin_of(record)
            decided = plugin is None or self._passes(plugin)
            record.__dict__["within_ration"] = decided
        return decided

    def _plugin_of(self, record: logging.LogRecord) -> str | None:
        name = record.name
        while name:
            if plugin := self._loggers.get(name):
                return plugin
            name = name.rpartition(".")[0]
        if record.name.startswith("puskesos."):
            return None
        return next((plugin for folder, plugin in self._folders.items() if record.pathname.startswith(folder)), None)

    def _passes(self, plugin: str) -> bool:
        ration = self._rations[plugin]
        if ration.take():
            return True
        if ration.was_exceeded():
            self._flooding.add(plugin)
        if ration.dropped == 1 or ration.dropped % 10_000 == 0:
            log.warning(
                "Plugin %s writes more than %d lines in %d s to the log; %d have been dropped",
                plugin,
                MOST_LINES,
                int(WINDOW_SECONDS),
                ration.dropped,
            )
        return False

    def dropped(self, plugin: str) -> int:
        """How many lines of a plugin this process has dropped."""
        ration = self._rations.get(plugin)
        return ration.dropped if ration else 0

    def flooding(self) -> list[str]:
        """The plugins that went beyond their ration since this was last asked; every page asks, so it is quick."""
        if not self._flooding:
            return []
        found, self._flooding = self._flooding, set()
        return sorted(found)
