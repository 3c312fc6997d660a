"""What was made for one request and serves the next ones: the latest few, for a while."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from time import monotonic
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """At most ``most`` values, each for ``seconds``; those not asked for longest go first."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds
        self._values: OrderedDict[Hashable, tuple[float, Value]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> Value | None:
        with self._lock:
            kept_at, value = self._values.get(key, (0.0, None))
            if value is None:
                return None
            if monotonic() - kept_at > self._seconds:
                del self._values[key]
                return None
            self._values.move_to_end(key)
            return value

    def keep(self, key: Hashable, value: Value) -> Value:
        with self._lock:
            self._values[key] = monotonic(), value
            self._values.move_to_end(key)
            if len(self._values) > self._most:
                self._values.popitem(last=False)
        return value
