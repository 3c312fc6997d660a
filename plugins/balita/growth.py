"""What measurements say of a child: z-scores, categories, and whether the weight rises. Never a diagnosis."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from core.api import Rule, Text
from core.api import lazy_gettext as _

from .rulebook import INDEXES, Index, category_of, rule_on
from .standards import Lms, of_length, table

Trend = Literal["risen", "not_risen", "unknown"]
TRENDS: Mapping[Trend, Text] = {
    "risen": _("naik"),
    "not_risen": _("tidak naik"),
    "unknown": _("belum dapat dinilai"),
}


class Reading(NamedTuple):
    """One visit's figures: grams and millimetres, None where it was not measured. ``position`` is "lying", "standing"
    or "" where nobody said: then as it should be at that age.
    """

    measured_on: date
    weight_g: int | None
    height_mm: int | None
    position: str = ""


@dataclass(frozen=True)
class Growth:
    """A reading against the WHO standards. ``z`` and ``category`` leave out what could not be told."""

    reading: Reading
    age_days: int
    height_mm: int | None  # as the standard wants it at this age: lying before 24 months, standing from then on
    z: Mapping[Index, float]
    category: Mapping[Index, str]

    @property
    def months(self) -> int:
        return months_of(self.age_days)

    @property
    def stands(self) -> bool:
        """Whether the standard has the child stand at this age."""
        return self.age_days >= rule_on(self.reading.measured_on).lying_days

    def below(self, bound: float) -> list[Index]:
        return [index for index, z in self.z.items() if z < bound]


def months_of(days: int) -> int:
    """Completed months of age as WHO counts them, 30.4375 days each."""
    return int(days / 30.4375)


def standard_height(reading: Reading, age_days: int, rule: Rule) -> int | None:
    """The length lying under ``lying_days``, the height standing from then on, in millimetres (WHO 2006, ch. 7)."""
    if reading.height_mm is None:
        return None
    lying = age_days < rule.lying_days
    if lying and reading.position == "standing":
        return reading.height_mm + rule.position_mm
    if not lying and reading.position == "lying":
        return reading.height_mm - rule.position_mm
    return reading.height_mm


def judge(sex: str, birth_date: date, reading: Reading) -> Growth:
    """Z-scores and categories of one reading; none outside the age or length that WHO's tables know."""
    age, rule = (reading.measured_on - birth_date).days, rule_on(reading.measured_on)
    height = standard_height(reading, age, rule)
    kilograms = reading.weight_g / 1000 if reading.weight_g else None
    rows: dict[Index, tuple[Lms | None, float | None]] = {}
    if 0 <= age <= rule.age_days:
        rows["weight_age"] = table("wfa", sex).get(age), kilograms
        rows["length_age"] = table("lhfa", sex).get(age), height / 10 if height else None
        if height:
            rows["weight_length"] = of_length("wfl" if age < rule.lying_days else "wfh", sex, height), kilograms
    z: dict[Index, float] = {}
    for index in INDEXES:
        row, value = rows.get(index, (None, None))
        if row and value and (score := row.z_of(value)) is not None:
            z[index] = score
    category: dict[Index, str] = {}
    for index, score in z.items():
        if name := category_of(index, score, reading.measured_on):
            category[index] = name
    return Growth(reading, age, height, z, category)


def trend_of(reading: Reading, before: Reading | None, birth_date: date) -> Trend:
    """Whether the weight rose since the weighing before; unknown when there is none close enough."""
    if before is None or not reading.weight_g or not before.weight_g:
        return "unknown"
    rule = rule_on(reading.measured_on)
    apart = (reading.measured_on - before.measured_on).days
    if not rule.apart_days[0] <= apart <= rule.apart_days[1]:
        return "unknown"
    age = (reading.measured_on - birth_date).days
    least = next((grams for since, grams in reversed(rule.gain_g) if since <= age), 1)
    return "risen" if reading.weight_g - before.weight_g >= least else "not_risen"


def trends(readings: Sequence[Reading], birth_date: date) -> list[Trend]:
    """Of readings in the order of time. Only weighings are compared: a visit without one is passed over."""
    found: list[Trend] = []
    before: Reading | None = None
    for reading in readings:
        found.append(trend_of(reading, before, birth_date))
        before = reading if reading.weight_g else before
    return found


def times_not_risen(readings: Sequence[Reading], birth_date: date) -> int:
    """How often in a row, up to the last weighing, the weight did not rise."""
    weighed = [reading for reading in readings if reading.weight_g]
    times = 0
    for trend in reversed(trends(weighed, birth_date)):
        if trend != "not_risen":
            break
        times += 1
    return times
