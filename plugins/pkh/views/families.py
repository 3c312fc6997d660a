"""The list of KPM, one family of it, and putting one on it."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from core.api import (
    Case,
    CaseError,
    Family,
    Person,
    area_today,
    commit,
    db,
    families_of,
    find_person,
    gettext,
    here,
    may,
    month_name,
    record,
    requires,
)

from .. import families as domain
from ..checks import count_unchecked
from ..components import COMPONENTS
from ..family_forms import NewFamilyForm
from ..listing import SHOWN, all_rows, page_of
from ..member_forms import MemberForm, member_forms
from ..payee import usual_payee
from ..rulebook import Month, latest, rules, stage_of
from ..screening import claims_of
from ..services import proposal
from ..sheet import sheet
from . import bp
from .page import family_or_404, family_page, to_family

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/")
@requires("pkh.read")
def index() -> ResponseReturnValue:
    """A fixed number of queries, however long the page is."""
    show, search, today = request.args.get("show", SHOWN[0]), request.args.get("q", "").strip()[:80], area_today()
    show = show if show in SHOWN else SHOWN[0]
    month = Month.before(today)
    return render_template(
        "pkh/index.html",
        page=page_of(here().id, show, search, request.args.get("after"), today),
        show=show,
        search=search,
        stage=stage_of(today),
        active=domain.count_active(here().id),
        unchecked=count_unchecked(here().id, month),
        month=month,
        month_name=month_name,
    )


@bp.get("/families/<uuid:id>")
@requires("pkh.read")
def family(id: UUID) -> ResponseReturnValue:
    return family_page(family_or_404(id))


@bp.get("/kpm-pkh.xlsx")
@requires("pkh.read")
def download() -> ResponseReturnValue:
    """The NIK in full only for who may see it so anyway, and the audit says which it was."""
    today, full_nik = area_today(), may("people.nik")
    rows = all_rows(here().id, today)
    file = sheet(rows, full_nik=full_nik)
    record("pkh.list_downloaded", "pkh_list", here().code, families=len(rows), full_nik=full_nik)
    commit()
    name = f"kpm-pkh-{here().code}-{today.isoformat()}.xlsx"
    return send_file(file, mimetype=XLSX, as_attachment=True, download_name=name)


# ---- putting a family on the list ----


@bp.route("/people/<uuid:person_id>/enlist", methods=["GET", "POST"])
@requires("pkh.write")
def enlist(person_id: UUID) -> ResponseReturnValue:
    """The household of a resident, with who fetches the aid and what each member counts for."""
    person = find_person(here().id, person_id)
    if person is None:
        abort(404)
    if person.household is None:
        flash(gettext("Hubungkan warga ini dengan keluarganya (No KK) lebih dulu."), "warning")
        return redirect(url_for("people.show", id=person.id))
    held = domain.family_of_household(here().id, person.household_id)
    if held is not None and held.active:
        return to_family(held.id)
    return _enlist(person, families_of([person])[person.id])


def _enlist(person: Person, family: Family) -> ResponseReturnValue:
    today, proposed = area_today(), _proposal_of(person)
    rule = rules.get(today) or latest
    usual = usual_payee(family.members, rule, today)
    form = NewFamilyForm(since=today, payee=str(usual.id) if usual else None)
    form.offer(family, today)
    claims = claims_of(family, rule, today, proposed.data) if proposed else ()
    members = member_forms(family, [], rule, today, suggest=request.method == "GET", proposed=claims)
    if request.method == "GET":
        return _enlist_page(person, form, members)
    # Each is asked, so that every problem shows at once.
    if not all([form.validate(), *[member.validate() for member in members]]):
        return _enlist_page(person, form, members), 422
    assert person.household is not None  # noqa: S101 - looked at above; told to pyright
    try:
        made = domain.enlist(person.household, family, form.input(members), today, proposed.id if proposed else None)
    except CaseError as refusal:
        db.session.rollback()
        person = find_person(here().id, person.id) or abort(404)
        return _enlist_page(person, form, members, str(refusal)), 422
    made_id = made.id
    commit()
    flash(gettext("Keluarga tercatat sebagai KPM PKH."), "success")
    return to_family(made_id)


def _proposal_of(person: Person) -> Case | None:
    """What brought the family here, as far as it was in this resident's name: the latest."""
    query = select(Case).where(
        Case.village_id == person.village_id, Case.person_id == person.id, Case.service == proposal.name
    )
    return db.session.scalar(query.order_by(Case.id.desc()).limit(1))


def _enlist_page(person: Person, form: NewFamilyForm, members: list[MemberForm], problem: str = "") -> str:
    return render_template(
        "pkh/enlist.html", person=person, form=form, members=members, components=COMPONENTS, problem=problem
    )
