"""What of a staged file may be a mistake about *who* somebody is. All of these are warnings: a clerk decides."""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.database.session import db
from core.imports.findings import driver_connection
from core.imports.rows import Findings

from .duplicates import Register, same_name
from .import_rows import ImportRows
from .models import Person
from .registry import candidate_of

_NEW_ROWS = "SELECT row_no FROM staged_persons WHERE stored_id IS NULL"
_OTHER_NAMES = """
    SELECT s.row_no, s.name, p.name
    FROM staged_persons s JOIN persons p ON p.village_id = %(village)s AND p.id = s.stored_id
    WHERE s.name_key <> p.name_key ORDER BY s.row_no
"""


def tell_doubts(village_id: int, rows: ImportRows, found: Findings) -> None:
    """Look through what :func:`core.people.import_staging.stage` has found, in the same transaction."""
    _tell_somebody_else(village_id, found)
    _tell_duplicates(village_id, rows, found)


def _tell_somebody_else(village_id: int, found: Findings) -> None:
    """Rows whose NIK is stored under quite another name: one slipped digit would overwrite another person."""
    with driver_connection().cursor() as cursor:
        cursor.execute(_OTHER_NAMES, {"village": village_id})
        others = cursor.fetchall()
    for row_no, name, stored_name in others:
        if same_name(name, stored_name):
            continue
        found.tell(
            row_no,
            "warning",
            "nik",
            name,
            _("NIK baris ini tercatat atas nama %(stored)s, bukan %(name)s.", stored=stored_name, name=name),
            _("Cocokkan NIK dengan KTP. Bila orangnya berbeda, berkas ini akan menimpa data %(s)s.", s=stored_name),
        )


def _tell_duplicates(village_id: int, rows: ImportRows, found: Findings) -> None:
    """New persons who are probably in the register already, or twice in the file."""
    with driver_connection().cursor() as cursor:
        new = {row[0] for row in cursor.execute(_NEW_ROWS)}
    if not new:
        return
    people = db.session.scalars(
        select(Person).where(Person.village_id == village_id).options(joinedload(Person.household))
    )
    register = Register(candidate_of(person) for person in people)
    for person in rows.persons:
        if person.row_no not in new:
            continue
        if match := next(iter(register.matches(person.candidate)), None):
            known = match.candidate
            where = _("baris %(row)s", row=known.id) if isinstance(known.id, int) else _("data warga")
            found.tell(
                person.row_no,
                "warning",
                "nama",
                person.name,
                _(
                    "Mungkin orang yang sama dengan %(name)s di %(where)s: %(reasons)s.",
                    name=known.name,
                    where=where,
                    reasons=", ".join(str(reason) for reason in match.reasons),
                ),
                _("Bila memang orang yang sama, samakan NIK-nya; bila bukan, biarkan."),
            )
        register.add(person.candidate)
