"""Tables as an Excel file for people: bold headings that stay in sight, days as days, and no cell a formula."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any, NamedTuple

import xlsxwriter

from core.texts import Text

SheetCell = Text | int | float | date | None
LONGEST_TITLE = 31  # of a sheet, in Excel


class SheetColumn(NamedTuple):
    """A column: what stands above it, how wide it is in characters, and whether its numbers are rupiah."""

    title: Text
    width: int
    money: bool = False


class SheetPage(NamedTuple):
    """One sheet of a file, with its lines from top to bottom.

    A cell that is a number, a day or a moment (without a time zone) is one; None is blank; all else, a NIK too, is a
    text. ``note`` stands below the lines.
    """

    title: Text
    columns: Sequence[SheetColumn]
    lines: Iterable[Sequence[SheetCell]]
    note: Text = ""


def excel_file(*pages: SheetPage) -> BytesIO:
    """An ``.xlsx`` of these sheets, made in memory: for lists of a village, not for a register of all its residents."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True})
        formats = {
            "day": book.add_format({"num_format": "d-m-yyyy"}),
            "moment": book.add_format({"num_format": "d-m-yyyy hh:mm"}),
            "money": book.add_format({"num_format": "#,##0"}),
        }
        for page in pages:
            sheet = book.add_worksheet(str(page.title)[:LONGEST_TITLE])
            for place, column in enumerate(page.columns):
                sheet.write_string(0, place, str(column.title), bold)
                sheet.set_column(place, place, column.width)
            sheet.freeze_panes(1, 0)
            row = 0
            for row, line in enumerate(page.lines, start=1):
                for place, (column, cell) in enumerate(zip(page.columns, line, strict=True)):
                    _write(sheet, (row, place), cell, formats, money=column.money)
            if page.note:
                sheet.write_string(row + 2, 0, str(page.note))
    target.seek(0)
    return target


def _write(sheet: Any, place: tuple[int, int], cell: SheetCell, formats: dict[str, Any], *, money: bool) -> None:
    if isinstance(cell, datetime):
        sheet.write_datetime(*place, cell, formats["moment"])
    elif isinstance(cell, date):
        sheet.write_datetime(*place, datetime.combine(cell, time()), formats["day"])
    elif isinstance(cell, int | float):
        sheet.write_number(*place, cell, formats["money"] if money else None)
    elif cell is not None and (text := str(cell)):
        sheet.write_string(*place, text)
