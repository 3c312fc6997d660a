"""Whom each row of a file is about, and what is wrong with it; nothing is written.

A child is found by the NIK alone; that the name fits is a check, never a way to find somebody.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from rapidfuzz.fuzz import token_sort_ratio
from sqlalchemy import select

from core.api import Person, db, gettext, mask_nik

from .growth import Reading
from .import_file import COLUMN_OF, FileRow
from .models import Measurement
from .plausibility import Child, problems
from .rulebook import rule_on
from .values import Values

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
    there = measured_of(village_id, [person.id for person in people.values()])
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


def measured_of(village_id: int, person_ids: Sequence[UUID]) -> Mapping[UUID, Mapping[date, Measurement]]:
    """By child and day."""
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
