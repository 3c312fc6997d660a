"""The pages of questions, one a section. Whatever is typed is kept; what is wrong with it is told afterwards."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.api import CaseError, Stale, area_today, commit, db, gettext, here, requires

from .. import drafting
from ..checks import LEVELS, MARKS, check
from ..drafting import fingerprint, part_of
from ..forms import PhotoForm, QuestionsForm, questions_form
from ..models import HomeSurvey
from ..photos import SHOWN, photos_of
from ..questionnaire import MEMBERS, PHOTOS, Section, questionnaire_of
from ..questions import STANDING, Question
from ..typed import Answers, in_words
from . import bp
from .page import changes_survey, moved_on, survey_or_404, to_survey, why_not, worker


@bp.route("/surveys/<uuid:id>/fill/<section>", methods=["GET", "POST"])
@requires("survey.write")
@changes_survey
def fill(id: UUID, section: str) -> ResponseReturnValue:
    """Saved on two devices, the second to save a section sees what the first has written, and both keep it (409)."""
    found = survey_or_404(id)
    if problem := why_not(found):
        raise CaseError(problem)
    part = drafting.section_or_none(found, section) or abort(404)
    if part.key == MEMBERS:
        return _members_page(found, part)
    if part.key == PHOTOS:
        return photos_page(found, PhotoForm())
    if request.method == "GET":
        return _page(found, part, questions_form(part.questions, part_of(found, part)))
    form = questions_form(part.questions)
    try:
        drafting.save_section(drafting.hold(here().id, id, worker()), part, form.typed, form.seen.data or "")
    except Stale:
        db.session.rollback()
        return _stale_page(survey_or_404(id), part, form.typed), 409
    except CaseError as refusal:
        db.session.rollback()
        return _page(survey_or_404(id), part, form, str(refusal)), 422
    commit()
    return go_on(found, part.key)


def go_on(survey: HomeSurvey, section: str) -> ResponseReturnValue:
    """To the next section, or back to the whole where the button says so."""
    flash(gettext("Draf tersimpan."), "success")
    following = questionnaire_of(survey.questionnaire).after(section)
    if following is None or request.form.get("then") == "overview":
        return to_survey(survey.id)
    return redirect(url_for("survey.fill", id=survey.id, section=following))


def _page(
    survey: HomeSurvey, part: Section, form: QuestionsForm, problem: str = "", others: Sequence[tuple[str, str]] = ()
) -> str:
    """The fingerprint is that of what is stored: who saves has seen it."""
    form.seen.data = fingerprint(part_of(survey, part))
    questionnaire = questionnaire_of(survey.questionnaire)
    answers = Answers(questionnaire.questions, survey.answers)
    return render_template(
        "survey/fill.html",
        survey=survey,
        section=part,
        form=form,
        kinds={question.key: question.kind for question in part.questions},
        told=_told(survey, questionnaire, answers, part) if not problem else {},
        problem=problem,
        others=others,
        marks=MARKS,
        levels=LEVELS,
        **progress(survey, part.key),
    )


def progress(survey: HomeSurvey, section: str) -> dict[str, Any]:
    """Where a section stands among all."""
    sections = questionnaire_of(survey.questionnaire).sections
    place = [each.key for each in sections].index(section)
    return {
        "place": place + 1,
        "total": len(sections),
        "last": place + 1 == len(sections),
        "earlier": sections[place - 1] if place else None,
    }


def _told(survey: HomeSurvey, questionnaire: Any, answers: Answers, part: Section) -> Mapping[str, list[Any]]:
    """What is wrong with answers that stand on the page; blank ones are told on the page of the whole."""
    told: dict[str, list[Any]] = {}
    for finding in check(questionnaire, answers, (), photos=1, day=area_today()):
        if finding.section == part.key and finding.level != "blank" and not answers.blank(finding.key):
            told.setdefault(finding.key, []).append(finding)
    return told


def _stale_page(survey: HomeSurvey, part: Section, typed: Mapping[str, Any]) -> str:
    """What was typed stays in the form, and what stands there by now is beside it."""
    form = questions_form(part.questions, typed)
    return _page(survey, part, form, moved_on(), differences(part.questions, survey.answers, typed))


def differences(
    questions: Sequence[Question], held: Mapping[str, Any], typed: Mapping[str, Any]
) -> list[tuple[str, str]]:
    """What is stored now, where it is another answer than was typed."""
    return [
        (str(question.title), in_words(question, held.get(question.key)))
        for question in questions
        if (held.get(question.key) or "") != (typed.get(question.key) or "")
    ]


def _members_page(survey: HomeSurvey, part: Section) -> str:
    return render_template(
        "survey/members.html",
        survey=survey,
        section=part,
        members=drafting.members_of(survey),
        standing=STANDING,
        **progress(survey, part.key),
    )


def photos_page(survey: HomeSurvey, form: PhotoForm) -> str:
    return render_template(
        "survey/photos.html",
        survey=survey,
        form=form,
        photos=photos_of(survey),
        shown=SHOWN,
        **progress(survey, PHOTOS),
    )
