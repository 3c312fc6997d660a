"""Which row of a spreadsheet is the header, which column is which, and what a cell says.

Knows nothing of residents: a :class:`Layout` names the columns.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path

from core.texts import lazy_gettext as _

from .sheet_files import HEADER_SEARCH_ROWS, Cell, FileError, Table, read_tables

MAX_ROWS = 50_000


@dataclass(frozen=True)
class Layout:
    """The columns of one kind of file, those it cannot do without, and other names that headers have for them."""

    columns: tuple[str, ...]
    required: tuple[str, ...]
    aliases: Mapping[str, str] = field(default_factory=dict)

    def column_of(self, header: Cell) -> str | None:
        """``No KK``, ``NO_KK`` and ``no-kk`` are all ``no_kk``."""
        return self._by_key.get(_header_key(header)) if isinstance(header, str) else None

    def matches(self, row: Sequence[Cell]) -> int:
        """How many of the columns this row names."""
        return len({self.column_of(cell) for cell in row} - {None})

    @cached_property
    def _by_key(self) -> dict[str, str]:
        names = {**self.aliases, **{column: column for column in self.columns}}
        return {_header_key(name): column for name, column in names.items()}


def _header_key(header: str) -> str:
    return "".join(c for c in header.lower() if c.isalnum())


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as it stands in the file, by column; ``row_no`` is the number that the spreadsheet shows beside it."""

    row_no: int
    cells: dict[str, Cell]

    def text(self, column: str) -> str:
        """What stands in a column, as :func:`cell_text` reads it; blank where the file has no such column."""
        cell = self.cells.get(column)
        return cell_text(cell) if cell else ""


@dataclass(frozen=True)
class SheetRows:
    """The rows below the header that are not blank; ``notes`` tell what was left out of the file as a whole.

    ``columns`` names the layout's column of each place, and is blank for a place that is not used.
    """

    columns: list[str]
    numbered: list[tuple[int, Sequence[Cell]]]
    notes: list[str]

    def __len__(self) -> int:
        return len(self.numbered)

    def __iter__(self) -> Iterator[RawRow]:
        for row_no, row in self.numbered:
            # A CSV row may be shorter than its header, or longer by blanks.
            cells = dict(zip(self.columns, row, strict=False))
            cells.pop("", None)
            yield RawRow(row_no, cells)

    def column(self, name: str) -> Iterator[Cell]:
        """What stands in a column of the layout, row by row; nothing for a row that ends before it."""
        i = self.columns.index(name)
        return (row[i] for _row_no, row in self.numbered if i < len(row))


def read_table(path: Path, layout: Layout) -> SheetRows:
    """Reads the sheet whose header, within its first 20 rows, names the most of the layout's columns.

    Raises:
        FileError: unreadable, locked by a password, of another format, without a header or a required column,
            without rows, or with more than 50,000.
    """
    table, header_at = max(
        ((table, _header_index(table, layout)) for table in _filled(read_tables(path, layout.matches)).values()),
        key=lambda it: layout.matches(it[0][it[1]]),
    )
    columns, notes = _columns_of(table[header_at], layout)
    return SheetRows(columns, _numbered(table, header_at, MAX_ROWS), notes)


def _filled(tables: Mapping[str, Table]) -> dict[str, Table]:
    filled = {name: table for name, table in tables.items() if any(table)}
    if not filled:
        raise FileError(_("Berkas ini kosong."), _("Pilih berkas yang berisi judul kolom dan datanya."))
    return filled


def _numbered(table: Table, header_at: int, most: int) -> list[tuple[int, Sequence[Cell]]]:
    numbered = list(_rows_below(table, header_at))
    if not numbered:
        raise FileError(_("Tidak ada baris data di bawah judul kolom."), _("Isi datanya, simpan, lalu unggah lagi."))
    if len(numbered) > most:
        raise FileError(
            _("Berkas ini berisi %(rows)s baris; batasnya %(limit)s.", rows=len(numbered), limit=most),
            _("Bagi menjadi beberapa berkas, misalnya satu berkas per dusun."),
        )
    return numbered


@dataclass(frozen=True)
class TableHead:
    """The likely header of a sheet, with what stands in the first rows below it, for who says which column is which.

    ``guess`` is what the layout makes of it: the header of each column that it recognizes.
    """

    headers: list[str]
    samples: list[list[str]]
    guess: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file: its head, and the table from which the rows below it are read."""

    name: str
    head: TableHead
    table: Table
    header_at: int

    def rows(self, columns: Mapping[str, str], most: int = MAX_ROWS) -> SheetRows:
        """The rows below the header. ``columns`` is the header of each of the layout's columns; blank for none.

        Raises:
            FileError: no rows, or more than ``most``.
        """
        keys = {header: column for column, header in columns.items() if header}
        named = [cell_text(cell)[:60] for cell in self.table[self.header_at]]
        places = [keys.get(name, "") if named.index(name) == place else "" for place, name in enumerate(named)]
        numbered = _numbered(self.table, self.header_at, most)
        return SheetRows(
            places, numbered, _not_used([n for n, key in zip(named, places, strict=True) if n and not key])
        )


def read_sheets(path: Path, layout: Layout) -> list[Sheet]:
    """The sheets of a file of which it is not known how its columns are called, the likeliest one first.

    The header is the row within the first 20 that names the most of the layout's columns, else the one with the most
    different texts. Headers are unique and not blank: a second one of the same name cannot be chosen.

    Raises:
        FileError: unreadable, locked by a password, of another format, of more than 300 columns, or empty.
    """
    tables = _filled(read_tables(path, lambda row: _likeness(row, layout)))
    found = [_sheet(name, table, layout) for name, table in tables.items()]
    return sorted(found, key=lambda sheet: _likeness(sheet.table[sheet.header_at], layout), reverse=True)


def _sheet(name: str, table: Table, layout: Layout) -> Sheet:
    first = table[:HEADER_SEARCH_ROWS]
    at = max(range(len(first)), key=lambda i: _likeness(first[i], layout))
    named = [(cell_text(cell)[:60], place) for place, cell in enumerate(table[at])]
    places = {name: place for name, place in reversed(named) if name}
    headers = sorted(places, key=lambda header: places[header])
    below = [row for _row_no, row in islice(_rows_below(table, at), 3)]
    samples = [[cell_text(row[places[h]])[:40] if places[h] < len(row) else "" for h in headers] for row in below]
    guess: dict[str, str] = {}
    for header in headers:
        if column := layout.column_of(header):
            guess.setdefault(column, header)
    return Sheet(name, TableHead(headers, samples, guess), table, at)


def _likeness(row: Sequence[Cell], layout: Layout) -> int:
    """How much a row looks like the header: what it names counts before how many texts it has."""
    texts = {cell for cell in row if isinstance(cell, str) and not any(c.isdigit() for c in cell) and cell_text(cell)}
    return layout.matches(row) * 1000 + len(texts)


def _header_index(table: Table, layout: Layout) -> int:
    first = table[:HEADER_SEARCH_ROWS]
    return max(range(len(first)), key=lambda i: layout.matches(first[i]))


def _columns_of(header: Sequence[Cell], layout: Layout) -> tuple[list[str], list[str]]:
    columns: list[str] = []
    ignored: list[str] = []
    for cell in header:
        column = layout.column_of(cell)
        columns.append("" if column is None or column in columns else column)
        if not columns[-1] and cell_text(cell):
            ignored.append(cell_text(cell)[:40])
    missing = [column for column in layout.required if column not in columns]
    if missing:
        raise FileError(
            _("Kolom wajib tidak ditemukan: %(columns)s.", columns=", ".join(missing)),
            _("Tambahkan judul kolom itu, atau pindahkan datanya ke templat yang dapat diunduh."),
        )
    return columns, _not_used(ignored)


def _not_used(headers: Sequence[str]) -> list[str]:
    return [_("Kolom ini tidak dipakai: %(columns)s.", columns=", ".join(h[:40] for h in headers))] if headers else []


def _rows_below(table: Table, header_at: int) -> Iterator[tuple[int, Sequence[Cell]]]:
    for i in range(header_at + 1, len(table)):
        row = table[i]
        if "###" in row[:2]:  # OpenSID's mark of the end
            return
        if any(cell and cell_text(cell) for cell in row):
            yield i + 1, row


def cell_text(cell: Cell) -> str:
    """What a cell says, without what cannot be seen; blank for ``-`` and the like. 3.0 is ``3``."""
    text = cell if type(cell) is str else _plain_text(cell)
    if not text.isprintable():
        # Files from elsewhere carry zero-width characters, no-break spaces and line breaks, and PostgreSQL refuses NUL.
        text = "".join(c if c.isprintable() else " " if c.isspace() else "" for c in text)
    text = text.strip()
    if "  " in text:
        text = " ".join(text.split())
    if text[:1] == "'":  # the spreadsheets' sign for "this is a text"
        text = text.lstrip("' ")
    return "" if text[:1] == "-" and not text.strip("-") else text


def _plain_text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return f"{cell:.0f}"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return str(cell)


_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T][\d:.]+)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[ T][\d:.]+)?")
_NO_DATE = re.compile(r"[0\-/. :T]*")  # blank, 0, and the databases' 0000-00-00
_EXCEL_DAY_ZERO = date(1899, 12, 30)


def cell_date(cell: Cell) -> date | None:
    """A date cell, a spreadsheet's serial number, ``dd/mm/yyyy``, ``dd-mm-yyyy`` or ``yyyy-mm-dd``; None when blank.

    Raises:
        ValueError: anything else, such as a bare year or a year of two digits.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return _date_from_text(cell_text(cell))


@lru_cache(maxsize=65_536)
def _date_from_text(text: str) -> date | None:
    if _NO_DATE.fullmatch(text):
        return None
    if match := _YEAR_FIRST.fullmatch(text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := _DAY_FIRST.fullmatch(text):
        return date(int(match[3]), int(match[2]), int(match[1]))
    # Days counted from 1900. Below 2101 it is far more often a bare year than a day before October 1905.
    if re.fullmatch(r"\d{4,5}(\.\d+)?", text) and float(text) > 2100:
        return _EXCEL_DAY_ZERO + timedelta(days=int(float(text)))
    raise ValueError(f"{text!r} is not a date")
