"""Reading and writing notes. The caller commits."""

from collections.abc import Sequence
from uuid import UUID

from core.api import Person, db, record
from sqlalchemy import select

from .models import Note

SHOWN = 5


def about(person: Person) -> Sequence[Note]:
    """The latest notes about a resident, the newest first."""
    query = select(Note).where(Note.village_id == person.village_id, Note.person_id == person.id)
    return db.session.scalars(query.order_by(Note.id.desc()).limit(SHOWN)).all()


def add(person: Person, text: str, by: UUID | None) -> Note:
    note = Note(village_id=person.village_id, person_id=person.id, text=text, written_by=by)
    db.session.add(note)
    db.session.flush()
    record("newplugin.note_added", "note", note.id)
    return note
