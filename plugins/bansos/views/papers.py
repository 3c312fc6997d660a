"""Lists to print and to download, and the report of a month."""

import re
from calendar import monthrange
from datetime import date
from uuid import UUID

from flask import abort, request, send_file
from flask.typing import ResponseReturnValue

from core.api import (
    area_today,
    commit,
    gettext,
    here,
    in_indonesian,
    may,
    pdf_answer,
    record,
    render_paper,
    requires,
)

from .. import report as domain
from ..documents import list_values
from ..recipients import all_rows
from ..sheet import list_sheet, report_sheet
from . import bp
from .page import distribution_or_404

MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/distributions/<uuid:id>/list.pdf")
@requires("bansos.read")
def list_pdf(id: UUID) -> ResponseReturnValue:
    """``show=waiting``: who has not come, to walk from RT to RT with; else everybody, to be signed at the table."""
    found = distribution_or_404(id)
    show = "waiting" if request.args.get("show") == "waiting" else "all"
    rows = [row for row in all_rows(found, show) if row.recipient.struck_on is None]
    with in_indonesian():
        title = gettext("Daftar Belum Mengambil") if show == "waiting" else gettext("Daftar Penerima Bantuan")
        values = list_values(found, rows, show)
    content = render_paper(here(), "bansos/list.typ", title, values)
    record("bansos.list_printed", "distribution", found.id, people=len(rows))
    commit()
    return pdf_answer(content, "daftar-penerima")


@bp.get("/distributions/<uuid:id>/recipients.xlsx")
@requires("bansos.read")
def download(id: UUID) -> ResponseReturnValue:
    """The NIK in full only for who may see it so anyway, and the audit says which it was."""
    found, full_nik = distribution_or_404(id), may("people.nik")
    rows = all_rows(found, "all")
    sheet = list_sheet(rows, full_nik=full_nik)
    name = f"penerima-{here().code}-{found.year}-{found.number}.xlsx"
    record("bansos.list_downloaded", "distribution", found.id, people=len(rows), full_nik=full_nik)
    commit()
    return send_file(sheet, mimetype=XLSX, as_attachment=True, download_name=name)


@bp.get("/report.xlsx")
@requires("bansos.read")
def report() -> ResponseReturnValue:
    """``month=2026-11``; left out, this month."""
    text = request.args.get("month") or f"{area_today():%Y-%m}"
    match = MONTH.fullmatch(text)
    if match is None:
        abort(404)
    first = date(int(match[1]), int(match[2]), 1)
    last = first.replace(day=monthrange(first.year, first.month)[1])
    lines = domain.lines_of(here().id, first, last)
    sheet = report_sheet(lines, domain.handovers_between(here().id, first, last), first)
    record("bansos.report_downloaded", "report", text, month=text)
    commit()
    name = f"laporan-bantuan-{here().code}-{text}.xlsx"
    return send_file(sheet, mimetype=XLSX, as_attachment=True, download_name=name)
