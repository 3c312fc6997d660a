"""Notes that come in as a file: for each NIK a title."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete

from core.api import (
    FileRows,
    Findings,
    ImportColumn,
    ImportKind,
    ImportRun,
    Undone,
    cell_date,
    db,
    gettext,
    read_nik,
    residents_by_nik,
)
from core.api import lazy_gettext as _

from .models import Entry


def check(run: ImportRun, rows: FileRows, found: Findings) -> list[tuple[UUID, str]]:
    named = [(row, nik) for row in rows if (nik := read_nik(row, found))]
    people = residents_by_nik(run.area.id, [nik for _row, nik in named])
    new = []
    for row, nik in named:
        try:
            day = cell_date(row.cells.get("day"))
        except ValueError:
            day = None
        person = people.get(nik)
        if person is None or day is None:
            found.error(row, "nik", gettext("NIK atau tanggalnya salah."), gettext("Perbaiki."))
        else:
            new.append((person.id, row.text("title")[:80]))
    return new


def apply(run: ImportRun, new: Sequence[tuple[UUID, str]]) -> None:
    db.session.add_all(
        Entry(village_id=run.area.id, person_id=person, written_on=run.today, title=title, import_id=run.id)
        for person, title in new
    )


def undo(run: ImportRun) -> Undone:
    mine = (Entry.village_id == run.area.id, Entry.import_id == run.id)
    return Undone(len(db.session.scalars(delete(Entry).where(*mine).returning(Entry.id)).all()))


NOTES = ImportKind(
    name="notes.entries",
    title=_("Catatan"),
    permission="notes.write",
    columns=(
        ImportColumn("nik", _("NIK"), required=True),
        ImportColumn("title", _("Judul"), ("judul",)),
        ImportColumn("day", _("Tanggal"), ("tanggal",)),
    ),
    check=check,
    apply=apply,
    undo=undo,
    home="notes.index",
)
