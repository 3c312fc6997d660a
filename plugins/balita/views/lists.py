"""The village's children: all, who is to be measured, below −2 SD, and whose weight does not rise."""

from flask import render_template, request, send_file
from flask.typing import ResponseReturnValue

from core.api import area_today, commit, here, may, month_name, record, requires

from ..children import SHOWN, children_on, page_of
from ..rulebook import CATEGORIES, INDEXES, SHORT, rule_on
from ..sheet import children_sheet
from . import bp

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/")
@requires("balita.read")
def index() -> ResponseReturnValue:
    """Two queries for the children, however many are shown."""
    show, search, today = request.args.get("show", "all"), request.args.get("q", "").strip()[:80], area_today()
    show = show if show in SHOWN else "all"
    children = children_on(here().id, today)
    return render_template(
        "balita/index.html",
        page=page_of(children, show, search, request.args.get("after")),
        show=show,
        shown=SHOWN,
        search=search,
        counts={key: sum(child.shows(key) for child in children) for key in SHOWN},
        rule=rule_on(today),
        month=month_name(today.month),
        indexes=INDEXES,
        short=SHORT,
        categories=CATEGORIES,
    )


@bp.get("/balita.xlsx")
@requires("balita.read")
def download() -> ResponseReturnValue:
    """The NIK in full only for who may see it so anyway, and the audit says which it was."""
    today, full_nik = area_today(), may("people.nik")
    show = request.args.get("show", "all")
    children = [child for child in children_on(here().id, today) if child.shows(show)]
    file = children_sheet(children, full_nik=full_nik)
    record("balita.list_downloaded", "balita_list", here().code, children=len(children), full_nik=full_nik)
    commit()
    name = f"balita-{here().code}-{today.isoformat()}.xlsx"
    answer = send_file(file, mimetype=XLSX, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer
