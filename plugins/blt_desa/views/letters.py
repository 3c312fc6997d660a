"""The meeting's letters and its public notice."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.api import (
    CaseError,
    IssuedLetter,
    commit,
    gettext,
    here,
    in_indonesian,
    may_revoke,
    my_permissions,
    pdf_answer,
    record,
    render_paper,
    requires,
)

from .. import decree, meetings
from ..documents import meeting_values, notice_values
from ..meeting_forms import ReasonForm
from ..models import Meeting
from . import bp
from .page import changes_meeting, meeting_or_404, posted_version, to_meeting


def letter_or_404(letter_id: UUID, meeting_id: UUID | None = None) -> IssuedLetter:
    """With ``meeting_id``, only a letter of that meeting."""
    found = decree.find_letter(here().id, letter_id)
    if found is None or (meeting_id is not None and found.object_id != meeting_id):
        abort(404)
    return found


@bp.get("/letters/<uuid:id>")
@requires("blt_desa.read")
def letter(id: UUID) -> ResponseReturnValue:
    """Where the village's register leads: the meeting that the letter is about."""
    return redirect(url_for("blt_desa.meeting", id=letter_or_404(id).object_id, _anchor="letters"))


@bp.post("/meetings/<uuid:id>/letters/<key>")
@requires("letters.issue")
@changes_meeting
def issue(id: UUID, key: str) -> ResponseReturnValue:
    meeting_or_404(id)
    kind = decree.LETTERS.get(key)
    if kind is None:
        abort(404)
    found = meetings.current_meeting(here().id, id, posted_version())
    reference = decree.issue(here(), found, kind).reference
    commit()
    flash(gettext("Surat %(reference)s siap dicetak.", reference=reference), "success")
    return to_meeting(id, "letters")


@bp.post("/meetings/<uuid:id>/letters/<uuid:letter_id>/sign")
@requires("letters.sign")
@changes_meeting
def sign(id: UUID, letter_id: UUID) -> ResponseReturnValue:
    meeting_or_404(id)
    found = meetings.current_meeting(here().id, id, posted_version())
    signed = letter_or_404(letter_id, id)
    is_decree = signed.key == "decree"
    decree.sign(here(), found, signed, my_permissions())
    commit()
    flash(gettext("Tanda tangan tercatat. Kode QR surat ini sekarang menyatakan berlaku."), "success")
    return redirect(url_for("blt_desa.payments", id=id)) if is_decree else to_meeting(id, "letters")


@bp.route("/meetings/<uuid:id>/letters/<uuid:letter_id>/revoke", methods=["GET", "POST"])
@requires("letters.issue")  # for a signed letter also letters.sign: see may_revoke
@changes_meeting
def revoke(id: UUID, letter_id: UUID) -> ResponseReturnValue:
    found, chosen, form = meeting_or_404(id), letter_or_404(letter_id, id), ReasonForm()
    if chosen.revoked_at is not None:
        raise CaseError(gettext("Surat ini sudah dicabut."))
    if not may_revoke(chosen, my_permissions()):
        abort(403)
    if request.method == "GET":
        form.version.data = str(found.version)
    elif form.validate():
        found = meetings.current_meeting(here().id, id, form.seen)
        decree.revoke(here(), found, chosen, form.reason.data or "", my_permissions())
        commit()
        flash(gettext("Surat dicabut. Nomornya tetap tercatat di register."), "success")
        return to_meeting(id, "letters")
    page = render_template("blt_desa/revoke.html", meeting=found, letter=chosen, form=form)
    return page, 422 if request.method == "POST" else 200


# ---- the notice that hangs in the village office ----


@bp.get("/meetings/<uuid:id>/notice")
@requires("blt_desa.read")
@changes_meeting
def notice(id: UUID) -> ResponseReturnValue:
    found = meeting_or_404(id)
    return render_template("blt_desa/notice.html", meeting=found, values=_notice(found))


@bp.get("/meetings/<uuid:id>/notice.pdf")
@requires("blt_desa.read")
@changes_meeting
def notice_pdf(id: UUID) -> ResponseReturnValue:
    found = meeting_or_404(id)
    values = _notice(found)
    with in_indonesian():
        title = gettext("Pengumuman Penerima BLT Dana Desa %(year)s", year=found.year)
    content = render_paper(here(), "blt_desa/notice.typ", title, values)
    record("blt_desa.notice_printed", "meeting", found.id)
    commit()
    return pdf_answer(content, "pengumuman-blt")


def _notice(found: Meeting) -> dict:
    """Raises: CaseError: there is no signed decree to announce."""
    in_force = decree.decree_in_force(decree.letters_of(found))
    if in_force is None:
        raise CaseError(gettext("Pengumuman dibuat setelah SK ditandatangani kepala desa."))
    with in_indonesian():
        values = meeting_values(found, meetings.candidates_of(found))
    return notice_values(values, in_force.reference)
