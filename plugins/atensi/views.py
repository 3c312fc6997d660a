"""The plugin's pages. Core has looked at the area, the module and the permission; a case that does not show is 404."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import Case, CaseError, Stale, area_today, commit, db, gettext, here, record, requires

from . import plans
from .clusters import STATES, SUPPORTS
from .listing import SHOWN, all_lines, page_of
from .plan_forms import SupportForm, VisitForm
from .report import year_report
from .services import NAMES, READ, cluster_of
from .sheet import case_sheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIRST_YEAR = 2021

bp = Blueprint("atensi", __name__)


@bp.get("/")
@requires(READ)
def index() -> ResponseReturnValue:
    shown, cluster = request.args.get("show", "open"), request.args.get("cluster", "")
    shown, cluster = shown if shown in SHOWN else "open", cluster if cluster in NAMES else ""
    return render_template(
        "atensi/index.html",
        page=page_of(here().id, shown, cluster, request.args.get("after")),
        shown=shown,
        cluster=cluster,
        clusters={name: cluster_of(name) for name in NAMES},
        today=area_today(),
    )


@bp.get("/report")
@requires(READ)
def report() -> ResponseReturnValue:
    """Counts only; small ones kept back, so that the page can be printed and passed on."""
    today = area_today()
    year = request.args.get("year", today.year, int)
    if not FIRST_YEAR <= year <= today.year:
        abort(404)
    found = year_report(here().id, year, today)
    return render_template("atensi/report.html", report=found, last=today.year, first=FIRST_YEAR)


@bp.get("/cases.xlsx")
@requires("atensi.export")
def download() -> ResponseReturnValue:
    lines = all_lines(here().id)
    record("atensi.list_downloaded", "area", here().code, cases=len(lines))
    commit()
    return send_file(case_sheet(lines), mimetype=XLSX, as_attachment=True, download_name=f"atensi-{here().code}.xlsx")


# ---- the plan of a case, and its visits ----


@bp.route("/cases/<uuid:id>/supports/new", methods=["GET", "POST"])
@requires("cases.write")
def new_support(id: UUID) -> ResponseReturnValue:
    case, form = _case_or_404(id), SupportForm(state_on=area_today())
    if request.method == "GET" or not form.validate():
        return _support_page(case, form)
    return _done(case, form, lambda: plans.add_support(case, _values(form)), gettext("Rencana layanan dicatat."))


@bp.route("/cases/<uuid:id>/supports/<uuid:support_id>", methods=["GET", "POST"])
@requires("cases.write")
def edit_support(id: UUID, support_id: UUID) -> ResponseReturnValue:
    case = _case_or_404(id)
    support = plans.find_support(case, support_id)
    if support is None:
        abort(404)
    form = SupportForm(obj=support)
    if request.method == "GET" or not form.validate():
        return _support_page(case, form)
    try:
        return _done(
            case,
            form,
            lambda: plans.change_support(case, support_id, _values(form), form.seen),
            gettext("Rencana layanan diubah."),
        )
    except Stale:
        db.session.rollback()
        case = _case_or_404(id)
        stored = plans.find_support(case, support_id)
        form.version.data = str(stored.version) if stored else ""
        return _support_page(case, form, stored=stored, status=409)


@bp.route("/cases/<uuid:id>/visits/new", methods=["GET", "POST"])
@requires("cases.write")
def new_visit(id: UUID) -> ResponseReturnValue:
    case, form = _case_or_404(id), VisitForm(visited_on=area_today(), visitor=current_user.name)
    if request.method == "GET" or not form.validate():
        page = render_template("atensi/visit.html", case=case, form=form)
        return page, 422 if form.errors else 200
    plans.add_visit(case, _values(form), current_user.id)
    commit()
    flash(gettext("Kunjungan tercatat."), "success")
    return redirect(url_for("cases.show", id=id))


def _case_or_404(case_id: UUID) -> Case:
    return plans.find_own_case(here().id, case_id) or abort(404)


def _values(form: SupportForm | VisitForm) -> Mapping[str, Any]:
    """Blank texts as such: a form says None of a field that was not sent."""
    return {
        field.short_name: field.data if field.data is not None or field.type == "DateField" else ""
        for field in form
        if field.short_name not in ("version", "csrf_token")
    }


def _done(case: Case, form: SupportForm, deed: Callable[[], object], told: str) -> ResponseReturnValue:
    case_id = case.id
    try:
        deed()
    except CaseError as problem:
        db.session.rollback()
        return _support_page(_case_or_404(case_id), form, problem=str(problem), status=422)
    commit()
    flash(told, "success")
    return redirect(url_for("cases.show", id=case_id))


def _support_page(
    case: Case, form: SupportForm, *, problem: str = "", stored: Any = None, status: int = 200
) -> ResponseReturnValue:
    page = render_template(
        "atensi/support.html", case=case, form=form, problem=problem, stored=stored, kinds=SUPPORTS, states=STATES
    )
    return page, 422 if form.errors else status
