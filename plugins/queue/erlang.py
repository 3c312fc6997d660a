"""The formula of Erlang for people who wait for one of several counters: what the simulation is checked against.

It holds for M/M/c: people come by chance at an even rate, times at the counter are exponential, who came first is
served first, nobody leaves, and the desk never closes. A desk's day is none of that for long; see docs/capacity.md.
"""

from math import log


def erlang_c(arrivals: float, rate: float, counters: int) -> float:
    """The probability that somebody who comes has to wait.

    Source: A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in automatic
    telephone exchanges" (1917); as D. Gross and others, "Fundamentals of Queueing Theory" (4th ed., 2008), section 2.3.
    Computed by the recursion of Erlang B, which stays within floats for any number of counters.

    Args:
        arrivals: people per minute, λ.
        rate: people that one counter serves per minute, μ.
        counters: c.

    Raises:
        ValueError: the load λ/(cμ) is 1 or more (the queue grows without end), or a rate is not above 0.
    """
    if min(arrivals, rate) <= 0 or counters < 1:
        raise ValueError("rates and counters are above 0")
    offered = arrivals / rate
    load = offered / counters
    if load >= 1:
        raise ValueError("with a load of 1 or more the queue grows without end")
    blocked = 1.0
    for n in range(1, counters + 1):
        blocked = offered * blocked / (n + offered * blocked)
    return blocked / (1 - load * (1 - blocked))


def mean_wait(arrivals: float, rate: float, counters: int) -> float:
    """Minutes that somebody waits on average, W_q = C/(cμ - λ). Arguments and errors as ``erlang_c``."""
    return erlang_c(arrivals, rate, counters) / (counters * rate - arrivals)


def wait_not_exceeded(share: float, arrivals: float, rate: float, counters: int) -> float:
    """Minutes that a ``share`` of all (0.9: nine of ten) do not exceed, from P(W > t) = C·exp(-(cμ - λ)t)."""
    waiting = erlang_c(arrivals, rate, counters)
    return max(0.0, log(waiting / (1 - share)) / (counters * rate - arrivals))
