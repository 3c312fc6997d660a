"""Papers looked at in the home: the cases of one's RT/RW, the checklist of one, and undo."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    Case,
    CaseError,
    Person,
    commit,
    db,
    gettext,
    here,
    may,
    missing_papers,
    requires,
)

from .. import prechecks
from ..forms import PapersForm
from ..households import cases_page, in_words
from ..panels import paper_titles
from ..sent_once import SentBefore
from ..territory import find_case_inside
from . import bp
from .access import my_territory, no_territory, services_here, told_before


@bp.get("/cases")
@requires("kader.own")
def cases() -> ResponseReturnValue:
    territory = my_territory()
    if territory.empty:
        return no_territory()
    page, people = cases_page(territory, request.args.get("after"), services_here())
    return render_template("kader/cases.html", page=page, people=people, territory=territory)


@bp.route("/cases/<uuid:id>/papers", methods=["GET", "POST"])
@requires("kader.own")
def papers(id: UUID) -> ResponseReturnValue:
    case, person = _inside_or_404(id)
    form = PapersForm()
    _offer(form, case)
    if request.method == "GET" or not form.validate():
        return _page(case, person, form), 422 if request.method == "POST" else 200
    try:
        prechecks.check(here(), case, form.look, by=current_user.id, name=current_user.name)
    except SentBefore:
        return told_before("kader.papers", id=id)
    except CaseError as refusal:
        db.session.rollback()
        return _again(id, str(refusal))
    commit()
    flash(gettext("Pemeriksaan tercatat. Petugas melihatnya di kasus ini."), "success")
    return redirect(url_for("kader.papers", id=id))


@bp.post("/checks/<uuid:id>/undo")
@requires("kader.own")
def undo(id: UUID) -> ResponseReturnValue:
    """One's own; the desk can undo everybody's."""
    check = prechecks.hold(here().id, id) or abort(404)
    if check.user_id != current_user.id and not may("kader.handle"):
        abort(404)
    case_id = check.case_id
    case, _person = _inside_or_404(case_id)
    try:
        prechecks.undo(check, case)
    except CaseError as refusal:
        db.session.rollback()
        return _again(case_id, str(refusal))
    commit()
    flash(gettext("Pemeriksaan dibatalkan. Berkasnya diminta lagi."), "success")
    return redirect(url_for("kader.papers", id=case_id))


def _again(case_id: UUID, problem: str) -> ResponseReturnValue:
    case, person = _inside_or_404(case_id)
    form = PapersForm(formdata=None)
    _offer(form, case)
    return _page(case, person, form, problem), 422


def _offer(form: PapersForm, case: Case) -> None:
    service = services_here().get(case.service)
    form.offer_papers(missing_papers([case])[case.id], service.requirements if service else ())


def _inside_or_404(case_id: UUID) -> tuple[Case, Person]:
    return find_case_inside(my_territory(), case_id) or abort(404)


def _page(case: Case, person: Person, form: PapersForm, problem: str = "") -> str:
    checks = prechecks.of_case(case.village_id, case.id)
    services = services_here()
    return render_template(
        "kader/papers.html",
        case=in_words([case], services)[0],
        person=person,
        form=form,
        checks=checks,
        titles=paper_titles(services.get(case.service)),
        problem=problem,
    )
