"""From the record, what somebody typed and what is to change: the desk as it is and as it would be, both simulated.

A figure is the record's where there is enough of it, else what was typed, and then it is called an assumption.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from .capacity_figures import ENOUGH, Capacity
from .capacity_simulation import DeskPlan, DeskResult, simulate
from .erlang import mean_wait


class NotEnough(ValueError):
    """The record is too thin for these figures, and nobody typed them; ``names`` are fields of ``Assumptions``."""

    def __init__(self, *names: str) -> None:
        super().__init__(", ".join(names))
        self.names = names


@dataclass(frozen=True)
class Assumptions:
    """What somebody typed; None: from the record. ``arrivals`` a day, ``minutes`` at the counter, ``hours`` open a day,
    ``counters`` served at once, ``days`` open a week, ``ready_minutes`` at the counter with all papers checked."""

    arrivals: float | None = None
    minutes: float | None = None
    hours: float | None = None
    counters: int | None = None
    days: int | None = None
    ready_minutes: float | None = None

    @property
    def typed(self) -> frozenset[str]:
        return frozenset(field.name for field in fields(self) if getattr(self, field.name) is not None)


@dataclass(frozen=True)
class Changes:
    """What is to be tried: more open days a week, more clerks, ``booked`` as the share of all who come to a slot (None:
    as now), ``ready`` as the share whose papers are checked ahead besides those of today."""

    days: int = 0
    counters: int = 0
    booked: float | None = None
    ready: float = 0.0

    @property
    def none(self) -> bool:
        return self == Changes()


@dataclass(frozen=True)
class Outcome:
    """A plan, what came of it, and what Erlang's formula says where it has an answer (a load below 1)."""

    plan: DeskPlan
    result: DeskResult
    erlang: float | None


@dataclass(frozen=True)
class Comparison:
    """``ready`` and ``unready``: how many times at the counter the difference that papers make comes from; 0 where it
    is an assumption or not asked for. ``assumed``: which figures are."""

    now: Outcome
    then: Outcome
    assumed: frozenset[str]
    ready: int = 0
    unready: int = 0


def compare(capacity: Capacity, assumptions: Assumptions, changes: Changes) -> Comparison:
    """Simulate the desk as it is and with the changes: the same people a week, spread over the open days.

    Raises:
        NotEnough: figures that neither the record nor the assumptions have.
    """
    now = plan_of(capacity, assumptions)
    factor, ready, unready = _papers(capacity, assumptions, now, changes)
    days = min(7, now.days + changes.days)
    then = replace(
        now,
        days=days,
        arrivals=now.arrivals * now.days / days,
        clerks=now.clerks + changes.counters,
        booked=now.booked if changes.booked is None else changes.booked,
        ready=changes.ready,
        ready_factor=factor,
    )
    return Comparison(_outcome(now), _outcome(then), assumptions.typed, ready, unready)


def plan_of(capacity: Capacity, assumptions: Assumptions) -> DeskPlan:
    """The desk as it is. Raises: NotEnough."""
    recorded: Mapping[str, float | None] = recorded_of(capacity)
    found = {name: _either(getattr(assumptions, name), value) for name, value in recorded.items()}
    missing = [name for name, value in found.items() if not value]
    if missing:
        raise NotEnough(*missing)
    return DeskPlan(
        arrivals=found["arrivals"] or 0.0,
        open_minutes=(found["hours"] or 0.0) * 60,
        clerks=round(found["counters"] or 1),
        days=round(found["days"] or 1),
        minutes=found["minutes"] or 0.0,
        times=capacity.times if assumptions.minutes is None else (),
        offsets=capacity.offsets if assumptions.hours is None and len(capacity.offsets) >= ENOUGH else (),
        booked=capacity.share("booked"),
        urgent=capacity.share("urgent"),
        day_limit=capacity.day_limit,
    )


def recorded_of(capacity: Capacity) -> dict[str, float | None]:
    """What the record gives for each assumption; None or 0 where it is too thin."""
    times = capacity.times
    return {
        "arrivals": capacity.arrivals_a_day if len(capacity.visits) >= ENOUGH else None,
        "minutes": sum(times) / len(times) if capacity.enough else None,
        "hours": capacity.open_minutes / 60,
        "counters": max(1, round(capacity.counters)),
        "days": capacity.open_days,
    }


def _either(typed: float | None, recorded: float | None) -> float | None:
    return recorded if typed is None else typed


def _papers(capacity: Capacity, assumptions: Assumptions, plan: DeskPlan, changes: Changes) -> tuple[float, int, int]:
    """By what the time at the counter is multiplied when papers are complete, and of how many times that is known."""
    if not changes.ready:
        return 1.0, 0, 0
    if assumptions.ready_minutes is not None:
        return assumptions.ready_minutes / plan.minutes, 0, 0
    ready, unready = capacity.papers()
    if min(len(ready), len(unready)) < ENOUGH:
        raise NotEnough("ready_minutes")
    return (sum(ready) / len(ready)) / (sum(unready) / len(unready)), len(ready), len(unready)


def _outcome(plan: DeskPlan) -> Outcome:
    arrivals = plan.arrivals / plan.open_minutes
    erlang = mean_wait(arrivals, 1 / plan.mean_minutes, plan.clerks) if plan.load < 1 else None
    return Outcome(plan, simulate(plan), erlang)
