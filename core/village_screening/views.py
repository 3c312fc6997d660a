"""Screening a village: ask for it, see how far it is, read whom it found, take the list along."""

from flask import Blueprint, abort, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.areas.code import AreaCode
from core.cases.catalogue import offered
from core.database.session import commit
from core.job_overview import worker_state
from core.users.permissions import requires
from core.web.formats import area_today

from .lists import counts_of, findings_page
from .runs import ask_for_run, latest_run, shown_run
from .sheet import request_findings

bp = Blueprint("screening", __name__)


@bp.get("/<village:area>/screening")
@requires("screening.run")
def index(area: AreaCode) -> ResponseReturnValue:
    latest, shown = latest_run(g.area.id), shown_run(g.area.id)
    return render_template(
        "village_screening/index.html",
        latest=latest,
        shown=shown,
        counts=counts_of(shown, offered(g.area)) if shown else [],
        worker=worker_state() if latest and latest.is_running else None,
    )


@bp.post("/<village:area>/screening")
@requires("screening.run")
def ask(area: AreaCode) -> ResponseReturnValue:
    ask_for_run(g.area)
    commit()
    return redirect(url_for("screening.index"))


@bp.get("/<village:area>/screening/progress")
@requires("screening.run")
def progress(area: AreaCode) -> ResponseReturnValue:
    """The part of the page that asks again every second; when the run is done it has the page read anew."""
    latest = latest_run(g.area.id)
    if latest and latest.is_running:
        return render_template("village_screening/progress.html", latest=latest, worker=worker_state())
    done = make_response("")
    done.headers["HX-Refresh"] = "true"
    return done


@bp.get("/<village:area>/screening/<service>")
@requires("screening.run")
def found(area: AreaCode, service: str) -> ResponseReturnValue:
    chosen, run = offered(g.area).get(service) or abort(404), shown_run(g.area.id)
    if run is None:
        return redirect(url_for("screening.index"))
    sure = request.args.get("which") != "unknown"
    return render_template(
        "village_screening/found.html",
        run=run,
        service=chosen,
        sure=sure,
        page=findings_page(run, chosen, sure=sure, cursor=request.args.get("after")),
        day=area_today(),
    )


@bp.post("/<village:area>/screening/sheet")
@requires("screening.run")
def sheet(area: AreaCode) -> ResponseReturnValue:
    if shown_run(g.area.id) is None:
        flash(_("Belum ada hasil penapisan untuk diunduh. Tapis dulu desanya."), "warning")
        return redirect(url_for("screening.index"))
    export = request_findings(g.area)
    export_id = export.id
    commit()
    return redirect(url_for("exports.show", id=export_id))
