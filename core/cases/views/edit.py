"""Changing what was filled in at intake. A stale edit shows both sides and keeps what was typed."""

from uuid import UUID

from flask import flash, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Form as PlainForm

from core.areas.code import AreaCode
from core.cases import progress
from core.cases.answers import answers_of, form_with
from core.cases.catalogue import find_service
from core.cases.conflict import differences
from core.cases.errors import CaseError, StaleCase
from core.cases.locking import current_case, events_since
from core.cases.models import Case
from core.cases.service import Service
from core.database.session import commit
from core.users.permissions import requires

from . import bp
from .case import changes_case, find_or_404, meanwhile, to_case
from .forms import EditForm, version_of


@bp.route("/<village:area>/cases/<uuid:id>/edit", methods=["GET", "POST"])
@requires("cases.write")
@changes_case
def edit(area: AreaCode, id: UUID) -> ResponseReturnValue:
    case = find_or_404(id)
    service = find_service(case.service)
    if service is None:
        raise CaseError(_("Modul layanan ini tidak terpasang, jadi isiannya tidak dapat diubah."))
    if case.closed_at is not None:
        raise CaseError(_("Kasus ini sudah ditutup. Buka kembali dulu untuk mengubahnya."))
    if request.method == "GET":
        form = EditForm(formdata=None, priority=case.priority, note=case.note, version=case.version)
        return _page(case, service, form, form_with(service.form, case.data))
    form, answers = EditForm(), service.form(request.form)
    valid = all([form.validate(), answers.validate()])
    version = version_of(form.version.data)
    try:
        case = current_case(g.area.id, id, version)
    except StaleCase:
        # A colleague's paper or letter takes nothing away from these fields; only another edit can.
        if any(event.kind == "edited" for event in events_since(case, version)):
            return _conflict(case, service, form, answers, version)
    if not valid:
        return _page(case, service, form, answers), 422
    edit = progress.Edit(answers_of(answers), form.note.data or "", form.priority.data)
    changed = progress.save_answers(g.area, case, service, edit)
    commit()
    flash(_("Perubahan tersimpan.") if changed else _("Tidak ada yang berubah."), "success")
    return to_case(id, "answers")


def _conflict(case: Case, service: Service, form: EditForm, answers: PlainForm, version: int) -> ResponseReturnValue:
    mine = {**answers_of(answers), "priority": form.priority.data, "note": form.note.data}
    rows = differences(service, case, mine, form, answers)
    if not rows:
        flash(_("Rekan Anda sudah menyimpan perubahan yang sama."), "success")
        return to_case(case.id, "answers")
    form.version.data = str(case.version)
    page = _page(case, service, form, answers, conflict=rows, meanwhile=meanwhile(case, version))
    return page, 409


def _page(case: Case, service: Service, form: EditForm, answers: PlainForm, **context: object) -> str:
    held = [letter.reference for letter in progress.letters_of(case) if letter.revoked_at is None]
    return render_template(
        "cases/edit.html", case=case, service=service, form=form, answers=answers, letters=held, **context
    )
