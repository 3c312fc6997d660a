"""Booking a place: the slots of a service, of which the database lets nobody take more than there are.

The row of ``queue_slots`` counts what is taken: of two who want the last place at once, the second waits for the first
and is then told that it is gone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from core.api import Area, Case, CaseError, Notice, Person, day_and_date, db, gettext, in_indonesian, record, tell

from .codes import new_code, plain
from .desk_days import DeskDay, desk_day, slot_starts
from .models import QueueBooking, QueueService, QueueSlot


class SlotFull(CaseError):
    """Somebody else has taken the last place."""


@dataclass(frozen=True)
class Slot:
    """A slot and how many may still book it."""

    start: datetime
    free: int


@dataclass(frozen=True)
class Booker:
    """Who books for whom. ``person`` only where somebody knows the resident; else ``name`` and ``phone``.

    ``id`` is drawn with the form: sent twice, it is one booking.
    """

    channel: str
    name: str = ""
    phone: str = ""
    person: Person | None = None
    case: Case | None = None
    priority: str = ""
    note: str = ""
    by: UUID | None = None
    id: UUID | None = None


def slots_of(area: Area, service: QueueService, day: DeskDay, after: datetime) -> list[Slot]:
    """The slots of a day that begin after a moment, in one query."""
    starts = [start for start in slot_starts(day, service.slot_minutes) if start > after]
    if not starts or not service.accepts_bookings:
        return []
    rows = db.session.scalars(
        select(QueueSlot)
        .where(QueueSlot.village_id == area.id, QueueSlot.service_id == service.id, QueueSlot.starts_at.in_(starts))
        .execution_options(populate_existing=True)
    )
    taken = {row.starts_at: row.taken for row in rows}
    return [Slot(start, max(service.bookable_places - taken.get(start, 0), 0)) for start in starts]


def book(area: Area, service: QueueService, start: datetime, who: Booker, at: datetime) -> QueueBooking:
    """Take a place. The caller commits.

    Raises:
        SlotFull: it is gone.
        CaseError: the desk is not served then, or the service takes no bookings.
    """
    if who.id is not None and (before := find(area.id, who.id)) is not None:
        return before
    day = start.astimezone(ZoneInfo(area.timezone)).date()
    if not any(slot.start == start for slot in slots_of(area, service, desk_day(area, day), at)):
        raise CaseError(gettext("Jam itu tidak ada lagi. Pilih jam lain."))
    _take(service, start)
    booking = QueueBooking(
        village_id=area.id,
        id=who.id or uuid4(),
        service_id=service.id,
        day=day,
        slot_start=start,
        state="booked",
        channel=who.channel,
        code=new_code(),
        person_id=who.person.id if who.person else None,
        case_id=who.case.id if who.case else None,
        name="" if who.person else who.name,
        phone=who.phone,
        priority=who.priority,
        note=who.note,
        booked_by=who.by,
    )
    db.session.add(booking)
    db.session.flush()
    record("queue.booked", "queue_booking", booking.id, code=booking.code, day=day.isoformat())
    tell_about(area, booking, service, "booked")
    return booking


def _take(service: QueueService, start: datetime) -> None:
    capacity = service.bookable_places
    query = (
        insert(QueueSlot)
        .values(village_id=service.village_id, service_id=service.id, starts_at=start, capacity=capacity, taken=1)
        .on_conflict_do_update(
            constraint="uq_queue_slots_start",
            set_={"taken": QueueSlot.taken + 1, "capacity": capacity},
            where=QueueSlot.taken < capacity,
        )
        .returning(QueueSlot.taken)
    )
    if capacity < 1 or db.session.scalar(query) is None:
        raise SlotFull(gettext("Tempat terakhir pada jam itu baru saja diambil orang lain. Pilih jam lain."))


def give_back(booking: QueueBooking) -> None:
    db.session.execute(
        update(QueueSlot)
        .where(
            QueueSlot.village_id == booking.village_id,
            QueueSlot.service_id == booking.service_id,
            QueueSlot.starts_at == booking.slot_start,
            QueueSlot.taken > 0,
        )
        .values(taken=QueueSlot.taken - 1)
    )


def cancel(area: Area, booking: QueueBooking, service: QueueService, at: datetime, *, by: UUID | None) -> None:
    """Give the place back. The caller commits.

    Raises:
        CaseError: it is not to come any more.
    """
    if booking.state != "booked":
        raise CaseError(gettext("Janji ini sudah dipakai, sudah batal, atau sudah lewat."))
    booking.state, booking.ended_at = "cancelled", at
    give_back(booking)
    record("queue.cancelled", "queue_booking", booking.id, code=booking.code, by=str(by) if by else "")
    tell_about(area, booking, service, "cancelled")


def find(village_id: int, booking_id: UUID) -> QueueBooking | None:
    return db.session.scalar(
        select(QueueBooking).where(QueueBooking.village_id == village_id, QueueBooking.id == booking_id)
    )


def find_by_code(village_id: int, code: str, *, for_change: bool = False) -> QueueBooking | None:
    """By what its owner was given, however it is typed."""
    query = select(QueueBooking).where(QueueBooking.village_id == village_id, QueueBooking.code == plain(code))
    return db.session.scalar(query.with_for_update() if for_change else query)


def of_day(village_id: int, day: date) -> Sequence[QueueBooking]:
    """All of a day, by their slots."""
    return db.session.scalars(
        select(QueueBooking)
        .where(QueueBooking.village_id == village_id, QueueBooking.day == day)
        .order_by(QueueBooking.slot_start, QueueBooking.id)
    ).all()


def miss(village_id: int, day: date, at: datetime, minutes: int) -> int:
    """Bookings up to a day whose people have not come so many minutes after the slot began; how many. The caller
    commits."""
    missed = db.session.scalars(
        select(QueueBooking)
        .where(
            QueueBooking.village_id == village_id,
            QueueBooking.day <= day,
            QueueBooking.state == "booked",
            QueueBooking.slot_start < at - timedelta(minutes=minutes),
        )
        .with_for_update(skip_locked=True)
    ).all()
    for booking in missed:
        booking.state, booking.ended_at = "no_show", at
    return len(missed)


def tell_about(area: Area, booking: QueueBooking, service: QueueService, what: str, more: str = "") -> None:
    """Tell the resident in Indonesian, whatever language the clerk reads."""
    with in_indonesian():
        start = booking.slot_start.astimezone(ZoneInfo(area.timezone))
        when = gettext("%(day)s pukul %(clock)s", day=day_and_date(start.date()), clock=f"{start:%H.%M}")
        texts: Mapping[str, str] = {
            "booked": gettext(
                "Janji Anda di %(place)s: %(service)s, %(when)s. Kode %(code)s.",
                place=area.title,
                service=service.name,
                when=when,
                code=booking.code,
            ),
            "cancelled": gettext("Janji Anda di %(place)s pada %(when)s dibatalkan.", place=area.title, when=when),
            "reminder": gettext(
                "Besok Anda punya janji di %(place)s: %(service)s, %(when)s. Kode %(code)s.",
                place=area.title,
                service=service.name,
                when=when,
                code=booking.code,
            ),
            "missing_papers": gettext(
                "Untuk janji Anda di %(place)s pada %(when)s masih kurang: %(papers)s.",
                place=area.title,
                when=when,
                papers=more,
            ),
        }
        values = [area.title, service.name, when, booking.code, *([more] if more else [])]
        notice = Notice(
            kind=f"queue.{what}",
            village_id=area.id,
            text=texts[what],
            person_id=booking.person_id,
            phone=booking.phone,
            values=values,
            reference=booking.code,
        )
    tell(area, notice)
