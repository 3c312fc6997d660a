"""Months, quarters, semesters and years, as the index is told by. Marks keep their month, so each is whole months."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from core.api import gettext, month_name

MONTHS_IN = {"month": 1, "quarter": 3, "semester": 6, "year": 12}
ROMAN = ("I", "II", "III", "IV")
_KEY = re.compile(r"(20\d\d)(?:-(?:(Q|S)(\d)|(\d\d)))?")
_LETTERS = {"Q": "quarter", "S": "semester"}


@dataclass(frozen=True)
class Period:
    """The ``number``-th (from 1) month, quarter or semester of a year, or a year (``number`` 1)."""

    kind: str
    year: int
    number: int = 1

    @property
    def key(self) -> str:
        """2026-07, 2026-Q3, 2026-S2 or 2026."""
        ends = {"month": f"-{self.number:02d}", "quarter": f"-Q{self.number}", "semester": f"-S{self.number}"}
        return f"{self.year}{ends.get(self.kind, '')}"

    @property
    def first(self) -> date:
        return date(self.year, (self.number - 1) * MONTHS_IN[self.kind] + 1, 1)

    @property
    def end(self) -> date:
        """The day after its last."""
        return self.later(1).first

    @property
    def title(self) -> str:
        if self.kind == "month":
            return f"{month_name(self.number)} {self.year}"
        if self.kind == "quarter":
            return gettext("Triwulan %(n)s %(year)s", n=ROMAN[self.number - 1], year=self.year)
        if self.kind == "semester":
            return gettext("Semester %(n)s %(year)s", n=ROMAN[self.number - 1], year=self.year)
        return gettext("Tahun %(year)s", year=self.year)

    @property
    def short(self) -> str:
        """As it stands below a chart: Jul 2026, III/2026, II/2026 or 2026."""
        if self.kind == "month":
            return f"{month_name(self.number, short=True)} {self.year}"
        return str(self.year) if self.kind == "year" else f"{ROMAN[self.number - 1]}/{self.year}"

    def later(self, by: int) -> "Period":
        """The one so many after it; before it where ``by`` is negative."""
        in_year = 12 // MONTHS_IN[self.kind]
        year, place = divmod(self.year * in_year + self.number - 1 + by, in_year)
        return Period(self.kind, year, place + 1)

    def holds(self, day: date) -> bool:
        return self.first <= day < self.end

    def ended(self, today: date) -> bool:
        return self.end <= today


def period_with(kind: str, day: date) -> Period:
    """The period of a kind in which a day lies."""
    return Period(kind, day.year, (day.month - 1) // MONTHS_IN[kind] + 1)


def last_ended(kind: str, today: date) -> Period:
    return period_with(kind, today).later(-1)


def read_period(text: str) -> Period | None:
    """From a key; None for what is none."""
    found = _KEY.fullmatch(text)
    if found is None:
        return None
    year, letter, number, month = found.groups()
    kind = "month" if month else _LETTERS.get(letter, "year")
    count = int(month or number or 1)
    return Period(kind, int(year), count) if 1 <= count <= 12 // MONTHS_IN[kind] else None


def months_back(today: date, months: int) -> tuple[date, date]:
    """The last so many ended months: the first day of the first, and the last day of the last."""
    first = Period("month", today.year, today.month).later(-months).first
    return first, today.replace(day=1) - timedelta(days=1)
