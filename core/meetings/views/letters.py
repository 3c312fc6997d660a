"""The meeting's letters and its public notice."""

from typing import Any
from uuid import UUID

from flask import abort, flash, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from core.areas.code import AreaCode
from core.audit import record
from core.cases.errors import CaseError
from core.cases.letter_pdf import render_paper
from core.cases.letter_values import in_indonesian
from core.cases.letters import may_revoke
from core.cases.models import LetterRecord
from core.database.session import commit
from core.meetings import finding
from core.meetings import letters as domain
from core.meetings.forms import ReasonForm
from core.meetings.hearing import hearings
from core.meetings.models import Meeting
from core.meetings.papers import notice_values
from core.users.permissions import requires
from core.web.answers import pdf_answer

from . import bp
from .page import changes_meeting, meeting_or_404, posted_version, to_meeting


def letter_or_404(meeting: Meeting, letter_id: UUID) -> LetterRecord:
    found = domain.find_letter(meeting, letter_id)
    if found is None:
        abort(404)
    return found


@bp.post("/<village:area>/meetings/<uuid:id>/issue/<owner>/<key>")
@requires("letters.issue")
@changes_meeting
def issue(area: AreaCode, id: UUID, owner: str, key: str) -> ResponseReturnValue:
    if not domain.is_known(meeting_or_404(id), owner, key):
        abort(404)
    found = finding.current_meeting(g.area.id, id, posted_version())
    reference = domain.issue(g.area, found, owner, key).reference
    commit()
    flash(gettext("Surat %(reference)s siap dicetak.", reference=reference), "success")
    return to_meeting(id, "letters")


@bp.post("/<village:area>/meetings/<uuid:id>/letters/<uuid:letter_id>/sign")
@requires("letters.sign")
@changes_meeting
def sign(area: AreaCode, id: UUID, letter_id: UUID) -> ResponseReturnValue:
    letter_or_404(meeting_or_404(id), letter_id)
    found = finding.current_meeting(g.area.id, id, posted_version())
    domain.sign(g.area, found, letter_or_404(found, letter_id), g.permissions)
    commit()
    flash(gettext("Tanda tangan tercatat. Kode QR surat ini sekarang menyatakan berlaku."), "success")
    return to_meeting(id, "letters")


@bp.route("/<village:area>/meetings/<uuid:id>/letters/<uuid:letter_id>/revoke", methods=["GET", "POST"])
@requires("letters.issue")  # for a signed letter also letters.sign: see may_revoke
@changes_meeting
def revoke(area: AreaCode, id: UUID, letter_id: UUID) -> ResponseReturnValue:
    found = meeting_or_404(id)
    chosen, form = letter_or_404(found, letter_id), ReasonForm()
    if chosen.revoked_at is not None:
        raise CaseError(gettext("Surat ini sudah dicabut."))
    if not may_revoke(chosen, g.permissions):
        abort(403)
    if request.method == "GET":
        form.version.data = str(found.version)
    elif form.validate():
        found = finding.current_meeting(g.area.id, id, form.seen)
        domain.revoke(g.area, found, letter_or_404(found, letter_id), form.reason.data or "", g.permissions)
        commit()
        flash(gettext("Surat dicabut. Nomornya tetap tercatat di register."), "success")
        return to_meeting(id, "letters")
    page = render_template("meetings/revoke.html", meeting=found, letter=chosen, form=form)
    return page, 422 if request.method == "POST" else 200


# ---- the notice that hangs in the village office ----


@bp.get("/<village:area>/meetings/<uuid:id>/notice")
@requires("meetings.read")
@changes_meeting
def notice(area: AreaCode, id: UUID) -> ResponseReturnValue:
    found = meeting_or_404(id)
    return render_template("meetings/notice.html", meeting=found, values=_notice(found))


@bp.get("/<village:area>/meetings/<uuid:id>/notice.pdf")
@requires("meetings.read")
@changes_meeting
def notice_pdf(area: AreaCode, id: UUID) -> ResponseReturnValue:
    found = meeting_or_404(id)
    values = _notice(found)
    with in_indonesian():
        title = gettext("Pengumuman Hasil %(kind)s", kind=values["kind"])
    content = render_paper(g.area, "meetings/notice.typ", title, values)
    record("meetings.notice_printed", "meeting", found.id)
    commit()
    return pdf_answer(content, "pengumuman-musdes")


def _notice(found: Meeting) -> dict[str, Any]:
    """Raises: CaseError: no programme's letter is signed that announces something."""
    heard = hearings(g.area, found, finding.candidates_of(found), judged=False)
    with in_indonesian():
        values = notice_values(found, heard, domain.letters_of(found))
    if not values["programmes"]:
        raise CaseError(gettext("Pengumuman dibuat setelah SK atau surat programnya ditandatangani kepala desa."))
    return values
