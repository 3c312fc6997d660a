"""Days until a case is settled, in classes: counts add up over villages, medians do not."""

from collections.abc import Iterable, Sequence
from itertools import accumulate

from core.api import gettext

UPPER = (1, 3, 7, 14, 30, 60)
"""The greatest number of days of each class but the last, which is open."""


def in_classes(days: Iterable[int]) -> list[int]:
    """How many are of each class, seven in all."""
    counts = [0] * (len(UPPER) + 1)
    for number in days:
        counts[sum(number > upper for upper in UPPER)] += 1
    return counts


def class_of_median(counts: Sequence[int]) -> int | None:
    """The class in which the median lies; None where nothing was settled. Of an even number the lower middle one's."""
    total = sum(counts)
    if not total:
        return None
    middle = (total + 1) // 2
    return next(place for place, sum_so_far in enumerate(accumulate(counts)) if sum_so_far >= middle)


def class_title(place: int) -> str:
    """≤ 1 hari, 2–3 hari, … > 60 hari"""
    if place == 0:
        return gettext("paling lama %(n)s hari", n=UPPER[0])
    if place == len(UPPER):
        return gettext("lebih dari %(n)s hari", n=UPPER[-1])
    return gettext("%(low)s–%(high)s hari", low=UPPER[place - 1] + 1, high=UPPER[place])
