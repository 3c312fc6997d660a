"""The certificate as paper, what its QR code leads to, and revoking it."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from core.api import (
    Area,
    CaseError,
    area_today,
    commit,
    db,
    district_only,
    find_areas,
    gettext,
    here,
    in_indonesian,
    limiter,
    long_date,
    pdf_answer,
    private_page,
    public,
    public_url,
    record,
    render_paper,
    requires,
    service_titles,
)

from .. import participants
from ..forms import ReasonForm
from ..models import TrainingParticipant, TrainingSession
from . import district_rows, wide
from .session import changes_session, pass_on, session_or_404, session_page


@wide.get("/certificates/<token>")
@public
@limiter.limit("60 per minute")
def verify(token: str) -> ResponseReturnValue:
    """Whoever holds the paper sees whether it holds, and compares name, number and training with it."""
    with district_rows() as district_id:
        found = participants.find_by_token(district_id, token)
        page = render_template(
            "training/verify.html", found=found, state=state_of(found), services=_trained_for(found[1]) if found else []
        )
    return private_page(page, 200 if found else 404)


def state_of(found: tuple[TrainingParticipant, TrainingSession] | None) -> str:
    """holds, ended, revoked, withdrawn (its session was opened again) or unknown."""
    if found is None:
        return "unknown"
    participant, session = found
    if participant.revoked_on:
        return "revoked"
    if session.state != "held":
        return "withdrawn"
    return "ended" if participant.valid_until and participant.valid_until < area_today() else "holds"


def _trained_for(session: TrainingSession) -> list[str]:
    titles = service_titles()
    return [titles.get(name, name) for name in session.services]


def certificate_pdf(district: Area, participant: TrainingParticipant, session: TrainingSession) -> bytes:
    """Only in Indonesian, as all papers."""
    address = public_url("training-wide.verify", area=district.code, token=participant.token)
    with in_indonesian():
        values = {
            "reference": participant.reference,
            "name": participant.name,
            "place": participant.place,
            "training": session.title,
            "day": long_date(session.day),
            "venue": session.place,
            "trainer": session.trainer,
            "services": _trained_for(session),
            "until": long_date(participant.valid_until) if participant.valid_until else "",
            "district": district.title,
            "address": address,
        }
        return render_paper(district, "training/certificate.typ", "Sertifikat Pelatihan", values, code=address)


def certificate_answer(participant_id: UUID, of_village: int | None = None) -> ResponseReturnValue:
    """The paper of a certificate that holds; 404 for any other, and for one of another village where that is named."""
    with district_rows() as district_id:
        found = participants.find_participant(district_id, participant_id)
        if found is None or of_village not in (None, found[0].of_village):
            abort(404)
        participant, session = found
        if not participant.is_certified or session.state != "held":
            abort(404)
        [district] = find_areas([district_id])
        pdf, reference = certificate_pdf(district, participant, session), participant.reference
        record("training.certificate_printed", "training_participant", participant_id, reference=reference)
        commit()
    return pdf_answer(pdf, reference)


@wide.get("/people/<uuid:participant_id>/certificate.pdf")
@requires("training.oversee")
def certificate(participant_id: UUID) -> ResponseReturnValue:
    with district_rows() as district_id:
        found = participants.find_participant(district_id, participant_id)
        if found is None or not here().id <= found[0].of_village <= here().hi:
            abort(404)
    return certificate_answer(participant_id)


@wide.route("/<uuid:id>/people/<uuid:participant_id>/revoke", methods=["GET", "POST"])
@district_only
@requires("training.manage")
def revoke(id: UUID, participant_id: UUID) -> ResponseReturnValue:
    form = ReasonForm()
    with district_rows() as district_id:
        found = participants.find_participant(district_id, participant_id)
        if found is None or found[1].id != id:
            abort(404)
        if not form.validate_on_submit():
            page = render_template("training/revoke.html", form=form, participant=found[0], session=found[1])
            return page, 422 if form.is_submitted() else 200
        try:
            participants.revoke(found[0], form.reason.data or "", area_today())
        except CaseError as problem:
            db.session.rollback()
            return session_page(session_or_404(district_id, id), str(problem)), 422
        commit()
        village = found[0].of_village
    pass_on([village])
    flash(gettext("Sertifikat dicabut."), "success")
    return redirect(url_for("training-wide.show", id=id))


@wide.post("/<uuid:id>/people/<uuid:participant_id>/restore")
@district_only
@requires("training.manage")
@changes_session
def restore(id: UUID, district_id: int, participant_id: UUID) -> ResponseReturnValue:
    found = participants.find_participant(district_id, participant_id)
    if found is None or found[1].id != id:
        abort(404)
    participants.restore(found[0])
    commit()
    village = found[0].of_village
    pass_on([village])
    flash(gettext("Sertifikat dipulihkan."), "success")
    return redirect(url_for("training-wide.show", id=id))
