"""What core's rule does not reach of a resident: lines inside letters, and rows of files that are not applied yet."""

from sqlalchemy import select

from core.api import Person, db, record

from .batches import erase_in_letters
from .models import MemberList


def erase(person: Person) -> None:
    """A draft that names the resident is dropped as a whole: the file can be brought in again without the row."""
    erase_in_letters(person)
    drafts = select(MemberList).where(MemberList.village_id == person.village_id, MemberList.raw.is_not(None))
    for draft in db.session.scalars(drafts):
        if person.nik and draft.raw and any(person.nik in str(cell) for row in draft.raw["rows"] for cell in row):
            draft.raw, draft.state = None, "undone"
            record("pbi_jk.list_dropped", "pbi_jk_list", draft.id, rows=draft.total)
