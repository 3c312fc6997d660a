"""One child: the page with its charts, and writing down, correcting and removing a measurement."""

from uuid import UUID

from flask import abort, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import CaseError, Person, VersionedForm, area_today, commit, db, gettext, here, record, requires

from .. import measurements as domain
from ..forms import MeasurementForm
from ..models import Measurement
from . import bp
from .page import changes_child, child_or_404, child_page, to_child


@bp.get("/children/<uuid:id>")
@requires("balita.read")
def child(id: UUID) -> ResponseReturnValue:
    """Health data of a child: the audit says who read them (UU 27/2022)."""
    page = child_page(child_or_404(id))
    record("balita.child_opened", "balita_child", id)
    commit()
    return page


@bp.route("/children/<uuid:id>/measure", methods=["GET", "POST"])
@requires("balita.write")
def measure(id: UUID) -> ResponseReturnValue:
    found, today = child_or_404(id), area_today()
    form = MeasurementForm(measured_on=today, measured_by=current_user.name)
    if request.method == "GET":
        return _form_page(found, form)
    if not form.validate():
        return _form_page(found, form), 422
    try:
        domain.measure(found, form.values, today, by=current_user.id, looked_at=bool(form.looked_at.data))
    except CaseError as refusal:
        return _told_in_form(id, form, refusal), 422
    commit()
    flash(gettext("Hasil ukur tersimpan."), "success")
    return to_child(id)


@bp.route("/children/<uuid:id>/measurements/<uuid:measurement_id>", methods=["GET", "POST"])
@requires("balita.write")
@changes_child
def correct(id: UUID, measurement_id: UUID) -> ResponseReturnValue:
    found, held = child_or_404(id), _measurement_or_404(id, measurement_id)
    form = MeasurementForm.of(held)
    if request.method == "GET":
        return _form_page(found, form, held)
    if not form.validate():
        return _form_page(found, form, held), 422
    try:
        looked_at = bool(form.looked_at.data)
        domain.correct(held.id, found, form.values, area_today(), version=form.seen, looked_at=looked_at)
    except CaseError as refusal:
        return _told_in_form(id, form, refusal, measurement_id), 422
    commit()
    flash(gettext("Hasil ukur diubah."), "success")
    return to_child(id)


@bp.post("/children/<uuid:id>/measurements/<uuid:measurement_id>/remove")
@requires("balita.write")
@changes_child
def remove(id: UUID, measurement_id: UUID) -> ResponseReturnValue:
    found, held = child_or_404(id), _measurement_or_404(id, measurement_id)
    domain.remove(held.id, found, version=VersionedForm().seen)
    commit()
    flash(gettext("Hasil ukur dihapus."), "success")
    return to_child(id)


def _measurement_or_404(person_id: UUID, measurement_id: UUID) -> Measurement:
    held = domain.find_measurement(here().id, measurement_id)
    return held if held is not None and held.person_id == person_id else abort(404)


def _told_in_form(id: UUID, form: MeasurementForm, refusal: CaseError, measurement_id: UUID | None = None) -> str:
    """What was typed stays, with what is wrong or doubtful about it."""
    db.session.rollback()
    if isinstance(refusal, domain.Impossible):
        form.mark(refusal.found)
    elif isinstance(refusal, domain.Doubtful):
        form.found = refusal.found
    problem = "" if isinstance(refusal, domain.Refused) else str(refusal)
    held = _measurement_or_404(id, measurement_id) if measurement_id else None
    return _form_page(child_or_404(id), form, held, problem)


def _form_page(child: Person, form: MeasurementForm, held: Measurement | None = None, problem: str = "") -> str:
    return render_template("balita/measure.html", child=child, form=form, held=held, problem=problem)
