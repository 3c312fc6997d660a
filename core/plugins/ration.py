"""How much of something one plugin may do in a while; what goes beyond is counted."""

import threading
import time
from collections.abc import Callable


class Ration:
    """At most ``most`` in each window of ``seconds``. Safe between threads.

    Attributes:
        dropped: how many were refused since the process started.
    """

    def __init__(self, most: int, seconds: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._lock = threading.Lock()
        self._until, self._taken = 0.0, 0
        self._exceeded = False
        self.dropped = 0

    def take(self) -> bool:
        """Whether one more is within the ration."""
        now = self._clock()
        with self._lock:
            if now >= self._until:
                self._until, self._taken = now + self._seconds, 0
            self._taken += 1
            if self._taken <= self._most:
                return True
            self.dropped += 1
            self._exceeded = self._exceeded or self._taken == self._most + 1
            return False

    def was_exceeded(self) -> bool:
        """Whether a window has been exceeded since this was last asked."""
        if not self._exceeded:  # nearly always; needs no lock
            return False
        with self._lock:
            exceeded, self._exceeded = self._exceeded, False
            return exceeded
