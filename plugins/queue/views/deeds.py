"""What is done with one number: a button each."""

from collections.abc import Callable, Mapping
from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import CaseError, VersionedForm, commit, current_row, gettext, here, now, requires, told_on_page

from .. import calling
from ..desk_days import desk_of
from ..models import QueueTicket
from ..words import STEPS, label_of
from . import bp
from .desk import chosen_counter, desk_page, to_desk

DEEDS: Mapping[str, Callable[[QueueTicket], object]] = {
    "start": lambda ticket: calling.start(ticket, now(), by=current_user.id),
    "skip": lambda ticket: calling.skip(ticket, now(), by=current_user.id),
    "finish": lambda ticket: calling.finish(ticket, now(), by=current_user.id),
    "leave": lambda ticket: calling.leave(ticket, now(), by=current_user.id),
    "not-there": lambda ticket: calling.not_there(ticket, now(), by=current_user.id),
    "undo": calling.undo,
}


def moved_on() -> str:
    return gettext("Orang lain baru saja mengubah nomor ini. Periksa keadaannya sekarang, lalu ulangi.")


changes_ticket = told_on_page(lambda id, problem: desk_page(problem), moved_on)  # noqa: ARG005 - told on the desk


def held_or_404(ticket_id: UUID) -> QueueTicket:
    """Raises: Stale: somebody else has changed it since the page was made."""
    return current_row(QueueTicket, here().id, ticket_id, VersionedForm().seen) or abort(404)


@bp.post("/tickets/<uuid:id>/<any('call', 'start', 'skip', 'finish', 'leave', 'not-there', 'undo'):deed>")
@requires("queue.write")
@changes_ticket
def act(id: UUID, deed: str) -> ResponseReturnValue:
    ticket, desk = held_or_404(id), desk_of(here().id)
    if deed == "call":
        counter = chosen_counter(desk, request.form.get("counter"))
        if counter is None:
            raise CaseError(gettext("Belum ada loket. Tambahkan loket di pengaturan antrean."))
        calling.call(ticket, counter, now(), by=current_user.id)
    else:
        done = DEEDS[deed](ticket)
        if deed == "undo":
            number = label_of(desk.services[ticket.service_id], ticket)
            flash(
                gettext("%(number)s: “%(step)s” dibatalkan.", number=number, step=STEPS.get(str(done), "")), "success"
            )
    commit()
    if request.form.get("back") == "ticket":
        return redirect(url_for("queue.ticket", id=id))
    return to_desk()
