"""Letters about many cases: each case's own in one file to print, or one of the village with a list."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    CaseError,
    IssuedLetter,
    bind_letters,
    commit,
    db,
    gettext,
    here,
    issue_letters,
    may_revoke,
    my_permissions,
    pdf_answer,
    record,
    requires,
    sign_village_letter,
    told_on_page,
)

from .. import batches as domain
from ..listing import MOST_CHOSEN, chosen_lines
from ..mass_forms import ReasonForm, VersionedForm, ids_in
from ..models import Batch
from ..services import reactivation
from . import bp
from .calls import list_of_calls


def batch_or_404(batch_id: UUID) -> Batch:
    return domain.find_batch(here().id, batch_id) or abort(404)


def letter_or_404(letter_id: UUID, batch_id: UUID | None = None) -> IssuedLetter:
    """With ``batch_id``, only the letter of that batch."""
    found = domain.find_letter(here().id, letter_id)
    if found is None or (batch_id is not None and found.object_id != batch_id):
        abort(404)
    return found


def batch_page(found: Batch, problem: str = "") -> str:
    return render_template(
        "pbi_jk/batch.html",
        batch=found,
        lines=domain.lines_of(found),
        letters=domain.letters_of(found),
        states=reactivation.workflow,
        may_revoke=lambda letter: may_revoke(letter, my_permissions()),
        problem=problem,
    )


def _moved_on() -> str:
    return gettext("Orang lain baru saja mengubah surat ini. Periksa keadaannya sekarang, lalu ulangi.")


changes_batch = told_on_page(lambda id, problem: batch_page(batch_or_404(id), problem), _moved_on)


def _chosen() -> list[UUID]:
    return ids_in(request.form.getlist("line"), MOST_CHOSEN)


@bp.post("/letters.pdf")
@requires("letters.issue")
def letters() -> ResponseReturnValue:
    """The letter of each chosen case, numbered where it has none yet: all of them, or none."""
    try:
        lines = chosen_lines(here().id, _chosen())
        if not lines:
            raise CaseError(gettext("Pilih dulu sedikitnya satu orang yang sudah punya kasus."))
        made = issue_letters(here(), [line.case for line in lines if line.case], reactivation, "proposal")
        content = bind_letters(here(), made)
    except CaseError as problem:
        db.session.rollback()
        return list_of_calls(str(problem)), 422
    record("pbi_jk.letters_bound", "pbi_jk_list", "", letters=len(made))
    commit()
    return pdf_answer(content, "surat-usulan-pbi-jk")


@bp.post("/batches")
@requires("letters.issue")
def new_batch() -> ResponseReturnValue:
    try:
        batch_id = domain.make_batch(here(), _chosen(), current_user.id).id
    except CaseError as problem:
        db.session.rollback()
        return list_of_calls(str(problem)), 422
    commit()
    flash(gettext("Surat kolektif siap dicetak."), "success")
    return redirect(url_for("pbi_jk.batch", id=batch_id))


@bp.get("/batches/<uuid:id>")
@requires("pbi_jk.lists")
def batch(id: UUID) -> ResponseReturnValue:
    return batch_page(batch_or_404(id))


@bp.get("/letters/<uuid:id>")
@requires("pbi_jk.lists")
def letter(id: UUID) -> ResponseReturnValue:
    """Where the village's register leads."""
    return redirect(url_for("pbi_jk.batch", id=letter_or_404(id).object_id))


@bp.post("/batches/<uuid:id>/letters/<uuid:letter_id>/sign")
@requires("letters.sign")
@changes_batch
def sign(id: UUID, letter_id: UUID) -> ResponseReturnValue:
    batch_or_404(id)
    domain.current_batch(here().id, id, VersionedForm().seen)
    sign_village_letter(letter_or_404(letter_id, id))
    commit()
    flash(gettext("Tanda tangan tercatat. Kode QR surat ini sekarang menyatakan berlaku."), "success")
    return redirect(url_for("pbi_jk.batch", id=id))


@bp.post("/batches/<uuid:id>/letters/<uuid:letter_id>/revoke")
@requires("letters.issue")  # for a signed letter also letters.sign: see may_revoke
@changes_batch
def revoke(id: UUID, letter_id: UUID) -> ResponseReturnValue:
    batch_or_404(id)
    chosen, form = letter_or_404(letter_id, id), ReasonForm()
    if not may_revoke(chosen, my_permissions()):
        abort(403)
    found = domain.current_batch(here().id, id, form.seen)
    if not form.validate():
        raise CaseError(gettext("Tulis alasan pencabutan; ia tercatat di register."))
    domain.revoke(found, chosen, form.reason.data or "")
    commit()
    flash(gettext("Surat dicabut. Nomornya tetap tercatat di register."), "success")
    return redirect(url_for("pbi_jk.batch", id=id))
