"""What the money was spent on: a receipt, its photo, and striking one out."""

from uuid import UUID

from flask import abort, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import FileRefused, area_today, commit, db, gettext, here, requires

from .. import spending as domain
from ..models import RtlhExpense, RtlhWork
from ..work_forms import ExpenseForm, ReasonForm
from ..works import open_work
from . import bp
from .page import changes_work, photo_of, to_work, work_or_404, work_page


@bp.route("/works/<uuid:id>/expenses/new", methods=["GET", "POST"])
@requires("rtlh.write")
@changes_work
def spend(id: UUID) -> ResponseReturnValue:
    found, form = work_or_404(id), ExpenseForm(spent_on=area_today())
    if request.method == "GET":
        return _expense_page(found, form) if found.is_open else work_page(found)
    held = open_work(here().id, id)
    if not form.validate():
        return _expense_page(found, form), 422
    try:
        domain.spend(here(), held, form.input, current_user.id)
    except FileRefused as refusal:
        db.session.rollback()
        form.photo.errors = [str(refusal)]
        return _expense_page(work_or_404(id), form), 422
    commit()
    flash(gettext("Kuitansi tercatat."), "success")
    return to_work(id)


def _expense_page(found: RtlhWork, form: ExpenseForm) -> str:
    return render_template("rtlh/expense.html", work=found, form=form)


def expense_or_404(work_id: UUID, expense_id: UUID) -> RtlhExpense:
    found = domain.find_expense(here().id, expense_id)
    if found is None or found.work_id != work_id:
        abort(404)
    return found


@bp.route("/works/<uuid:id>/expenses/<uuid:expense_id>/strike", methods=["GET", "POST"])
@requires("rtlh.write")
@changes_work
def strike(id: UUID, expense_id: UUID) -> ResponseReturnValue:
    found, expense, form = work_or_404(id), expense_or_404(id, expense_id), ReasonForm()
    if request.method == "POST" and form.validate():
        open_work(here().id, id)
        domain.strike(expense, form.reason.data or "")
        commit()
        flash(gettext("Kuitansi dicoret. Ia tetap terlihat beserta alasannya."), "success")
        return to_work(id)
    page = render_template("rtlh/strike.html", work=found, expense=expense, form=form)
    return page, 422 if request.method == "POST" else 200


@bp.get("/works/<uuid:id>/expenses/<uuid:expense_id>/photo")
@requires("rtlh.photos")
def receipt_photo(id: UUID, expense_id: UUID) -> ResponseReturnValue:
    return photo_of(expense_or_404(id, expense_id), "rtlh.receipt_opened", "expense")
