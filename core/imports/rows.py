"""The rows of a file as its kind reads them, and what is found in them."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _

from core.people.identity import check_nik, mask_nik

from .sheet_files import Cell
from .sheets import RawRow, SheetRows

OnProgress = Callable[[int, int], None]
"""Told ``(done, total)`` rows now and then."""

PROGRESS_EVERY = 1_000
LEVELS = ("error", "warning", "same")
LONGEST = 80
_NIK = re.compile(r"(?<!\d)\d{16}(?!\d)")


@dataclass(frozen=True, slots=True)
class Finding:
    """``level``: "error", and the row is left out; "warning"; "same" for what is there already. NIKs are masked."""

    row_no: int
    level: str
    column: str
    value: str
    message: str
    fix: str

    @property
    def is_error(self) -> bool:
        return self.level == "error"


@dataclass
class Findings:
    """What a check tells. ``figures`` are counts by the keys that the kind has titles for."""

    items: list[Finding] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    left_out: set[int] = field(default_factory=set)
    """The numbers of the rows with errors."""
    there: set[int] = field(default_factory=set)
    """The numbers of the rows that are saved already."""

    def error(self, row: RawRow, column: str, message: str, fix: str, *, value: str | None = None) -> None:
        """The row is left out. ``value`` stands in for what the file says there."""
        self.tell(row.row_no, "error", column, _value(row, column) if value is None else value, message, fix)

    def warn(self, row: RawRow, column: str, message: str, fix: str, *, value: str | None = None) -> None:
        """The row is saved all the same."""
        self.tell(row.row_no, "warning", column, _value(row, column) if value is None else value, message, fix)

    def same(self, row: RawRow, column: str, message: str, fix: str, *, value: str | None = None) -> None:
        """The row says what is known already, and is passed over."""
        self.tell(row.row_no, "same", column, _value(row, column) if value is None else value, message, fix)

    def tell(self, row_no: int, level: str, column: str, value: str, message: str, fix: str) -> None:  # noqa: PLR0917
        """As above, with the number of a row."""
        if level != "warning":
            (self.left_out if level == "error" else self.there).add(row_no)
        value, message, fix = value[:LONGEST], str(message), str(fix)
        self.items.append(Finding(row_no, level, column, masked(value), masked(message), masked(fix)))

    def has_error(self, row: RawRow) -> bool:
        """Whether a row is left out."""
        return row.row_no in self.left_out

    @property
    def errors(self) -> list[Finding]:
        """What is wrong with the rows that are left out."""
        return [finding for finding in self.items if finding.level == "error"]

    @property
    def warnings(self) -> list[Finding]:
        """What somebody should look at."""
        return [finding for finding in self.items if finding.level == "warning"]

    def counts(self, total: int) -> dict[str, int]:
        """``ready`` rows would be saved."""
        there = len(self.there - self.left_out)
        return {
            "ready": total - len(self.left_out) - there,
            "same": there,
            "left_out": len(self.left_out),
            "errors": len(self.errors),
            "warnings": len(self.warnings),
        }

    def digest(self, total: int) -> str:
        """What the file would do, in short: another one means that something has changed since."""
        kinds = [total, sorted(self.left_out), sorted(self.there), sorted(self.figures.items())]
        return hashlib.sha256(json.dumps(kinds).encode()).hexdigest()


class FileRows:
    """The rows of a file, each with its cells by the keys of the kind's columns. Going through them tells progress."""

    def __init__(self, sheet: SheetRows, on_progress: OnProgress) -> None:
        self.sheet, self._on_progress = sheet, on_progress

    def __len__(self) -> int:
        return len(self.sheet)

    def __iter__(self) -> Iterator[RawRow]:
        total = len(self.sheet)
        for done, row in enumerate(self.sheet, start=1):
            yield row
            if done % PROGRESS_EVERY == 0 or done == total:
                self._on_progress(done, total)


def read_nik(row: RawRow, found: Findings, column: str = "nik", *, today: date | None = None) -> str | None:
    """The sixteen digits that a row has there. None where there are none, which is told as an error."""
    cell = row.cells.get(column)
    checked = check_nik(cell if cell is None or isinstance(cell, str | int | float) else str(cell), today=today)
    for problem in checked.errors:
        found.error(row, column, problem.message, problem.fix)
    if checked.value is None and not checked.errors:
        found.error(
            row, column, _("NIK kosong; orangnya dikenali dari NIK saja."), _("Isi NIK-nya menurut KTP atau KK.")
        )
    return checked.value


def masked(text: str) -> str:
    """Without any whole NIK or No. KK: findings are downloaded and passed on."""
    return _NIK.sub(lambda found: mask_nik(found[0]), text)


def _value(row: RawRow, column: str) -> str:
    cell: Cell = row.cells.get(column)
    return "" if cell is None else str(cell).lstrip("'")
