"""The village's own dashboard: counted now, with the months before as they were kept."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import AreaCode, commit, enqueue_job, gettext, here, may, names_of, requires

from ..charts import group_charts, trend_charts
from ..counting import open_by_clerk
from ..dashboard import choices_of_months, village_total
from ..months import month_title, months_until
from ..reading import trend, village_month
from ..roll_up import ROLL_UP, live_month
from ..rulebook import rule_on
from ..words import COUNTED
from . import bp
from .asked import asked_month


@bp.get("/")
@requires("monitoring.read")
def index() -> ResponseReturnValue:
    month, area = asked_month(), here()
    counted, sections = live_month(area, month)
    kept = village_month(area, month)
    total = village_total(counted, sections)
    rule = rule_on(month)
    return render_template(
        "monitoring/village.html",
        month=month,
        title=month_title(month),
        total=total,
        median=counted.median,
        kept=kept,
        charts=trend_charts(trend(area, shown := months_until(month, rule.shown_months)), shown),
        group_charts=group_charts(total.groups),
        counted=COUNTED,
        months=choices_of_months(month),
        clerks=_clerks() if may("monitoring.staff") else None,
        most=counted.most,
        above=_above(),
    )


def _clerks() -> list[tuple[str, int, int]]:
    rows = open_by_clerk(here())
    names = names_of({clerk for clerk, _open, _late in rows if clerk})
    unknown = gettext("Belum ada petugas")
    return [(names.get(clerk, unknown) if clerk else unknown, count, late) for clerk, count, late in rows]


def _above() -> list[AreaCode]:
    """The kecamatan and the district, as far as who asks may see them."""
    code: AreaCode = here().interval
    found = [code.parent, code.parent.parent if code.parent else None]
    return [area for area in found if area is not None and current_user.covers(area)]


@bp.post("/make")
@requires("monitoring.send")
def make() -> ResponseReturnValue:
    """Have the kept figures made anew, without waiting for the night."""
    enqueue_job(here().interval, ROLL_UP)
    commit()
    flash(gettext("Angka bulanan sedang dihitung; muat ulang halaman ini sebentar lagi."), "success")
    return redirect(url_for("monitoring.index"))
