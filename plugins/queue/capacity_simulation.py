"""A desk's day as events: people come, clerks call the next one, the desk closes. By the library SimPy.

Minutes count from the opening of the desk, its pauses left out. The same plan and the same seed give the same answer.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from math import sqrt
from random import Random
from typing import Any

import simpy

SEED = 2026
PEOPLE = 15_000
"""How many people a page lets come for each plan: 0.15 seconds (docs/capacity.md)."""
FEWEST_WEEKS, MOST_WEEKS = 20, 1_000
PUNCTUAL = 10.0
"""Minutes before and after their slot within which people who booked come: an assumption."""
NORMAL_95 = 1.96


Visitor = tuple[float, tuple[bool, float, int], float]
"""When somebody comes; the place in line (False: before others, since when, which one); minutes at the counter."""


@dataclass(frozen=True)
class DeskPlan:
    """A way to run the desk.

    Attributes:
        arrivals: people an open day on average; how many come on one is by chance (Poisson).
        open_minutes: of a day.
        clerks: who call at the same time, each at a counter.
        days: open days a week.
        minutes: at the counter, on average.
        times: recorded minutes at the counter to draw from; none: exponential with that mean.
        offsets: recorded arrivals, minutes after the opening (before it: negative), to draw from; none: evenly.
        booked: the share that comes to a slot, evenly over the day, and stands in line by it.
        urgent: the share that is called before others.
        ready: the share whose papers are checked ahead besides those whose papers are today; at the counter they take
            ``ready_factor`` of the time.
        day_limit: the most numbers on a day.
    """

    arrivals: float
    open_minutes: float
    clerks: int
    days: int
    minutes: float
    times: Sequence[float] = ()
    offsets: Sequence[float] = ()
    booked: float = 0.0
    urgent: float = 0.0
    ready: float = 0.0
    ready_factor: float = 1.0
    day_limit: int | None = None

    @property
    def mean_minutes(self) -> float:
        return self.minutes * (1 - self.ready + self.ready * self.ready_factor)

    @property
    def load(self) -> float:
        """ρ = arrivals · minutes / (clerks · open minutes): above 1 more comes than the clerks can serve."""
        return self.arrivals * self.mean_minutes / (self.clerks * self.open_minutes)


@dataclass(frozen=True)
class Estimate:
    """A mean of the simulated weeks; with 95 % confidence it lies within ``margin`` of the true one."""

    value: float
    margin: float


@dataclass(frozen=True)
class DeskResult:
    """What came of a plan. Waiting in minutes, from the arrival to the call, of those who were called.

    ``at_closing``: people who still waited when the desk closed, a day. ``turned_away``: they, and those who got no
    number, a week. ``busy``: the share of their open time that the clerks served. ``served``: people a week.
    """

    wait: Estimate
    p90: float
    turned_away: Estimate
    at_closing: float
    busy: float
    served: float
    weeks: int
    people: int


@dataclass
class _Day:
    """What a simulated day writes down."""

    waits: list[float]
    busy: float = 0.0
    came: int = 0
    refused: int = 0
    left: int = 0


def simulate(plan: DeskPlan, *, weeks: int | None = None, seed: int = SEED) -> DeskResult:
    """So many weeks of a plan, by default as many as bring ``PEOPLE`` people, each day for itself.

    Raises:
        ValueError: a plan without people, time or clerks.
    """
    if min(plan.arrivals, plan.open_minutes, plan.clerks, plan.days, plan.minutes) <= 0:
        raise ValueError("a plan has people, open minutes, clerks, days and minutes at the counter")
    weeks = weeks or round(max(FEWEST_WEEKS, min(MOST_WEEKS, PEOPLE / (plan.arrivals * plan.days))))
    chance = Random(seed)  # noqa: S311 - the same plan has to give the same figures
    days = [[_one_day(plan, chance) for _day in range(plan.days)] for _week in range(weeks)]
    each_day = [day for week in days for day in week]
    waits = sorted(wait for day in each_day for wait in day.waits)
    by_week = [(sum(sum(day.waits) for day in week), sum(len(day.waits) for day in week)) for week in days]
    return DeskResult(
        wait=ratio(by_week),
        p90=quantile(waits, 0.9),
        turned_away=ratio([(float(sum(day.refused + day.left for day in week)), 1) for week in days]),
        at_closing=sum(day.left for day in each_day) / len(each_day),
        busy=sum(day.busy for day in each_day) / (len(each_day) * plan.clerks * plan.open_minutes),
        served=len(waits) / weeks,
        weeks=weeks,
        people=sum(day.came for day in each_day),
    )


def ratio(pairs: Sequence[tuple[float, int]]) -> Estimate:
    """Σ sums / Σ counts over independent weeks, with its 95 % margin.

    Source: W. G. Cochran, "Sampling Techniques" (3rd ed., 1977), section 6.4 (variance of a ratio of means).
    """
    n, total = len(pairs), sum(number for _sum, number in pairs)
    if not total:
        return Estimate(0.0, 0.0)
    value = sum(amount for amount, _number in pairs) / total
    spread = sum((amount - value * number) ** 2 for amount, number in pairs)
    return Estimate(value, NORMAL_95 * sqrt(spread * n / (n - 1)) / total if n > 1 else float("inf"))


def quantile(ordered: Sequence[float], share: float) -> float:
    """Interpolated between neighbours, as ``percentile_cont`` of PostgreSQL; 0 of nothing."""
    if not ordered:
        return 0.0
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def _one_day(plan: DeskPlan, chance: Random) -> _Day:
    people = _people(plan, chance)
    taken = people if plan.day_limit is None else people[: plan.day_limit]
    day = _Day([], came=len(people), refused=len(people) - len(taken))
    start = min(0.0, taken[0][0]) if taken else 0.0
    desk = simpy.Environment(start)
    line = simpy.PriorityStore(desk)
    desk.process(_arriving(desk, line, taken))
    for _clerk in range(plan.clerks):
        desk.process(_clerk_at_work(desk, line, day, plan.open_minutes))
    desk.run(until=plan.open_minutes)
    day.left = len(line.items)
    return day


def _people(plan: DeskPlan, chance: Random) -> list[Visitor]:
    """Of each who comes on a day, in the order in which they come."""
    number = _poisson(plan.arrivals, chance)
    booked = [index for index in range(number) if plan.booked and chance.random() < plan.booked]
    slots = {index: plan.open_minutes * (place + 0.5) / len(booked) for place, index in enumerate(booked)}
    people: list[Visitor] = []
    for index in range(number):
        slot = slots.get(index)
        if slot is not None:
            came = slot + chance.uniform(-PUNCTUAL, PUNCTUAL)
        else:
            came = chance.choice(plan.offsets) if plan.offsets else chance.uniform(0, plan.open_minutes)
        minutes = chance.choice(plan.times) if plan.times else chance.expovariate(1 / plan.minutes)
        if plan.ready and chance.random() < plan.ready:
            minutes *= plan.ready_factor
        others_first = not (plan.urgent and chance.random() < plan.urgent)
        people.append((came, (others_first, came if slot is None else slot, index), minutes))
    return sorted(people)


def _poisson(mean: float, chance: Random) -> int:
    """How many come when one comes every 1/mean of a day by chance."""
    number, passed = 0, chance.expovariate(1.0)
    while passed <= mean:
        number, passed = number + 1, passed + chance.expovariate(1.0)
    return number


def _arriving(
    desk: simpy.Environment, line: simpy.PriorityStore, people: Sequence[Visitor]
) -> Generator[simpy.Event, Any, None]:
    for came, place, minutes in people:
        yield desk.timeout(max(0.0, came - desk.now))
        line.put(simpy.PriorityItem(place, (came, minutes)))


def _clerk_at_work(
    desk: simpy.Environment, line: simpy.PriorityStore, day: _Day, closes: float
) -> Generator[simpy.Event, Any, None]:
    """Calls one after the other from the opening on; who is at the counter at the end is served to the end."""
    yield desk.timeout(max(0.0, -desk.now))
    while True:
        item = yield line.get()
        came, minutes = item.item
        day.waits.append(desk.now - came)
        day.busy += min(minutes, closes - desk.now)
        yield desk.timeout(minutes)
