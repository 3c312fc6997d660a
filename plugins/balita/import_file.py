"""A CSV file of measurements, as Posyandu applications write it, turned into rows: values, and what is wrong with them.

Core's import of residents is not offered to plugins, so this is the plugin's own, smaller reader of the same kind.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.api import gettext

from .models import LINE
from .plausibility import NAMES, UNITS
from .values import NOTHING, Values, in_units, read_day

HEADER = (
    "NIK,NAMA_LENGKAP,TANGGAL_LAHIR,JENIS_KELAMIN,TANGGAL_PERIKSA,BERAT_BADAN,TINGGI_BADAN,LINGKAR_KEPALA,LINGKAR_LENGAN,"
    "VITAMIN_A,ASI_EKSKLUSIF,IMUNISASI,KETERANGAN"
).split(",")
NEEDED = ("NIK", "NAMA_LENGKAP", "TANGGAL_PERIKSA")
COLUMN_OF = {
    "weight_g": "BERAT_BADAN",
    "height_mm": "TINGGI_BADAN",
    "head_mm": "LINGKAR_KEPALA",
    "arm_mm": "LINGKAR_LENGAN",
    "measured_on": "TANGGAL_PERIKSA",
}
MAX_BYTES, MAX_ROWS = 2_000_000, 5_000
_YES, _NO = ("ya", "y", "yes", "1", "v", "sudah"), ("tidak", "t", "no", "n", "0", "belum")
_VITAMINS = {"biru": "blue", "merah": "red", "kapsul biru": "blue", "kapsul merah": "red"}
_SEXES = {"l": "L", "laki-laki": "L", "1": "L", "p": "P", "perempuan": "P", "2": "P"}
# What stands around a number that a spreadsheet must not round: quotation marks, blanks, invisible characters.
_AROUND_DIGITS = re.compile(r"[^\dA-Za-z]")


class FileRefused(Exception):
    """The file as a whole cannot be read: why, and what to do."""


@dataclass(frozen=True)
class Finding:
    """An error or a warning of one row. A NIK in ``value`` is masked."""

    is_error: bool
    column: str
    value: str
    message: str
    fix: str


@dataclass
class FileRow:
    """``values`` is None when the row has no usable day. Nobody was looked for yet."""

    row_no: int
    nik: str
    name: str
    birth_date: date | None
    sex: str
    values: Values | None
    findings: list[Finding] = field(default_factory=list)

    @property
    def has_errors(self) -> bool:
        return any(finding.is_error for finding in self.findings)

    def error(self, column: str, value: str, message: str, fix: str) -> None:
        self.findings.append(Finding(True, column, value[:60], message, fix))

    def warn(self, column: str, value: str, message: str, fix: str) -> None:
        self.findings.append(Finding(False, column, value[:60], message, fix))


def read_file(raw: bytes) -> list[FileRow]:
    """All rows but blank ones, numbered as a spreadsheet numbers them.

    Raises:
        FileRefused: too large, not a CSV, without the columns that are needed, or without rows.
    """
    if len(raw) > MAX_BYTES:
        raise FileRefused(gettext("Berkas lebih dari 2 MB. Bagi menjadi beberapa berkas."))
    lines = list(_table(_decode(raw)))
    columns = [name.strip().upper().replace(" ", "_") for name in lines[0]] if lines else []
    if missing := [name for name in NEEDED if name not in columns]:
        told = {"columns": ", ".join(missing)}
        raise FileRefused(gettext("Kolom %(columns)s tidak ada. Baris pertama harus berisi nama kolom.", **told))
    rows = [
        _row(row_no, dict(zip(columns, cells, strict=False)))
        for row_no, cells in enumerate(lines[1:], start=2)
        if any(cell.strip() for cell in cells)
    ]
    if not rows:
        raise FileRefused(gettext("Berkas ini tidak berisi baris. Isi paling sedikit satu hasil ukur."))
    if len(rows) > MAX_ROWS:
        raise FileRefused(gettext("Lebih dari %(n)s baris. Bagi menjadi beberapa berkas.", n=MAX_ROWS))
    return rows


def _decode(raw: bytes) -> str:
    encodings = ("utf-16",) if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text and not text.startswith("PK\x03\x04"):
            return text
    raise FileRefused(gettext("Berkas ini bukan CSV. Di Excel atau LibreOffice pilih Simpan Sebagai (Save As) .csv."))


def _table(text: str) -> Iterator[list[str]]:
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise FileRefused(gettext("Berkas CSV ini rusak. Simpan ulang dari lembar kerjanya.")) from error


def _row(row_no: int, cells: Mapping[str, str]) -> FileRow:
    def text(column: str) -> str:
        found = (cells.get(column) or "").strip().strip("'").strip()
        return "" if found in NOTHING else found

    row = FileRow(row_no, _AROUND_DIGITS.sub("", text("NIK")), text("NAMA_LENGKAP")[:120], None, "", None)
    row.sex = _SEXES.get(text("JENIS_KELAMIN").lower(), "")
    day = _day(row, "TANGGAL_PERIKSA", text("TANGGAL_PERIKSA"), needed=True)
    row.birth_date = _day(row, "TANGGAL_LAHIR", text("TANGGAL_LAHIR"), needed=False)
    figures = {name: _figure(row, name, text(COLUMN_OF[name])) for name in UNITS}
    said: dict[str, Any] = {
        "vitamin_a": _vitamin(row, text("VITAMIN_A")),
        "breastfed": _yes_or_no(row, "ASI_EKSKLUSIF", text("ASI_EKSKLUSIF")),
        "immunisation": text("IMUNISASI")[:LINE],
        "remark": text("KETERANGAN")[:LINE],
    }
    row.values = Values(day, **figures, **said) if day else None
    return row


def _day(row: FileRow, column: str, text: str, *, needed: bool) -> date | None:
    fix = gettext("Tulis seperti 2026-11-05 atau 05/11/2026.")
    try:
        found = read_day(text)
    except (ValueError, OverflowError):
        (row.error if needed else row.warn)(column, text, gettext("Bukan tanggal."), fix)
        return None
    if found is None and needed:
        row.error(column, text, gettext("Tanggal pemeriksaan kosong."), fix)
    return found


def _figure(row: FileRow, name: str, text: str) -> int | None:
    units, unit = UNITS[name]
    try:
        return in_units(text, units)
    except ValueError:
        said = gettext("%(what)s bukan angka.", what=NAMES[name])
        row.error(COLUMN_OF[name], text, said, gettext("Tulis angka saja dalam %(unit)s, misalnya 9,5.", unit=unit))
        return None


def _vitamin(row: FileRow, text: str) -> str:
    low = text.lower()
    return _VITAMINS.get(low) or {"yes": "given"}.get(_yes_or_no(row, "VITAMIN_A", text), "")


def _yes_or_no(row: FileRow, column: str, text: str) -> str:
    low = text.lower()
    if not low or low in _YES or low in _NO:
        return "yes" if low in _YES else "no" if low in _NO else ""
    row.warn(column, text, gettext("Isian ini tidak dikenal, jadi dikosongkan."), gettext("Tulis YA atau TIDAK."))
    return ""
