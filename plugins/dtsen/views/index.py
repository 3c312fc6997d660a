"""The plugin's first page: where the month stands, and what it asks for now."""

from flask import render_template
from flask.typing import ResponseReturnValue

from core.api import area_today, here, month_name, requires

from .. import checks, deciles, months
from ..month_calendar import calendar_of, month_for
from . import bp


@bp.get("/")
@requires("dtsen.read")
def index() -> ResponseReturnValue:
    """A fixed number of queries, however many cases there are."""
    day = area_today()
    calendar = calendar_of(day.year, day.month)
    return render_template(
        "dtsen/index.html",
        month_name=month_name,
        today=day,
        calendar=calendar,
        phase=calendar.phase(day) if calendar else "before",
        counts_for=month_for(day),
        cases=months.open_cases(here().id),
        worklist=checks.counts(here().id),
        recheck=checks.count_to_recheck(here().id, day),
        spread=deciles.spread(here().id),
    )
