"""What field workers did in a month, for the kepala desa, the desk and who oversees the village."""

from datetime import timedelta

from flask import render_template, request, send_file
from flask.typing import ResponseReturnValue

from core.api import area_today, commit, here, month_name, record, requires

from ..report import month_of, next_month, work_of
from ..sheet import month_sheet
from . import bp

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/report")
@requires("kader.report")
def monthly() -> ResponseReturnValue:
    today, area = area_today(), here()
    month = month_of(request.args.get("month"), today)
    by_name, total = work_of(area.interval, month, area.timezone, today)
    following = next_month(month)
    return render_template(
        "kader/report.html",
        month=month,
        title=f"{month_name(month.month)} {month.year}",
        by_name=by_name,
        total=total,
        before=f"{month - timedelta(days=1):%Y-%m}",
        after=f"{following:%Y-%m}" if following <= today else None,
    )


@bp.get("/report.xlsx")
@requires("kader.report")
def download() -> ResponseReturnValue:
    today, area = area_today(), here()
    month = month_of(request.args.get("month"), today)
    file = month_sheet(month, *work_of(area.interval, month, area.timezone, today))
    record("kader.report_downloaded", "kader_report", f"{month:%Y-%m}")
    commit()
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=f"kader-{area.code}-{month:%Y-%m}.xlsx")
