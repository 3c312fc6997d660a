"""What imports still know of a resident: how the row was before, what was found wrong with it, what was not undone."""

from typing import Any

from sqlalchemy import ColumnElement, Text, and_, cast, delete, or_, select, update

from core.database.session import db
from core.imports.models import Import, ImportFinding
from core.imports.retention import discard_files_with
from core.people.models import ImportChange, Person


def earlier_states(person: Person) -> list[dict[str, Any]]:
    """The resident's row as it was before each import that changed it."""
    return [before for before in db.session.scalars(select(ImportChange.before).where(_changes(person))) if before]


def erase_leftovers(person: Person) -> None:
    """Findings name people in words only: those with the resident's name go, whoever else has it too."""
    db.session.execute(delete(ImportChange).where(_changes(person)))
    texts = (ImportFinding.value, ImportFinding.message, ImportFinding.fix)
    named = or_(*(text.icontains(person.name, autoescape=True) for text in texts))
    db.session.execute(delete(ImportFinding).where(ImportFinding.village_id == person.village_id, named))
    told = and_(Import.village_id == person.village_id, cast(Import.summary, Text).contains(str(person.id)))
    for row in db.session.scalars(select(Import).where(told)).all():
        undone = row.summary.get("undo", {})
        kept = [item for item in undone.get("kept", ()) if item.get("id") != str(person.id)]
        db.session.execute(
            update(Import)
            .where(Import.village_id == row.village_id, Import.id == row.id)
            .values(summary={**row.summary, "undo": {**undone, "kept": kept}})
        )
    discard_files_with(person.village_id, [word for word in (person.nik, person.name) if word])


def _changes(person: Person) -> ColumnElement[bool]:
    return and_(
        ImportChange.village_id == person.village_id,
        ImportChange.table == Person.__tablename__,
        ImportChange.row_id == person.id,
    )
