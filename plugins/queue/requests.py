"""What somebody asks for while the desk is shut, and what becomes of it: the next slot, the emergency, an answer."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, tuple_

from core.api import (
    PAGE_SIZE,
    Area,
    CaseError,
    Page,
    db,
    gettext,
    is_open,
    opening_hours_of,
    paged,
    read_keys,
    record,
)

from .bookings import Booker, book, slots_of
from .codes import new_code, plain
from .desk_days import desk_days
from .models import QueueBooking, QueueRequest, QueueService

SHOWN = ("open", "all")


@dataclass(frozen=True)
class Asked:
    """What somebody asks for. ``id`` is drawn with the form: sent twice, it is one."""

    id: UUID
    channel: str
    wish: str
    name: str = ""
    phone: str = ""
    service_id: UUID | None = None
    person_id: UUID | None = None


def take_request(area: Area, asked: Asked, at: datetime, *, by: UUID | None) -> QueueRequest:
    """Keep it; whether it came outside the hours of the desk is told by the clock. The caller commits."""
    before = find(area.id, asked.id)
    if before is not None:
        return before
    row = QueueRequest(
        village_id=area.id,
        id=asked.id,
        day=at.astimezone(ZoneInfo(area.timezone)).date(),
        received_at=at,
        channel=asked.channel,
        outside=not is_open(opening_hours_of(area), at),
        state="open",
        code=new_code(),
        service_id=asked.service_id,
        person_id=asked.person_id,
        name=asked.name,
        phone=asked.phone,
        wish=asked.wish,
        taken_by=by,
    )
    db.session.add(row)
    db.session.flush()
    record("queue.requested", "queue_request", row.id, code=row.code, channel=row.channel)
    return row


def give_next_slot(
    area: Area, row: QueueRequest, service: QueueService, at: datetime, days_ahead: int, *, by: UUID | None
) -> QueueBooking:
    """Book the first free place from now on for who asked. The caller commits.

    Raises:
        CaseError: it is dealt with already, or there is no free place within ``days_ahead`` days.
    """
    _must_be_open(row)
    first = at.astimezone(ZoneInfo(area.timezone)).date()
    for day in desk_days(area, first, days_ahead + 1):
        free = next((slot for slot in slots_of(area, service, day, at) if slot.free), None)
        if free is not None:
            who = Booker("request", row.name, row.phone, note=row.wish[:500], by=by)
            booking = book(area, service, free.start, who, at)
            booking.person_id = row.person_id
            row.booking_id, row.service_id = booking.id, service.id
            _settle(row, "booked", "", at, by)
            return booking
    raise CaseError(gettext("Tidak ada tempat kosong dalam %(n)s hari ke depan.", n=days_ahead))


def pass_to_emergency(row: QueueRequest, at: datetime, *, by: UUID | None) -> None:
    """Whoever is on call takes it from here. Raises: CaseError: it is dealt with already."""
    _must_be_open(row)
    _settle(row, "emergency", "", at, by)


def answer(row: QueueRequest, text: str, at: datetime, *, by: UUID | None) -> None:
    """Close it with an answer, which who asked reads by the code. Raises: CaseError: it is dealt with already."""
    _must_be_open(row)
    _settle(row, "closed", text, at, by)


def find(village_id: int, request_id: UUID) -> QueueRequest | None:
    return db.session.scalar(
        select(QueueRequest).where(QueueRequest.village_id == village_id, QueueRequest.id == request_id)
    )


def find_by_code(village_id: int, code: str) -> QueueRequest | None:
    return db.session.scalar(
        select(QueueRequest).where(QueueRequest.village_id == village_id, QueueRequest.code == plain(code))
    )


def page_of(village_id: int, show: str, cursor: str | None) -> Page[QueueRequest]:
    """What waits, the oldest first; or all, the latest first."""
    query = select(QueueRequest).where(QueueRequest.village_id == village_id)
    waits = show == "open"
    column = QueueRequest.received_at if waits else QueueRequest.day
    after = read_keys(cursor, datetime.fromisoformat if waits else date.fromisoformat, UUID)
    key = tuple_(column, QueueRequest.id)
    if waits:
        query = query.where(QueueRequest.state == "open")
    if after:
        query = query.where(key > after if waits else key < after)
    order = (column, QueueRequest.id) if waits else (column.desc(), QueueRequest.id.desc())
    rows = db.session.scalars(query.order_by(*order).limit(PAGE_SIZE + 1)).all()
    return paged(rows, lambda row: (row.received_at if waits else row.day, row.id), cursor)


def _must_be_open(row: QueueRequest) -> None:
    if row.state != "open":
        raise CaseError(gettext("Permintaan ini sudah dipilah."))


def _settle(row: QueueRequest, state: str, text: str, at: datetime, by: UUID | None) -> None:
    row.state, row.answer, row.handled_by, row.handled_at = state, text, by, at
    record("queue.request_settled", "queue_request", row.id, code=row.code, state=state)
