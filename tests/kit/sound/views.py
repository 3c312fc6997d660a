from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.api import Person, commit, find_person, here, requires

from . import entries
from .forms import EntryForm

bp = Blueprint("notes", __name__)


@bp.get("/")
@requires("notes.read")
def index() -> ResponseReturnValue:
    return render_template("notes/index.html", rows=entries.newest(here().id))


@bp.route("/new", methods=["GET", "POST"])
@requires("notes.write")
def new() -> ResponseReturnValue:
    """A note about the resident ``?person=…``."""
    person, form = _chosen_person(), EntryForm()
    if person is None:
        return redirect(url_for("people.index"))
    if request.method == "GET" or not form.validate():
        return _form_page(form, person.name)
    entries.write(person, form.title.data or "", form.body.data or "")
    commit()
    return redirect(url_for("notes.index"))


@bp.get("/entries/<uuid:id>")
@requires("notes.read")
def show(id: UUID) -> ResponseReturnValue:
    return render_template("notes/index.html", rows=[_found(id)])


@bp.route("/entries/<uuid:id>/edit", methods=["GET", "POST"])
@requires("notes.write")
def edit(id: UUID) -> ResponseReturnValue:
    entry = _found(id)
    form = EntryForm(obj=entry)
    if request.method == "GET" or not form.validate():
        return _form_page(form, entry.title)
    entry.title, entry.body = form.title.data or "", form.body.data or ""
    commit()
    return redirect(url_for("notes.show", id=entry.id))


def _form_page(form: EntryForm, heading: str) -> ResponseReturnValue:
    return render_template("notes/form.html", form=form, heading=heading), 422 if form.errors else 200


def _found(entry_id: UUID) -> entries.Entry:
    entry = entries.find(here().id, entry_id)
    if entry is None:
        abort(404)
    return entry


def _chosen_person() -> Person | None:
    try:
        return find_person(here().id, UUID(request.args.get("person", "")))
    except ValueError:
        return None
