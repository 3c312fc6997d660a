"""A month of the queue in figures, and a day as a sheet."""

from datetime import date

from flask import render_template, request, send_file
from flask.typing import ResponseReturnValue

from core.api import area_today, commit, here, month_name, record, requires

from ..desk_days import desk_of
from ..forms import asked_day
from ..listing import tickets_of_day
from ..report import counts_by_day, month_bounds, total
from ..sheet import day_sheet
from . import bp

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/report")
@requires("queue.report")
def report() -> ResponseReturnValue:
    """Counts by day: nobody's name, so whoever oversees the village may read them."""
    month = _month()
    first, last = month_bounds(month)
    days = counts_by_day(here(), first, last)
    earlier = [_months_before(month, n) for n in range(-1, 3)]
    return render_template(
        "queue/report.html",
        month=month,
        title=f"{month_name(month.month)} {month.year}",
        months=[(each, f"{month_name(each.month)} {each.year}") for each in earlier if each <= area_today()],
        days=days,
        counts=total(list(days.values())),
    )


def _month() -> date:
    """Of the address, else this one."""
    return asked_day(request.args.get("month", "")[:7] + "-01", area_today().replace(day=1)).replace(day=1)


def _months_before(month: date, n: int) -> date:
    place = month.year * 12 + month.month - 1 - n
    return date(place // 12, place % 12 + 1, 1)


@bp.get("/day.xlsx")
@requires("queue.read")
def download() -> ResponseReturnValue:
    day = asked_day(request.args.get("day"), area_today())
    rows = tickets_of_day(here().id, day)
    content = day_sheet(here(), desk_of(here().id), rows)
    record("queue.day_downloaded", "queue_day", day.isoformat(), tickets=len(rows))
    commit()
    return send_file(content, mimetype=XLSX, as_attachment=True, download_name=f"antrean-{here().code}-{day}.xlsx")
