"""A growth chart as geometry, for a template to draw: curves of the WHO standard and the child's points."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .growth import Growth
from .rulebook import Index
from .standards import Lms, table

WIDTH, HEIGHT = 340, 290
LEFT, RIGHT, TOP, BOTTOM = 38, 34, 12, 42
CURVES = (-3, -2, 0, 2, 3)
STEPS = 48  # points of a curve


@dataclass(frozen=True)
class Curve:
    z: int
    points: str  # of an SVG polyline
    end: float  # where its name stands


@dataclass(frozen=True)
class Tick:
    place: float
    label: str


@dataclass(frozen=True)
class Chart:
    """In the units of the SVG's viewBox, WIDTH × HEIGHT."""

    curves: Sequence[Curve]
    dots: Sequence[tuple[float, float]]
    across: Sequence[Tick]
    up: Sequence[Tick]

    @property
    def line(self) -> str:
        return " ".join(f"{x},{y}" for x, y in self.dots)


def chart_of(index: Index, sex: str, growths: Sequence[Growth]) -> Chart | None:
    """By age in months, or for BB/TB by length in centimetres; None when nothing was measured for it.

    The curves of BB/TB are those of the last position, lying or standing, and earlier points are moved to it. Only the
    part of the standard around the child's points is shown, a year of age or 15 cm at the least.
    """
    scored = [growth for growth in growths if index in growth.z]
    if not scored:
        return None
    standing = scored[-1].stands
    points = [point for growth in scored if (point := _point(index, growth, standing=standing))]
    first, last = _span(index, [x for x, _y in points], standing=standing)
    rows = _rows(index, sex, standing=standing)
    keys = [first + (last - first) * step / STEPS for step in range(STEPS + 1)]
    known = [(key, row) for key in keys if (row := rows(key))]
    curves = {z: [(key, row.value_at(z)) for key, row in known] for z in CURVES}
    values = [y for curve in curves.values() for _x, y in curve] + [y for _x, y in points]
    low, high = min(values) * 0.97, max(values) * 1.03

    def across(x: float) -> float:
        return round(LEFT + (x - first) / (last - first) * (WIDTH - LEFT - RIGHT), 1)

    def up(y: float) -> float:
        return round(HEIGHT - BOTTOM - (y - low) / (high - low) * (HEIGHT - TOP - BOTTOM), 1)

    return Chart(
        [Curve(z, " ".join(f"{across(x)},{up(y)}" for x, y in curve), up(curve[-1][1])) for z, curve in curves.items()],
        [(across(x), up(y)) for x, y in points],
        [Tick(across(at), str(at)) for at in _ticks(first, last)],
        [Tick(up(at), str(at)) for at in _ticks(low, high)],
    )


def _point(index: Index, growth: Growth, *, standing: bool) -> tuple[float, float] | None:
    kilograms = growth.reading.weight_g / 1000 if growth.reading.weight_g else None
    centimetres = growth.height_mm / 10 if growth.height_mm else None
    if index == "weight_length" and centimetres and growth.stands is not standing:
        centimetres += 0.7 if growth.stands else -0.7
    across = centimetres if index == "weight_length" else growth.age_days / 30.4375
    up = centimetres if index == "length_age" else kilograms
    return None if across is None or up is None else (across, up)


def _span(index: Index, xs: Sequence[float], *, standing: bool) -> tuple[float, float]:
    least, limits = (12, (0, 60))
    if index == "weight_length":
        least, limits = 15, (65, 120) if standing else (45, 110)
    margin = max(least - (max(xs) - min(xs)), 4) / 2
    first = max(limits[0], int(min(xs) - margin))
    last = min(limits[1], int(max(xs) + margin) + 1)
    return (first, max(last, first + least)) if last < limits[1] else (min(first, last - least), last)


def _rows(index: Index, sex: str, *, standing: bool) -> Callable[[float], Lms | None]:
    if index == "weight_length":
        by_length = table("wfh" if standing else "wfl", sex)
        return lambda cm: by_length.get(round(cm * 10))
    by_age = table("wfa" if index == "weight_age" else "lhfa", sex)
    return lambda months: by_age.get(round(months * 30.4375))


def _ticks(first: float, last: float) -> list[int]:
    """Four to eight whole numbers."""
    step = next(step for step in (1, 2, 3, 5, 6, 10, 12, 20) if (last - first) / step <= 8)
    begin = -(-first // step) * step
    return list(range(int(begin), int(last) + 1, step))
