"""The pictures of a dashboard, each with its figures as a table."""

from collections.abc import Mapping, Sequence
from datetime import date

from core.api import ChartSpec, Series, gettext, month_name

from .reading import rates
from .words import COUNTED, GROUPS, group_title

MOST_BARS = 15

Trend = Mapping[str, Sequence[tuple[float, float | None] | None]]


def trend_charts(trend: Trend, months: Sequence[date]) -> list[ChartSpec]:
    """Month by month; those of which nothing is kept are left out."""
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


def group_charts(groups: Mapping[str, Mapping[str, Sequence[int]]]) -> list[ChartSpec]:
    """By sector and so on: received, solved, referred, refused. Of many RT those with most cases."""
    made = []
    for group, title in GROUPS.items():
        lines = sorted(groups.get(group, {}).items(), key=lambda item: (-sum(item[1]), item[0]))
        if group == "age":
            lines.sort(key=lambda item: int(item[0].partition("-")[0].rstrip("+")))
        if not lines:
            continue
        shown = lines[:MOST_BARS]
        description = gettext("Kasus yang diterima, selesai, dirujuk, dan ditolak menurut %(group)s.", group=title)
        if len(shown) < len(lines):
            description += " " + gettext(
                "Ditampilkan %(shown)s terbanyak dari %(all)s.", shown=len(shown), all=len(lines)
            )
        columns = [
            Series(name, [counts[place] for _key, counts in shown]) for place, name in enumerate(COUNTED.values())
        ]
        labels = [group_title(group, key) for key, _counts in shown]
        made.append(ChartSpec(title=str(title), description=description, labels=labels, series=columns))
    return made
