"""The page of background work, for the district's admin."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.areas.code import AreaCode
from core.database.session import commit
from core.job_overview import STATES, job_counts, jobs_page, retry_job, worker_state
from core.users.permissions import requires

bp = Blueprint("jobs", __name__)


@bp.get("/<wide:area>/jobs")
@requires("jobs.manage")
def index(area: AreaCode) -> ResponseReturnValue:
    state = request.args.get("state", "")
    state = state if state in STATES else ""
    return render_template(
        "jobs/index.html",
        page=jobs_page(g.area, state, request.args.get("after")),
        counts=job_counts(g.area),
        worker=worker_state(),
        state=state,
        titles=STATES,
    )


@bp.post("/<wide:area>/jobs/<int:id>/retry")
@requires("jobs.manage")
def retry(area: AreaCode, id: int) -> ResponseReturnValue:
    if not retry_job(g.area, id):
        abort(404)
    commit()
    flash(_("Pekerjaan itu masuk antrean lagi."), "success")
    return redirect(url_for("jobs.index"))
