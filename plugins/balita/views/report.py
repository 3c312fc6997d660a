"""The month in figures: counts only, so it is also for those who may not see a single child."""

from flask import abort, render_template, request, send_file
from flask.typing import ResponseReturnValue

from core.api import area_today, here, month_name, requires

from ..report import AGES, SEXES, MonthReport, month_report
from ..rulebook import CATEGORIES, INDEXES, TITLES
from ..sheet import report_sheet
from . import bp
from .lists import XLSX


@bp.get("/report")
@requires("balita.report")
def report() -> ResponseReturnValue:
    year, month = _month()
    today = area_today()
    return render_template(
        "balita/report.html",
        report=_report(year, month),
        year=year,
        month=month,
        earlier=(year - 1, 12) if month == 1 else (year, month - 1),
        later=None if (year, month) >= (today.year, today.month) else (year + month // 12, month % 12 + 1),
        month_name=month_name,
        indexes=INDEXES,
        titles=TITLES,
        categories=CATEGORIES,
        sexes=SEXES,
        ages=AGES,
    )


@bp.get("/report.xlsx")
@requires("balita.report")
def report_file() -> ResponseReturnValue:
    year, month = _month()
    name = f"laporan-balita-{here().code}-{year}-{month:02d}.xlsx"
    return send_file(report_sheet(_report(year, month)), mimetype=XLSX, as_attachment=True, download_name=name)


def _report(year: int, month: int) -> MonthReport:
    return month_report(here().id, year, month, area_today())


def _month() -> tuple[int, int]:
    """Of the address, else this month; one to come, or before there were such reports, is not there."""
    today = area_today()
    year, month = request.args.get("year", today.year, int), request.args.get("month", today.month, int)
    if not (year >= 2000 and 1 <= month <= 12 and (year, month) <= (today.year, today.month)):
        abort(404)
    return year, month
