"""One family: its address, its official decile, its members."""

from uuid import UUID

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core.aid.table import aid_table
from core.areas.code import AreaCode
from core.audit import record
from core.database.session import commit
from core.people import registry
from core.people.family import Family
from core.people.household_forms import HouseholdForm
from core.people.models import Household
from core.people.search import find_household, members_of
from core.users.permissions import requires

from . import bp
from .conflict import sides
from .residents import tell, title_of, version_of


def find_or_404(household_id: UUID) -> Household:
    return find_household(g.area.id, household_id) or abort(404)


@bp.get("/<village:area>/people/households/<uuid:id>")
@requires("people.read")
def household(area: AreaCode, id: UUID) -> ResponseReturnValue:
    return _household_page(find_or_404(id))


@bp.post("/<village:area>/people/households/<uuid:id>/kk")
@requires("people.nik")
def show_kk(area: AreaCode, id: UUID) -> ResponseReturnValue:
    """The page with the whole No. KK, for this once. Each look is recorded."""
    found = find_or_404(id)
    record("people.kk_shown", "household", id)
    page = _household_page(found, full_kk=found.kk_number)
    commit()
    return page


def _household_page(found: Household, *, full_kk: str | None = None) -> str:
    members = members_of(found)
    return render_template(
        "people/household.html",
        household=found,
        members=members,
        full_kk=full_kk,
        title_of=title_of,
        aid=aid_table(Family(found, members)),
    )


@bp.route("/<village:area>/people/households/new", methods=["GET", "POST"])
@requires("people.write")
def new_household(area: AreaCode) -> ResponseReturnValue:
    form = HouseholdForm(g.area)
    if not form.is_submitted():
        return render_template("people/household_edit.html", form=form)
    if not form.validate():
        return render_template("people/household_edit.html", form=form), 422
    try:
        made = registry.create_household(g.area.id, form.to_input())
    except registry.KkTaken as taken:
        form.kk_number.errors = [_("No. KK ini sudah tercatat.")]
        return render_template("people/household_edit.html", form=form, taken=taken.household), 422
    made_id = made.id
    commit()
    flash(_("Keluarga tercatat. Sekarang tambahkan anggotanya."), "success")
    tell(form.warnings)
    return redirect(url_for("people.household", id=made_id))


@bp.route("/<village:area>/people/households/<uuid:id>/edit", methods=["GET", "POST"])
@requires("people.write")
def edit_household(area: AreaCode, id: UUID) -> ResponseReturnValue:
    """Change a family; a stale edit shows both sides and keeps what was typed."""
    found = find_or_404(id)
    form = HouseholdForm(g.area, found)
    page = {"form": form, "household": found}
    if not form.is_submitted():
        return render_template("people/household_edit.html", **page)
    if not form.validate():
        return render_template("people/household_edit.html", **page), 422
    data = form.to_input()
    try:
        registry.update_household(g.area.id, id, data, version=version_of(form))
    except registry.StaleRow as stale:
        stored = find_or_404(id)
        form.version.data = str(stale.stored.version)
        conflict = sides(form, HouseholdForm(g.area, stored, formdata=None), data.kk_number, stored.kk_number)
        return render_template("people/household_edit.html", form=form, household=stored, conflict=conflict), 409
    except registry.KkTaken as taken:
        form.kk_number.errors = [_("No. KK ini sudah tercatat.")]
        return render_template("people/household_edit.html", **page, taken=taken.household), 422
    except registry.Gone:
        abort(404)
    commit()
    flash(_("Perubahan tersimpan."), "success")
    tell(form.warnings)
    return redirect(url_for("people.household", id=id))
