"""What the pages of one survey share: finding it, who acts, its page, and telling what did not work."""

from dataclasses import dataclass
from uuid import UUID

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import CaseError, area_today, gettext, here, names_of, told_on_page

from .. import drafting, listing, surveys
from ..changes import since_last
from ..checks import LEVELS, MARKS, Finding, check
from ..kinship import family_names
from ..models import HomeSurvey, SurveyMember, SurveyPhoto
from ..outcome import Judged, judge
from ..photos import SHOWN, photos_of
from ..questionnaire import questionnaire_of
from ..surveys import Worker
from ..typed import Answers, in_words
from ..words import STATES


@dataclass(frozen=True)
class Whole:
    """A survey with everything that is made of it."""

    survey: HomeSurvey
    members: list[SurveyMember]
    photos: list[SurveyPhoto]
    before: HomeSurvey | None
    findings: list[Finding]
    judged: Judged


def survey_or_404(survey_id: UUID) -> HomeSurvey:
    return surveys.find(here().id, survey_id) or abort(404)


def worker() -> Worker:
    return Worker(current_user.id, current_user.name)


def to_survey(survey_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("survey.survey", id=survey_id))


def moved_on() -> str:
    return gettext("Orang lain baru saja mengubahnya. Periksa keadaannya sekarang, lalu ulangi.")


def why_not(survey: HomeSurvey) -> str:
    """Why the person who asks cannot fill it in; blank when nothing stands in the way."""
    try:
        surveys.refuse_other_hands(survey, worker(), family_names(survey.person))
    except CaseError as problem:
        return str(problem)
    return ""


def whole(survey: HomeSurvey) -> Whole:
    """Four queries."""
    members, photos = list(drafting.members_of(survey)), list(photos_of(survey))
    before, questionnaire = listing.before(survey), questionnaire_of(survey.questionnaire)
    answers = Answers(questionnaire.questions, survey.answers)
    day = area_today()
    findings = check(questionnaire, answers, members, photos=len(photos), day=day) if survey.is_open else []
    judged = judge(survey, members, before, survey.household, day)
    return Whole(survey, members, photos, before, findings, judged)


def survey_page(survey: HomeSurvey, problem: str = "") -> str:
    """A fixed number of queries."""
    all_of_it, questionnaire = whole(survey), questionnaire_of(survey.questionnaire)
    before = all_of_it.before
    people = {survey.asked_by, survey.surveyor_id, survey.finalised_by, survey.signed_by, survey.cancelled_by} - {None}
    return render_template(
        "survey/survey.html",
        survey=survey,
        whole=all_of_it,
        questionnaire=questionnaire,
        compared=since_last(questionnaire, survey.answers, before.answers) if before else [],
        levels=LEVELS,
        marks=MARKS,
        states=STATES,
        shown=SHOWN,
        names=names_of({person for person in people if person}),
        not_mine=why_not(survey) if survey.is_open else "",
        me=current_user.id,
        problem=problem,
        where=where,
        in_words=in_words,
    )


def where(survey: HomeSurvey, finding: Finding) -> str:
    """The page on which a finding is mended, at its question."""
    if finding.member_id:
        return url_for("survey.member", id=survey.id, member_id=finding.member_id, _anchor=finding.key)
    anchor = finding.key if finding.section not in ("members", "photos") else None
    return url_for("survey.fill", id=survey.id, section=finding.section, _anchor=anchor)


changes_survey = told_on_page(lambda id, problem: survey_page(survey_or_404(id), problem), moved_on)
