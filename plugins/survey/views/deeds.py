"""Finalising by who surveyed, and the signature of a second person, or the way back."""

from uuid import UUID

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue

from core.api import area_today, commit, enqueue_job, gettext, here, requires

from .. import surveys
from ..checks import blocking
from ..forms import FinaliseForm, ReasonForm, SignForm
from ..photos import DROP_OLD, old_photos
from . import bp
from .page import changes_survey, survey_or_404, to_survey, whole, worker


@bp.route("/surveys/<uuid:id>/finalise", methods=["GET", "POST"])
@requires("survey.write")
@changes_survey
def finalise(id: UUID) -> ResponseReturnValue:
    found, form = survey_or_404(id), FinaliseForm()
    if request.method == "POST" and form.validate():
        surveys.current(here().id, id, form.seen)
        all_of_it = whole(survey_or_404(id))
        surveys.finalise(all_of_it.survey, all_of_it.judged, all_of_it.findings, worker())
        commit()
        flash(gettext("Survei difinalkan. Sekarang orang kedua memeriksa dan menandatanganinya."), "success")
        return to_survey(id)
    all_of_it = whole(found)
    form.version.data = form.version.data or str(found.version)
    page = render_template(
        "survey/finalise.html",
        form=form,
        survey=found,
        errors=blocking(all_of_it.findings),
        others=len(all_of_it.findings) - len(blocking(all_of_it.findings)),
    )
    return page, 422 if request.method == "POST" else 200


@bp.route("/surveys/<uuid:id>/sign", methods=["GET", "POST"])
@requires("survey.countersign")
@changes_survey
def sign(id: UUID) -> ResponseReturnValue:
    found, form = survey_or_404(id), SignForm()
    if request.method == "POST" and form.validate():
        surveys.sign(surveys.current(here().id, id, form.seen), worker())
        if old_photos(here().id, area_today()):
            enqueue_job(here(), DROP_OLD)
        commit()
        flash(gettext("Survei ditandatangani."), "success")
        return to_survey(id)
    form.version.data = form.version.data or str(found.version)
    page = render_template("survey/sign.html", form=form, survey=found)
    return page, 422 if request.method == "POST" else 200


@bp.route("/surveys/<uuid:id>/give-back", methods=["GET", "POST"])
@requires("survey.countersign")
@changes_survey
def give_back(id: UUID) -> ResponseReturnValue:
    found, form = survey_or_404(id), ReasonForm()
    if request.method == "POST" and form.validate():
        surveys.give_back(surveys.current(here().id, id, form.seen), form.reason.data or "", worker())
        commit()
        flash(gettext("Survei dikembalikan kepada petugasnya."), "success")
        return to_survey(id)
    form.version.data = form.version.data or str(found.version)
    page = render_template("survey/give_back.html", form=form, survey=found)
    return page, 422 if request.method == "POST" else 200
