"""One referral as the Dinas Sosial keeps track of it: who works on it, notes of its own, where it was passed on.

What the village sent stands on core's page of a received referral, where each look is recorded.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    REFERRAL_KINDS,
    REFERRAL_STATES,
    WITH_RECEIVER,
    AreaCode,
    NotAddressed,
    ReferralAddress,
    ReferralError,
    Stale,
    area_today,
    commit,
    district_of,
    find_addressee,
    gettext,
    here,
    holders_of,
    names_of,
    open_referral,
    requires,
    scope,
)

from .. import inbox, routing, tracking
from ..forms import AssignForm, ForwardForm, NoteForm
from ..words import LEVELS
from . import wide
from .inbox import may_see_names, office_here

View = Callable[..., ResponseReturnValue]


def _row_or_404(village: AreaCode, id: UUID) -> inbox.Row:
    """Proven in the district's scope: it was sent to the Dinas Sosial, or has gone up."""
    row = inbox.find(here(), office_here(), village.id, id)
    if row is None:
        abort(404)
    return row


def _code(text: str) -> AreaCode:
    """A village's code in an address; anything else is no page."""
    try:
        code = AreaCode.parse(text)
    except ValueError:
        abort(404)
    return code


def of_referral(view: View) -> View:
    @wraps(view)
    def found(village: str, id: UUID) -> ResponseReturnValue:
        return view(_row_or_404(_code(village), id))

    return found


@wide.get("/<string:village>/<uuid:id>")
@requires("slrt.inbox")
@of_referral
def show(row: inbox.Row) -> ResponseReturnValue:
    return _page(row)


def _page(row: inbox.Row, problem: str = "", **forms: Any) -> str:
    """Forms that came back with errors are given by name."""
    follow = tracking.follow_up_of(row.village_id, row.id)
    notes = tracking.notes_of(row.village_id, row.id)
    officers = holders_of(district_of(here()), "district_officer")
    receivers = [each for each in routing.receivers_in(here()) if each.sector != "dinsos"] if may_see_names() else []
    assigned = str(follow.assigned_to or "") if follow else ""
    people = {by for by in (*(each.by for each in notes), follow.assigned_to if follow else None) if by}
    assign = forms.get("assign") or AssignForm(
        formdata=None, version=str(follow.version if follow else 0), officer=assigned
    )
    forward = forms.get("forward") or ForwardForm(formdata=None)
    assign.offer(officers)
    forward.offer(receivers)
    return render_template(
        "slrt/referral.html",
        row=row,
        follow=follow,
        notes=notes,
        onwards=tracking.onwards_of(row.village_id, row.id),
        names=names_of(people),
        assign_form=assign,
        note_form=forms.get("note") or NoteForm(formdata=None),
        forward_form=forward,
        in_hands=row.state in WITH_RECEIVER,
        with_names=may_see_names(),
        states=REFERRAL_STATES,
        kinds=REFERRAL_KINDS,
        levels=LEVELS,
        today=area_today(),
        problem=problem,
    )


def _to(row: inbox.Row) -> ResponseReturnValue:
    return redirect(url_for("slrt-wide.show", village=str(row.code), id=row.id))


@wide.post("/<string:village>/<uuid:id>/assign")
@requires("slrt.assign")
@of_referral
def assign(row: inbox.Row) -> ResponseReturnValue:
    form = AssignForm()
    form.offer(holders_of(district_of(here()), "district_officer"))
    if not form.validate():
        return _page(row, assign=form), 422
    version = form.version.data or ""
    officer = UUID(form.officer.data) if form.officer.data else None
    try:
        with scope(row.code):
            tracking.assign(
                tracking.referral_in(row.village_id, row.id), officer, int(version) if version.isdecimal() else -1
            )
            commit()
    except Stale:
        text = gettext("Petugas lain sudah mengubah penugasan ini. Lihat yang sekarang, lalu ulangi bila perlu.")
        return _page(_row_or_404(row.code, row.id), problem=text), 409
    flash(gettext("Penugasan tersimpan."), "success")
    return _to(row)


@wide.post("/<string:village>/<uuid:id>/notes")
@requires("slrt.assign")
@of_referral
def note(row: inbox.Row) -> ResponseReturnValue:
    form = NoteForm()
    if not form.validate():
        return _page(row, note=form), 422
    with scope(row.code):
        tracking.add_note(tracking.referral_in(row.village_id, row.id), form.text.data or "", current_user.id)
        commit()
    flash(gettext("Catatan tersimpan."), "success")
    return _to(row)


@wide.post("/<string:village>/<uuid:id>/forward")
@requires("slrt.forward")
@of_referral
def forward(row: inbox.Row) -> ResponseReturnValue:
    """Proven by core again: only what is addressed to the Dinas Sosial can be passed on."""
    office, area, form = office_here(), here(), ForwardForm()
    form.offer(routing.receivers_in(area))
    if office is None or not row.ours or not may_see_names():
        abort(404)
    if not form.validate():
        return _page(row, forward=form), 422
    address = ReferralAddress(area, frozenset({office.id}), row.code, row.id)
    try:
        with open_referral(address, for_update=True) as opened:
            to = find_addressee(row.code, form.to.data)
            if to is None:
                raise ReferralError(gettext("Penerima itu tidak dapat dipilih lagi."), "to")
            name = to.name
            tracking.forward(opened, to, form.note.data or "", form.days.data)
            commit()
    except NotAddressed:
        abort(404)
    except ReferralError as error:
        if error.field in ("to", "note"):
            form[error.field].errors = [str(error)]
            return _page(row, forward=form), 422
        return _page(row, problem=str(error), forward=form), 422
    flash(gettext("Diteruskan ke %(name)s; desa dapat melihatnya.", name=name), "success")
    return _to(row)
