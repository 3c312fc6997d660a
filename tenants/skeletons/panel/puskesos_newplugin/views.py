"""The page on which a note is written. Core has looked at village, module and permission before a view runs."""

from uuid import UUID

from core.api import commit, find_person, gettext, here, requires
from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from . import notes
from .forms import NoteForm

bp = Blueprint("newplugin", __name__)


@bp.route("/people/<uuid:person_id>/new", methods=["GET", "POST"])
@requires("newplugin.write")
def new(person_id: UUID) -> ResponseReturnValue:
    person = find_person(here().id, person_id)
    if person is None:
        abort(404)
    form = NoteForm()
    if not form.validate_on_submit():
        page = render_template("newplugin/new.html", form=form, person=person)
        return page, 422 if form.is_submitted() else 200
    notes.add(person, form.text.data or "", current_user.id)
    commit()
    flash(gettext("Catatan tersimpan."), "success")
    return redirect(url_for("people.show", id=person.id))
