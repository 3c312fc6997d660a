"""Who looks after which RT/RW, given and ended by the kepala desa and the desk."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    CaseError,
    VersionedForm,
    area_today,
    colleagues,
    commit,
    current_row,
    db,
    gettext,
    here,
    names_of,
    requires,
)

from .. import assignments as domain
from ..forms import AssignForm
from ..models import KaderAssignment
from ..territory import Territory, find_household, overlaps, places_of
from ..visits import heads_of
from ..words import KINDS
from . import bp
from .access import refusing

LONGEST_SEARCH = 80


@bp.get("/assignments")
@requires("kader.assign")
def assignments() -> ResponseReturnValue:
    return assignments_page()


def assignments_page(problem: str = "", id: UUID | None = None) -> str:
    """Four queries, however many there are."""
    today, over = area_today(), request.args.get("show") == "over"
    rows = domain.assignments_of(here().id, today, over=over)
    known = places_of(here().id)
    given = {(row.rw, row.rt) for row in rows} | {(row.rw, rt) for row in rows if not row.rt for _rw, rt in known}
    return render_template(
        "kader/assignments.html",
        rows=rows,
        over=over,
        shared=overlaps(rows),
        names=names_of({row.user_id for row in rows}),
        free=[] if over else [place for place in known if place not in given],
        place_of=domain.place_of,
        kinds=KINDS,
        form=VersionedForm(formdata=None),
        today=today,
        problem=problem,
    )


@bp.route("/assignments/new", methods=["GET", "POST"])
@requires("kader.assign")
def assign() -> ResponseReturnValue:
    form = AssignForm(starts_on=area_today())
    form.offer(colleagues(here().interval), places_of(here().id))
    if request.method == "GET" or not form.validate():
        return _form_page(form), 422 if request.method == "POST" else 200
    try:
        made = domain.assign(here(), UUID(form.user.data), form.task, by=current_user.id)
    except CaseError as refusal:
        db.session.rollback()
        form.places.errors = [str(refusal)]
        return _form_page(form), 422
    group = next((each.id for each in made if each.is_group), None)
    commit()
    flash(gettext("Wilayah tugas tersimpan."), "success")
    return redirect(url_for("kader.group", id=group) if group else url_for("kader.assignments"))


def _form_page(form: AssignForm) -> str:
    return render_template("kader/assign.html", form=form)


@bp.post("/assignments/<uuid:id>/end")
@requires("kader.assign")
@refusing(assignments_page)
def end(id: UUID) -> ResponseReturnValue:
    held = current_row(KaderAssignment, here().id, id, VersionedForm().seen) or abort(404)
    today = area_today()
    if held.ends_on and held.ends_on < today:
        raise CaseError(gettext("Wilayah tugas itu sudah berakhir."))
    domain.end(held, today)
    commit()
    flash(gettext("Wilayah tugas diakhiri. Riwayatnya tetap ada."), "success")
    return redirect(url_for("kader.assignments"))


@bp.get("/assignments/<uuid:id>/households")
@requires("kader.assign")
def group(id: UUID) -> ResponseReturnValue:
    return _group_page(id)


def _group_page(id: UUID, problem: str = "", household_id: UUID | None = None) -> str:
    found = _group_or_404(id)
    search = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    inside = domain.households_of(found)
    there = {each.id for each in inside}
    others = [each for each in domain.found_households(here().id, search) if each.id not in there]
    return render_template(
        "kader/group.html",
        group=found,
        inside=inside,
        others=others,
        heads=heads_of(here().id, [each.id for each in (*inside, *others)]),
        names=names_of({found.user_id}),
        search=search,
        problem=problem,
    )


def _group_or_404(assignment_id: UUID, *, lock: bool = False) -> KaderAssignment:
    """Locked for a change, so that two at once do not fill the group beyond its size."""
    found = db.session.get(KaderAssignment, (here().id, assignment_id), with_for_update=lock or None)
    if found is None or not found.is_group:
        abort(404)
    return found


@bp.post("/assignments/<uuid:id>/households/<uuid:household_id>")
@requires("kader.assign")
@refusing(_group_page)
def add_household(id: UUID, household_id: UUID) -> ResponseReturnValue:
    found = _group_or_404(id, lock=True)
    household = find_household(Territory(here().id, everything=True), household_id) or abort(404)
    domain.add_household(found, household)
    commit()
    return redirect(url_for("kader.group", id=id))


@bp.post("/assignments/<uuid:id>/households/<uuid:household_id>/remove")
@requires("kader.assign")
@refusing(_group_page)
def remove_household(id: UUID, household_id: UUID) -> ResponseReturnValue:
    if not domain.remove_household(_group_or_404(id, lock=True), household_id):
        abort(404)
    commit()
    return redirect(url_for("kader.group", id=id))
