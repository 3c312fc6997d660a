"""A village's page: what its people are trained for, the invitations they have, and what there is to read."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import CaseError, area_today, colleagues, commit, db, gettext, here, requires

from .. import materials, participants, qualifications, sessions
from ..forms import AnswerForm
from ..models import TrainingParticipant, TrainingSession
from ..rulebook import rule_on
from ..words import ANSWERS, RESULTS
from . import bp, district_rows
from .certificate import certificate_answer
from .people import asked_services
from .session import answer_with_material


@bp.get("/")
@requires("training.read")
def index() -> ResponseReturnValue:
    return _page()


def _page(problem: str = "") -> str:
    """Six queries, however many people and trainings there are."""
    day, area, services = area_today(), here(), asked_services()
    people = [(one.id, one.name) for one in colleagues(area.interval)]
    with district_rows() as district_id:
        has = qualifications.certified(district_id, [user_id for user_id, _name in people]) if people else {}
        taken = participants.of_village(district_id, area.id)
        invited = invitations_of(taken)
        reading = materials.of_sessions(district_id, [session.id for _one, session in taken])
    return render_template(
        "training/village.html",
        people=qualifications.standings(people, has, services, on=day, warn_days=rule_on(day).warn_days),
        services=services,
        invitations=invited,
        past=[pair for pair in taken if pair[1].state == "held"],
        materials=reading,
        answers=ANSWERS,
        results=RESULTS,
        me=current_user.id,
        today=day,
        problem=problem,
    )


def invitations_of(
    taken: list[tuple[TrainingParticipant, TrainingSession]],
) -> list[tuple[TrainingSession, list[TrainingParticipant]]]:
    """The planned trainings, the next one first, each with the village's people who are invited."""
    found: dict[UUID, tuple[TrainingSession, list[TrainingParticipant]]] = {}
    for participant, session in taken:
        if session.is_planned:
            found.setdefault(session.id, (session, []))[1].append(participant)
    return sorted(found.values(), key=lambda pair: (pair[0].day, pair[0].id))


@bp.post("/<uuid:session_id>/answer")
@requires("training.read")
def answer(session_id: UUID) -> ResponseReturnValue:
    """Whoever is invited answers for themselves."""
    form = AnswerForm()
    with district_rows() as district_id:
        if sessions.find(district_id, session_id) is None:
            abort(404)
    if not form.validate():
        return _page(gettext("Pilih jawabannya: akan datang, atau berhalangan.")), 422
    try:
        with district_rows() as district_id:
            found = sessions.find(district_id, session_id) or abort(404)
            if not participants.answer(found, current_user.id, form.answer.data):
                abort(404)
            commit()
    except CaseError as problem:
        db.session.rollback()
        return _page(str(problem)), 422
    flash(gettext("Jawaban Anda dicatat."), "success")
    return redirect(url_for("training.index"))


@bp.get("/materials/<uuid:material_id>")
@requires("training.read")
def material_file(material_id: UUID) -> ResponseReturnValue:
    """Of a training to which somebody of this village was invited."""
    with district_rows() as district_id:
        found = materials.find(district_id, material_id) or abort(404)
        if found.session_id not in {session.id for _one, session in participants.of_village(district_id, here().id)}:
            abort(404)
    return answer_with_material(material_id)


@bp.get("/certificates/<uuid:participant_id>.pdf")
@requires("training.read")
def certificate(participant_id: UUID) -> ResponseReturnValue:
    return certificate_answer(participant_id, of_village=here().id)
