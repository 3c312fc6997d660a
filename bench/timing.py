"""Taking times: medians of several runs, and the spread of many."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from bench.report import Quantity


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def median_time(work: Callable[[], object], repetitions: int) -> Quantity:
    return Quantity(median(seconds(work) for _ in range(repetitions)), "s")


@dataclass(frozen=True)
class Spread:
    """How long each of many like things took."""

    p50: float
    p95: float
    n: int

    @classmethod
    def of(cls, times: Sequence[float]) -> "Spread":
        cuts = quantiles(times, n=20, method="inclusive")
        return cls(cuts[9], cuts[18], len(times))

    @property
    def note(self) -> str:
        return f"p95 {Quantity(self.p95, 's')}"


def spread(works: Iterable[Callable[[], object]]) -> Spread:
    return Spread.of([seconds(work) for work in works])
