"""The district's registry of organisations, and who answers for each."""

from uuid import UUID

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from core.areas.code import AreaCode
from core.areas.models import Area
from core.database.session import commit, db
from core.referrals import officers, organisations
from core.referrals.errors import ReferralError
from core.referrals.forms import OfficerForm, OrganisationForm
from core.referrals.models import Organisation
from core.referrals.organisations import KINDS, OFFICES, OrganisationInput
from core.referrals.terms import SECTORS
from core.users.permissions import requires
from core.web.forms import SelectChoice

bp = Blueprint("organisations", __name__)

OFFICE_SECTORS = {office.sector for office in OFFICES}


@bp.get("/<wide:area>/organisations")
@requires("organisations.manage")
def index(area: AreaCode) -> ResponseReturnValue:
    search = request.args.get("q", "").strip()[:80]
    found = organisations.organisations_of(g.area, search)
    return render_template("referrals/organisations.html", found=found, search=search, kinds=KINDS, sectors=SECTORS)


@bp.route("/<wide:area>/organisations/new", methods=["GET", "POST"])
@requires("organisations.manage")
def new(area: AreaCode) -> ResponseReturnValue:
    form = OrganisationForm()
    form.area.choices = _places()
    if request.method == "GET":
        return _form_page(form)
    if not form.validate():
        return _form_page(form), 422
    try:
        organisation_id = organisations.register(int(form.area.data), _input(form, form.sector.data)).id
        commit()
    except ReferralError as problem:
        form[problem.field or "name"].errors = [str(problem)]
        return _form_page(form), 422
    flash(_("Lembaga terdaftar. Tunjuk siapa yang menjawab rujukannya."), "success")
    return redirect(url_for("organisations.show", id=organisation_id))


def _places() -> list:
    """The area and all that lie in it, as those that an organisation can serve."""
    found = db.session.scalars(select(Area).where(Area.id.between(g.area.id, g.area.hi)).order_by(Area.id)).all()
    return [SelectChoice(str(place.id), f"{place.title} · {place.code}") for place in found]


def _input(form: OrganisationForm, sector: str) -> OrganisationInput:
    return OrganisationInput(
        name=form.name.data or "",
        kind=form.kind.data,
        sector=sector,
        phone=form.phone.data or "",
        active=bool(form.active.data),
    )


def _form_page(form: OrganisationForm) -> str:
    return render_template("referrals/organisation_new.html", form=form)


@bp.route("/<wide:area>/organisations/<uuid:id>", methods=["GET", "POST"])
@requires("organisations.manage")
def show(area: AreaCode, id: UUID) -> ResponseReturnValue:
    organisation = _find(id)
    form = OrganisationForm(obj=organisation, area=str(organisation.area_id))
    _fix(form, organisation)
    if request.method == "GET":
        return _page(organisation, form)
    if not form.validate():
        return _page(organisation, form), 422
    try:
        organisations.change(organisation, _input(form, form.sector.data))
        commit()
    except ReferralError as problem:
        form[problem.field or "name"].errors = [str(problem)]
        return _page(_find(id), form), 422
    flash(_("Perubahan tersimpan."), "success")
    return redirect(url_for("organisations.show", id=id))


def _fix(form: OrganisationForm, organisation: Organisation) -> None:
    """Where it serves never changes; what it is does not for the office of a level, which others find by it."""
    place = db.session.get_one(Area, organisation.area_id)
    form.area.choices = [SelectChoice(str(place.id), place.title)]
    if organisation.sector in OFFICE_SECTORS:
        form.sector.choices = [SelectChoice(organisation.sector, SECTORS[organisation.sector])]


def _find(organisation_id: UUID) -> Organisation:
    found = organisations.find_organisation(g.area, organisation_id)
    if found is None:
        abort(404)
    return found


def _page(organisation: Organisation, form: OrganisationForm, officer: OfficerForm | None = None) -> str:
    return render_template(
        "referrals/organisation.html",
        organisation=organisation,
        form=form,
        officer_form=officer or OfficerForm(formdata=None),
        officers=officers.officers_of(organisation),
        is_office=organisation.sector in OFFICE_SECTORS,
    )


@bp.post("/<wide:area>/organisations/<uuid:id>/officers")
@requires("organisations.manage")
def appoint(area: AreaCode, id: UUID) -> ResponseReturnValue:
    organisation, officer = _find(id), OfficerForm()
    if organisation.sector in OFFICE_SECTORS:
        abort(404)
    problem = None
    if officer.validate():
        try:
            user = officers.appoint(organisation, officer.username.data or "", officer.until.data)
            name = user.name
            commit()
        except ReferralError as error:
            problem = str(error)
        else:
            flash(_("%(name)s sekarang menjawab untuk lembaga ini.", name=name), "success")
            return redirect(url_for("organisations.show", id=id))
    if problem:
        officer.username.errors = [problem]
    form = OrganisationForm(formdata=None, obj=organisation, area=str(organisation.area_id))
    _fix(form, organisation)
    return _page(organisation, form, officer), 422


@bp.post("/<wide:area>/organisations/<uuid:id>/officers/<uuid:membership_id>/dismiss")
@requires("organisations.manage")
def dismiss(area: AreaCode, id: UUID, membership_id: UUID) -> ResponseReturnValue:
    officers.dismiss(_find(id), membership_id)
    commit()
    flash(_("Ia tidak lagi menjawab untuk lembaga ini."), "success")
    return redirect(url_for("organisations.show", id=id))
