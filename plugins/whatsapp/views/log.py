"""The village's messages: what became of each, and sending one again."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import Stale, VersionedForm, commit, current_row, db, gettext, here, now, record, requires, settings_of

from .. import listing
from ..models import WhatsAppMessage
from ..outbox import resend
from ..phone import masked
from ..settings import WhatsAppSettings, is_ready
from ..words import REASONS, STATES, TAGS, kind_title
from . import bp


@bp.get("/")
@requires("whatsapp.read")
def index() -> ResponseReturnValue:
    return _page()


@bp.post("/<uuid:id>/resend")
@requires("whatsapp.write")
def send_again(id: UUID) -> ResponseReturnValue:
    try:
        message = _unanswered(id)
    except Stale:
        return _moved_on(id)
    if message is None:
        return _moved_on(id)
    if not message.text and not message.parameters:
        return _refused(gettext("Isi pesan ini sudah dihapus karena terlalu lama; tidak dapat dikirim lagi."))
    if resend(here(), message, by=current_user.id) is None:
        text = gettext(
            "Tidak dapat dikirim lagi: tidak ada izin untuk nomor ini, atau nomor kabupaten belum disiapkan."
        )
        return _refused(text)
    commit()
    flash(gettext("Pesan dikirim lagi."), "success")
    return redirect(url_for("whatsapp.index"))


@bp.post("/<uuid:id>/handled")
@requires("whatsapp.write")
def handled(id: UUID) -> ResponseReturnValue:
    """The resident was told by other means."""
    try:
        message = _unanswered(id)
    except Stale:
        return _moved_on(id)
    if message is None:
        return _moved_on(id)
    message.handled_at = now()
    record("whatsapp.dismissed", "whatsapp_message", message.id, kind=message.kind)
    commit()
    flash(gettext("Ditandai sudah ditangani."), "success")
    return redirect(url_for("whatsapp.index"))


def _unanswered(message_id: UUID) -> WhatsAppMessage | None:
    """None: there is nothing left to see to. Raises: Stale: it has changed since the page was made."""
    found = current_row(WhatsAppMessage, here().id, message_id, VersionedForm().seen)
    if found is None:
        abort(404)
    return found if found.unanswered else None


def _moved_on(message_id: UUID) -> ResponseReturnValue:
    db.session.rollback()
    found = listing.find(here().id, message_id) or abort(404)
    state = STATES.get(found.state, found.state)
    done = gettext("sudah ditangani petugas lain") if found.handled_at else str(state)
    return _page(gettext("Pesan ini sudah berubah sejak halaman dibuka: %(state)s.", state=done)), 409


def _refused(problem: str) -> ResponseReturnValue:
    db.session.rollback()
    return _page(problem), 422


def _page(problem: str = "") -> str:
    show = request.args.get("show", "all")
    show = show if show in listing.SHOWN else "all"
    return render_template(
        "whatsapp/index.html",
        page=listing.page_of(here().id, show, request.args.get("after")),
        show=show,
        counts=listing.unanswered(here().id),
        ready=is_ready(settings_of(here(), WhatsAppSettings)),
        problem=problem,
        masked=masked,
        kind_title=kind_title,
        states=STATES,
        tags=TAGS,
        reasons=REASONS,
    )
