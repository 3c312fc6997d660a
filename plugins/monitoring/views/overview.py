"""The dashboard of a kecamatan or district: kept figures, added up and compared; never a resident."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import Area, AreaCode, commit, gettext, here, record, requires, villages_in

from ..charts import group_charts, trend_charts
from ..comparison import BY_NAME, COLUMNS, compared, figure_of
from ..dashboard import choices_of_months
from ..day_classes import class_title
from ..months import month_key, month_title, months_until
from ..reading import trend, wide_month
from ..roll_up import ask_for
from ..rulebook import rule_on
from ..words import COUNTED
from . import wide
from .asked import asked_month


@wide.get("/")
@requires("monitoring.read")
def index() -> ResponseReturnValue:
    """Six queries, whatever the number of villages and cases."""
    month, area = asked_month(), here()
    found = wide_month(area, month)
    shown = months_until(month, rule_on(month).shown_months)
    sort = request.args.get("sort", "")
    by_village = request.args.get("by") == "village" or not _is_district(area)
    places = found.villages if by_village else found.kecamatan()
    total = found.total
    return render_template(
        "monitoring/wide.html",
        month=month,
        title=month_title(month),
        key=month_key(month),
        found=found,
        total=total,
        median=None if total.median_class is None else class_title(total.median_class),
        charts=trend_charts(trend(area, shown), shown),
        group_charts=group_charts(total.groups),
        counted=COUNTED,
        months=choices_of_months(month),
        page=compared(places, sort if sort in (*COLUMNS, BY_NAME) else "received", request.args.get("after")),
        sort=sort if sort in (*COLUMNS, BY_NAME) else "received",
        columns=COLUMNS,
        figure_of=figure_of,
        by_village=by_village,
        is_district=_is_district(area),
        leads=lambda place: place.enabled and current_user.covers(place.code),
        above=_above(area),
    )


def _is_district(area: Area) -> bool:
    return area.interval.parent is not None and area.interval.level == 2


def _above(area: Area) -> AreaCode | None:
    """The district of a kecamatan, for who may see it."""
    parent = area.interval.parent
    return parent if parent and not _is_district(area) and current_user.covers(parent) else None


@wide.post("/make")
@requires("monitoring.receive")
def make() -> ResponseReturnValue:
    """A job for each village in which the module is on."""
    asked = ask_for(village for village in villages_in(here().interval) if "monitoring" in village.enabled)
    record("monitoring.figures_asked", "monitoring_figures", here().code, villages=asked)
    commit()
    flash(gettext("Angka %(n)s desa sedang dihitung ulang. Waktunya tertera di bawah judul.", n=asked), "success")
    return redirect(url_for("monitoring-wide.index"))
