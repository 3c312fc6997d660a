"""The pictures of a dashboard, each with its figures as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.api import ChartSpec, Series, gettext, month_name

from .reading import rates
from .words import COUNTED, GROUPS, group_title

MOST_BARS = 10


@dataclass(frozen=True)
class GroupChart:
    """``picture`` has what was received, ``rows`` all counts, in the order of ``words.COUNTED``."""

    title: str
    picture: ChartSpec
    rows: Sequence[tuple[str, Sequence[int]]]
    folded: bool


Trend = Mapping[str, Sequence[tuple[float, float | None] | None]]


def trend_charts(trend: Trend, months: Sequence[date]) -> list[ChartSpec]:
    """Month by month, from the first one of which something is kept; charts of which nothing is are left out."""
    kept = [place for place in range(len(months)) if any(row[place] for row in trend.values())]
    begin = kept[0] if kept else 0
    months, trend = months[begin:], {key: row[begin:] for key, row in trend.items()}
    labels = [f"{month_name(month.month, short=True)} {month:%y}" for month in months]
    made = [
        ChartSpec(
            title=gettext("Kasus tiap bulan"),
            description=gettext("Kasus yang diterima, selesai, dan dirujuk tiap bulan."),
            labels=labels,
            series=[
                Series(COUNTED[name], rates(trend[f"monitoring.{name}"])) for name in ("received", "solved", "referred")
            ],
        ),
        _one(trend, labels, "monitoring.local", gettext("Selesai di desa"), unit="%", factor=100),
        _one(trend, labels, "queue.wait", gettext("Menunggu di antrean"), unit=gettext("menit")),
        _one(trend, labels, "feedback.ikm", gettext("IKM")),
    ]
    return [chart for chart in made if any(value is not None for row in chart.series for value in row.values)]


def _one(trend: Trend, labels: Sequence[str], key: str, title: str, *, unit: str = "", factor: float = 1) -> ChartSpec:
    values = [None if value is None else round(value, 2) for value in rates(trend[key], factor)]
    description = gettext("%(what)s tiap bulan; bulan dengan kurang dari lima kasus tidak ditampilkan.", what=title)
    return ChartSpec(title=title, description=description, labels=labels, series=[Series(title, values)], unit=unit)


def group_charts(groups: Mapping[str, Mapping[str, Sequence[int]]]) -> list[GroupChart]:
    """By sector and so on; of many lines the picture has those with most cases, the table all."""
    made = []
    for group, title in GROUPS.items():
        lines = sorted(groups.get(group, {}).items(), key=lambda item: (-item[1][0], item[0]))
        if group == "age":
            lines.sort(key=lambda item: int(item[0].partition("-")[0].rstrip("+")))
        if not lines:
            continue
        rows = [(group_title(group, key), tuple(counts)) for key, counts in lines]
        shown = rows[:MOST_BARS]
        picture = ChartSpec(
            title=gettext("Diterima menurut %(group)s", group=title),
            description=gettext("%(shown)s terbanyak dari %(all)s.", shown=len(shown), all=len(rows)),
            labels=[label for label, _counts in shown],
            series=[Series(COUNTED["received"], [counts[0] for _label, counts in shown])],
        )
        made.append(GroupChart(str(title), picture, rows, folded=group in ("service", "rt")))
    return made
