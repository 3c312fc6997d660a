"""The pages of aid: one family's in a table, what is entered by hand, and the sheet of a whole village."""

from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.areas.code import AreaCode
from core.cases.errors import CaseError
from core.database.session import commit, db
from core.database.versions import Stale
from core.people.family import Family
from core.people.models import Person
from core.people.search import family_of, find_household, find_person, members_of
from core.people.views.conflict import Side, sides
from core.users.permissions import requires

from .forms import ToldAidForm
from .models import ToldAid
from .sheet import request_aid_sheet
from .table import aid_table
from .told import correct_aid, find_told, remove_aid, tell_aid

bp = Blueprint("aid", __name__)


def person_or_404(person_id: UUID) -> Person:
    person = find_person(g.area.id, person_id)
    if person is None or person.erased:
        abort(404)
    return person


def told_or_404(told_id: UUID) -> ToldAid:
    return find_told(g.area.id, told_id) or abort(404)


@bp.get("/<village:area>/aid/people/<uuid:id>")
@requires("people.read")
def person(area: AreaCode, id: UUID) -> ResponseReturnValue:
    """The aid of a resident's family, and of the resident where he or she is not counted among it any more."""
    found = person_or_404(id)
    family = family_of(found)
    return render_template(
        "aid/show.html", table=aid_table(family, found), person=found, family=family, household=family.household
    )


@bp.get("/<village:area>/aid/households/<uuid:id>")
@requires("people.read")
def household(area: AreaCode, id: UUID) -> ResponseReturnValue:
    found = find_household(g.area.id, id) or abort(404)
    members = members_of(found)
    head = next((member for member in members if member.family_role == "head"), members[0] if members else None)
    table = aid_table(Family(found, members))
    return render_template("aid/show.html", table=table, person=head, family=Family(found, members), household=found)


@bp.post("/<village:area>/aid/export")
@requires("cases.export")
def export(area: AreaCode) -> ResponseReturnValue:
    """All families of the village, as a sheet that a job makes."""
    export_id = request_aid_sheet(g.area, g.permissions).id
    commit()
    return redirect(url_for("exports.show", id=export_id))


# ---- what is entered by hand ----


@bp.route("/<village:area>/aid/people/<uuid:id>/new", methods=["GET", "POST"])
@requires("cases.write")
def new(area: AreaCode, id: UUID) -> ResponseReturnValue:
    found, form = person_or_404(id), ToldAidForm()
    if not form.validate_on_submit():
        page = render_template("aid/edit.html", form=form, person=found, stored=None)
        return page, 422 if form.is_submitted() else 200
    tell_aid(found, form.to_input())
    commit()
    flash(_("Bantuan tercatat."), "success")
    return redirect(url_for("aid.person", id=id))


@bp.route("/<village:area>/aid/told/<uuid:id>", methods=["GET", "POST"])
@requires("cases.write")
def edit(area: AreaCode, id: UUID) -> ResponseReturnValue:
    """Correct what was entered; a stale edit shows both sides and keeps what was typed."""
    stored = told_or_404(id)
    form, owner = ToldAidForm(stored), person_or_404(stored.person_id)
    if not form.is_submitted():
        return _edit_page(form, owner, stored)
    if not form.validate():
        return _edit_page(form, owner, stored), 422
    try:
        correct_aid(g.area.id, id, form.seen, form.to_input())
    except Stale:
        return _moved_on(id, form), 409
    commit()
    flash(_("Perubahan tersimpan."), "success")
    return redirect(url_for("aid.person", id=owner.id))


@bp.post("/<village:area>/aid/told/<uuid:id>/remove")
@requires("cases.write")
def remove(area: AreaCode, id: UUID) -> ResponseReturnValue:
    owner_id, form = told_or_404(id).person_id, ToldAidForm()
    try:
        remove_aid(g.area.id, id, form.seen)
    except (Stale, CaseError):
        db.session.rollback()
        told_or_404(id)
        return _moved_on(id, None), 409
    commit()
    flash(_("Catatan bantuan dihapus. Jejak audit mencatatnya."), "success")
    return redirect(url_for("aid.person", id=owner_id))


def _moved_on(told_id: UUID, form: ToldAidForm | None) -> str:
    """The row as it is now, beside what was typed."""
    db.session.rollback()
    stored = told_or_404(told_id)
    now = ToldAidForm(stored, formdata=None)
    if form is None:
        return _edit_page(now, person_or_404(stored.person_id), stored, moved_on=True)
    form.version.data = str(stored.version)
    conflict = sides(form, now, None, None)
    return _edit_page(form, person_or_404(stored.person_id), stored, conflict=conflict, moved_on=True)


def _edit_page(
    form: ToldAidForm, owner: Person, stored: ToldAid, *, conflict: list[Side] | None = None, moved_on: bool = False
) -> str:
    return render_template(
        "aid/edit.html", form=form, person=owner, stored=stored, conflict=conflict or [], moved_on=moved_on
    )
