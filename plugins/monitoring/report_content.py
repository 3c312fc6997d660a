"""What stands in a monthly report: plain values, kept with the report, from which screen, sheet and paper are made.

One reading for all three (``tables``), so that none can say something else than the others. The official report hides
no small count; it names nobody and crosses no groups. The kept words are Indonesian.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.api import Area, Figure, gettext, in_indonesian

from .counting import Counted
from .roll_up import live_month
from .words import COUNTED, GROUPS, OWN, group_title

Content = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """A part of the report: cells are texts as they are shown, beside the value that a sheet computes with."""

    title: str
    head: Sequence[str]
    lines: Sequence[Sequence[str]]
    values: Sequence[Sequence[str | float | None]]
    note: str = ""


@dataclass(frozen=True)
class Change:
    """A figure that differs between two editions; "" where one of them does not have it."""

    section: str
    title: str
    before: str
    after: str


@in_indonesian()
def content_of(area: Area, month: date) -> Content:
    """The month of a village as it stands now."""
    counted, sections = live_month(area, month)
    own = [Figure(key=key, title=title, amount=counted.figures[key][0] or 0, of=counted.figures[key][1], unit=unit)
           for key, (title, unit) in OWN.items()]  # fmt: skip
    return {
        "sections": [
            _section("monitoring", gettext("Layanan"), own),
            *(_section(each.name, str(each.title), each.figures, failed=each.failed) for each in sections),
        ],
        "median": counted.median,
        "groups": _groups(counted),
    }


def tables(content: Content) -> list[Table]:
    """The report in order: figures section by section, then the cases by sector, programme, RT, sex and age."""
    found = [_figures_table(section, content["median"]) for section in content["sections"]]
    return found + [_group_table(group) for group in content["groups"]]


def changes(before: Content, after: Content) -> list[Change]:
    """What differs between two editions, in the order of the later one."""
    old, new = _shown(before), _shown(after)
    keys = [*new, *(key for key in old if key not in new)]
    return [Change(*key, old.get(key, ""), new.get(key, "")) for key in keys if old.get(key, "") != new.get(key, "")]


def _shown(content: Content) -> dict[tuple[str, str], str]:
    return {(table.title, line[0]): " · ".join(line[1:]) for table in tables(content) for line in table.lines}


def _section(name: str, title: str, figures: Iterable[Figure], *, failed: bool = False) -> Mapping[str, Any]:
    kept = [
        {"key": each.key, "title": str(each.title), "amount": each.amount, "of": each.of, "unit": each.unit}
        for each in figures
    ]
    return {"name": name, "title": title, "failed": failed, "figures": kept}


def _groups(counted: Counted) -> list[Mapping[str, Any]]:
    return [
        {
            "title": str(title),
            "lines": [[group_title(group, key), *counts] for key, counts in counted.groups[group].items()],
        }
        for group, title in GROUPS.items()
    ]


def _figures_table(section: Mapping[str, Any], median: float | None) -> Table:
    figures = [Figure(**each) for each in section["figures"]]
    lines = [(str(each.title), _with_its_sums(each)) for each in figures]
    values: list[Sequence[str | float | None]] = [(str(each.title), _value(each)) for each in figures]
    if section["name"] == "monitoring":
        shown = "–" if median is None else Figure(key="median", title="", amount=median, unit="count").shown
        lines.append((gettext("Median hari sampai selesai"), shown))
        values.append((gettext("Median hari sampai selesai"), median))
    note = gettext("Modul ini tidak dapat menjawab; angkanya tidak ada dalam laporan.") if section["failed"] else ""
    return Table(section["title"], (gettext("Yang diukur"), gettext("Angka")), lines, values, note)


def _value(figure: Figure) -> float | None:
    """A rate as it is in the official report, also of few."""
    if figure.of is None:
        return figure.amount
    return round(figure.amount / figure.of, 4) if figure.of else None


def _with_its_sums(figure: Figure) -> str:
    """Of a rate the two sums too: 80,0 % (4 dari 5), 2,5 hari (20 : 8). With fewer than five they alone say it."""
    if figure.of is None:
        return figure.shown
    amount, of = _plain(figure.amount), _plain(figure.of)
    sums = gettext("%(amount)s dari %(of)s", amount=amount, of=of) if figure.unit == "share" else f"{amount} : {of}"
    return f"{figure.shown} ({sums})"


def _plain(number: float) -> str:
    return Figure(key="sum", title="", amount=number).shown


def _group_table(group: Mapping[str, Any]) -> Table:
    lines = [(title, *(_plain(count) for count in counts)) for title, *counts in group["lines"]]
    return Table(group["title"], (group["title"], *(str(title) for title in COUNTED.values())), lines, group["lines"])
