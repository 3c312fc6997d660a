"""Bringing a file of measurements in: checked without changing anything, applied, undone. The caller commits.

Rows with errors are left out; the others can be applied. Nothing that is there already is overwritten.
"""

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update

from core.api import PAGE_SIZE, CaseError, Page, current_row, db, gettext, now, paged, read_keys, record

from .import_check import Checked, check_rows, measured_of
from .import_file import read_file
from .measurements import wait_for_turn
from .models import GrowthImport, ImportRow, Measurement

KINDS = ("error", "warning", "ok", "same")

# ---- keeping, applying, undoing ----


def receive(village_id: int, filename: str, raw: bytes, today: date, *, by: UUID | None) -> GrowthImport:
    """Check a file and keep what it would do. No measurement is written.

    Raises:
        FileRefused: it cannot be read as a whole.
    """
    checked = check_rows(village_id, read_file(raw), today)
    counts = {kind: sum(each.kind == kind for each in checked) for kind in KINDS}
    made = GrowthImport(
        village_id=village_id,
        filename=filename[:200] or "data.csv",
        total=len(checked),
        usable=counts["ok"] + counts["warning"],
        errors=counts["error"],
        warnings=counts["warning"],
        created_by=by,
    )
    db.session.add(made)
    db.session.flush()
    db.session.add_all(_kept(made, each) for each in checked)
    record("balita.file_checked", "balita_import", made.id, rows=made.total, errors=made.errors)
    return made


def _kept(made: GrowthImport, checked: Checked) -> ImportRow:
    values = checked.row.values
    usable = checked.kind in ("ok", "warning") and values is not None
    figures: dict[str, Any] = asdict(values) if usable and values else {}
    figures.pop("measured_on", None)
    return ImportRow(
        village_id=made.village_id,
        import_id=made.id,
        row_no=checked.row.row_no,
        person_id=checked.person_id,
        kind=checked.kind,
        measured_on=values.measured_on if values else None,
        figures=figures,
        findings=[asdict(finding) for finding in checked.row.findings],
    )


def apply(village_id: int, import_id: UUID, version: int) -> int:
    """Write the usable rows down; how many.

    Raises:
        Stale: somebody else was faster.
        CaseError: it is not waiting to be applied, or a child was measured on such a day meanwhile.
    """
    found = _in_state(village_id, import_id, version, "checked")
    rows = db.session.scalars(
        select(ImportRow).where(*_rows_of(found), ImportRow.kind.in_(("ok", "warning"))).order_by(ImportRow.row_no)
    ).all()
    people = [row.person_id for row in rows if row.person_id]
    wait_for_turn(village_id, people)
    there = measured_of(village_id, people)
    if any(row.measured_on in there.get(row.person_id, {}) for row in rows if row.person_id):
        raise CaseError(gettext("Sebagian sudah dicatat orang lain sejak diperiksa. Unggah berkasnya sekali lagi."))
    for row in rows:
        if row.figures and row.person_id and row.measured_on:  # blanked when the child's data were erased meanwhile
            db.session.add(
                Measurement(
                    village_id=village_id,
                    person_id=row.person_id,
                    measured_on=row.measured_on,
                    looked_at=row.kind == "warning",
                    import_id=found.id,
                    created_by=found.created_by,
                    **row.figures,
                )
            )
    written = sum(bool(row.figures) for row in rows)
    _end(found, "applied")
    record("balita.file_applied", "balita_import", found.id, rows=written)
    return written


def undo(village_id: int, import_id: UUID, version: int) -> tuple[int, int]:
    """Take what a file wrote away again, but for what was corrected since; how many were removed and kept.

    Raises:
        Stale, CaseError: as :func:`apply`.
    """
    found = _in_state(village_id, import_id, version, "applied")
    mine = (Measurement.village_id == village_id, Measurement.import_id == found.id)
    removed = len(
        db.session.scalars(delete(Measurement).where(*mine, Measurement.version == 1).returning(Measurement.id)).all()
    )
    kept = db.session.scalar(select(func.count()).select_from(Measurement).where(*mine)) or 0
    _end(found, "undone")
    record("balita.file_undone", "balita_import", found.id, removed=removed, kept=kept)
    return removed, kept


def discard(village_id: int, import_id: UUID, version: int) -> None:
    """Of a file that was only checked nothing is kept but that it was there. Raises: as :func:`apply`."""
    found = _in_state(village_id, import_id, version, "checked")
    db.session.execute(delete(ImportRow).where(*_rows_of(found)))
    _end(found, "discarded")
    record("balita.file_discarded", "balita_import", found.id)


def _in_state(village_id: int, import_id: UUID, version: int, state: str) -> GrowthImport:
    found = current_row(GrowthImport, village_id, import_id, version)
    if found is None or found.state != state:
        raise CaseError(gettext("Berkas ini sudah diterapkan, diurungkan, atau dibuang."))
    return found


def _end(found: GrowthImport, state: str) -> None:
    """The figures are in the measurements now, or wanted no more; findings stay to be worked through."""
    found.state, found.ended_at = state, now()
    db.session.flush()
    db.session.execute(delete(ImportRow).where(*_rows_of(found), ImportRow.findings == []))
    db.session.execute(
        update(ImportRow).where(*_rows_of(found)).values(figures={}).execution_options(synchronize_session=False)
    )


def _rows_of(found: GrowthImport) -> tuple[Any, ...]:
    return ImportRow.village_id == found.village_id, ImportRow.import_id == found.id


# ---- finding ----


def find_import(village_id: int, import_id: UUID) -> GrowthImport | None:
    return db.session.scalar(
        select(GrowthImport).where(GrowthImport.village_id == village_id, GrowthImport.id == import_id)
    )


def imports_page(village_id: int, cursor: str | None) -> Page[GrowthImport]:
    """The latest first."""
    query = select(GrowthImport).where(GrowthImport.village_id == village_id)
    if after := read_keys(cursor, UUID):
        query = query.where(GrowthImport.id < after[0])
    rows = db.session.scalars(query.order_by(GrowthImport.id.desc()).limit(PAGE_SIZE + 1)).all()
    return paged(rows, lambda row: (row.id,), cursor)


def findings_page(village_id: int, import_id: UUID, kind: str, cursor: str | None) -> Page[ImportRow]:
    """Rows with errors, or with warnings, in the order of the file."""
    query = select(ImportRow).where(
        ImportRow.village_id == village_id, ImportRow.import_id == import_id, ImportRow.kind == kind
    )
    if after := read_keys(cursor, int):
        query = query.where(ImportRow.row_no > after[0])
    rows = db.session.scalars(query.order_by(ImportRow.row_no).limit(PAGE_SIZE + 1)).all()
    return paged(rows, lambda row: (row.row_no,), cursor)
