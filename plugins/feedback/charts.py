"""The elements and the index over time as pictures; the exact figures stand in the tables beside them."""

from core.api import ChartSpec, Series, gettext
from core.api import lazy_gettext as _

from .ikm import Result
from .report import Report
from .sections import comma
from .words import element_title


def pictures_of(report: Report) -> dict[str, ChartSpec]:
    """Those that can be drawn: "elements" and "trend"."""
    drawn = {"elements": elements_chart(report.result) if report.result else None, "trend": trend_chart(report)}
    return {name: spec for name, spec in drawn.items() if spec}


def elements_chart(result: Result) -> ChartSpec:
    """The means of U1 to U9, of 4 at most."""
    lowest = ", ".join(element_title(number) for number in result.lowest)
    return ChartSpec(
        title=_("Nilai rata-rata (1–4)"),
        description=gettext(
            "Terendah %(elements)s, %(mean)s dari 4.",
            elements=lowest,
            mean=comma(result.means[result.lowest[0] - 1]),
        ),
        labels=[element_title(number) for number in range(1, 10)],
        series=[Series(label=_("Nilai rata-rata (1–4)"), values=[float(mean) for mean in result.means])],
    )


def trend_chart(report: Report) -> ChartSpec | None:
    """The index of the ended periods, with a gap where too few answered; None where fewer than two can be told."""
    values = [float(told.result.index) if told.result else None for _period, told in report.trend]
    told = [value for value in values if value is not None]
    if len(told) < 2:
        return None
    return ChartSpec(
        title=_("IKM dari waktu ke waktu"),
        description=gettext(
            "Dari %(first)s sampai %(last)s; paling rendah %(low)s, paling tinggi %(high)s.",
            first=report.trend[0][0].title,
            last=report.trend[-1][0].title,
            low=comma(f"{min(told):.2f}"),
            high=comma(f"{max(told):.2f}"),
        ),
        labels=[period.short for period, _told in report.trend],
        series=[Series(label=_("IKM"), values=values)],
    )
