"""What a plugin is given to answer in, and how one that takes longer is cut off.

No thread of Python can be killed. What can be done, and is done by one watching thread a process:

- a statement in PostgreSQL is cancelled through the driver, on whatever connection of the pool it runs and without a
  further query on any page that is in time;
- between two steps of Python code :class:`CutOff` is raised in the plugin, again and again until it lets go (one that
  comes up while Python clears away an object is lost there, and the next follows);
- a call into C that never comes back to Python (``time.sleep``, a socket without a time limit) cannot be broken. Its
  plugin is suspended while it hangs, so that one thread waits and not all of them; what it answers in the end is
  thrown away.
"""

import ctypes
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from psycopg import Connection
from psycopg.pq import TransactionStatus

from core.plugins.borrowed import drivers_of

Answer = TypeVar("Answer")

DISPLAY_SECONDS = 3.0
DECISION_SECONDS = 10.0

TICK_SECONDS = 0.1
STUCK_TICKS = 10
"""After so many attempts to end it, a plugin counts as hanging where nothing reaches it."""

log = logging.getLogger("puskesos.plugins")


class TooSlow(Exception):
    """A plugin did not answer in time."""


class CutOff(BaseException):
    """Raised in the middle of a plugin's code; not an ``Exception``, so that its ``except Exception`` lets it pass."""


@dataclass(eq=False)
class Stay:
    """One call of a plugin, from when it begins until it is left."""

    deadline: float
    on_stuck: Callable[[], object]
    thread: int = field(default_factory=threading.get_ident)
    lock: threading.Lock = field(default_factory=threading.Lock)
    attempts: int = 0
    left: bool = False

    def cut_off(self) -> None:
        """By the watching thread: end what the plugin does, one way or the other."""
        with self.lock:
            if self.left:
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
        raise_in(threading.get_ident(), CutOff)
        while True:
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
            now = time.monotonic()
            for stay in stays:
                if stay.deadline < now:
                    stay.cut_off()


watch = Watch()


def in_time(ask: Callable[[], Answer], seconds: float, on_stuck: Callable[[], object]) -> Answer:
    """Ask a plugin something. ``on_stuck`` is called by another thread where nothing ends it.

    Raises:
        TooSlow: it was cut off, or answered too late.
    """
    stay = Stay(time.monotonic() + seconds, on_stuck)
    watch.enter(stay)
    try:
        try:
            answer = ask()
        finally:
            # What was on its way may arrive in any of these lines; once left, nothing more is sent.
            while True:
                try:
                    watch.leave(stay)
                    break
                except CutOff:
                    continue
    except CutOff:
        raise TooSlow(f"no answer within {seconds:g} s") from None
    if stay.attempts or time.monotonic() > stay.deadline:
        raise TooSlow(f"no answer within {seconds:g} s")
    return answer
