"""Spreadsheet files as tables of cells, safely, and tables as files that keep every number a text.

``.xlsx`` and ``.csv`` are told apart by their content, not by their name.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineError, SheetTypeEnum, load_workbook

from core.texts import lazy_gettext as _

Cell = str | int | float | bool | date | datetime | time | timedelta | None
Table = Sequence[Sequence[Cell]]

MAX_UNPACKED_BYTES = 300_000_000  # 50,000 rows of 43 columns take about 130 MB of XML
MAX_CSV_BYTES = 60_000_000
HEADER_SEARCH_ROWS = 20
MAX_COLUMNS = 300


class FileError(Exception):
    """The file as a whole cannot be used: why, and what to do about it."""

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(message, fix)
        self.message = message
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.message} {self.fix}"


def read_tables(path: Path, header_score: Callable[[Sequence[Cell]], int]) -> dict[str, Table]:
    """Every sheet of a workbook by its name, or the one table of a CSV file as "", from its first row and column on.

    ``header_score`` says how much a row looks like the header; a CSV's delimiter (comma, semicolon or tab) is the one
    that makes the best header.

    Raises:
        FileError: unreadable, locked by a password, too large, or of another format.
    """
    with path.open("rb") as file:
        start = file.read(4)
    tables = _workbook_tables(path) if start == b"PK\x03\x04" else {"": _csv_table(path, header_score)}
    if (widest := max((len(row) for table in tables.values() for row in table), default=0)) > MAX_COLUMNS:
        raise FileError(
            _("Berkas ini berisi %(columns)s kolom; batasnya %(limit)s.", columns=widest, limit=MAX_COLUMNS),
            _("Salin kolom yang diperlukan saja ke berkas baru, simpan, lalu unggah lagi."),
        )
    return tables


def write_table(path: Path, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Writes ``.xlsx`` or ``.csv`` by the path's suffix; every cell is a text.

    Raises:
        ValueError: another suffix.
    """
    writers = {".xlsx": _write_workbook, ".csv": _write_csv}
    if path.suffix not in writers:
        raise ValueError(f"{path.name}: a table is written as .xlsx or .csv")
    writers[path.suffix](path, headers, rows)


def _wrong_format() -> FileError:
    return FileError(
        _("Berkas ini bukan lembar kerja .xlsx atau .csv yang dapat dibaca."),
        _("Buka di Excel atau LibreOffice, pilih Simpan Sebagai (Save As) .xlsx, lalu unggah lagi."),
    )


def _workbook_tables(path: Path) -> dict[str, Table]:
    _refuse_unsafe(path)
    try:
        with path.open("rb") as file:
            workbook = load_workbook(file)
            names = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
            return {name: workbook.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names}
    except (CalamineError, ValueError) as error:
        raise _wrong_format() from error


# A filled cell in row 100,000 or beyond, or right of column CZ. (A pattern that starts with a letter is searched fast.)
_FAR_CELL = re.compile(
    rb"""r(?<=\sr)\s*=\s*["'](?:[A-Za-z]*\d{6,}|(?:[A-Za-z]{3,}|[D-Zd-z][A-Za-z])\d+)["'][^>]*[^/]>"""
)


def _refuse_unsafe(path: Path) -> None:
    """Refuses what would exhaust the memory.

    calamine allots the whole rectangle up to the farthest filled cell: a tiny file with one cell at XFD1048576 asks for
    550 GB and ends the process, which no ``except`` can stop.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "xl/workbook.xml" not in names or names & {"content.xml", "xl/workbook.bin"}:
                raise _wrong_format()
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise FileError(_("Isi berkas ini terlalu besar."), _("Bagi menjadi beberapa berkas."))
            if any(_has_far_cell(archive, name) for name in names - {"xl/sharedStrings.xml"}):
                raise FileError(
                    _("Lembar ini berisi sel yang sangat jauh dari tabelnya."),
                    _("Salin tabelnya saja ke berkas baru, simpan sebagai .xlsx, lalu unggah lagi."),
                )
    except (zipfile.BadZipFile, RuntimeError, OSError) as error:  # RuntimeError: encrypted, or packed in another way
        raise _wrong_format() from error


def _has_far_cell(archive: zipfile.ZipFile, name: str) -> bool:
    tail = b""
    with archive.open(name) as part:
        while chunk := part.read(1 << 20):
            if _FAR_CELL.search(tail + chunk):
                return True
            tail = chunk[-200:]
    return False


def _csv_table(path: Path, header_score: Callable[[Sequence[Cell]], int]) -> Table:
    if path.stat().st_size > MAX_CSV_BYTES:
        raise FileError(_("Berkas ini terlalu besar."), _("Bagi menjadi beberapa berkas."))
    raw = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in raw:
        raise FileError(
            _("Berkas ini dikunci dengan kata sandi."), _("Buka, hapus kata sandinya, simpan, lalu unggah lagi.")
        )
    text = _decode(raw)
    head = text[:50_000].splitlines()[:HEADER_SEARCH_ROWS]
    try:
        delimiter = max(",;\t", key=lambda d: max(map(header_score, csv.reader(head, delimiter=d)), default=0))
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise _wrong_format() from error


def _decode(raw: bytes) -> str:
    # Excel saves "Unicode text" as UTF-16, "CSV UTF-8" with a mark, and "CSV" in the machine's own code page.
    encodings = ("utf-16",) if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise _wrong_format()


def _write_workbook(path: Path, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with xlsxwriter.Workbook(str(path)) as workbook:
        # A fixed day, so that a sample made again from the same residents is the same file.
        workbook.set_properties({"created": datetime(2026, 1, 1, tzinfo=UTC)})
        sheet = workbook.add_worksheet("Data")
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(headers) - 1, 18, workbook.add_format({"num_format": "@"}))
        bold = workbook.add_format({"bold": True, "num_format": "@"})
        for place, header in enumerate(headers):
            sheet.write_string(0, place, header, bold)
        for row_no, row in enumerate(rows, start=1):
            for place, text in enumerate(row):
                if text:
                    sheet.write_string(row_no, place, text)


def _write_csv(path: Path, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(headers)
        writer.writerows([_csv_cell(text) for text in row] for row in rows)


# A long number, which a spreadsheet rounds, or a formula, which it runs; but not a coordinate such as -6.56.
_NEEDS_MARK = re.compile(r"\d{12,}|(?!-?\d+(?:\.\d+)?$)[=+\-@\t\r].*", re.DOTALL)


def _csv_cell(text: str) -> str:
    """Marks what must stay a text with the spreadsheets' own sign, an apostrophe. Our reader takes it off again."""
    return f"'{text}" if _NEEDS_MARK.fullmatch(text) else text
