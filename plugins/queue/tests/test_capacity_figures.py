"""What the record says of a desk, by hand: two days of known numbers."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask

from core.api import Area, commit, db
from core.testing import SIBLING, VILLAGE, at
from plugins.queue.capacity_figures import ENOUGH, Capacity, capacity_of
from plugins.queue.capacity_plans import Assumptions, Changes, NotEnough, compare, plan_of
from plugins.queue.models import QueueBooking, QueueCounter, QueueTicket, QueueTurnedAway

from .conftest import COMPLAINTS, COUNTER, LETTERS, furnish, local

THURSDAY, FRIDAY = date(2026, 11, 5), date(2026, 11, 6)
NUMBERS: Iterator[int] = iter(range(1, 100_000))


def ticket(area: Area, day: date, came: int, wait: float | None = None, minutes: float | None = None, **values) -> None:
    """Somebody who came so many minutes after eight, waited and was served so long."""
    arrived = local(area, day, 8) + timedelta(minutes=came)
    called = None if wait is None else arrived + timedelta(minutes=wait)
    over = None if called is None or minutes is None else called + timedelta(minutes=minutes)
    row = {
        "service_id": LETTERS,
        "waits_for_id": LETTERS,
        "number": next(NUMBERS),
        "state": "done" if over else "waiting",
        "arrived_at": arrived,
        "queued_at": arrived,
        "called_at": called,
        "last_called_at": called,
        "started_at": called,
        "finished_at": over,
        "counter_id": COUNTER if called else None,
    }
    db.session.add(QueueTicket(village_id=area.id, day=day, **{**row, **values}))


def many(area: Area, number: int, day: date = THURSDAY, minutes: float = 10, **values) -> None:
    for place in range(number):
        ticket(area, day, 5 * place, 3, minutes, **values)
    commit()


def of(area: Area, first: date = THURSDAY, last: date = FRIDAY) -> Capacity:
    return capacity_of(area, first, last)


def test_a_day_by_hand(queue: Area) -> None:
    for place, wait in enumerate((0, 10, 20, 30, 40)):
        ticket(queue, THURSDAY, 30 * place, wait, 12)
    ticket(queue, THURSDAY, -15, state="turned_away")
    ticket(queue, THURSDAY, 60, 50, state="no_show")
    db.session.add(
        QueueTurnedAway(village_id=queue.id, day=THURSDAY, at=local(queue, THURSDAY, 13), reason="full", people=3)
    )
    start = local(queue, THURSDAY, 9)
    missed = {"state": "no_show", "code": "X", "day": THURSDAY, "slot_start": start, "service_id": LETTERS}
    db.session.add(QueueBooking(village_id=queue.id, **missed))
    commit()
    found = of(queue)
    day = found.days[THURSDAY]
    assert (day.arrivals, day.served, day.turned_away, day.no_shows) == (10, 5, 4, 2)
    assert (day.waits.n, day.waits.mean, day.waits.median, day.waits.p90) == (6, 25, 25, 45)
    assert (day.minutes, day.timed, day.staffed) == (12, 5, 360)
    assert day.load == pytest.approx(10 * 12 / 360)
    assert found.total == day
    assert list(found.days) == [THURSDAY], "on Friday nobody came"
    assert (found.open_days, found.open_minutes, found.counters, found.arrivals_a_day) == (1, 360, 1, 10)
    assert sorted(found.offsets) == [-15, 0, 30, 60, 60, 90, 120]


def test_a_period_is_its_days_together_and_not_their_mean(queue: Area) -> None:
    other = uuid4()
    db.session.add(QueueCounter(village_id=queue.id, id=other, name="Loket 2"))
    db.session.flush()
    many(queue, 6)
    many(queue, 12, FRIDAY, minutes=20)
    ticket(queue, FRIDAY, 0, 3, 20, counter_id=other)
    commit()
    found = of(queue)
    assert [day.staffed for day in found.days.values()] == [360, 720]
    assert found.total.load == pytest.approx((6 * 10 + 13 * 20) / 1080)
    assert found.total.minutes == pytest.approx((6 * 10 + 13 * 20) / 19)
    assert (found.open_days, found.counters) == (2, 1.5)
    assert of(queue, FRIDAY).total == found.days[FRIDAY]


def test_waits_of_four_are_not_told(queue: Area) -> None:
    many(queue, 4)
    found = of(queue).total
    assert (found.waits.n, found.waits.mean, found.waits.p90, found.minutes) == (4, None, None, 10)


def test_what_is_no_time_at_the_counter_is_none(queue: Area) -> None:
    """Ended by the night for a clerk who forgot; gone home; still there."""
    evening = local(queue, FRIDAY, 1)
    ticket(queue, THURSDAY, 0, 1, 10)
    ticket(queue, THURSDAY, 10, 1, 10, finished_at=evening)
    ticket(queue, THURSDAY, 20, 1, state="left", finished_at=local(queue, THURSDAY, 9))
    ticket(queue, THURSDAY, 30, 1, state="serving")
    commit()
    assert of(queue).times == [10]


def test_a_day_outside_the_hours_counts_without_a_load(queue: Area) -> None:
    sunday = date(2026, 11, 8)
    many(queue, 6, sunday)
    many(queue, 6)
    found = of(queue, last=sunday)
    assert (found.days[sunday].load, found.days[sunday].arrivals, len(found.offsets)) == (None, 6, 6)
    assert found.total.load == pytest.approx(6 * 10 / 360)


def test_a_pause_is_no_time_of_the_desk(queue: Area, app: Flask) -> None:
    from plugins.queue.capacity_figures import _open_minutes_until  # noqa: PLC0415
    from plugins.queue.desk_days import DeskDay  # noqa: PLC0415

    def clock(hour: int, minute: int = 0) -> datetime:
        return local(queue, THURSDAY, hour, minute)

    day = DeskDay(THURSDAY, ((clock(8), clock(12)), (clock(13), clock(15))))
    moments = [clock(7, 30), clock(8), clock(12, 30), clock(13, 10), clock(16)]
    assert [_open_minutes_until(moment, day) for moment in moments] == [-30, 0, 240, 250, 360]


def test_nothing_of_another_village_or_another_time_counts(app: Flask, areas: None) -> None:
    with at(app, SIBLING) as sibling:
        furnish(sibling)
        many(sibling, 8)
    with at(app, VILLAGE) as area:
        furnish(area)
        many(area, 5)
        many(area, 3, date(2026, 11, 12))
        assert of(area).total.arrivals == 5


def test_without_a_record_the_figures_are_asked_for(queue: Area) -> None:
    many(queue, ENOUGH - 1)
    with pytest.raises(NotEnough) as problem:
        compare(of(queue), Assumptions(), Changes(days=1))
    assert problem.value.names == ("arrivals", "minutes")
    typed = compare(of(queue), Assumptions(arrivals=20, minutes=15), Changes(days=1))
    assert typed.assumed == {"arrivals", "minutes"}
    assert (typed.now.plan.times, typed.now.plan.offsets) == ((), ())
    assert (typed.now.plan.days, typed.now.plan.open_minutes, typed.then.plan.arrivals) == (1, 360, 10)
    many(queue, 1)
    assert plan_of(of(queue), Assumptions()).times == [10.0] * ENOUGH


def test_what_complete_papers_save_is_the_record_s_or_an_assumption(queue: Area) -> None:
    many(queue, ENOUGH, minutes=20, papers_ready=False, service_id=COMPLAINTS)
    many(queue, ENOUGH - 1, FRIDAY, minutes=8, papers_ready=True)
    with pytest.raises(NotEnough) as problem:
        compare(of(queue), Assumptions(), Changes(ready=0.5))
    assert problem.value.names == ("ready_minutes",)
    many(queue, 1, FRIDAY, minutes=8, papers_ready=True)
    found = compare(of(queue), Assumptions(), Changes(ready=0.5))
    assert (found.ready, found.unready, found.assumed) == (ENOUGH, ENOUGH, frozenset())
    assert found.then.plan.ready_factor == 0.4
    assert found.then.plan.mean_minutes == pytest.approx(14 * 0.7)
    typed = compare(of(queue), Assumptions(ready_minutes=7), Changes(ready=0.5))
    assert (typed.then.plan.ready_factor, typed.ready, typed.assumed) == (0.5, 0, {"ready_minutes"})


def test_who_booked_and_who_goes_first_come_into_the_plan(queue: Area) -> None:
    many(queue, 20)
    many(queue, 10, FRIDAY, origin="booking")
    many(queue, 10, FRIDAY, rank=40, counter_id=UUID(int=3))
    plan = plan_of(of(queue), Assumptions())
    assert (plan.booked, plan.urgent, len(plan.offsets)) == (0.25, 0.25, 30)
    found = compare(of(queue), Assumptions(), Changes(booked=0.8, counters=1))
    assert (found.then.plan.booked, found.then.plan.clerks, found.now.plan.booked) == (0.8, 2, 0.25)
    assert found.now.erlang is not None
    assert compare(of(queue), Assumptions(minutes=60), Changes(days=9)).then.plan.days == 7
