"""What failed in this process, and which plugins are left out of pages for a while because of it."""

import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from core.actor import current_actor
from core.database.uuid7 import uuid7
from core.hookspecs import HOOKS, HookKind
from core.plugins.ration import Ration
from core.plugins.whereabouts import whereabouts

log = logging.getLogger("puskesos.plugins")

Answer = TypeVar("Answer")
Ask = Callable[[], Answer]
OnStuck = Callable[[], object]

# A plugin whose display hooks fail this often within the window is left out of pages for the suspension, in this
# process: enough to spare people a slow, broken page, short enough that a passing fault heals without a restart.
MAX_FAILURES = 5
FAILURE_WINDOW_SECONDS = 600.0
SUSPENSION_SECONDS = 600.0

# While it is left out, each page asks at most this often whether somebody had it resumed.
ASK_AGAIN_SECONDS = 3.0

# Of one plugin in one process: further failures are counted, and neither logged nor kept.
MOST_TOLD, TOLD_SECONDS = 60, 600.0

# Failures outside of any hook.
PAGE = "page"
LOG = "log"
MIGRATIONS = "migrations"
STUCK = "stuck"


@dataclass(frozen=True)
class Suspension:
    """A plugin whose display hooks are not called for another ``seconds_left``; ``hook`` failed last."""

    plugin: str
    hook: str
    seconds_left: float


@dataclass(frozen=True)
class Failure:
    """What is kept of a failure, for whoever has to find out. No text of the error: it may name a resident.

    Attributes:
        hook: the hook, or ``PAGE``, ``LOG``, ``MIGRATIONS``.
        error: what kind of error and where it came up.
        suspends: with this one the plugin was suspended in its process.
    """

    id: UUID
    plugin: str
    hook: str
    area_id: int | None
    request_id: str | None
    error: str
    suspends: bool = False


@dataclass(frozen=True)
class Memory:
    """Where failures are kept beyond this process; ``is_resumed`` says whether somebody ended a suspension."""

    keep: Callable[[Failure], object] = lambda _failure: None
    is_resumed: Callable[[UUID], bool] = lambda _failure_id: False


@dataclass(frozen=True)
class Guards:
    """How a plugin is called (``core.plugins.guard``): each is given what to call and whom to tell when it hangs."""

    page: Callable[[Ask[Any], OnStuck], Any]
    decision: Callable[[Ask[Any], OnStuck], Any]
    duty: Callable[[Ask[Any], OnStuck], Any]
    event: Callable[[Ask[Any], float, OnStuck], Any]
    own_page: Callable[[Ask[Any], float, OnStuck], Any]
    piece: Callable[[Ask[Any], float, OnStuck], Any]


class StillHangs(Exception):
    """A call of the plugin hangs where nothing reaches it, so no further thread is lost to it."""


@dataclass
class _Call:
    """A call of a plugin, as its two threads know it: the one that waits for it and the one that watches."""

    hangs: bool = False
    over: bool = False


class PluginHealth:
    """Counts each plugin's failures in this process and suspends one that keeps failing. Safe between threads.

    ``recover`` is called after every event, and without ``guards`` after a failed display hook; core gives one that
    rolls back what the plugin left: PostgreSQL refuses every further query of a broken transaction.
    """

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.monotonic,
        recover: Callable[[], object] | None = None,
    ) -> None:
        self._clock = clock
        self.recover = recover or (lambda: None)
        self._guards: Guards | None = None
        self._memory = Memory()
        self._lock = threading.Lock()
        self._totals: dict[str, int] = {}
        self._recent: dict[str, deque[float]] = {}
        self._rations: dict[str, Ration] = {}
        self._suspensions: dict[str, _Suspended] = {}
        self._hanging: Counter[str] = Counter()

    def equip(self, recover: Callable[[], object], guards: Guards, memory: Memory) -> None:
        """As an application does that has a database."""
        self.recover, self._guards, self._memory = recover, guards, memory

    # ---- how a plugin is called ----

    def for_a_page(self, plugin: str, hook: str, ask: Ask[Answer]) -> Answer:
        if guards := self._guards:
            return self._unless_it_hangs(plugin, hook, lambda on_stuck: guards.page(ask, on_stuck))
        try:
            return ask()
        except Exception:
            self.recover()
            raise

    def for_a_decision(self, plugin: str, hook: str, ask: Ask[Answer]) -> Answer:
        guards = self._guards
        if not guards:
            return ask()
        return self._unless_it_hangs(plugin, hook, lambda on_stuck: guards.decision(ask, on_stuck))

    def for_a_duty(self, plugin: str, hook: str, do: Ask[Answer]) -> Answer:
        """A duty that writes into the running transaction."""
        guards = self._guards
        if not guards:
            return do()
        return self._unless_it_hangs(plugin, hook, lambda on_stuck: guards.duty(do, on_stuck))

    def for_an_event(self, plugin: str, event: str, seconds: float, tell: Ask[Answer]) -> Answer:
        guards = self._guards
        if not guards:
            return tell()
        return self._unless_it_hangs(plugin, event, lambda on_stuck: guards.event(tell, seconds, on_stuck))

    def for_its_own_page(self, plugin: str, seconds: float, answer: Ask[Answer]) -> Answer:
        """Whether it hangs is to be asked by whoever starts the clock: before that it is core that decides."""
        guards = self._guards
        if not guards:
            return answer()
        return self._watched(plugin, PAGE, lambda on_stuck: guards.own_page(answer, seconds, on_stuck))

    def for_a_piece(self, plugin: str, seconds: float, make: Ask[Answer]) -> Answer:
        """The next piece of a page that is made while it is sent."""
        guards = self._guards
        if not guards:
            return make()
        return self._watched(plugin, PAGE, lambda on_stuck: guards.piece(make, seconds, on_stuck))

    def hangs(self, plugin: str) -> bool:
        """Whether another thread waits for this plugin, out of reach."""
        return self._hanging[plugin] > 0

    def _unless_it_hangs(self, plugin: str, hook: str, call: Callable[[OnStuck], Answer]) -> Answer:
        """Raises: StillHangs."""
        if self.hangs(plugin):
            raise StillHangs(plugin)
        return self._watched(plugin, hook, call)

    def _watched(self, plugin: str, hook: str, call: Callable[[OnStuck], Answer]) -> Answer:
        """A plugin that hangs where nothing reaches it is left out, of pages and until the call comes back of all."""
        this = _Call()

        def on_stuck() -> None:
            with self._lock:
                if this.over:
                    return
                this.hangs = True
                self._hanging[plugin] += 1
            self.suspend(plugin, hook)

        try:
            return call(on_stuck)
        finally:
            with self._lock:
                this.over = True
                self._hanging[plugin] -= this.hangs

    # ---- what failed ----

    def record(self, plugin: str, hook: str, area: int | None, error: BaseException) -> None:
        """Log a failure, count it and keep it. ``area`` is the area's id, if known."""
        with self._lock:
            self._totals[plugin] = self._totals.get(plugin, 0) + 1
            # An event is told even to a suspended plugin, so its failures do not suspend either.
            suspends = HOOKS.get(hook) is HookKind.DISPLAY and self._is_one_too_many(plugin)
            told = self._rations.setdefault(plugin, Ration(MOST_TOLD, TOLD_SECONDS, clock=self._clock))
        if not told.take() and not suspends:
            return
        request_id = current_actor.get().request_id
        log.error(
            "Plugin %s failed in hook %s (area %s, request %s)",
            plugin,
            hook,
            area,
            request_id,
            extra={"plugin": plugin, "hook": hook, "area": area, "request_id": request_id},
            exc_info=error,
        )
        failure = Failure(uuid7(), plugin, hook, area, request_id, whereabouts(error, plugin), suspends)
        self._memory.keep(failure)
        if suspends:
            self._leave_out(failure)

    def note(self, plugin: str, hook: str, what: str) -> None:
        """Keep what is wrong with a plugin and is no exception of it."""
        self._memory.keep(Failure(uuid7(), plugin, hook, None, current_actor.get().request_id, what))

    def suspend(self, plugin: str, hook: str) -> None:
        """At once: it hangs where nothing reaches it, and every further page would lose its thread to it."""
        failure = Failure(uuid7(), plugin, hook, None, None, STUCK, suspends=True)
        self._memory.keep(failure)
        self._leave_out(failure)

    def _is_one_too_many(self, plugin: str) -> bool:
        now = self._clock()
        recent = self._recent.setdefault(plugin, deque())
        recent.append(now)
        while recent[0] < now - FAILURE_WINDOW_SECONDS:
            recent.popleft()
        if len(recent) < MAX_FAILURES:
            return False
        recent.clear()
        return True

    def _leave_out(self, failure: Failure) -> None:
        now = self._clock()
        with self._lock:
            self._suspensions[failure.plugin] = _Suspended(failure, now + SUSPENSION_SECONDS, now)
        log.error("Plugin %s is suspended for %d s in this process", failure.plugin, int(SUSPENSION_SECONDS))

    # ---- who is left out ----

    def is_suspended(self, plugin: str) -> bool:
        # Nearly every call ends here: reading an empty dict needs no lock.
        suspended = self._suspensions.get(plugin)
        return suspended is not None and self._clock() < suspended.until and not self._was_resumed(suspended)

    def _was_resumed(self, suspended: "_Suspended") -> bool:
        now = self._clock()
        if now < suspended.asked + ASK_AGAIN_SECONDS:
            return False
        suspended.asked = now
        if not self._memory.is_resumed(suspended.failure.id):
            return False
        self.resume(suspended.failure.plugin)
        return True

    def resume(self, plugin: str) -> None:
        """Ask it again from the next page on."""
        with self._lock:
            self._suspensions.pop(plugin, None)

    def suspensions(self) -> tuple[Suspension, ...]:
        """The suspensions in force, in plugin order."""
        now = self._clock()
        with self._lock:
            items = sorted(self._suspensions.items())
        return tuple(
            Suspension(plugin, item.failure.hook, item.until - now) for plugin, item in items if item.until > now
        )

    def failures(self) -> Mapping[str, int]:
        """How often each plugin failed since the process started, whatever it was doing."""
        with self._lock:
            return dict(self._totals)


@dataclass
class _Suspended:
    """Because of ``failure``, ``until`` then; ``asked`` is when it was last asked whether somebody resumed it."""

    failure: Failure
    until: float
    asked: float
