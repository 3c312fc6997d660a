"""What a benchmark found, as lines on the screen and as tables in ``docs/performance.md``."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Unit = Literal["s", "/s", "B"]

COLUMNS = ("what", "measured", "reference", "ratio", "goal")


@dataclass(frozen=True)
class Quantity:
    """A value with its unit: seconds, things per second, or bytes."""

    value: float
    unit: Unit

    def __str__(self) -> str:
        if self.unit == "/s":
            return f"{_digits(self.value)}/s"
        if self.unit == "s":
            scale, name = next(((s, n) for s, n in ((1, "s"), (1e-3, "ms")) if self.value >= s), (1e-6, "µs"))
        else:
            scale, name = next(((s, n) for s, n in ((1e6, "MB"), (1e3, "kB")) if self.value >= s), (1, "B"))
        return f"{_digits(self.value / scale)} {name}"


@dataclass(frozen=True)
class Measurement:
    """One line: the median of ``repetitions``, beside a reference measured in the same run.

    Attributes:
        against: what the reference is.
        goal: printed beside the value, never asserted.
        note: what else is worth knowing of this very number.
    """

    what: str
    measured: Quantity
    reference: Quantity
    against: str
    repetitions: int
    goal: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if self.measured.unit != self.reference.unit:
            raise ValueError(f"{self.what}: {self.measured.unit} cannot be compared with {self.reference.unit}")

    @property
    def ratio(self) -> float:
        """Measured ÷ reference: of a rate 1 is as good as the reference and less is worse, of a time more is worse."""
        return self.measured.value / self.reference.value

    def cells(self) -> tuple[str, ...]:
        aside = f" ({self.note})" if self.note else ""
        return (
            f"{self.what}, n = {self.repetitions}",
            f"{self.measured}{aside}",
            f"{self.reference}, {self.against}",
            _ratio(self.ratio),
            self.goal,
        )


def _digits(value: float) -> str:
    """As many digits as the measurement is worth: 0.043, 1.9, 27, 1,140."""
    if value >= 99.5:
        return f"{value:,.0f}"
    if value >= 9.95:
        return f"{value:.0f}"
    if value >= 0.995:
        return f"{value:.1f}"
    return f"{value:.2g}"


def _ratio(value: float) -> str:
    """Two decimals where "within 10 %" is the question."""
    return f"{value:.2f}" if 0.0995 <= value < 9.95 else _digits(value)


def line(measurement: Measurement) -> str:
    """For the screen."""
    what, measured, reference, ratio, goal = measurement.cells()
    return f"  {what}: {measured}; {reference}; ratio {ratio}" + (f"; goal {goal}" if goal else "")


def table(measurements: Iterable[Measurement]) -> str:
    """For the document."""
    rows = [COLUMNS, ("---", "---", "---", "---:", "---"), *(m.cells() for m in measurements)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)


def with_tables(document: str, section: str, header: Sequence[str], measurements: Sequence[Measurement]) -> str:
    """The document with what stands between the markers of ``section`` replaced.

    Raises:
        ValueError: the document has no such markers.
    """
    start, end = f"<!-- measured: {section} -->", f"<!-- end: {section} -->"
    pattern = re.compile(f"{re.escape(start)}\n.*?{re.escape(end)}", re.DOTALL)
    if not pattern.search(document):
        raise ValueError(f"the document has no {start} … {end}")
    block = "\n\n".join([start, table(measurements), "  \n".join(header), end])
    return pattern.sub(lambda _found: block, document, count=1)
