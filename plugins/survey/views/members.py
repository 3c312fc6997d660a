"""The members of a household, one a page: as they are on record, and as they are found."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.api import CaseError, Stale, VersionedForm, area_today, commit, db, gettext, here, requires

from .. import drafting
from ..changes import on_record
from ..checks import LEVELS, MARKS, check
from ..drafting import fingerprint
from ..forms import QuestionsForm, questions_form
from ..models import HomeSurvey, SurveyMember
from ..questionnaire import MEMBERS, questionnaire_of
from ..typed import Answers
from . import bp
from .filling import differences, progress
from .page import changes_survey, moved_on, survey_or_404, why_not, worker


@bp.route("/surveys/<uuid:id>/members/<uuid:member_id>", methods=["GET", "POST"])
@requires("survey.write")
@changes_survey
def member(id: UUID, member_id: UUID) -> ResponseReturnValue:
    """Who is on record is offered as recorded, until the page is saved for the first time."""
    found = survey_or_404(id)
    if problem := why_not(found):
        raise CaseError(problem)
    held = drafting.find_member(found, member_id) or abort(404)
    questions = questionnaire_of(found.questionnaire).of_member
    if request.method == "GET":
        offered = on_record(held.person) if held.person and not held.answers.get("standing") else {}
        shown = {**offered, **held.answers}
        return _page(found, held, questions_form(questions, shown))
    form = questions_form(questions)
    try:
        survey = drafting.hold(here().id, id, worker())
        held = drafting.find_member(survey, member_id) or abort(404)
        drafting.save_member(survey, held, form.typed, form.seen.data or "")
    except Stale:
        db.session.rollback()
        found, again = survey_or_404(id), questions_form(questions, form.typed)
        held = drafting.find_member(found, member_id) or abort(404)
        return _page(found, held, again, moved_on(), differences(questions, held.answers, form.typed)), 409
    except CaseError as refusal:
        db.session.rollback()
        found = survey_or_404(id)
        return _page(found, drafting.find_member(found, member_id) or abort(404), form, str(refusal)), 422
    commit()
    flash(gettext("Draf tersimpan."), "success")
    return redirect(url_for("survey.fill", id=id, section=MEMBERS))


@bp.post("/surveys/<uuid:id>/members")
@requires("survey.write")
@changes_survey
def add_member(id: UUID) -> ResponseReturnValue:
    survey_or_404(id)
    made_id = drafting.add_member(drafting.hold(here().id, id, worker())).id
    commit()
    return redirect(url_for("survey.member", id=id, member_id=made_id))


@bp.post("/surveys/<uuid:id>/members/<uuid:member_id>/remove")
@requires("survey.write")
@changes_survey
def remove_member(id: UUID, member_id: UUID) -> ResponseReturnValue:
    found = survey_or_404(id)
    if found.version != VersionedForm().seen:
        raise Stale
    survey = drafting.hold(here().id, id, worker())
    drafting.remove_member(survey, drafting.find_member(survey, member_id) or abort(404))
    commit()
    flash(gettext("Anggota dihapus dari survei ini."), "success")
    return redirect(url_for("survey.fill", id=id, section=MEMBERS))


def _page(
    survey: HomeSurvey,
    held: SurveyMember,
    form: QuestionsForm,
    problem: str = "",
    others: list[tuple[str, str]] | None = None,
) -> str:
    form.seen.data = fingerprint(held.answers)
    questionnaire = questionnaire_of(survey.questionnaire)
    told: dict[str, list] = {}
    if held.answers.get("standing"):
        answers = Answers(questionnaire.questions, {"found": "yes"})
        for finding in check(questionnaire, answers, [held], photos=1, day=area_today()):
            if finding.member_id == held.id and finding.level != "blank":
                told.setdefault(finding.key, []).append(finding)
    return render_template(
        "survey/member.html",
        survey=survey,
        member=held,
        form=form,
        kinds={question.key: question.kind for question in questionnaire.of_member},
        told=told if not problem else {},
        problem=problem,
        others=others or (),
        marks=MARKS,
        levels=LEVELS,
        **progress(survey, MEMBERS),
    )
