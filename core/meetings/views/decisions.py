"""What the meeting decides on each candidate: all on one page, with what the rules say beside each."""

from collections.abc import Sequence
from uuid import UUID

from flask import flash, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from core.areas.code import AreaCode
from core.database.session import commit, db
from core.database.versions import Stale
from core.meetings import finding, planning
from core.meetings.forms import DecisionForm, refuse_double_ranks
from core.meetings.hearing import Hearing, hearings
from core.meetings.models import Meeting
from core.users.permissions import requires

from . import bp
from .page import changes_meeting, meeting_or_404, moved_on, posted_version, to_meeting

Forms = dict[UUID, DecisionForm]


@bp.route("/<village:area>/meetings/<uuid:id>/decisions", methods=["GET", "POST"])
@requires("meetings.write")
@changes_meeting
def decide(area: AreaCode, id: UUID) -> ResponseReturnValue:
    found = meeting_or_404(id)
    finding.check_open(found)
    if request.method == "GET":
        heard = _heard(found)
        return _page(found, heard, _forms(heard))
    try:
        found = finding.open_meeting(g.area.id, id, posted_version())
    except Stale:
        db.session.rollback()
        found = meeting_or_404(id)
        heard = _heard(found)
        return _page(found, heard, _forms(heard), moved_on()), 409
    heard = _heard(found)
    forms = _forms(heard)
    # Each is asked, so that every problem shows at once.
    if not all([*[form.validate() for form in forms.values()], refuse_double_ranks(forms.values())]):
        return _page(found, heard, forms), 422
    listed = [h.candidate for hearing in heard for h in hearing.heard if h.candidate]
    planning.decide(found, listed, {key: form.input for key, form in forms.items()})
    departed = sum(bool(lines) for hearing in heard for lines in hearing.deviations.values())
    commit()
    flash(gettext("Keputusan disimpan. Kasusnya berpindah setelah musdes ditutup."), "success")
    if departed:
        flash(gettext("%(n)s keputusan menyimpang dari aturan. Pastikan itu memang maksudnya.", n=departed), "warning")
    return to_meeting(id, "candidates")


def _heard(found: Meeting) -> list[Hearing]:
    return hearings(g.area, found, finding.candidates_of(found), permissions=g.permissions)


def _forms(heard: Sequence[Hearing]) -> Forms:
    """One for each candidate, the neediest first, filled with what was sent or what is stored."""
    return {
        h.candidate.id: DecisionForm(
            hearing,
            prefix=f"c{h.candidate.id}",
            data={"decision": h.decision, "rank": h.rank, "reason": h.reason},
        )
        for hearing in heard
        for h in hearing.neediest_first()
        if h.candidate
    }


def _page(found: Meeting, heard: Sequence[Hearing], forms: Forms, problem: str = "") -> str:
    return render_template(
        "meetings/decisions.html",
        meeting=found,
        hearings=heard,
        forms=forms,
        deviations={key: lines for hearing in heard for key, lines in hearing.deviations.items()},
        problem=problem,
    )
