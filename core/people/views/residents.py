"""One resident and the list of all: find, show, enter, change, move to another family."""

from functools import partial
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf import FlaskForm

from core.aid.table import aid_table
from core.areas.code import AreaCode
from core.audit import record
from core.cases.lists import CaseFilter, CaseRow, cases_page
from core.cases.own_cases import all_cases_of
from core.database.session import commit
from core.people import registry
from core.people.family import Family
from core.people.forms import NewPersonForm, PersonForm
from core.people.household_forms import MoveForm
from core.people.identity import Finding
from core.people.labels import (
    FAMILY_ROLE_TITLES,
    INSURANCE_TITLES,
    LIFE_STATUS_TITLES,
    REGISTRY_MATCH_TITLES,
    SEX_TITLES,
)
from core.people.models import Household, Person
from core.people.search import find_household, find_person, members_of, people_page
from core.texts import lazy_gettext
from core.users.permissions import requires
from core.web.formats import area_today
from core.web.paging import PAGE_SIZE
from core.web.panels import panels
from core.web.urls import local_address, with_query

from . import bp
from .conflict import sides

COMPLETE_ADDRESS = lazy_gettext("Keluarga dengan No. KK ini ikut dicatat. Buka keluarganya untuk mengisi alamat.")

TITLES = {
    "sex": SEX_TITLES,
    "family_role": FAMILY_ROLE_TITLES,
    "life_status": LIFE_STATUS_TITLES,
    "insurance": INSURANCE_TITLES,
    "registry_match": REGISTRY_MATCH_TITLES,
}


def title_of(column: str, value: str) -> str:
    """A stored value in words; one that no list knows stands as it is."""
    return str(TITLES[column].get(value, value))


def find_or_404(person_id: UUID) -> Person:
    return find_person(g.area.id, person_id) or abort(404)


def unerased_or_404(person_id: UUID) -> Person:
    """A resident who can still be changed."""
    person = find_or_404(person_id)
    if person.erased:
        abort(404)
    return person


def version_of(form: FlaskForm) -> int:
    """The version that the page showed; a damaged one counts as stale."""
    text = str(form["version"].data or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def tell(warnings: list[Finding]) -> None:
    for finding in warnings:
        flash(f"{finding.message} {finding.fix}", "warning")


@bp.get("/<village:area>/people")
@requires("people.read")
def index(area: AreaCode) -> ResponseReturnValue:
    search = request.args.get("q", "").strip()[:80]
    page = people_page(g.area.id, search, request.args.get("after"))
    return render_template("people/index.html", page=page, search=search, title_of=title_of)


@bp.get("/<village:area>/people/<uuid:id>")
@requires("people.read")
def show(area: AreaCode, id: UUID) -> ResponseReturnValue:
    return _person_page(find_or_404(id))


@bp.post("/<village:area>/people/<uuid:id>/nik")
@requires("people.nik")
def show_nik(area: AreaCode, id: UUID) -> ResponseReturnValue:
    """The page with the whole NIK, for this once. Each look is recorded."""
    person = find_or_404(id)
    record("people.nik_shown", "person", id)
    page = _person_page(person, full_nik=person.nik)
    commit()
    return page


def _person_page(person: Person, *, full_nik: str | None = None) -> str:
    members = members_of(person.household) if person.household else []
    return render_template(
        "people/show.html",
        person=person,
        household=person.household,
        members=members,
        aid=None if person.erased else aid_table(Family(person.household, members), person),
        full_nik=full_nik,
        cases=_cases_of(person) if "cases.read" in g.permissions else None,
        panels=[] if person.erased else panels("person_panels", person=person),
        title_of=title_of,
    )


def _cases_of(person: Person) -> list[CaseRow]:
    """The open ones by due date, then the latest of the closed ones."""
    every = all_cases_of(person)
    if every is not None:
        open_ones = sorted(
            (row for row in every if row.closed_at is None), key=lambda row: (not row.urgent, row.due_on, row.id)
        )
        closed = sorted(((row.closed_at, row.id, row) for row in every if row.closed_at is not None), reverse=True)
        return [*open_ones[:PAGE_SIZE], *(row for _at, _id, row in closed[:PAGE_SIZE])]
    rows: list[CaseRow] = []
    for which in ("open", "closed"):
        wanted = CaseFilter(which=which, person_id=person.id)
        rows.extend(cases_page(g.area.id, current_user.id, area_today(), wanted, None).rows)
    return rows


@bp.route("/<village:area>/people/new", methods=["GET", "POST"])
@requires("people.write")
def new(area: AreaCode) -> ResponseReturnValue:
    household, back = _chosen_household(), local_address(request.args.get("next"))
    form = NewPersonForm(g.area)
    page = {"form": form, "household": household, "title_of": title_of, "chosen": partial(_on_with, back)}
    page["cancel_url"] = back or (
        url_for("people.household", id=household.id) if household else url_for("people.index")
    )
    if not form.is_submitted():
        return render_template("people/new.html", **page)
    if not form.validate():
        return render_template("people/new.html", **page), 422
    try:
        person, made_household = _enter(form, household)
    except registry.NikTaken as taken:
        form.nik.errors = [_("NIK ini sudah tercatat atas nama %(name)s.", name=taken.person.name)]
        return render_template("people/new.html", **page, taken=taken.person), 422
    except registry.ProbablyKnown as known:
        return render_template("people/new.html", **page, similar=known.similar), 422
    person_id, name = person.id, person.name
    commit()
    flash(_("%(name)s tercatat.", name=name), "success")
    if made_household:
        flash(str(COMPLETE_ADDRESS), "warning")
    tell(form.warnings)
    return redirect(_on_with(back, person_id))


def _on_with(back: str | None, person_id: UUID) -> str:
    """Where to go on with a resident: to whoever sent the clerk here to register one, else to the resident's page."""
    return with_query(back, person=person_id) if back else url_for("people.show", id=person_id)


def _chosen_household() -> Household | None:
    try:
        return find_household(g.area.id, UUID(request.args.get("household", "")))
    except ValueError:
        return None


def _enter(form: NewPersonForm, household: Household | None) -> tuple[Person, bool]:
    """The new resident, and whether the family was new as well."""
    made = False
    if household is None and form.kk:
        household, made = registry.household_for_number(g.area.id, form.kk)
    person = registry.create_person(
        g.area.id,
        form.to_input(),
        household_id=household.id if household else None,
        is_new_for_sure=bool(form.is_new_for_sure.data),
    )
    return person, made


@bp.route("/<village:area>/people/<uuid:id>/edit", methods=["GET", "POST"])
@requires("people.write")
def edit(area: AreaCode, id: UUID) -> ResponseReturnValue:
    """Change a resident; a stale edit shows both sides and keeps what was typed."""
    person = unerased_or_404(id)
    form = PersonForm(g.area, person)
    if not form.is_submitted():
        return render_template("people/edit.html", form=form, person=person)
    if not form.validate():
        return render_template("people/edit.html", form=form, person=person), 422
    data = form.to_input()
    try:
        registry.update_person(g.area.id, id, data, version=version_of(form))
    except registry.StaleRow as stale:
        stored = find_or_404(id)
        form.version.data = str(stale.stored.version)
        conflict = sides(form, PersonForm(g.area, stored, formdata=None), data.nik, stored.nik)
        return render_template("people/edit.html", form=form, person=stored, conflict=conflict), 409
    except registry.NikTaken as taken:
        form.nik.errors = [_("NIK ini sudah tercatat atas nama %(name)s.", name=taken.person.name)]
        return render_template("people/edit.html", form=form, person=person, taken=taken.person), 422
    except registry.Gone:
        abort(404)
    commit()
    flash(_("Perubahan tersimpan."), "success")
    tell(form.warnings)
    return redirect(url_for("people.show", id=id))


@bp.route("/<village:area>/people/<uuid:id>/move", methods=["GET", "POST"])
@requires("people.write")
def move(area: AreaCode, id: UUID) -> ResponseReturnValue:
    """Into another family: marriage, divorce, a new KK."""
    person = unerased_or_404(id)
    form = MoveForm(data={"version": person.version, "family_role": person.family_role})
    if not form.is_submitted():
        return render_template("people/move.html", form=form, person=person)
    if not form.validate():
        return render_template("people/move.html", form=form, person=person), 422
    household, made = registry.household_for_number(g.area.id, form.kk) if form.kk else (None, False)
    try:
        registry.move_person(
            g.area.id,
            id,
            household.id if household else None,
            form.family_role.data,
            version=version_of(form),
        )
    except registry.StaleRow as stale:
        form.version.data = str(stale.stored.version)
        return render_template("people/move.html", form=form, person=find_or_404(id), moved_on=True), 409
    except registry.Gone:
        abort(404)
    commit()
    flash(_("%(name)s dipindahkan.", name=find_or_404(id).name), "success")
    if made:
        flash(str(COMPLETE_ADDRESS), "warning")
    return redirect(url_for("people.show", id=id))
