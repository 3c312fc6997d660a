"""The plugin's pages. Core has looked at the area, the module and the permission before a view runs."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import Person, area_today, commit, find_person, gettext, here, requires

from . import visits
from .forms import VisitForm

bp = Blueprint("homevisit", __name__)


@bp.get("/")
@requires("homevisit.read")
def index() -> ResponseReturnValue:
    return render_template("homevisit/index.html", page=visits.page_of(here().id, request.args.get("after")))


@bp.route("/new", methods=["GET", "POST"])
@requires("homevisit.write")
def new() -> ResponseReturnValue:
    """Write down a visit to the resident ``?person=…``."""
    person = _chosen_person()
    if person is None:
        flash(gettext("Pilih dulu warga yang dikunjungi."), "warning")
        return redirect(url_for("people.index"))
    form = VisitForm(visited_on=area_today())
    if request.method == "GET":
        return render_template("homevisit/new.html", form=form, person=person)
    if not form.validate():
        return render_template("homevisit/new.html", form=form, person=person), 422
    on = form.visited_on.data or area_today()
    visits.write_down(person, on, form.finding.data or "", current_user.id)
    commit()
    flash(gettext("Kunjungan tercatat."), "success")
    return redirect(url_for("homevisit.index"))


def _chosen_person() -> Person | None:
    try:
        return find_person(here().id, UUID(request.args.get("person", "")))
    except ValueError:
        return None
