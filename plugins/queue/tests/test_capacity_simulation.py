"""The simulation is Erlang's formula where that holds, and differs from it as a desk's day does."""

import pytest

from plugins.queue.capacity_simulation import MOST_WEEKS, PEOPLE, SEED, DeskPlan, ratio, simulate
from plugins.queue.erlang import erlang_c, mean_wait, wait_not_exceeded

MANY = 60_000


def desk(**values) -> DeskPlan:
    """A day of six hours with one clerk, and 15 minutes for each of 20 people."""
    return DeskPlan(**{"arrivals": 20, "open_minutes": 360, "clerks": 1, "days": 1, "minutes": 15, **values})


@pytest.mark.parametrize(
    ("offered", "counters", "share"),
    [
        (0.5, 1, 0.5),  # of one counter it is the load itself
        (1.0, 2, 1 / 3),
        (2.0, 3, 4 / 9),
        (8.0, 10, 0.4091801508),  # from the sum Σ aⁿ/n! of the formula as it is usually written
    ],
)
def test_the_share_that_waits(offered, counters, share):
    assert erlang_c(offered, 1.0, counters) == pytest.approx(share)


@pytest.mark.parametrize(("arrivals", "rate", "counters"), [(2, 1, 2), (3, 1, 2), (0, 1, 1), (1, 0, 1), (1, 2, 0)])
def test_the_formula_has_no_answer_where_the_queue_grows_without_end(arrivals, rate, counters):
    with pytest.raises(ValueError, match=r"above 0|without end"):
        mean_wait(arrivals, rate, counters)


def test_nine_of_ten_do_not_wait_where_fewer_than_a_tenth_do():
    assert erlang_c(1.0, 1.0, 5) < 0.1
    assert wait_not_exceeded(0.9, 1.0, 1.0, 5) == 0


@pytest.mark.parametrize(
    ("arrivals", "rate", "counters"), [(0.05, 0.1, 1), (0.06, 0.1, 1), (0.15, 0.1, 2), (0.2, 0.1, 3), (0.3, 0.1, 5)]
)
def test_in_the_long_run_the_simulation_is_the_formula(arrivals, rate, counters):
    """One day without end of M/M/c: mean and p90 within 5 %, the clerks' load within 1 %."""
    endless = DeskPlan(MANY, MANY / arrivals, counters, days=1, minutes=1 / rate)
    found = simulate(endless, weeks=1)
    assert found.wait.value == pytest.approx(mean_wait(arrivals, rate, counters), rel=0.05)
    assert found.p90 == pytest.approx(wait_not_exceeded(0.9, arrivals, rate, counters), rel=0.05)
    assert found.busy == pytest.approx(endless.load, rel=0.01)
    assert found.people == pytest.approx(MANY, rel=0.01)


def test_the_same_plan_gives_the_same_figures_and_another_seed_others():
    assert simulate(desk()) == simulate(desk())
    one, other = simulate(desk()).wait, simulate(desk(), seed=SEED + 1).wait
    assert one != other
    assert abs(one.value - other.value) < one.margin + other.margin


def test_the_margin_holds_the_truth_about_as_often_as_it_says():
    truth = simulate(desk(), weeks=2_000).wait.value
    tries = [simulate(desk(), weeks=40, seed=seed).wait for seed in range(40)]
    assert 0.88 <= sum(abs(found.value - truth) <= found.margin for found in tries) / len(tries) <= 1
    assert ratio([(4.0, 2), (6.0, 2)]).value == 2.5
    assert ratio([]).value == 0


def test_a_day_ends_and_who_waits_then_goes_home():
    """Twice as many as can be served: about half of them, less those who are begun before the end."""
    found = simulate(desk(arrivals=48))
    assert desk(arrivals=48).load == 2
    assert found.busy > 0.95
    assert found.at_closing == pytest.approx(24, rel=0.1)
    assert found.turned_away.value == found.at_closing
    assert found.served + found.turned_away.value == pytest.approx(48, rel=0.05)


def test_who_comes_before_the_opening_waits_for_it():
    found = simulate(desk(arrivals=1, minutes=0.001, offsets=[-30.0]))
    assert found.wait.value == pytest.approx(30, abs=0.01)
    assert found.busy == pytest.approx(0, abs=0.001)


def test_what_changes_change():
    now = simulate(desk())
    assert simulate(desk(clerks=2)).wait.value < now.wait.value / 3
    assert simulate(desk(arrivals=10, days=2)).wait.value < now.wait.value / 2
    assert simulate(desk(booked=1.0)).wait.value < now.wait.value
    shorter = simulate(desk(ready=0.5, ready_factor=0.6))
    assert (desk(ready=0.5, ready_factor=0.6).mean_minutes, shorter.wait.value < now.wait.value) == (12, True)
    limited = simulate(desk(arrivals=48, day_limit=20))
    assert limited.at_closing < 3
    assert limited.turned_away.value == pytest.approx(28, rel=0.1)
    urgent = simulate(desk(urgent=0.3)).wait
    assert abs(urgent.value - now.wait.value) < urgent.margin + now.wait.margin, "minutes change hands, not their sum"


@pytest.mark.parametrize(("times", "wait"), [([10.0], 5.0), ([4.0, 16.0], 6.8)])
def test_times_of_the_record_are_drawn_as_they_are(times, wait):
    """In the long run before one counter: W = λ·E[S²] / 2(1 - ρ) of Pollaczek and Khinchine, whatever the times."""
    endless = DeskPlan(MANY, MANY / 0.05, 1, days=1, minutes=10, times=times)
    assert simulate(endless, weeks=1).wait.value == pytest.approx(wait, rel=0.05)


@pytest.mark.parametrize("name", ["arrivals", "open_minutes", "clerks", "days", "minutes"])
def test_a_plan_of_nothing_is_refused(name):
    with pytest.raises(ValueError, match="a plan has"):
        simulate(desk(**{name: 0}))


def test_a_page_lets_no_more_come_than_it_has_time_for():
    for arrivals in (20, 200):
        assert simulate(desk(arrivals=arrivals)).people == pytest.approx(PEOPLE, rel=0.05)
    assert simulate(desk(arrivals=2)).weeks == MOST_WEEKS
    assert simulate(desk(arrivals=300, days=7)).people < 3 * PEOPLE
