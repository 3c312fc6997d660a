"""A plugin that writes to the log without end neither fills the disk nor hides what the others have to say.

What a plugin's own loggers get, those named after its package or ``puskesos.<plugin>``, passes a gate; so does what it
gives to the root logger. What it prints does not.
"""

import logging
from collections.abc import Iterable
from pathlib import Path

from core.plugins.loading import Loaded
from core.plugins.ration import Ration

# Of one plugin in one process.
MOST_LINES = 100
WINDOW_SECONDS = 60.0

log = logging.getLogger("puskesos.plugins")


class LogGate(logging.Handler):
    """Stands at a plugin's logger, and lets through to the loggers above what is within the plugin's ration."""

    def __init__(self, plugin: str, ration: Ration, above: logging.Logger | None) -> None:
        super().__init__()
        self._plugin, self._ration, self._above = plugin, ration, above

    def handle(self, record: logging.LogRecord) -> bool:
        if self._above is not None and passes(self._plugin, self._ration):
            self._above.callHandlers(record)
        return True


class RootGate(logging.Filter):
    """For plugins that log without a logger of their own: whose line it is, the file tells."""

    def __init__(self, folders: dict[str, tuple[str, Ration]]) -> None:
        super().__init__()
        self._folders = folders

    def filter(self, record: logging.LogRecord) -> bool:
        for folder, (plugin, ration) in self._folders.items():
            if record.pathname.startswith(folder):
                return passes(plugin, ration)
        return True


def passes(plugin: str, ration: Ration) -> bool:
    if ration.take():
        return True
    if ration.dropped == 1 or ration.dropped % 10_000 == 0:
        log.warning(
            "Plugin %s writes more than %d lines in %d s to the log; %d have been dropped",
            plugin,
            MOST_LINES,
            int(WINDOW_SECONDS),
            ration.dropped,
        )
    return False


class LogGates:
    """The gates of all loaded plugins, one ration each."""

    def __init__(self, plugins: Iterable[Loaded]) -> None:
        self._rations: dict[str, Ration] = {}
        folders: dict[str, tuple[str, Ration]] = {}
        for item in plugins:
            name = item.plugin.name
            ration = self._rations[name] = Ration(MOST_LINES, WINDOW_SECONDS)
            for logger in (item.module.__name__, f"puskesos.{name}"):
                _put_gate(logging.getLogger(logger), name, ration)
            if folder := item.file("."):
                folders[f"{Path(folder)}/"] = name, ration
        root = logging.getLogger()
        root.filters = [found for found in root.filters if not isinstance(found, RootGate)]
        root.addFilter(RootGate(folders))

    def dropped(self, plugin: str) -> int:
        """How many lines of a plugin this process has dropped."""
        ration = self._rations.get(plugin)
        return ration.dropped if ration else 0

    def flooding(self) -> list[str]:
        """The plugins that went beyond their ration since this was last asked."""
        return [name for name, ration in self._rations.items() if ration.was_exceeded()]


def _put_gate(logger: logging.Logger, plugin: str, ration: Ration) -> None:
    """One gate a logger: a second application in the same process takes the place of the first."""
    for handler in [found for found in logger.handlers if isinstance(found, LogGate)]:
        logger.removeHandler(handler)
    logger.addHandler(LogGate(plugin, ration, logger.parent))
    logger.propagate = False
