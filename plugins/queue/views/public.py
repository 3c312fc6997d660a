"""What anyone may open: making a booking, seeing or cancelling it by its code, and asking while the desk is shut."""

from zoneinfo import ZoneInfo

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from core.api import (
    CaseError,
    area_today,
    commit,
    db,
    gettext,
    here,
    limiter,
    now,
    private_page,
    public,
    without_address,
)

from .. import bookings as domain
from .. import requests as inbox
from ..bookings import Booker, SlotFull
from ..choosing import Choice, choose
from ..desk_days import desk_of
from ..forms import CodeForm, PublicBookingForm, RequestForm, asked_day, read_id
from ..models import QueueBooking
from ..requests import Asked, take_request
from ..words import BOOKING_STATES, REQUEST_STATES
from . import bp

# Of what is taken in, and of all that is tried: on a mobile line many people have one address.
TAKEN, TRIED = "10 per hour", "60 per hour"
GUESSES = "10 per 5 minutes"


def taken_in(answer: object) -> bool:
    return getattr(answer, "status_code", 0) == 200


@bp.route("/book", methods=["GET", "POST"])
@public
@limiter.limit(TAKEN, methods=["POST"], deduct_when=taken_in)
@limiter.limit(TRIED, methods=["POST"])
def public_book() -> ResponseReturnValue:
    """A place in a slot, by a name and a phone number; whether the village knows the name is not told."""
    choice, form = _choice(), PublicBookingForm()
    form.offer(choice.slots)
    if request.method == "GET" or choice.service is None:
        return private_page(_page(choice, form))
    if not form.validate() or form.start is None:
        return private_page(_page(choice, form), 422)
    who = Booker(
        channel="public",
        name=form.name.data or "",
        phone=form.phone.data or "",
        priority=form.priority.data or "",
        id=form.id,
    )
    try:
        with without_address():
            booking = domain.book(here(), choice.service, form.start, who, now())
        told = _told(booking)
        commit()
    except SlotFull as problem:
        db.session.rollback()
        return _again(form, str(problem), 409)
    except CaseError as problem:
        db.session.rollback()
        return _again(form, str(problem), 422)
    except IntegrityError:
        db.session.rollback()
        return _again(form, gettext("Janji itu sudah dibuat oleh kiriman yang sama."), 409)
    return private_page(render_template("queue/booked.html", **told))


def _again(form: PublicBookingForm, problem: str, status: int) -> ResponseReturnValue:
    """What was typed stays; the hours that are still free are offered."""
    choice = _choice()
    form.offer(choice.slots)
    form.slot.errors = [problem]
    return private_page(_page(choice, form), status)


def _choice() -> Choice:
    day = asked_day(request.args.get("day"), area_today())
    return choose(here(), read_id(request.args.get("service")), day, now())


def _page(choice: Choice, form: PublicBookingForm) -> str:
    return render_template("queue/public_book.html", choice=choice, form=form)


def _told(booking: QueueBooking) -> dict[str, object]:
    return {
        "code": booking.code,
        "state": booking.state,
        "start": booking.slot_start.astimezone(ZoneInfo(here().timezone)),
        "service": desk_of(here().id).services[booking.service_id],
        "states": BOOKING_STATES,
    }


@bp.route("/mine", methods=["GET", "POST"])
@public
@limiter.limit(GUESSES, methods=["POST"])
def mine() -> ResponseReturnValue:
    """A booking or a request, for who has its code; nobody's name is shown."""
    form = CodeForm()
    if request.method == "GET":
        form.code.data = ""
        return private_page(render_template("queue/mine.html", form=form))
    if not form.validate():
        return private_page(render_template("queue/mine.html", form=form), 422)
    return _found(form)


def _found(form: CodeForm, *, done: bool = False) -> ResponseReturnValue:
    code = form.code.data or ""
    booking = domain.find_by_code(here().id, code)
    if booking is not None:
        page = render_template("queue/mine.html", form=form, booking=_told(booking), done=done)
        return private_page(page)
    asked = inbox.find_by_code(here().id, code)
    if asked is None:
        form.code.errors = [gettext("Kode itu tidak dikenal di desa ini.")]
        return private_page(render_template("queue/mine.html", form=form), 404)
    booked = domain.find(here().id, asked.booking_id) if asked.booking_id else None
    page = render_template(
        "queue/mine.html",
        form=form,
        asked=asked,
        booking=_told(booked) if booked else None,
        request_states=REQUEST_STATES,
    )
    return private_page(page)


@bp.post("/mine/cancel")
@public
@limiter.limit(GUESSES, methods=["POST"])
def cancel_mine() -> ResponseReturnValue:
    form = CodeForm()
    if not form.validate():
        return private_page(render_template("queue/mine.html", form=form), 422)
    booking = domain.find_by_code(here().id, form.code.data or "", for_change=True)
    if booking is None:
        return _found(form)
    try:
        with without_address():
            service = desk_of(here().id).services[booking.service_id]
            domain.cancel(here(), booking, service, now(), by=None)
        commit()
    except CaseError as problem:
        db.session.rollback()
        form.code.errors = [str(problem)]
        return private_page(render_template("queue/mine.html", form=form), 409)
    return _found(form, done=True)


@bp.route("/ask", methods=["GET", "POST"])
@public
@limiter.limit(TAKEN, methods=["POST"], deduct_when=taken_in)
@limiter.limit(TRIED, methods=["POST"])
def ask() -> ResponseReturnValue:
    """What cannot wait for the desk to open, or is easier to write down than to come for."""
    form = RequestForm()
    form.draw()
    if request.method == "GET":
        return private_page(render_template("queue/ask.html", form=form))
    if not form.validate():
        return private_page(render_template("queue/ask.html", form=form), 422)
    asked = Asked(form.id, "public", form.wish.data or "", form.name.data or "", form.phone.data or "")
    try:
        with without_address():
            code = take_request(here(), asked, now(), by=None).code
        commit()
    except IntegrityError:
        db.session.rollback()
        before = inbox.find(here().id, form.id)
        code = before.code if before else ""
    return private_page(render_template("queue/asked.html", code=code))
