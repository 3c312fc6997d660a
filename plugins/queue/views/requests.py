"""The inbox of what was asked for outside the hours, and what becomes of each."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    CaseError,
    Notice,
    VersionedForm,
    commit,
    current_row,
    find_person,
    gettext,
    here,
    in_indonesian,
    may,
    names_of,
    now,
    requires,
    settings_of,
    tell,
    told_on_page,
)

from .. import bookings
from .. import requests as domain
from ..desk_days import desk_of
from ..forms import AnswerForm, NextSlotForm, RequestForm, read_id
from ..models import QueueRequest
from ..requests import Asked, take_request
from ..settings import QueueSettings
from ..words import CHANNELS, REQUEST_STATES
from . import bp


def moved_on() -> str:
    return gettext("Orang lain baru saja memilah permintaan ini. Periksa keadaannya sekarang.")


def request_page(request_id: UUID, problem: str = "") -> str:
    area = here()
    found = domain.find(area.id, request_id) or abort(404)
    next_slot = NextSlotForm(formdata=None, version=found.version)
    next_slot.offer(desk_of(area.id))
    return render_template(
        "queue/request.html",
        asked=found,
        person=find_person(area.id, found.person_id) if found.person_id else None,
        booking=bookings.find(area.id, found.booking_id) if found.booking_id else None,
        names=names_of({each for each in (found.taken_by, found.handled_by) if each}),
        next_slot=next_slot,
        answer=AnswerForm(formdata=None, version=found.version),
        emergency=emergency_page(),
        states=REQUEST_STATES,
        channels=CHANNELS,
        problem=problem,
    )


def emergency_page() -> str | None:
    """Where a call is taken, in a village that has the module for it and for who may use it."""
    on = "emergency" in here().enabled and may("emergency.write")
    return url_for("emergency.call") if on else None


changes_request = told_on_page(request_page, moved_on)


def held_or_404(request_id: UUID) -> QueueRequest:
    return current_row(QueueRequest, here().id, request_id, VersionedForm().seen) or abort(404)


@bp.get("/requests")
@requires("queue.write")
def inbox() -> ResponseReturnValue:
    show = request.args.get("show", "")
    show = show if show in domain.SHOWN else domain.SHOWN[0]
    return render_template(
        "queue/inbox.html",
        page=domain.page_of(here().id, show, request.args.get("after")),
        show=show,
        states=REQUEST_STATES,
        channels=CHANNELS,
    )


@bp.route("/requests/new", methods=["GET", "POST"])
@requires("queue.write")
def note_request() -> ResponseReturnValue:
    """Somebody called at night, or stood at the clerk's own door."""
    form = RequestForm()
    form.draw()
    if request.method == "GET" or not form.validate():
        page = render_template("queue/request_new.html", form=form)
        return page, 422 if request.method == "POST" else 200
    asked = Asked(form.id, "desk", form.wish.data or "", form.name.data or "", form.phone.data or "")
    take_request(here(), asked, now(), by=current_user.id)
    commit()
    flash(gettext("Permintaan dicatat."), "success")
    return redirect(url_for("queue.asked_for", id=form.id))


@bp.get("/requests/<uuid:id>")
@requires("queue.write")
def asked_for(id: UUID) -> ResponseReturnValue:
    return request_page(id)


@bp.post("/requests/<uuid:id>/book")
@requires("queue.write")
@changes_request
def book_request(id: UUID) -> ResponseReturnValue:
    """The next free place is theirs, and they are told."""
    area, desk = here(), desk_of(here().id)
    form = NextSlotForm()
    form.offer(desk)
    held = held_or_404(id)
    service = desk.services.get(read_id(form.service.data) or UUID(int=0))
    if not form.validate() or service is None:
        raise CaseError(gettext("Pilih layanan yang menerima janji."))
    days = settings_of(area, QueueSettings).days_ahead
    booking_id = domain.give_next_slot(area, held, service, now(), days, by=current_user.id).id
    commit()
    flash(gettext("Janji dibuat dari permintaan ini."), "success")
    return redirect(url_for("queue.booking", id=booking_id))


@bp.post("/requests/<uuid:id>/emergency")
@requires("queue.write")
@changes_request
def pass_on(id: UUID) -> ResponseReturnValue:
    domain.pass_to_emergency(held_or_404(id), now(), by=current_user.id)
    commit()
    page = emergency_page()
    if page:
        flash(gettext("Permintaan diteruskan. Catat panggilannya di sini."), "success")
        return redirect(page)
    flash(gettext("Permintaan ditandai darurat. Hubungi PSM yang berjaga sekarang juga."), "warning")
    return redirect(url_for("queue.asked_for", id=id))


@bp.post("/requests/<uuid:id>/answer")
@requires("queue.write")
@changes_request
def answer_request(id: UUID) -> ResponseReturnValue:
    form, held = AnswerForm(), held_or_404(id)
    if not form.validate():
        raise CaseError(gettext("Tulis jawabannya, paling panjang 500 huruf."))
    domain.answer(held, form.text.data or "", now(), by=current_user.id)
    with in_indonesian():
        text = gettext("Jawaban %(place)s: %(text)s", place=here().title, text=held.answer)
    notice = Notice(
        kind="queue.answered",
        village_id=here().id,
        text=text,
        person_id=held.person_id,
        phone=held.phone,
        values=[here().title, held.answer],
        reference=held.code,
    )
    tell(here(), notice)
    commit()
    flash(gettext("Permintaan dijawab."), "success")
    return redirect(url_for("queue.inbox"))
