"""Handing over, its photo and its receipt, and taking it back."""

from uuid import UUID

from flask import abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    CaseError,
    FileRefused,
    area_today,
    commit,
    db,
    file_answer,
    gettext,
    here,
    in_indonesian,
    pdf_answer,
    record,
    render_paper,
    requires,
    settings_of,
)

from .. import handovers as domain
from ..distribution_forms import ReasonForm
from ..distributions import closed_already
from ..documents import receipt_values
from ..goods import in_words
from ..handover_forms import HandoverForm
from ..handovers import AlreadyHanded
from ..models import AidHandover, AidRecipient
from ..settings import DistributionSettings
from . import bp
from .page import changes_recipient, recipient_or_404, recipient_page, to_recipient


def handover_or_404(handover_id: UUID) -> AidHandover:
    return domain.find_handover(here().id, handover_id) or abort(404)


@bp.route("/recipients/<uuid:id>/hand-over", methods=["GET", "POST"])
@requires("bansos.hand_over")
@changes_recipient
def hand_over(id: UUID) -> ResponseReturnValue:
    """Of two who hand over the same at once the second is told who did it and when (409)."""
    found = recipient_or_404(id)
    form = HandoverForm(_photo_rule(), handed_on=area_today(), handed_by=current_user.name)
    if request.method == "GET":
        if found.fetched:
            return recipient_page(found)
        if not found.distribution.is_open:
            raise CaseError(closed_already())
        return _hand_over_page(found, form)
    if not form.validate():
        return _hand_over_page(found, form), 422
    try:
        domain.hand_over(here(), id, form.input, current_user.id)
    except AlreadyHanded as quicker:
        text = str(quicker)
        db.session.rollback()
        return recipient_page(recipient_or_404(id), text), 409
    except FileRefused as refusal:
        db.session.rollback()
        form.photo.errors = [str(refusal)]
        return _hand_over_page(recipient_or_404(id), form), 422
    commit()
    flash(gettext("Penyerahan tercatat."), "success")
    return to_recipient(id)


def _photo_rule() -> str:
    return settings_of(here(), DistributionSettings).photo


def _hand_over_page(found: AidRecipient, form: HandoverForm) -> str:
    aid = found.distribution
    late = area_today() > aid.last_day
    return render_template(
        "bansos/hand_over.html",
        recipient=found,
        distribution=aid,
        goods=in_words(aid.goods, aid.amount),
        form=form,
        late=late,
    )


@bp.get("/handovers/<uuid:id>/photo")
@requires("bansos.photos")
def photo(id: UUID) -> ResponseReturnValue:
    """A picture of somebody who received aid. Each look at one is recorded."""
    found = handover_or_404(id)
    answer = file_answer(here(), found.sha256, found.media_type, "foto") if found.sha256 else None
    if answer is None:
        abort(404)
    record("bansos.photo_opened", "handover", found.id)
    commit()
    return answer


@bp.get("/handovers/<uuid:id>/receipt.pdf")
@requires("bansos.read")
def receipt(id: UUID) -> ResponseReturnValue:
    """With a code that leads whoever works here back to the recipient's page."""
    found = handover_or_404(id)
    with in_indonesian():
        title, values = gettext("Tanda Terima Bantuan"), receipt_values(here(), found)
    code = url_for("bansos.recipient", id=found.recipient_id, _external=True)
    return pdf_answer(render_paper(here(), "bansos/receipt.typ", title, values, code=code), "tanda-terima-bantuan")


@bp.route("/handovers/<uuid:id>/undo", methods=["GET", "POST"])
@requires("bansos.write")
def undo(id: UUID) -> ResponseReturnValue:
    found, form = handover_or_404(id), ReasonForm()
    if request.method == "POST" and form.validate():
        recipient_id = found.recipient_id
        try:
            domain.undo(found, form.reason.data or "", current_user.id)
        except CaseError as refusal:
            db.session.rollback()
            return recipient_page(recipient_or_404(recipient_id), str(refusal)), 422
        commit()
        flash(gettext("Penyerahan dibatalkan. Bantuannya tercatat belum diambil lagi."), "success")
        return to_recipient(recipient_id)
    page = render_template("bansos/undo.html", handover=found, recipient=found.recipient, form=form)
    return page, 422 if request.method == "POST" else 200
