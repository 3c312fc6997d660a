"""The month in figures: who was measured, and in which categories, by sex and age. No child is named."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from core.api import Text, db
from core.api import lazy_gettext as _

from .children import Toddler, children_on
from .models import Ration
from .rulebook import INDEXES, Index, categories_of

AGES: Mapping[str, tuple[Text, range]] = {
    "0-5": (_("0–5 bulan"), range(6)),
    "6-11": (_("6–11 bulan"), range(6, 12)),
    "12-23": (_("12–23 bulan"), range(12, 24)),
    "24-59": (_("24–59 bulan"), range(24, 61)),
}
SEXES: Mapping[str, Text] = {"L": _("Laki-laki"), "P": _("Perempuan")}


@dataclass(frozen=True)
class Line:
    """Of one category: how many in all, and by (sex, age group)."""

    category: str
    by: Mapping[tuple[str, str], int]

    @property
    def total(self) -> int:
        return sum(self.by.values())

    def of_sex(self, sex: str) -> int:
        return sum(n for (each, _age), n in self.by.items() if each == sex)

    def of_age(self, age: str) -> int:
        return sum(n for (_sex, each), n in self.by.items() if each == age)


@dataclass(frozen=True)
class MonthReport:
    """``on`` is the month's last day, or today in the month that is running."""

    on: date
    children: int
    measured: int
    not_rising: int
    to_refer: int
    fed: int
    portions: int
    lines: Mapping[Index, Sequence[Line]]


def month_report(village_id: int, year: int, month: int, today: date) -> MonthReport:
    """Of those who were under five on the month's last day, by their measurement of that month; three queries."""
    first = date(year, month, 1)
    on = min(_last_day(first), today)
    children = children_on(village_id, on)
    measured = [child for child in children if not child.is_due]
    fed, portions = db.session.execute(
        select(func.count(Ration.person_id.distinct()), func.coalesce(func.sum(Ration.portions), 0)).where(
            Ration.village_id == village_id, Ration.given_on.between(first, on)
        )
    ).one()
    return MonthReport(
        on=on,
        children=len(children),
        measured=len(measured),
        not_rising=sum(child.is_not_rising for child in measured),
        to_refer=sum(child.is_to_refer for child in measured),
        fed=fed,
        portions=int(portions),
        lines={index: _lines(index, measured, on) for index in INDEXES},
    )


def _lines(index: Index, measured: Sequence[Toddler], on: date) -> list[Line]:
    counts: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in categories_of(index, on)}
    for child in measured:
        growth = child.growth
        name = growth.category.get(index) if growth else None
        if growth and name in counts:
            counts[name][child.sex, _age_group(growth.months)] += 1
    return [Line(name, by) for name, by in counts.items()]


def _age_group(months: int) -> str:
    return next((key for key, (_title, span) in AGES.items() if months in span), "24-59")


def _last_day(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
