"""What failed in this process, and which plugins are left out of pages for a while because of it."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from core.hookspecs import HOOKS, HookKind

log = logging.getLogger("puskesos.plugins")

# A plugin whose display hooks fail this often within the window is left out of pages for the suspension, in this
# process: enough to spare people a slow, broken page, short enough that a passing fault heals without a restart.
MAX_FAILURES = 5
FAILURE_WINDOW_SECONDS = 600.0
SUSPENSION_SECONDS = 600.0


@dataclass(frozen=True)
class Suspension:
    """A plugin whose display hooks are not called for another ``seconds_left``; ``hook`` failed last."""

    plugin: str
    hook: str
    seconds_left: float


class PluginHealth:
    """Counts each plugin's failures in this process and suspends one that keeps failing. Safe between threads.

    ``recover`` is called after every event, and after a failed display hook that nothing guards; core gives one that
    rolls back what the plugin left: PostgreSQL refuses every further query of a broken transaction.
    """

    def __init__(
        self, *, clock: Callable[[], float] = time.monotonic, recover: Callable[[], object] | None = None
    ) -> None:
        self._clock = clock
        self._recover = recover
        self._lock = threading.Lock()
        self._totals: dict[str, int] = {}
        self._recent: dict[str, deque[float]] = {}
        self._suspensions: dict[str, tuple[float, str]] = {}

    def record(self, plugin: str, hook: str, area: int | None) -> None:
        """Log the exception being handled and count it. ``area`` is the area's id, if known."""
        log.exception(
            "Plugin %s failed in hook %s (area %s)",
            plugin,
            hook,
            area,
            extra={"plugin": plugin, "hook": hook, "area": area},
        )
        with self._lock:
            self._totals[plugin] = self._totals.get(plugin, 0) + 1
            # An event is told even to a suspended plugin, so its failures do not suspend either.
            suspend = HOOKS[hook] is HookKind.DISPLAY and self._is_one_too_many(plugin, hook)
        if suspend:
            log.error(
                "Plugin %s is suspended for %d s after %d failures", plugin, int(SUSPENSION_SECONDS), MAX_FAILURES
            )

    def recover(self) -> None:
        """Drop what a plugin left of its work."""
        if self._recover is not None:
            self._recover()

    def _is_one_too_many(self, plugin: str, hook: str) -> bool:
        now = self._clock()
        recent = self._recent.setdefault(plugin, deque())
        recent.append(now)
        while recent[0] < now - FAILURE_WINDOW_SECONDS:
            recent.popleft()
        if len(recent) < MAX_FAILURES:
            return False
        recent.clear()
        self._suspensions[plugin] = (now + SUSPENSION_SECONDS, hook)
        return True

    def is_suspended(self, plugin: str) -> bool:
        # Nearly every call ends here: reading an empty dict needs no lock.
        suspension = self._suspensions.get(plugin)
        return suspension is not None and self._clock() < suspension[0]

    def suspensions(self) -> tuple[Suspension, ...]:
        """The suspensions in force, in plugin order."""
        now = self._clock()
        with self._lock:
            items = sorted(self._suspensions.items())
        return tuple(Suspension(plugin, hook, until - now) for plugin, (until, hook) in items if until > now)

    def failures(self) -> Mapping[str, int]:
        """How often each plugin failed since the process started, display and event hooks together."""
        with self._lock:
            return dict(self._totals)
