"""Findings as the field worker reports and follows them; a look at one by somebody else is recorded."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    FileRefused,
    Household,
    Person,
    area_today,
    commit,
    db,
    file_answer,
    find_person,
    gettext,
    here,
    may,
    names_of,
    record,
    requires,
)

from .. import finding_lists
from .. import findings as domain
from ..forms import FindingForm
from ..households import in_words
from ..models import KaderFinding
from ..sent_once import SentBefore
from ..visits import heads_of
from ..words import FINDINGS, STATES
from . import bp
from .access import household_or_404, services_here, told_before


@bp.route("/findings/new", methods=["GET", "POST"])
@requires("kader.own")
def report() -> ResponseReturnValue:
    """About a resident, a household, or somebody who is in no list."""
    person, household = _about()
    form = FindingForm()
    form.offer()
    if household or person:
        form.about_family()
    if request.method == "GET" or not form.validate():
        return _form_page(form, person, household), 422 if request.method == "POST" else 200
    told = form.told
    try:
        domain.report(here(), told, person, household, by=current_user.id)
    except SentBefore:
        return told_before("kader.finding", id=told.id)
    except FileRefused as refusal:
        db.session.rollback()
        form.photo.errors = [str(refusal)]
        person, household = _about()
        return _form_page(form, person, household), 422
    commit()
    flash(gettext("Temuan terkirim ke petugas."), "success")
    return redirect(url_for("kader.finding", id=told.id))


def _about() -> tuple[Person | None, Household | None]:
    """As the address says; 404 for whoever lies outside one's own RT/RW."""
    person_id, household_id = (_uuid(request.args.get(name)) for name in ("person", "household"))
    if person_id:
        person = find_person(here().id, person_id)
        if person is None or person.erased or person.household_id is None:
            abort(404)
        return person, household_or_404(person.household_id)
    return None, household_or_404(household_id) if household_id else None


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        abort(404)


def _form_page(form: FindingForm, person: Person | None, household: Household | None) -> str:
    head = heads_of(here().id, [household.id]).get(household.id, "") if household and not person else ""
    return render_template("kader/report_finding.html", form=form, person=person, household=household, head=head)


@bp.get("/findings")
@requires("kader.own")
def findings() -> ResponseReturnValue:
    """The desk's list of all, or one's own."""
    show = request.args.get("show", "")
    everything = may("kader.handle")
    show = show if show in finding_lists.SHOWN else "waiting" if everything else "all"
    page = finding_lists.page_of(here().id, show, request.args.get("after"), of=None if everything else current_user.id)
    return render_template(
        "kader/findings.html",
        page=page,
        show=show,
        everything=everything,
        kinds=FINDINGS,
        states=STATES,
        names=names_of({row.user_id for row in page.rows}) if everything else {},
        today=area_today(),
    )


def finding_or_404(finding_id: UUID) -> KaderFinding:
    """One's own; the desk and the kepala desa reach everybody's."""
    found = finding_lists.find(here().id, finding_id)
    if found is None or (found.user_id != current_user.id and not may("kader.handle")):
        abort(404)
    return found


@bp.get("/findings/<uuid:id>")
@requires("kader.own")
def finding(id: UUID) -> ResponseReturnValue:
    found = finding_or_404(id)
    page = finding_page(id)
    if found.user_id != current_user.id:
        record("kader.finding_opened", "kader_finding", found.id, reference=found.reference)
        commit()
    return page


def finding_page(id: UUID, problem: str = "") -> str:
    """A fixed number of queries."""
    found = finding_or_404(id)
    cases = domain.cases_for(found) if may("kader.handle") or found.case_id else []
    listed = in_words(cases, services_here())
    person = found.person
    return render_template(
        "kader/finding.html",
        finding=found,
        cases=listed,
        case=next((case for case in listed if case.id == found.case_id), None),
        head=heads_of(here().id, [found.household_id]).get(found.household_id, "") if found.household_id else "",
        person=person,
        kinds=FINDINGS,
        states=STATES,
        names=names_of({found.user_id, *([found.handled_by] if found.handled_by else [])}),
        emergency=found.urgent and found.waits and "emergency" in here().enabled,
        today=area_today(),
        problem=problem,
    )


@bp.get("/findings/<uuid:id>/photo")
@requires("kader.own")
def photo(id: UUID) -> ResponseReturnValue:
    """Each look at one is recorded."""
    found = finding_or_404(id)
    answer = file_answer(here(), found.sha256, found.media_type, "foto-temuan") if found.sha256 else None
    if answer is None:
        abort(404)
    record("kader.photo_opened", "kader_finding", found.id, reference=found.reference)
    commit()
    return answer
