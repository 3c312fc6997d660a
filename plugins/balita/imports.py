"""Bringing a file of measurements in: checked without changing anything, applied, undone. The caller commits.

A child is found by the NIK alone; that the name fits is a check, never a way to find somebody. Rows with errors are
left out; the others can be applied. Nothing that is there already is overwritten.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from rapidfuzz.fuzz import token_sort_ratio
from sqlalchemy import delete, func, select, update

from core.api import (
    PAGE_SIZE,
    CaseError,
    Page,
    Person,
    current_row,
    db,
    gettext,
    mask_nik,
    now,
    paged,
    read_keys,
    record,
)

from .growth import Reading
from .import_file import COLUMN_OF, FileRow, read_file
from .measurements import wait_for_turn
from .models import GrowthImport, ImportRow, Measurement
from .plausibility import Child, problems
from .rulebook import rule_on
from .values import Values

KINDS = ("error", "warning", "ok", "same")
IN_FILES = ("weight_g", "height_mm", "head_mm", "arm_mm", "vitamin_a", "breastfed", "immunisation", "remark")


@dataclass
class Checked:
    """A row with whom it is about; ``kind`` is error, warning, ok, or same: that is written down already."""

    row: FileRow
    person_id: UUID | None
    kind: str


def check_rows(village_id: int, rows: Sequence[FileRow], today: date) -> list[Checked]:
    """Who is meant, and what is wrong with each row; three queries."""
    people = _people(village_id, rows)
    there = _measured(village_id, [person.id for person in people.values()])
    beside: dict[str, list[Reading]] = defaultdict(list)
    for row in rows:
        if row.values and not row.has_errors:
            beside[row.nik].append(row.values.reading)
    seen: dict[tuple[UUID, date], int] = {}
    checked = []
    for row in rows:
        person = _person_of(row, people)
        kind = ""
        if person and row.values and not row.has_errors:
            kind = _against_register(row, row.values, person, there.get(person.id, {}), beside[row.nik], today=today)
            first = seen.setdefault((person.id, row.values.measured_on), row.row_no)
            if first != row.row_no:
                say = gettext("Anak dan tanggal ini sudah ada di baris %(n)s.", n=first)
                row.error("TANGGAL_PERIKSA", str(row.values.measured_on), say, gettext("Hapus salah satu baris."))
        kind = "error" if row.has_errors else kind or ("warning" if row.findings else "ok")
        checked.append(Checked(row, person.id if person else None, kind))
    return checked


def _people(village_id: int, rows: Sequence[FileRow]) -> Mapping[str, Person]:
    niks = {row.nik for row in rows if len(row.nik) == 16}
    found = db.session.scalars(select(Person).where(Person.village_id == village_id, Person.nik.in_(niks)))
    return {person.nik: person for person in found if person.nik}


def _measured(village_id: int, person_ids: Sequence[UUID]) -> Mapping[UUID, Mapping[date, Measurement]]:
    found: dict[UUID, dict[date, Measurement]] = {}
    mine = (Measurement.village_id == village_id, Measurement.person_id.in_(person_ids))
    for each in db.session.scalars(select(Measurement).where(*mine)):
        found.setdefault(each.person_id, {})[each.measured_on] = each
    return found


def _person_of(row: FileRow, people: Mapping[str, Person]) -> Person | None:
    """By the NIK alone; another name, or one that hardly fits, is told."""
    if not (row.nik.isascii() and row.nik.isdigit() and len(row.nik) == 16):
        fix = gettext("Isi NIK anak dari KK, 16 angka. Format kolomnya Teks, supaya tidak dibulatkan.")
        row.error("NIK", mask_nik(row.nik), gettext("NIK kosong atau bukan 16 angka."), fix)
        return None
    person = people.get(row.nik)
    if person is None:
        fix = gettext("Daftarkan anak di data warga, atau perbaiki NIK-nya.")
        row.error("NIK", mask_nik(row.nik), gettext("Tidak ada warga desa ini dengan NIK itu."), fix)
        return None
    rule = rule_on(row.values.measured_on) if row.values else rule_on(date.max)
    fits = token_sort_ratio(row.name.upper(), person.name.upper())
    if fits < rule.near:
        # The name in the file may be another child's, so it is not kept with this one's.
        say = gettext("NIK ini milik %(name)s.", name=person.name)
        row.error("NAMA_LENGKAP", "", say, gettext("Perbaiki NIK atau namanya; jangan tertukar dengan anak lain."))
    elif fits < rule.like:
        say = gettext("Di data warga tertulis %(name)s.", name=person.name)
        row.warn("NAMA_LENGKAP", row.name, say, gettext("Pastikan anaknya sama."))
    return person


def _against_register(
    row: FileRow,
    values: Values,
    person: Person,
    there: Mapping[date, Measurement],
    beside: Sequence[Reading],
    *,
    today: date,
) -> str:
    """Adds what is found to the row; "same" when exactly this is written down already.

    Args:
        beside: what the file itself says of the child.
    """
    if row.birth_date and row.birth_date != person.birth_date:
        say = gettext("Di data warga lahir %(day)s; itu yang dipakai.", day=person.birth_date.isoformat())
        row.warn("TANGGAL_LAHIR", row.birth_date.isoformat(), say, gettext("Cocokkan dengan KK atau akta."))
    if row.sex and row.sex != person.sex:
        say = gettext("Di data warga tercatat %(sex)s; itu yang dipakai.", sex=person.sex)
        row.warn("JENIS_KELAMIN", row.sex, say, gettext("Cocokkan dengan KK atau akta."))
    if person.life_status != "alive":
        say = gettext("Warga ini tercatat sudah meninggal atau pindah.")
        row.error("NIK", mask_nik(row.nik), say, gettext("Periksa data warga lebih dulu."))
    held = there.get(values.measured_on)
    if held is not None:
        if all(getattr(held, name) == getattr(values, name) for name in IN_FILES):
            return "same"
        say = gettext("Anak ini sudah punya hasil ukur lain pada tanggal itu.")
        row.error("TANGGAL_PERIKSA", values.measured_on.isoformat(), say, gettext("Ubah di halaman anak bila perlu."))
        return ""
    others = [*(each.reading for each in there.values()), *beside]
    for problem in problems(values, Child(person.sex, person.birth_date), others, today):
        tell = row.error if problem.is_error else row.warn
        tell(COLUMN_OF.get(problem.field, ""), "", problem.message, problem.fix)
    return ""


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
    there = _measured(village_id, people)
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
