"""The register as an Excel sheet, as the kecamatan asks for it."""

from collections.abc import Sequence
from datetime import datetime, time
from io import BytesIO

import xlsxwriter

from core.api import IssuedLetter, RegisterRow, gettext, mask_nik, register_page

from .services import letter_of_poverty


def rows_of_year(village_id: int, year: int) -> list[RegisterRow]:
    """All letters of a year, the first number first."""
    rows: list[RegisterRow] = []
    cursor = None
    while True:
        page, _years = register_page(village_id, year, cursor=cursor, service=letter_of_poverty.name)
        rows.extend(page.rows)
        cursor = page.next
        if cursor is None:
            return rows[::-1]


def sheet(rows: Sequence[RegisterRow], *, full_nik: bool) -> BytesIO:
    """One line a letter. Everything is written as text but the day: a NIK is no quantity, and no cell is a formula."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet(gettext("Register SKTM"))
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "d-m-yyyy"})
        for column, (title, width) in enumerate(_columns()):
            page.write_string(0, column, title, bold)
            page.set_column(column, column, width)
        for line, row in enumerate(rows, start=1):
            letter = row.letter
            nik = letter.data["person"]["nik"]
            page.write_string(line, 0, letter.reference)
            page.write_datetime(line, 1, datetime.combine(letter.issued_on, time()), day)
            page.write_string(line, 2, letter.data["person"]["name"])
            page.write_string(line, 3, nik if full_nik else mask_nik(nik))
            page.write_string(line, 4, letter.data["answers"]["purpose"])
            page.write_string(line, 5, _state(letter))
        page.freeze_panes(1, 0)
    target.seek(0)
    return target


def _columns() -> tuple[tuple[str, int], ...]:
    return (
        (gettext("Nomor"), 24),
        (gettext("Tanggal"), 12),
        (gettext("Nama"), 30),
        (gettext("NIK"), 20),
        (gettext("Keperluan"), 36),
        (gettext("Keadaan"), 16),
    )


def _state(letter: IssuedLetter) -> str:
    if letter.revoked_at:
        return gettext("dicabut")
    return gettext("ditandatangani") if letter.signed_at else gettext("menunggu")
