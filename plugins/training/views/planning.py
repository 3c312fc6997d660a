"""The list of a district's trainings, and planning one."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import CaseError, Stale, area_today, commit, db, district_only, gettext, requires

from .. import sessions
from ..forms import SessionForm
from ..rulebook import rule_on
from ..words import STATE_KINDS, STATES
from . import district_rows, wide


@wide.get("/")
@requires("training.oversee")
def index() -> ResponseReturnValue:
    state = request.args.get("state", "")
    state = state if state in STATES else ""
    with district_rows() as district_id:
        page = sessions.page_of(district_id, state, request.args.get("after"))
        return render_template(
            "training/index.html", page=page, state=state, states=STATES, kinds=STATE_KINDS, today=area_today()
        )


@wide.route("/new", methods=["GET", "POST"])
@district_only
@requires("training.manage")
def new() -> ResponseReturnValue:
    rule = rule_on(area_today())
    form = SessionForm(version=0, seats=rule.seats, valid_months=rule.valid_months)
    if request.method == "GET":
        return render_template("training/edit.html", form=form, session=None)
    if not form.validate():
        return render_template("training/edit.html", form=form, session=None), 422
    with district_rows() as district_id:
        made = sessions.plan(district_id, form.input, by=current_user.id)
        commit()
        made_id = made.id
    flash(gettext("Pelatihan direncanakan. Undang pesertanya."), "success")
    return redirect(url_for("training-wide.show", id=made_id))


@wide.route("/<uuid:id>/edit", methods=["GET", "POST"])
@district_only
@requires("training.manage")
def edit(id: UUID) -> ResponseReturnValue:
    with district_rows() as district_id:
        found = sessions.find(district_id, id) or abort(404)
        form = SessionForm.of(found)
        if request.method == "GET":
            return render_template("training/edit.html", form=form, session=found)
        if not form.validate():
            return render_template("training/edit.html", form=form, session=found), 422
        try:
            row = sessions.to_change(district_id, id, form.seen) or abort(404)
            sessions.change(row, form.input)
            commit()
        except CaseError as problem:
            db.session.rollback()
            return _again(district_id, id, form, str(problem)), 422
        except Stale:
            db.session.rollback()
            return _again(district_id, id, form, moved_on()), 409
    flash(gettext("Pelatihan diubah."), "success")
    return redirect(url_for("training-wide.show", id=id))


def moved_on() -> str:
    return gettext("Orang lain baru saja mengubah pelatihan ini. Periksa keadaannya sekarang, lalu ulangi.")


def _again(district_id: int, session_id: UUID, form: SessionForm, problem: str) -> str:
    """What was typed stays; beside it stands what the session says now, and a second sending is on top of that."""
    stored = sessions.find(district_id, session_id) or abort(404)
    form.version.data = str(stored.version)
    return render_template("training/edit.html", form=form, session=stored, problem=problem)
