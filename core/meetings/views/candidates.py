"""The cases on a meeting's list: those of all programmes that wait for one, the neediest of each first."""

from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from core.areas.code import AreaCode
from core.database.session import commit, db
from core.database.versions import Stale
from core.meetings import finding, planning
from core.meetings.forms import CandidatesForm
from core.meetings.hearing import Hearing, hearings, to_choose
from core.meetings.models import Meeting
from core.users.permissions import requires

from . import bp
from .page import changes_meeting, meeting_or_404, moved_on, posted_version, to_meeting


@bp.route("/<village:area>/meetings/<uuid:id>/candidates", methods=["GET", "POST"])
@requires("meetings.write")
@changes_meeting
def candidates(area: AreaCode, id: UUID) -> ResponseReturnValue:
    found = meeting_or_404(id)
    finding.check_open(found)
    groups = to_choose(g.area, found, finding.waiting_cases(g.area), g.permissions)
    form = CandidatesForm([(str(h.case.id), h.case.person.name) for group in groups for h in group.heard])
    if request.method == "GET":
        return _page(found, groups, form)
    try:
        found = finding.open_meeting(g.area.id, id, form.seen)
    except Stale:
        db.session.rollback()
        found = meeting_or_404(id)
        return _page(
            found, to_choose(g.area, found, finding.waiting_cases(g.area), g.permissions), form, moved_on()
        ), 409
    if not form.validate():
        return _page(found, groups, form), 422
    added = planning.add_candidates(g.area, found, [UUID(key) for key in form.cases.data or ()])
    heard = hearings(g.area, found, finding.candidates_of(found), judged=False)
    unknown = next((hearing.name for hearing in heard if hearing.lacks_terms), None)
    commit()
    flash(ngettext("%(num)s calon ditambahkan.", "%(num)s calon ditambahkan.", added), "success")
    return redirect(url_for("meetings.terms", id=id, service=unknown)) if unknown else to_meeting(id, "candidates")


def _page(found: Meeting, groups: list[Hearing], form: CandidatesForm, problem: str = "") -> str:
    form.version.data = str(found.version)
    return render_template("meetings/candidates.html", meeting=found, groups=groups, form=form, problem=problem)


@bp.post("/<village:area>/meetings/<uuid:id>/candidates/<uuid:candidate_id>/remove")
@requires("meetings.write")
@changes_meeting
def remove_candidate(area: AreaCode, id: UUID, candidate_id: UUID) -> ResponseReturnValue:
    meeting_or_404(id)
    planning.remove_candidate(finding.open_meeting(g.area.id, id, posted_version()), candidate_id)
    commit()
    flash(gettext("Calon dikeluarkan dari daftar musdes ini."), "success")
    return to_meeting(id, "candidates")
