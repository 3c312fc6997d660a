"""What the desk does about a finding: read, answered with a reason, tied to a resident and to a case."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    CaseError,
    VersionedForm,
    commit,
    current_row,
    find_person,
    gettext,
    here,
    people_page,
    requires,
)

from .. import findings as domain
from ..forms import AnswerForm
from ..models import KaderFinding
from . import bp
from .access import refusing
from .findings import finding_or_404, finding_page

LONGEST_SEARCH = 80


def _held_or_404(finding_id: UUID, version: int) -> KaderFinding:
    """Raises: Stale: somebody else has changed it since the page was made."""
    return current_row(KaderFinding, here().id, finding_id, version) or abort(404)


def _to(finding_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("kader.finding", id=finding_id))


@bp.post("/findings/<uuid:id>/seen")
@requires("kader.handle")
@refusing(finding_page)
def seen(id: UUID) -> ResponseReturnValue:
    domain.see(_held_or_404(id, VersionedForm().seen), by=current_user.id)
    commit()
    flash(gettext("Kader melihat bahwa temuannya sudah dibaca."), "success")
    return _to(id)


def _answer_page(id: UUID, problem: str = "", form: AnswerForm | None = None) -> str:
    found = finding_or_404(id)
    typed = form or AnswerForm()
    if problem:  # what was typed stays, and goes by what the page shows now
        typed.version.data = str(found.version)
    return render_template("kader/answer.html", finding=found, form=typed, problem=problem)


@bp.route("/findings/<uuid:id>/answer", methods=["GET", "POST"])
@requires("kader.handle")
@refusing(_answer_page)
def answer(id: UUID) -> ResponseReturnValue:
    found = finding_or_404(id)
    if request.method == "GET" and not found.waits:
        return _to(id)
    form = AnswerForm(version=found.version)
    if request.method == "GET" or not form.validate():
        return _answer_page(id, form=form), 422 if request.method == "POST" else 200
    domain.answer(_held_or_404(id, form.seen), form.answer.data or "", by=current_user.id)
    commit()
    flash(gettext("Jawaban terkirim ke kader."), "success")
    return _to(id)


@bp.get("/findings/<uuid:id>/resident")
@requires("kader.handle")
def choose_resident(id: UUID) -> ResponseReturnValue:
    return _resident_page(id)


def _resident_page(id: UUID, problem: str = "", person_id: UUID | None = None) -> str:
    found = finding_or_404(id)
    search = request.args.get("q", "").strip()[:LONGEST_SEARCH] or (found.name if not problem else "")
    page = people_page(here().id, search, None) if search else None
    return render_template(
        "kader/resident.html",
        finding=found,
        search=search,
        page=page,
        form=VersionedForm(formdata=None, version=found.version),
        problem=problem,
    )


@bp.post("/findings/<uuid:id>/resident/<uuid:person_id>")
@requires("kader.handle")
@refusing(_resident_page)
def attach(id: UUID, person_id: UUID) -> ResponseReturnValue:
    person = find_person(here().id, person_id) or abort(404)
    domain.attach(_held_or_404(id, VersionedForm().seen), person)
    commit()
    flash(gettext("Temuan dikaitkan dengan warga itu."), "success")
    return _to(id)


def _finding_page_of(id: UUID, problem: str = "", case_id: UUID | None = None) -> str:
    return finding_page(id, problem)


@bp.post("/findings/<uuid:id>/case/<uuid:case_id>")
@requires("kader.handle")
@refusing(_finding_page_of)
def link_case(id: UUID, case_id: UUID) -> ResponseReturnValue:
    held = _held_or_404(id, VersionedForm().seen)
    case = next((case for case in domain.cases_for(held) if case.id == case_id), None)
    if case is None:
        raise CaseError(gettext("Kasus itu sudah ditutup, atau bukan kasus keluarga ini."))
    domain.tie(held, case, by=current_user.id)
    commit()
    flash(gettext("Kasus ditautkan. Kader melihat nomornya."), "success")
    return _to(id)
