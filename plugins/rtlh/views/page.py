"""What the pages of one house share: finding it, showing it, and telling what did not work."""

from uuid import UUID

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.api import gettext, here, told_on_page

from .. import spending, works
from ..models import RtlhWork
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


changes_work = told_on_page(lambda id, problem: work_page(work_or_404(id), problem), moved_on)
