"""Many cases at once: choose a step or a letter, look at what will happen, do it, see what happened, take it back."""

from collections.abc import Sequence
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.areas.code import AreaCode
from core.audit import record
from core.cases.batch_models import CaseBatch
from core.cases.batch_preview import MOST, Action, Chosen, choose, find_action
from core.cases.batch_register import batch_row, batches_page, items_of, letters_made
from core.cases.batch_undo import may_undo, undo_batch
from core.cases.batches import apply_batch, enqueue_batch, find_batch, is_small, start_batch
from core.cases.errors import CaseError
from core.cases.letter_binding import bind_letters
from core.cases.progress import Answer
from core.cases.standing import find_state
from core.database.session import commit, db
from core.users.permissions import requires
from core.web.answers import pdf_answer

from . import bp
from .forms import StepForm, UndoForm, version_of


def batch_or_404(batch_id: UUID) -> CaseBatch:
    return find_batch(g.area.id, batch_id) or abort(404)


@bp.get("/<village:area>/cases/batches")
@requires("cases.write")
def batches(area: AreaCode) -> ResponseReturnValue:
    return render_template("cases/batches.html", page=batches_page(g.area.id, request.args.get("after")))


@bp.get("/<village:area>/cases/batch")
@requires("cases.write")  # the permission of each step and letter is asked besides
def preview(area: AreaCode) -> ResponseReturnValue:
    """Of the cases that were ticked in a list: what can be done with them, and what would become of each."""
    chosen = choose(g.area.id, [case_id for case_id, _version in _ticked(request.args.getlist("case"))])
    return _preview_page(chosen, _action(request.args.get("do", "")))


@bp.post("/<village:area>/cases/batch")
@requires("cases.write")
def apply(area: AreaCode) -> ResponseReturnValue:
    """The cases come with the versions that the preview showed: what was changed since is left out and told."""
    ticked, action = _ticked(request.form.getlist("case")), _action(request.form.get("do", ""))
    chosen = choose(g.area.id, [case_id for case_id, _version in ticked])
    if action is None:
        return _preview_page(chosen, None, problem=_("Pilih dulu apa yang dikerjakan.")), 422
    form = _form(action)
    if form is not None and not form.validate():
        return _preview_page(chosen, action, form, versions=dict(ticked)), 422
    known = [(case_id, version) for case_id, version in ticked if case_id in chosen.cases]
    try:
        batch = start_batch(g.area, action, known, _answer(form), g.permissions)
    except CaseError as problem:
        db.session.rollback()
        return _preview_page(chosen, action, form, problem=str(problem)), 422
    batch_id, small = batch.id, is_small(action.kind, len(known))
    if not small:
        enqueue_batch(g.area, batch_id)
    commit()
    if small:
        apply_batch(g.area, str(batch_id))
    return redirect(url_for("cases.batch", id=batch_id))


@bp.get("/<village:area>/cases/batches/<uuid:id>")
@requires("cases.write")
def batch(area: AreaCode, id: UUID) -> ResponseReturnValue:
    return _batch_page(batch_or_404(id))


@bp.post("/<village:area>/cases/batches/<uuid:id>/resume")
@requires("cases.write")
def resume(area: AreaCode, id: UUID) -> ResponseReturnValue:
    """Go on with what an interruption has left."""
    found = batch_or_404(id)
    if found.state == "working":
        enqueue_batch(g.area, found.id)
        commit()
    return redirect(url_for("cases.batch", id=id))


@bp.post("/<village:area>/cases/batches/<uuid:id>/undo")
@requires("cases.write")
def undo(area: AreaCode, id: UUID) -> ResponseReturnValue:
    batch_or_404(id)
    form = UndoForm()
    if not form.validate():
        return _batch_page(batch_or_404(id), form=form), 422
    try:
        undo_batch(g.area, id, g.permissions, form.reason.data or "")
    except CaseError as problem:
        db.session.rollback()
        return _batch_page(batch_or_404(id), problem=str(problem)), 422
    flash(_("Diurungkan. Yang tidak dapat diurungkan lagi tercatat di bawah dengan alasannya."), "success")
    return redirect(url_for("cases.batch", id=id))


@bp.get("/<village:area>/cases/batches/<uuid:id>/letters.pdf")
@requires("letters.read")
def batch_letters(area: AreaCode, id: UUID) -> ResponseReturnValue:
    """The letters that a batch has made and that still hold, in one file to print."""
    letters = letters_made(batch_or_404(id))
    if not letters:
        abort(404)
    try:
        content = bind_letters(g.area, letters)
    except CaseError as problem:
        return _batch_page(batch_or_404(id), problem=_("Berkas surat %(reference)s tidak ada.", reference=problem)), 404
    record("cases.batch_printed", "case_batch", id, letters=len(letters))
    commit()
    return pdf_answer(content, "surat")


def _batch_page(found: CaseBatch, *, problem: str = "", form: UndoForm | None = None) -> str:
    row, items = batch_row(found), items_of(found)
    undoable = may_undo(found, row.action, g.permissions) and row.counts.get("done", 0) > 0
    return render_template(
        "cases/batch.html",
        batch=row,
        items=items,
        undoable=undoable,
        form=form or UndoForm(formdata=None),
        problem=problem,
    )


def _preview_page(
    chosen: Chosen,
    action: Action | None,
    form: StepForm | None = None,
    *,
    versions: dict[UUID, int] | None = None,
    problem: str = "",
) -> str:
    """``versions``: those that were on the page before, which stay what the clerk has seen."""
    lines = chosen.preview(action, g.permissions) if action else []
    going = [line for line in lines if not line.obstacle]
    return render_template(
        "cases/batch_preview.html",
        chosen=chosen,
        offers=chosen.offers(g.permissions),
        action=action,
        going=going,
        stopped=[line for line in lines if line.obstacle],
        versions=versions or {},
        form=form or (_form(action, blank=True) if action else None),
        most=MOST,
        problem=problem,
    )


def _action(code: str) -> Action | None:
    return find_action(code[:120])


def _ticked(given: Sequence[str]) -> list[tuple[UUID, int]]:
    """Pairs of id and version as the preview writes them, or ids alone as the list does; nonsense is left out."""
    found = []
    for text in given[:MOST]:
        case_id, _colon, version = text.partition(":")
        try:
            found.append((UUID(case_id), version_of(version)))
        except ValueError:
            continue
    return found


def _form(action: Action, *, blank: bool = False) -> StepForm | None:
    """What the step asks for, once for all; None for a letter."""
    if action.kind == "letter":
        return None
    target = find_state(action.service.workflow, action.transition.target)
    title = target.deadline if target else None
    if blank:
        return StepForm.asking(action.transition, deadline=title, formdata=None)
    return StepForm.asking(action.transition, deadline=title)


def _answer(form: StepForm | None) -> Answer:
    if form is None:
        return Answer()
    return Answer(
        form.note.data or "",
        form.outcome.data or "" if "outcome" in form else "",
        form.on.data if "on" in form else None,
        form.how.data or "" if "how" in form else "",
        form.deadline.data if "deadline" in form else None,
    )
