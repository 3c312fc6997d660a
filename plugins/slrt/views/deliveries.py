"""The messages that went to the external system, and having one that failed sent again."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.api import REFERRAL_STATES, AreaCode, commit, find_areas, gettext, here, requires, scope, settings_of

from .. import delivery_log
from ..delivering import redo
from ..settings import SlrtSettings
from ..words import DELIVERY_STATES, PROBLEMS
from . import wide


@wide.get("/deliveries")
@requires("slrt.deliveries")
def deliveries() -> ResponseReturnValue:
    show = request.args.get("show", "")
    show = show if show in delivery_log.SHOWN else delivery_log.SHOWN[0]
    settings = settings_of(here(), SlrtSettings)
    return render_template(
        "slrt/deliveries.html",
        page=delivery_log.page_of(here(), show, request.args.get("after")),
        show=show,
        ready=bool(settings.url and settings.key),
        states=DELIVERY_STATES,
        problems=PROBLEMS,
        steps=REFERRAL_STATES,
    )


@wide.post("/deliveries/<string:village>/<uuid:id>/redo")
@requires("slrt.deliveries")
def redo_delivery(village: str, id: UUID) -> ResponseReturnValue:
    """Proven in the wide scope, written in the village's."""
    try:
        code = AreaCode.parse(village)
    except ValueError:
        abort(404)
    place = next(iter(find_areas([code.id])), None)
    if place is None or not place.is_village or not here().interval.covers(code):
        abort(404)
    with scope(code):
        found = redo(place, id)
        commit()
    if found is None:
        abort(404)
    flash(gettext("Dikirim lagi sebentar lagi."), "success")
    return redirect(url_for("slrt-wide.deliveries", show="failed"))
