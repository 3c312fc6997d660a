"""Papers before the day: what a kader looks at in the homes of those who have booked."""

from uuid import UUID
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.api import (
    Case,
    area_today,
    check_ahead,
    commit,
    find_case,
    gettext,
    here,
    record,
    requires,
    told_on_page,
)

from .. import bookings
from ..desk_days import desk_of, next_served
from ..forms import PapersForm, asked_day
from ..models import QueueBooking
from ..nightly import tell_missing
from ..papers_ahead import papers_of, to_check
from ..whom import people_of
from . import bp

LOOK_AHEAD = 14


@bp.get("/checks")
@requires("queue.check")
def checks() -> ResponseReturnValue:
    """Of the next day on which the desk is served, or of any other."""
    area, today = here(), area_today()
    coming = next_served(area, today, LOOK_AHEAD)
    day = asked_day(request.args.get("day"), coming.day if coming else today)
    rows = to_check(area, day)
    return render_template(
        "queue/checks.html",
        rows=rows,
        day=day,
        today=today,
        people=people_of(area.id, {booking.person_id for booking, _papers in rows if booking.person_id}),
        services=desk_of(area.id).services,
        zone=ZoneInfo(area.timezone),
    )


def booking_with_case(booking_id: UUID) -> tuple[QueueBooking, Case]:
    """One whose case may be seen, else 404."""
    booking = bookings.find(here().id, booking_id)
    case = find_case(here().id, booking.case_id) if booking and booking.case_id else None
    if booking is None or case is None:
        abort(404)
    return booking, case


def check_page(booking_id: UUID, problem: str = "") -> str:
    booking, case = booking_with_case(booking_id)
    papers = papers_of(here().id, [case.id])[case.id]
    form = PapersForm(formdata=None)
    form.seen.choices = [(item.key, str(item.title)) for item in papers.missing]
    return render_template(
        "queue/check.html",
        booking=booking,
        case=case,
        papers=papers,
        form=form,
        start=booking.slot_start.astimezone(ZoneInfo(here().timezone)),
        problem=problem,
    )


def moved_on() -> str:
    return gettext("Kasus ini baru saja diubah orang lain. Periksa lagi, lalu ulangi.")


@bp.route("/bookings/<uuid:id>/papers", methods=["GET", "POST"])
@requires("queue.check")
@told_on_page(check_page, moved_on)
def check_papers(id: UUID) -> ResponseReturnValue:
    """Ticks are kept in the case itself: the clerk finds them there too."""
    booking, case = booking_with_case(id)
    if request.method == "GET":
        return check_page(id)
    form = PapersForm()
    form.seen.choices = [(item.key, str(item.title)) for item in papers_of(here().id, [case.id])[case.id].missing]
    if not form.validate():
        return check_page(id, gettext("Centang hanya berkas yang ada di daftar.")), 422
    left = check_ahead(case, form.seen.data or [], form.note.data or "")
    if left and booking.state == "booked":
        titles = [str(item.title) for item in left]
        tell_missing(here(), booking, desk_of(here().id).services[booking.service_id], titles)
    record("queue.papers_checked", "queue_booking", booking.id, code=booking.code)
    day, n = booking.day, len(left)
    commit()
    flash(gettext("Berkas dicek. Masih kurang: %(n)s.", n=n) if n else gettext("Berkas lengkap."), "success")
    return redirect(url_for("queue.checks", day=day.isoformat()))
