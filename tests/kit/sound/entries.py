"""Reading and writing notes. The caller commits."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from core.api import Area, Person, area_today, commit, db

from .models import Entry


def newest(village_id: int) -> Sequence[Entry]:
    return db.session.scalars(
        select(Entry).where(Entry.village_id == village_id).order_by(Entry.id.desc()).limit(10)
    ).all()


def of_person(village_id: int, person_id: UUID) -> Sequence[Entry]:
    found = select(Entry).where(Entry.village_id == village_id, Entry.person_id == person_id)
    return db.session.scalars(found.order_by(Entry.id.desc()).limit(100)).all()


def with_words(village_id: int, words: str) -> Sequence[Entry]:
    found = select(Entry).where(Entry.village_id == village_id, Entry.title.icontains(words, autoescape=True))
    return db.session.scalars(found.order_by(Entry.id.desc()).limit(10)).all()


def find(village_id: int, entry_id: UUID) -> Entry | None:
    return db.session.scalar(select(Entry).where(Entry.village_id == village_id, Entry.id == entry_id))


def pin_all(area: Area) -> None:
    """The job: the newest notes stay on top."""
    for entry in newest(area.id):
        entry.pinned = True
    commit()


def write(person: Person, title: str, body: str) -> Entry:
    entry = Entry(
        village_id=person.village_id, person_id=person.id, written_on=area_today(), title=title, body=body, pinned=False
    )
    db.session.add(entry)
    return entry
