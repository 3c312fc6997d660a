"""What the meeting decides on each candidate: all on one page, with the screening beside each."""

from collections.abc import Sequence
from uuid import UUID

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from core.api import CaseError, Stale, commit, db, gettext, here, requires

from .. import meetings
from ..meeting_forms import DecisionForm, refuse_double_ranks
from ..models import Candidate, Meeting
from ..screening import deviations, screenings
from . import bp
from .page import changes_meeting, meeting_or_404, moved_on, posted_version, to_meeting

Forms = dict[UUID, DecisionForm]


@bp.route("/meetings/<uuid:id>/decisions", methods=["GET", "POST"])
@requires("blt_desa.write")
@changes_meeting
def decide(id: UUID) -> ResponseReturnValue:
    found = meeting_or_404(id)
    if found.closed_at is not None:
        raise CaseError(gettext("Musdes ini sudah ditutup. Buka kembali dulu untuk mengubahnya."))
    if request.method == "GET":
        listed = _in_order(meetings.candidates_of(found))
        return _page(found, listed, _forms(listed))
    try:
        found = meetings.open_meeting(here().id, id, posted_version())
    except Stale:
        db.session.rollback()
        found = meeting_or_404(id)
        listed = _in_order(meetings.candidates_of(found))
        return _page(found, listed, _forms(listed), moved_on()), 409
    listed = _in_order(meetings.candidates_of(found))
    forms = _forms(listed)
    # Each is asked, so that every problem shows at once.
    if not all([*[form.validate() for form in forms.values()], refuse_double_ranks(forms.values())]):
        return _page(found, listed, forms), 422
    meetings.decide(found, listed, {key: form.input for key, form in forms.items()})
    departed = sum(bool(what) for what in deviations(listed, screenings(here(), [c.case for c in listed])).values())
    commit()
    flash(gettext("Keputusan disimpan. Kasusnya berpindah setelah musdes ditutup."), "success")
    if departed:
        flash(gettext("%(n)s keputusan menyimpang dari aturan. Pastikan itu memang maksudnya.", n=departed), "warning")
    return to_meeting(id, "candidates")


def _in_order(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The neediest first, so that the list can be read from the top."""
    screened = screenings(here(), [c.case for c in candidates])
    return sorted(candidates, key=lambda c: (*screened[c.case_id].order, c.case.ticket))


def _forms(candidates: Sequence[Candidate]) -> Forms:
    """One for each, filled with what was sent or what is stored."""
    return {
        c.id: DecisionForm(prefix=f"c{c.id}", data={"decision": c.decision, "rank": c.rank, "reason": c.reason})
        for c in candidates
    }


def _page(found: Meeting, candidates: Sequence[Candidate], forms: Forms, problem: str = "") -> str:
    screened = screenings(here(), [c.case for c in candidates])
    return render_template(
        "blt_desa/decisions.html",
        meeting=found,
        candidates=candidates,
        forms=forms,
        screened=screened,
        deviations=deviations(candidates, screened),
        problem=problem,
    )
