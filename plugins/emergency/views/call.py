"""The list of escorts, and the call that begins one: the page that must be fast."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import area_today, commit, db, gettext, here, now, requires

from .. import listing
from ..calls import TakenBefore, take_call
from ..forms import CallForm
from ..roster import on_call
from ..words import STATES
from . import bp


@bp.get("/")
@requires("emergency.read")
def index() -> ResponseReturnValue:
    """Two queries, however long it is. What ails whom stands on the escort's own page, where a look is recorded."""
    show = request.args.get("show", "")
    show = show if show in listing.SHOWN else listing.SHOWN[0]
    return render_template(
        "emergency/index.html",
        page=listing.page_of(here().id, show, request.args.get("after")),
        on_call=on_call(here().id, now()),
        show=show,
        states=STATES,
        today=area_today(),
    )


@bp.route("/call", methods=["GET", "POST"])
@requires("emergency.write")
def call() -> ResponseReturnValue:
    """At any hour: nothing here asks whether the desk is open."""
    form = CallForm(escort_name=current_user.name)
    form.offer()
    if request.method == "GET" or not form.validate():
        page = render_template("emergency/call.html", form=form)
        return page, 422 if request.method == "POST" else 200
    said = form.call
    try:
        take_call(here(), said, now(), by=current_user.id)
    except TakenBefore:
        db.session.rollback()
        flash(gettext("Panggilan ini sudah tercatat sebelumnya."), "success")
        return redirect(url_for("emergency.show", id=said.id))
    commit()
    flash(gettext("Panggilan tercatat."), "success")
    return redirect(url_for("emergency.show", id=said.id))
