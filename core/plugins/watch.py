"""What a plugin is given to answer in, and how one that takes longer is cut off.

No thread of Python can be killed. What can be done, and is done by one watching thread a process:

- a statement in PostgreSQL is cancelled through the driver, on whatever connection of the pool it runs and without a
  further query on any page that is in time;
- between two steps of Python code :class:`CutOff` is raised in the plugin, again and again until it lets go (one that
  comes up while Python clears away an object is lost there, and the next follows);
- a call into C that never comes back to Python (``time.sleep``, a socket without a time limit) cannot be broken. Its
  plugin is left out while it hangs, so that one thread waits and not all of them; what it answers in the end is
  thrown away.

One plugin's page may ask other plugins on the way. While one of them is asked, the clock of the page stands still: each
answers for its own time.
"""

import ctypes
import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from math import inf
from typing import Any, TypeVar

from psycopg import Connection
from psycopg.pq import TransactionStatus

from core.plugins.borrowed import drivers_of

Answer = TypeVar("Answer")

DISPLAY_SECONDS = 3.0
DECISION_SECONDS = 10.0
"""For an objection, and for a duty."""

EVENT_SECONDS = 10.0
SECONDS_A_VILLAGE = 0.1
"""What an event is given besides for each village that it is told of: a district's are told at once."""

DEMO_SECONDS = 300.0
"""To fill a village of the demonstration, for which somebody waits at the command line."""

TICK_SECONDS = 0.1
STUCK_TICKS = 10
"""After so many attempts to end it, a plugin counts as hanging where nothing reaches it."""

log = logging.getLogger("puskesos.plugins")


class TooSlow(Exception):
    """A plugin did not answer in time."""


class CutOff(BaseException):
    """Raised in the middle of a plugin's code; not an ``Exception``, so that its ``except Exception`` lets it pass."""


def event_seconds(event: str, arguments: Mapping[str, Any]) -> float:
    """How long a plugin may take over an event."""
    if event == "demo_filled":
        return DEMO_SECONDS
    return EVENT_SECONDS + SECONDS_A_VILLAGE * len(arguments.get("areas", ()))


@dataclass(eq=False)
class Stay:
    """One call of a plugin, from when it begins until it is left.

    Attributes:
        outer: the call on whose way this one lies.
        deadline: when its time is over; infinite while its clock stands still.
        time_left: when its clock was stopped.
    """

    seconds: float
    on_stuck: Callable[[], object]
    outer: "Stay | None" = None
    deadline: float = inf
    time_left: float | None = None
    thread: int = field(default_factory=threading.get_ident)
    lock: threading.Lock = field(default_factory=threading.Lock)
    attempts: int = 0
    left: bool = False

    def start(self) -> None:
        self.deadline = time.monotonic() + self.seconds

    def pause(self) -> None:
        if self.time_left is None:
            self.time_left, self.deadline = self.deadline - time.monotonic(), inf

    def go_on(self) -> None:
        if self.time_left is not None:
            self.deadline, self.time_left = time.monotonic() + self.time_left, None

    def is_over(self) -> bool:
        return time.monotonic() > self.deadline

    def cut_off(self) -> None:
        """By the watching thread: end what the plugin does, one way or the other."""
        with self.lock:
            if self.left or not self.is_over():
                return
            self.attempts += 1
            waiting = [driver for driver in drivers_of(self.thread) if is_active(driver)]
            for driver in waiting:
                _cancel(driver)
            if not waiting:
                raise_in(self.thread, CutOff)
            stuck = self.attempts == STUCK_TICKS
        if stuck:
            self.on_stuck()

    def leave(self) -> None:
        """By the plugin's thread: nothing is cut off from here on, and what is on its way to it has come."""
        with self.lock:
            self.left = True
        if self.attempts:
            _let_the_last_one_come()


def is_active(driver: Any) -> bool:
    """Whether a statement runs on a connection of the driver."""
    return isinstance(driver, Connection) and driver.info.transaction_status == TransactionStatus.ACTIVE


def _cancel(driver: Connection) -> None:
    try:
        driver.cancel_safe(timeout=2)
    except Exception:
        log.exception("a statement that takes too long could not be cancelled")


def raise_in(thread: int, error: type[BaseException]) -> None:
    """Raise ``error`` in a thread at its next step."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), ctypes.py_object(error))


def _let_the_last_one_come() -> None:
    """One that may be on its way to this thread is caught here.

    Taking it back (PyThreadState_SetAsyncExc with NULL) leaves CPython's mark that something waits up for good, and
    from then on 3.11 never gets past the entry of a function under a profiler.
    """
    try:
        while True:  # one that comes up while Python clears away an object is lost there
            raise_in(threading.get_ident(), CutOff)
            for _step in range(1000):
                pass
    except CutOff:
        pass


class Watch:
    """The calls that run at the moment, and the thread that ends those that take too long."""

    def __init__(self) -> None:
        self._stays: set[Stay] = set()
        self._lock = threading.Lock()
        self._somebody = threading.Event()
        self._thread: threading.Thread | None = None

    def enter(self, stay: Stay) -> None:
        with self._lock:
            self._stays.add(stay)
            if self._thread is None or not self._thread.is_alive():  # the first time, and in a forked process
                self._thread = threading.Thread(target=self._run, name="plugin-watch", daemon=True)
                self._thread.start()
        self._somebody.set()

    def leave(self, stay: Stay) -> None:
        stay.leave()
        with self._lock:
            self._stays.discard(stay)

    def _run(self) -> None:
        while True:
            self._somebody.wait()
            time.sleep(TICK_SECONDS)
            with self._lock:
                stays = list(self._stays)
                if not stays:
                    self._somebody.clear()
            for stay in stays:
                if stay.is_over():
                    stay.cut_off()


watch = Watch()

_innermost: ContextVar[Stay | None] = ContextVar("innermost", default=None)


def start_clock() -> None:
    """From here on runs what was entered with its clock standing still."""
    stay = _innermost.get()
    if stay is not None and stay.deadline == inf:
        stay.start()


def in_time(
    ask: Callable[[], Answer], seconds: float, on_stuck: Callable[[], object], *, clock_runs: bool = True
) -> Answer:
    """Ask a plugin something. ``on_stuck`` is called by another thread where nothing ends it.

    Args:
        clock_runs: from the beginning; else from :func:`start_clock` on.

    Raises:
        TooSlow: it was cut off, or answered too late.
    """
    stay = Stay(seconds, on_stuck, _innermost.get())
    if stay.outer is not None:
        stay.outer.pause()
    if clock_runs:
        stay.start()
    _innermost.set(stay)
    watch.enter(stay)
    try:
        try:
            answer = ask()
        finally:
            # What was on its way may arrive in any of these lines; once left, nothing more is sent.
            while True:
                try:
                    _leave(stay)
                    break
                except CutOff:
                    continue
    except (CutOff, Exception) as error:
        if not stay.attempts:  # of its own; or on its way to the outer one
            raise
        raise TooSlow(f"no answer within {seconds:g} s") from error
    if stay.attempts or stay.is_over():
        raise TooSlow(f"no answer within {seconds:g} s")
    return answer


def _leave(stay: Stay) -> None:
    """May be done twice."""
    watch.leave(stay)
    _innermost.set(stay.outer)
    if stay.outer is not None:
        stay.outer.go_on()
