"""The response times of a year, on the page and as a sheet."""

from flask import render_template, request, send_file
from flask.typing import ResponseReturnValue

from core.api import area_today, commit, here, month_name, record, requires

from ..listing import called_between
from ..report import in_minutes, report_of, year_bounds, years_of
from ..rulebook import rule_on
from ..sheet import year_sheet
from ..words import TIMES
from . import bp

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/report")
@requires("emergency.report")
def report() -> ResponseReturnValue:
    year, rule, area = _year(), rule_on(area_today()), here()
    return render_template(
        "emergency/report.html",
        report=report_of(area.interval, year, area.timezone, rule.small),
        year=year,
        years=years_of(area.id, area.timezone),
        small=rule.small,
        titles=TIMES,
        in_minutes=in_minutes,
        month_name=month_name,
    )


@bp.get("/register.xlsx")
@requires("emergency.read")
def download() -> ResponseReturnValue:
    year, area = _year(), here()
    escorts = called_between(area.id, *year_bounds(year, area.timezone))
    found = report_of(area.interval, year, area.timezone, rule_on(area_today()).small)
    file = year_sheet(found, escorts, area.timezone)
    record("emergency.register_downloaded", "emergency_register", year, escorts=len(escorts))
    commit()
    name = f"pendampingan-darurat-{area.code}-{year}.xlsx"
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=name)


def _year() -> int:
    """Of the address, else this year; one that no calendar of ours has is this year's too."""
    today = area_today()
    year = request.args.get("year", today.year, int)
    return year if 2000 <= year <= today.year else today.year
