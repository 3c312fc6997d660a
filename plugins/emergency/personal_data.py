"""What stands in the way of an erasure; the rows themselves follow core's rule by their reference to the resident."""

from sqlalchemy import or_, select

from core.api import Person, db, gettext

from .models import Escort


def unfinished(person: Person) -> str | None:
    """An escort that runs, or one whose case is still to be opened."""
    query = select(Escort.id).where(
        Escort.village_id == person.village_id,
        Escort.person_id == person.id,
        or_(Escort.state == "running", (Escort.state == "ended") & (Escort.follow_up == "pending")),
    )
    if db.session.scalar(query.limit(1)) is None:
        return None
    return gettext("Masih ada pendampingan darurat yang belum selesai ditindaklanjuti. Selesaikan dulu, lalu ulangi.")
