"""What is done once a night: reminders of tomorrow, bookings nobody came for, days left open, old names."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from core.api import Area, Job, commit, db, now, record, settings_of, today
from core.api import lazy_gettext as _

from .bookings import miss, tell_about
from .desk_days import desk_of
from .models import QueueBooking, QueueRequest, QueueService, QueueTicket
from .papers_ahead import papers_of
from .settings import QueueSettings
from .steps import note_step


def tidy(area: Area) -> None:
    """In three steps, each committed, so that what fails in one takes nothing of the others along."""
    end_past_days(area, now())
    commit()
    blank_names(area)
    commit()
    remind(area, now())
    commit()


NIGHTLY = Job("queue.nightly", _("Mengingatkan janji besok dan merapikan antrean"), tidy, nightly=True)


def remind(area: Area, at: datetime) -> int:
    """Tell whose booking is tomorrow, once, with the papers that are missing; how many. The caller commits."""
    tomorrow = today(area.timezone) + timedelta(days=1)
    bookings = db.session.scalars(
        select(QueueBooking)
        .where(
            QueueBooking.village_id == area.id,
            QueueBooking.day == tomorrow,
            QueueBooking.state == "booked",
            QueueBooking.reminded_at.is_(None),
        )
        .with_for_update()
    ).all()
    papers = papers_of(area.id, [booking.case_id for booking in bookings if booking.case_id])
    services = desk_of(area.id).services
    for booking in bookings:
        booking.reminded_at = at
        tell_about(area, booking, services[booking.service_id], "reminder")
        case = papers.get(booking.case_id) if booking.case_id else None
        if case and case.missing:
            tell_missing(area, booking, services[booking.service_id], [str(item.title) for item in case.missing])
    return len(bookings)


def tell_missing(area: Area, booking: QueueBooking, service: QueueService, titles: list[str]) -> None:
    tell_about(area, booking, service, "missing_papers", ", ".join(titles))


def end_past_days(area: Area, at: datetime) -> None:
    """Of days before today: who had booked and never came, and numbers that nobody ended. The caller commits."""
    day = today(area.timezone)
    miss(area.id, day - timedelta(days=1), at, 0)
    ends = {"waiting": "turned_away", "called": "no_show", "skipped": "no_show", "serving": "done"}
    left = db.session.scalars(
        select(QueueTicket)
        .where(QueueTicket.village_id == area.id, QueueTicket.day < day, QueueTicket.state.in_(ends))
        .with_for_update()
    ).all()
    for ticket in left:
        end = ends[ticket.state]
        note_step(ticket, "finished" if end == "done" else end, at, None, state=end)


def blank_names(area: Area) -> int:
    """Names, numbers and words that strangers left, so many days after their day; how many rows. The caller commits."""
    before = today(area.timezone) - timedelta(days=settings_of(area, QueueSettings).kept_days)
    bookings = db.session.execute(
        update(QueueBooking)
        .where(
            QueueBooking.village_id == area.id,
            QueueBooking.day < before,
            QueueBooking.person_id.is_(None),
            (QueueBooking.name != "") | (QueueBooking.phone != "") | (QueueBooking.note != ""),
        )
        .values(name="", phone="", note="")
    )
    requests = db.session.execute(
        update(QueueRequest)
        .where(
            QueueRequest.village_id == area.id,
            QueueRequest.day < before,
            QueueRequest.person_id.is_(None),
            (QueueRequest.name != "") | (QueueRequest.phone != "") | (QueueRequest.wish != ""),
        )
        .values(name="", phone="", wish="", answer="")
    )
    blanked = bookings.rowcount + requests.rowcount  # pyright: ignore[reportAttributeAccessIssue]
    if blanked:
        record("queue.names_blanked", "queue_day", before.isoformat(), rows=blanked)
    return blanked
