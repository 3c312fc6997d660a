"""Photos of the house: taken with the phone, looked at by few, removed."""

from uuid import UUID

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import FileRefused, commit, db, file_answer, gettext, here, record, requires

from .. import drafting
from .. import photos as domain
from ..forms import PhotoForm
from ..questionnaire import PHOTOS
from . import bp
from .filling import photos_page
from .page import changes_survey, survey_or_404, worker


@bp.post("/surveys/<uuid:id>/photos")
@requires("survey.write")
@changes_survey
def add_photo(id: UUID) -> ResponseReturnValue:
    found, form = survey_or_404(id), PhotoForm()
    if not form.validate():
        return photos_page(found, form), 422
    survey = drafting.hold(here().id, id, worker())
    try:
        domain.add_photo(here(), survey, form.shows.data, form.stream, current_user.id)
    except FileRefused as refusal:
        db.session.rollback()
        form.photo.errors = [str(refusal)]
        return photos_page(survey_or_404(id), form), 422
    commit()
    flash(gettext("Foto tersimpan."), "success")
    return redirect(url_for("survey.fill", id=id, section=PHOTOS))


@bp.get("/surveys/<uuid:id>/photos/<uuid:photo_id>")
@requires("survey.photos")
def photo(id: UUID, photo_id: UUID) -> ResponseReturnValue:
    """Each look at one is recorded."""
    survey = survey_or_404(id)
    found = domain.find_photo(survey, photo_id)
    answer = file_answer(here(), found.sha256, found.media_type, "foto-rumah") if found and found.sha256 else None
    if answer is None:
        abort(404)
    record("survey.photo_opened", "survey", survey.id, number=survey.reference)
    commit()
    return answer


@bp.post("/surveys/<uuid:id>/photos/<uuid:photo_id>/remove")
@requires("survey.write")
@changes_survey
def remove_photo(id: UUID, photo_id: UUID) -> ResponseReturnValue:
    survey_or_404(id)
    survey = drafting.hold(here().id, id, worker())
    domain.remove_photo(survey, domain.find_photo(survey, photo_id) or abort(404))
    commit()
    flash(gettext("Foto dihapus."), "success")
    return redirect(url_for("survey.fill", id=id, section=PHOTOS))
