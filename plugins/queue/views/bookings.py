"""The bookings of a day, one booking, and booking for a resident."""

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from core.api import (
    Case,
    CaseError,
    VersionedForm,
    area_today,
    commit,
    current_row,
    db,
    find_person,
    gettext,
    here,
    may,
    names_of,
    now,
    requires,
    told_on_page,
)

from .. import bookings as domain
from ..bookings import Booker, SlotFull
from ..choosing import Choice, choose
from ..desk_days import desk_day, desk_days, desk_of
from ..forms import BookingForm, asked_day, read_id
from ..models import QueueBooking
from ..papers_ahead import papers_of
from ..whom import named, people_of, read_whom
from ..words import BOOKING_STATES, CHANNELS, PRIORITIES
from . import bp

LOOK_AHEAD, MOST_DAYS = 28, 6


def moved_on() -> str:
    return gettext("Orang lain baru saja mengubah janji ini. Periksa keadaannya sekarang, lalu ulangi.")


def booking_page(booking_id: UUID, problem: str = "") -> str:
    area = here()
    found = domain.find(area.id, booking_id) or abort(404)
    case = db.session.get(Case, (area.id, found.case_id)) if found.case_id else None
    return render_template(
        "queue/booking.html",
        booking=found,
        service=desk_of(area.id).services[found.service_id],
        start=found.slot_start.astimezone(ZoneInfo(area.timezone)),
        person=find_person(area.id, found.person_id) if found.person_id else None,
        case=case,
        papers=papers_of(area.id, [case.id]).get(case.id) if case else None,
        names=names_of({found.booked_by} if found.booked_by else set()),
        today=area_today(),
        states=BOOKING_STATES,
        channels=CHANNELS,
        priorities=PRIORITIES,
        problem=problem,
    )


changes_booking = told_on_page(booking_page, moved_on)


@bp.get("/bookings")
@requires("queue.book")
def bookings() -> ResponseReturnValue:
    """Of one day: a fixed number of queries."""
    area, today = here(), area_today()
    day = asked_day(request.args.get("day"), today)
    rows = domain.of_day(area.id, day)
    return render_template(
        "queue/bookings.html",
        rows=rows,
        day=day,
        desk_day=desk_day(area, day),
        coming=[each for each in desk_days(area, today, LOOK_AHEAD) if each.served][:MOST_DAYS],
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        today=today,
        services=desk_of(area.id).services,
        people=people_of(area.id, {row.person_id for row in rows if row.person_id}),
        papers=papers_of(area.id, [row.case_id for row in rows if row.case_id]),
        zone=ZoneInfo(area.timezone),
        states=BOOKING_STATES,
        channels=CHANNELS,
    )


@bp.route("/bookings/new", methods=["GET", "POST"])
@requires("queue.book")
def book() -> ResponseReturnValue:
    area = here()
    choice = _choice()
    form = BookingForm(whom=request.args.get("whom", "")[:20], person=request.args.get("person", "")[:36])
    form.offer(choice.slots)
    if request.method == "GET" or choice.service is None:
        return _book_page(choice, form)
    if not form.validate() or form.start is None:
        return _book_page(choice, form), 422
    try:
        person, case = read_whom(area.id, form.whom.data or "", form.person.data)
    except CaseError as problem:
        form.whom.errors = [str(problem)]
        return _book_page(choice, form), 422
    who = Booker(
        channel="desk" if may("queue.write") else "kader",
        name=form.name.data or "",
        phone=form.phone.data or "",
        person=person,
        case=case,
        priority=form.priority.data or "",
        note=form.note.data or "",
        by=current_user.id,
        id=form.id,
    )
    try:
        booking_id = domain.book(area, choice.service, form.start, who, now()).id
        commit()
    except SlotFull as problem:
        db.session.rollback()
        return _taken_meanwhile(form, str(problem))
    except CaseError as problem:
        db.session.rollback()
        form.slot.errors = [str(problem)]
        return _book_page(_choice(), form), 422
    flash(gettext("Janji dibuat."), "success")
    return redirect(url_for("queue.booking", id=booking_id))


def _taken_meanwhile(form: BookingForm, problem: str) -> ResponseReturnValue:
    """What was typed stays; the hours that are still free are offered."""
    choice = _choice()
    form.offer(choice.slots)
    form.slot.errors = [problem]
    return _book_page(choice, form), 409


def _choice() -> Choice:
    return choose(here(), read_id(request.args.get("service")), asked_day(request.args.get("day"), area_today()), now())


def _book_page(choice: Choice, form: BookingForm) -> str:
    return render_template("queue/book.html", choice=choice, form=form, for_person=named(here().id, form.person.data))


@bp.get("/bookings/<uuid:id>")
@requires("queue.book")
def booking(id: UUID) -> ResponseReturnValue:
    return booking_page(id)


@bp.post("/bookings/<uuid:id>/cancel")
@requires("queue.book")
@changes_booking
def cancel_booking(id: UUID) -> ResponseReturnValue:
    held = current_row(QueueBooking, here().id, id, VersionedForm().seen) or abort(404)
    domain.cancel(here(), held, desk_of(here().id).services[held.service_id], now(), by=current_user.id)
    commit()
    flash(gettext("Janji dibatalkan dan tempatnya kosong lagi."), "success")
    return redirect(url_for("queue.booking", id=id))
