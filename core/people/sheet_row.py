"""One row of a spreadsheet while it is being read: what its cells say, and what is wrong with them."""

from collections.abc import Callable
from dataclasses import dataclass

from core.imports.sheet_files import Cell
from core.imports.sheets import cell_text
from core.texts import lazy_gettext as _

from .identity import Finding, Number
from .opensid_codes import Codes, V


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong, or doubtful, in one cell: the template's column, what stands there, why, and what to do."""

    column: str
    value: str
    message: str
    fix: str


class Row:
    """The cells of one row by column, and the findings about them so far.

    ``error`` makes the row unusable, ``warn`` does not. ``keep`` warns too, and saves what the cell says in ``extra``:
    it fits no field, but must not be lost.
    """

    __slots__ = ("cells", "errors", "extra", "warnings")

    def __init__(self, cells: dict[str, Cell]) -> None:
        self.cells = cells
        self.errors: list[RowError] = []
        self.warnings: list[RowError] = []
        self.extra: dict[str, str] = {}

    def cell(self, column: str) -> Cell:
        """What stands there; blank where the file has no such column."""
        return self.cells.get(column, "")

    def text(self, column: str) -> str:
        cell = self.cells.get(column)
        return cell_text(cell) if cell else ""

    def number(self, column: str) -> Number:
        """For NIK and No. KK: a number cell stays one, so that its rounding can be seen."""
        cell = self.cell(column)
        return cell if cell is None or isinstance(cell, str | int | float) else str(cell)

    def error(self, column: str, message: str, fix: str) -> None:
        self.errors.append(RowError(column, str(self.cell(column))[:80], message, fix))

    def warn(self, column: str, message: str, fix: str) -> None:
        self.warnings.append(RowError(column, str(self.cell(column))[:80], message, fix))

    def keep(self, column: str, message: str, fix: str) -> None:
        self.warn(column, message, fix)
        self.extra[column] = self.text(column)

    def words(self, column: str, known: Codes[str]) -> str:
        """The registry's words for a code or a spelling; with a warning the file's own, where the list has none."""
        text = self._coded_text(column)
        value = known.find(text) if text else ""
        if value is None:
            self.warn(column, *_unknown_code(column))
            return text
        return value

    def code(self, column: str, known: Codes[V]) -> V | None:
        """The value of a code or a spelling; None, with a warning and the text kept, where the list has none."""
        text = self._coded_text(column)
        value = known.find(text) if text else None
        if text and value is None:
            self.keep(column, *_unknown_code(column))
        return value

    def _coded_text(self, column: str) -> str:
        text = self.text(column)
        return "" if text == "0" else text


def _unknown_code(column: str) -> tuple[str, str]:
    return (
        _("Isi kolom %(column)s tidak ada di daftar kodenya.", column=column),
        _("Baris tetap dipakai dan tulisannya disimpan apa adanya; perbaiki bila keliru."),
    )


def report(tell: Callable[[str, str, str], None], column: str, findings: list[Finding]) -> None:
    for finding in findings:
        tell(column, finding.message, finding.fix)
