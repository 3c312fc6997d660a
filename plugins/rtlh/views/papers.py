"""The closing report of a house, and the sheet of a year."""

from uuid import UUID

from flask import abort, request, send_file, url_for
from flask.typing import ResponseReturnValue

from core.api import area_today, commit, gettext, here, in_indonesian, pdf_answer, record, render_paper, requires

from .. import spending, works
from ..documents import report_values
from ..report import report_of, sheet_of
from . import bp
from .page import work_or_404

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/works/<uuid:id>/report.pdf")
@requires("rtlh.read")
def report(id: UUID) -> ResponseReturnValue:
    """With a code that leads whoever works here back to the house's page."""
    found = work_or_404(id)
    with in_indonesian():
        title = (
            gettext("Laporan Akhir Perbaikan Rumah") if found.handed_on else gettext("Laporan Kemajuan Perbaikan Rumah")
        )
        values = report_values(found, works.stages_of(found), spending.expenses_of(found))
    code = url_for("rtlh.work", id=found.id, _external=True)
    return pdf_answer(render_paper(here(), "rtlh/report.typ", title, values, code=code), "laporan-rtlh")


@bp.get("/report.xlsx")
@requires("rtlh.read")
def year_sheet() -> ResponseReturnValue:
    """``year=2026``; left out, this year."""
    year = request.args.get("year", area_today().year, int)
    if not 2000 <= year <= 2100:
        abort(404)
    sheet = sheet_of(report_of(here().id, year), here().id)
    record("rtlh.report_downloaded", "report", year, year=year)
    commit()
    return send_file(sheet, mimetype=XLSX, as_attachment=True, download_name=f"rtlh-{here().code}-{year}.xlsx")
