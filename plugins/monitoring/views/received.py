"""The reports that have come in from the villages of a kecamatan or district, and who is late."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    PAGE_SIZE,
    VILLAGE_CODE,
    AreaCode,
    CaseError,
    Stale,
    commit,
    db,
    find_areas,
    gettext,
    here,
    paged,
    read_keys,
    requires,
    scope,
)

from .. import reports
from ..dashboard import choices_of_months
from ..forms import RemarkForm
from ..months import month_key, month_title
from ..report_content import changes, tables
from ..rulebook import deadline_of
from . import wide
from .asked import asked_month, last_month

STATES = ("late", "returned", "sent", "awaited")


@wide.get("/reports")
@requires("monitoring.read")
def received() -> ResponseReturnValue:
    month = asked_month(last_month())
    every = reports.standings(here().interval, month)
    state = request.args.get("state", "")
    found = [each for each in every if each.state == state] if state in STATES else every
    cursor = request.args.get("after")
    after = read_keys(cursor, int)
    ids = [each.village.id for each in found]
    begin = ids.index(after[0]) + 1 if after and after[0] in ids else 0
    page = paged(found[begin : begin + PAGE_SIZE + 1], lambda each: (each.village.id,), cursor if begin else None)
    return render_template(
        "monitoring/received.html",
        title=month_title(month),
        key=month_key(month),
        months=choices_of_months(month),
        page=page,
        counts={key: sum(each.state == key for each in every) for key in STATES},
        sent_late=sum(each.late and each.report is not None for each in every),
        all=len(every),
        state=state if state in STATES else None,
        deadline=deadline_of(month),
        leads=lambda village: current_user.covers(village.interval),
    )


@wide.route("/reports/<village>/<uuid:id>", methods=["GET", "POST"])
@requires("monitoring.receive")
def send_back(village: str, id: UUID) -> ResponseReturnValue:
    """A report that was sent, and sending it back. Proved in the wide scope, written in its village's."""
    code = _inside(village)
    found = reports.find_report(code.id, id)
    if found is None or found.is_open:
        abort(404)
    form = RemarkForm(version=found.version)
    if request.method == "GET":
        return _page(code, id, form)
    if not form.validate():
        return _page(code, id, form), 422
    problem, status = _send_back(code, id, form)
    if problem:
        return _page(code, id, form, problem), status
    flash(gettext("Laporan dikembalikan ke desa."), "success")
    return redirect(url_for("monitoring-wide.received", month=request.args.get("month")))


def _send_back(code: AreaCode, id: UUID, form: RemarkForm) -> tuple[str, int]:
    """What stands in the way, with the status to answer; "" when it was done."""
    with scope(code):
        try:
            reports.send_back(code.id, id, form.seen, " ".join((form.remark.data or "").split()))
            commit()
        except CaseError as problem:
            db.session.rollback()
            return str(problem), 422
        except Stale:
            db.session.rollback()
            return gettext("Laporan ini sudah berubah sejak halaman dibuka. Periksa lagi, lalu ulangi."), 409
    return "", 200


def _inside(village: str) -> AreaCode:
    try:
        code = VILLAGE_CODE.convert(village, None, None)
    except Exception:
        abort(404)
    return code if here().interval.covers(code) else abort(404)


def _page(code: AreaCode, id: UUID, form: RemarkForm, problem: str = "") -> str:
    found = reports.find_report(code.id, id) or abort(404)
    every = [each for each in reports.editions(code.id, found.month) if not each.is_open]
    before = next((each for each in every if each.edition == found.edition - 1), None)
    return render_template(
        "monitoring/received_report.html",
        village=find_areas([code.id])[0],
        report=found,
        title=reports.title_of(found),
        tables=tables(found.content),
        editions=every,
        changes=changes(before.content, found.content) if before else [],
        before=before,
        form=form,
        problem=problem,
    )
