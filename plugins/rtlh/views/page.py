"""What the pages of one house share: finding it, showing it, and telling what did not work."""

from uuid import UUID

from flask import Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.api import commit, file_answer, gettext, here, record, told_on_page

from .. import spending, works
from ..models import RtlhExpense, RtlhStage, RtlhWork
from ..rulebook import KINDS


def work_or_404(work_id: UUID) -> RtlhWork:
    return works.find_work(here().id, work_id) or abort(404)


def to_work(work_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("rtlh.work", id=work_id))


def moved_on() -> str:
    return gettext("Orang lain baru saja mengubahnya. Periksa keadaannya sekarang, lalu ulangi.")


def work_page(found: RtlhWork, problem: str = "") -> str:
    """A house with its stages, its budget and all receipts: three queries, however many there are."""
    stages, expenses = works.stages_of(found), spending.expenses_of(found)
    return render_template(
        "rtlh/work.html",
        work=found,
        stages=stages,
        last=next((stage for stage in reversed(stages) if stage.undone_at is None), None),
        left=works.stages_left(found, stages),
        expenses=expenses,
        lines=spending.budget_lines(found, expenses),
        kinds=KINDS,
        problem=problem,
    )


def photo_of(row: RtlhStage | RtlhExpense, deed: str, kind: str) -> Response:
    """The picture of a row, or 404. Homes and names stand on them, so each look at one is recorded."""
    answer = file_answer(here(), row.sha256, row.media_type, "foto") if row.sha256 else None
    if answer is None:
        abort(404)
    record(deed, kind, row.id)
    commit()
    return answer


changes_work = told_on_page(lambda id, problem: work_page(work_or_404(id), problem), moved_on)
