"""How far the works are: a stage with its photo, and taking back the last one."""

from uuid import UUID

from flask import abort, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import FileRefused, area_today, commit, db, gettext, here, requires

from .. import works as domain
from ..models import RtlhStage, RtlhWork
from ..work_forms import ReasonForm, StageForm
from . import bp
from .page import changes_work, photo_of, to_work, work_or_404, work_page


@bp.route("/works/<uuid:id>/stages/new", methods=["GET", "POST"])
@requires("rtlh.progress")
@changes_work
def add_stage(id: UUID) -> ResponseReturnValue:
    found = work_or_404(id)
    left = domain.stages_left(found, domain.stages_of(found))
    form = StageForm(left, seen_on=area_today(), percent=left[0] if left else None)
    if request.method == "GET":
        form.version.data = str(found.version)
        return _stage_page(found, form) if left and found.is_open else work_page(found)
    held = domain.open_work(here().id, id, form.seen)
    if not form.validate():
        return _stage_page(found, form), 422
    try:
        domain.add_stage(here(), held, form.input, current_user.id)
    except FileRefused as refusal:
        db.session.rollback()
        form.photo.errors = [str(refusal)]
        return _stage_page(work_or_404(id), form), 422
    commit()
    flash(gettext("Kemajuan tercatat."), "success")
    return to_work(id)


def _stage_page(found: RtlhWork, form: StageForm) -> str:
    return render_template("rtlh/stage.html", work=found, form=form)


def stage_or_404(work_id: UUID, stage_id: UUID) -> RtlhStage:
    found = domain.find_stage(here().id, stage_id)
    if found is None or found.work_id != work_id:
        abort(404)
    return found


@bp.route("/works/<uuid:id>/stages/<uuid:stage_id>/undo", methods=["GET", "POST"])
@requires("rtlh.write")
@changes_work
def undo_stage(id: UUID, stage_id: UUID) -> ResponseReturnValue:
    found, stage, form = work_or_404(id), stage_or_404(id, stage_id), ReasonForm()
    if request.method == "GET":
        form.version.data = str(found.version)
    elif form.validate():
        domain.take_back(domain.open_work(here().id, id, form.seen), stage_id, form.reason.data or "")
        commit()
        flash(gettext("Catatan kemajuan dibatalkan. Ia tetap terlihat beserta alasannya."), "success")
        return to_work(id)
    page = render_template("rtlh/undo_stage.html", work=found, stage=stage, form=form)
    return page, 422 if request.method == "POST" else 200


@bp.get("/works/<uuid:id>/stages/<uuid:stage_id>/photo")
@requires("rtlh.photos")
def photo(id: UUID, stage_id: UUID) -> ResponseReturnValue:
    return photo_of(stage_or_404(id, stage_id), "rtlh.photo_opened", "stage")
