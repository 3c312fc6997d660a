"""What happened to the sixty made-up cases: which steps, how long after one another, how long ago it began."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

PREPARED = (("papers", 10 * MINUTE), ("handle", 30 * MINUTE), ("recommend", HOUR))
DECIDED = (*PREPARED, ("approve", HOUR), ("issue", 20 * MINUTE))

Steps = tuple[tuple[str, timedelta], ...]


@dataclass(frozen=True)
class Fate:
    """``ages`` has one number for each case: how many working days ago it was opened."""

    steps: Steps
    ages: tuple[int, ...]


# The promise is one working day: whatever is open for two is overdue, what came yesterday is due today.
CIBADAK = (
    Fate((*DECIDED, ("sign", HOUR), ("finish", DAY)), tuple(range(4, 30))),
    Fate((*DECIDED, ("sign", HOUR), ("revoke", DAY), ("issue", HOUR), ("sign", HOUR), ("finish", DAY)), (9, 17)),
    Fate((*DECIDED, ("sign", HOUR)), (0, 2)),
    Fate(DECIDED, (0, 1, 1, 3)),
    Fate((*PREPARED, ("refuse", DAY)), (6, 12, 20, 26)),
    Fate(PREPARED, (0, 1, 1, 2, 4, 7)),
    Fate((("some_papers", 10 * MINUTE), ("handle", HOUR), ("task", HOUR)), (0, 1, 1, 2, 3, 5, 8, 13)),
    Fate((), (0, 0, 0, 1, 1, 2)),
    Fate((("cancel", DAY),), (5, 15)),
)
NEIGHBOUR = (Fate((), (0, 2)), Fate((("some_papers", 10 * MINUTE), ("handle", HOUR)), (1, 3)))


@dataclass(frozen=True)
class Deed:
    """One step of one case; ``case`` is its number in the demonstration."""

    moment: datetime
    case: int
    action: str


def deeds(fates: tuple[Fate, ...], now: datetime, timezone: str, rng: Random) -> list[Deed]:
    """Every step of every case in the order of time, so that tickets and letters are numbered as they would have been.

    Nothing lies in the future: what a story would do later than ``now`` happens just before it.
    """
    found: list[Deed] = []
    case = 0
    for fate in fates:
        for age in fate.ages:
            found.extend(_story(case, fate.steps, _opening(now, age, timezone, rng)))
            case += 1
    latest = now - MINUTE
    ordered = sorted(found, key=lambda deed: deed.moment)
    return [Deed(min(deed.moment, latest), deed.case, deed.action) for deed in ordered]


def _story(case: int, steps: Steps, moment: datetime) -> Iterator[Deed]:
    yield Deed(moment, case, "open")
    for action, pause in steps:
        moment = _at_work(moment + pause)
        yield Deed(moment, case, action)


def _opening(now: datetime, age: int, timezone: str, rng: Random) -> datetime:
    """Some time in the morning, ``age`` working days ago."""
    day = now.astimezone(ZoneInfo(timezone)).date()
    while age or day.weekday() > 4:
        day -= DAY
        age -= day.weekday() < 5 and age > 0
    morning = datetime.combine(day, time(8), ZoneInfo(timezone)) + rng.randrange(240) * MINUTE
    return morning.astimezone(UTC)


def _at_work(moment: datetime) -> datetime:
    while moment.weekday() > 4:
        moment += DAY
    return moment
