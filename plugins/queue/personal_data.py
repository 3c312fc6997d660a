"""What stands in the way of an erasure; the rows themselves follow core's rule by their reference to the resident."""

from sqlalchemy import select

from core.api import Person, area_today, db, gettext

from .calling import OPEN
from .models import QueueBooking, QueueTicket


def unfinished(person: Person) -> str | None:
    """A booking that is to come, or a number that stands in today's queue."""
    booked = select(QueueBooking.id).where(
        QueueBooking.village_id == person.village_id,
        QueueBooking.person_id == person.id,
        QueueBooking.state == "booked",
        QueueBooking.day >= area_today(),
    )
    waits = select(QueueTicket.id).where(
        QueueTicket.village_id == person.village_id,
        QueueTicket.person_id == person.id,
        QueueTicket.state.in_(OPEN),
        QueueTicket.day == area_today(),
    )
    if db.session.scalar(booked.union_all(waits).limit(1)) is None:
        return None
    return gettext("Warga ini masih punya janji atau nomor antrean hari ini. Batalkan dulu, lalu ulangi.")
