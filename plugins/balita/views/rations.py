"""Supplementary food (PMT) handed out for a child."""

from uuid import UUID

from flask import abort, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import area_today, commit, gettext, requires

from .. import measurements as domain
from ..forms import RationForm
from . import bp
from .page import changes_child, child_or_404, to_child


@bp.route("/children/<uuid:id>/food", methods=["GET", "POST"])
@requires("balita.write")
@changes_child
def give_food(id: UUID) -> ResponseReturnValue:
    found, today = child_or_404(id), area_today()
    form = RationForm(given_on=today, given_by=current_user.name)
    if request.method == "POST" and form.validate():
        domain.hand_out(found, form.input, today, by=current_user.id)
        commit()
        flash(gettext("PMT tercatat."), "success")
        return to_child(id)
    return render_template("balita/food.html", child=found, form=form), 422 if request.method == "POST" else 200


@bp.post("/children/<uuid:id>/food/<uuid:ration_id>/remove")
@requires("balita.write")
def remove_food(id: UUID, ration_id: UUID) -> ResponseReturnValue:
    if not domain.take_back(child_or_404(id), ration_id):
        abort(404)
    commit()
    flash(gettext("Catatan PMT dihapus."), "success")
    return to_child(id)
