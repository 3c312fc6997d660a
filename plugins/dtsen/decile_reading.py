"""What a file of official deciles says, row by row, held against the village's families; nothing is changed.

Families are found by No. KK, else by the NIK of a member, and by nothing else. A row that is wrong is told with what to
do and left out. A decile is only ever taken over: never computed.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select

from core.api import (
    FileError,
    Household,
    Layout,
    Person,
    Text,
    cell_text,
    check_kk,
    check_nik,
    db,
    gettext,
    mask_nik,
    read_table,
    same_name,
)
from core.api import lazy_gettext as _

MOST_ROWS = 20_000
COLUMNS: Mapping[str, Text] = {
    "no_kk": _("No. KK"),
    "nik": _("NIK"),
    "nama": _("Nama"),
    "desil": _("Desil"),
}
ALIASES: Mapping[str, str] = {
    **dict.fromkeys(("kk", "nokk", "nomor_kk", "no_kartu_keluarga", "nomor_kartu_keluarga", "id_keluarga_kk"), "no_kk"),
    **dict.fromkeys(("no_nik", "nomor_nik", "no_ktp", "nik_kepala_keluarga", "nik_kk", "nik_pengurus"), "nik"),
    **dict.fromkeys(("nama_lengkap", "nama_kepala_keluarga", "kepala_keluarga", "nama_kk", "nama_pengurus"), "nama"),
    **dict.fromkeys(("desil_nasional", "desil_dtsen", "desil_kesejahteraan", "decile", "peringkat_desil"), "desil"),
}
KINDS: Mapping[str, Text] = {"error": _("tidak masuk"), "doubt": _("perlu dilihat")}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a row (``error``: it is left out) or doubtful (``doubt``). Numbers in it are masked."""

    row_no: int
    kind: str
    name: str
    message: str
    fix: str

    def store(self) -> list[object]:
        return [self.row_no, self.kind, self.name, self.message, self.fix]


@dataclass
class Checked:
    """What a file would do: a decile for each family, with the row that says so, and what was found."""

    total: int
    deciles: dict[UUID, tuple[int, int]] = field(default_factory=dict)
    old: dict[UUID, int | None] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        ways = Counter(way(self.old.get(home), decile) for home, (_row, decile) in self.deciles.items())
        kinds = Counter(finding.kind for finding in self.findings)
        return {"total": self.total, "families": len(self.deciles), **_all(ways, WAYS), **_all(kinds, tuple(KINDS))}


WAYS = ("new", "down", "up", "same")


def _all(counted: Counter[str], keys: Sequence[str]) -> dict[str, int]:
    return {key: counted[key] for key in keys}


def way(old: int | None, new: int) -> str:
    """What becomes of a family's decile: new, down, up, or same."""
    if old is None:
        return "new"
    return "same" if old == new else "down" if new < old else "up"


@dataclass(frozen=True, slots=True)
class _Line:
    row_no: int
    kk: str | None
    nik: str | None
    name: str
    decile: int


def check(village_id: int, path: Path, columns: Mapping[str, str]) -> Checked:
    """Look through a file; nothing is changed. Two queries, whatever its length.

    Args:
        columns: what the file calls a column, by ours, where it is none of the usual names.

    Raises:
        FileError: no table with a decile and with a No. KK or a NIK, no rows, or more than 20,000 of them.
    """
    table = read_table(path, _layout(columns))
    if "no_kk" not in table.columns and "nik" not in table.columns:
        raise FileError(
            gettext("Tidak ada kolom No. KK atau NIK."), gettext("Tambahkan salah satunya, atau tulis judul kolomnya.")
        )
    if len(table) > MOST_ROWS:
        raise FileError(
            gettext("Berkas ini berisi %(rows)s baris; batasnya %(limit)s.", rows=len(table), limit=MOST_ROWS),
            gettext("Bagi menjadi beberapa berkas, lalu unggah satu per satu."),
        )
    found = Checked(len(table))
    lines = [line for raw in table if (line := _read(raw.row_no, raw.cells, found))]
    _compare(village_id, lines, found)
    found.findings.sort(key=lambda finding: finding.row_no)
    return found


def _layout(columns: Mapping[str, str]) -> Layout:
    named = {header: column for column, header in columns.items() if header and column in COLUMNS}
    return Layout(tuple(COLUMNS), ("desil",), {**ALIASES, **named})


def _read(row_no: int, cells: Mapping[str, Any], found: Checked) -> _Line | None:
    name = cell_text(cells.get("nama"))[:80]
    decile = cell_text(cells.get("desil"))
    kk, nik = check_kk(_number(cells.get("no_kk"))), check_nik(_number(cells.get("nik")))
    errors = [*kk.errors, *nik.errors]
    problem = None
    if not (decile.isascii() and decile.isdigit() and 1 <= int(decile) <= 10):
        told = gettext("Desil “%(value)s” bukan angka 1 sampai 10.", value=decile[:20])
        problem = (told, gettext("Salin desil resmi dari sumbernya; kosongkan barisnya bila belum ada."))
    elif kk.value is None and nik.value is None and errors:
        problem = (str(errors[0].message), str(errors[0].fix))
    elif kk.value is None and nik.value is None:
        problem = (gettext("No. KK dan NIK kosong."), gettext("Isi salah satunya menurut KK."))
    if problem:
        found.findings.append(Finding(row_no, "error", name, *problem))
        return None
    return _Line(row_no, kk.value, nik.value, name, int(decile))


def _number(cell: Any) -> str | int | float | None:
    """As it stands in the cell: a text made of it would hide that a spreadsheet has rounded it."""
    return cell if cell is None or isinstance(cell, str | int | float) else str(cell)


class _Member(NamedTuple):
    """A resident with the family, as far as there is one, and its decile as far as it is known."""

    name: str
    household_id: UUID | None
    decile: int | None


Homes = Mapping[str | None, tuple[UUID, int | None]]
Members = Mapping[str | None, _Member]


def _compare(village_id: int, lines: Sequence[_Line], found: Checked) -> None:
    homes = _homes_with(village_id, [line.kk for line in lines if line.kk])
    members = _members_with(village_id, [line.nik for line in lines if line.nik])
    for line in lines:
        member = members.get(line.nik) if line.nik else None
        home, old = _family_of(line, homes, member)
        if home is None:
            found.findings.append(_unknown(line, member))
        elif (seen := found.deciles.get(home)) and seen[1] != line.decile:
            told = gettext("Keluarga ini sudah disebut di baris %(row)s dengan desil %(n)s.", row=seen[0], n=seen[1])
            fix = gettext("Biarkan satu baris saja untuk setiap keluarga.")
            found.findings.append(Finding(line.row_no, "error", line.name, told, fix))
        else:
            found.deciles.setdefault(home, (line.row_no, line.decile))
            found.old.setdefault(home, old)
            found.findings += _doubts(line, home, member)


def _family_of(line: _Line, homes: Homes, member: _Member | None) -> tuple[UUID | None, int | None]:
    """By the No. KK first: the family is DTSEN's unit."""
    if line.kk in homes:
        return homes[line.kk]
    return (member.household_id, member.decile) if member else (None, None)


def _doubts(line: _Line, home: UUID, member: _Member | None) -> Iterator[Finding]:
    if member is None:
        return
    if member.household_id != home:
        told = gettext("NIK di baris ini tercatat di keluarga lain; yang dipakai No. KK-nya.")
        yield Finding(
            line.row_no, "doubt", line.name, told, gettext("Cocokkan dengan KK, lalu perbaiki data warganya.")
        )
    elif line.name and not same_name(line.name, member.name):
        told = gettext("NIK ini tercatat atas nama %(stored)s, bukan %(name)s.", stored=member.name, name=line.name)
        yield Finding(line.row_no, "doubt", line.name, told, gettext("Cocokkan dengan KTP."))


def _unknown(line: _Line, member: _Member | None) -> Finding:
    if member is not None:
        told = gettext("%(name)s tercatat tanpa keluarga.", name=member.name)
        return Finding(line.row_no, "error", line.name, told, gettext("Masukkan dulu ke keluarganya di data warga."))
    if line.kk:
        told = gettext("No. KK %(kk)s tidak ada di data warga desa ini.", kk=mask_nik(line.kk))
    else:
        told = gettext("NIK %(nik)s tidak ada di data warga desa ini.", nik=mask_nik(line.nik))
    fix = gettext("Cocokkan dengan KK. Bila benar warga sini, catat dulu di data warga, lalu unggah lagi berkasnya.")
    return Finding(line.row_no, "error", line.name, told, fix)


def _homes_with(village_id: int, numbers: Sequence[str]) -> dict[str | None, tuple[UUID, int | None]]:
    rows = db.session.execute(
        select(Household.kk_number, Household.id, Household.decile).where(
            Household.village_id == village_id, Household.kk_number.in_(numbers)
        )
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _members_with(village_id: int, niks: Sequence[str]) -> dict[str | None, _Member]:
    rows = db.session.execute(
        select(Person.nik, Person.name, Person.household_id, Household.decile)
        .outerjoin(Household, (Household.village_id == Person.village_id) & (Household.id == Person.household_id))
        .where(Person.village_id == village_id, Person.nik.in_(niks))
    )
    return {row[0]: _Member(row[1], row[2], row[3]) for row in rows}
