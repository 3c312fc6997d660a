"""The register as an Excel sheet, as the kecamatan asks for it."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO

from core.api import IssuedLetter, RegisterRow, SheetColumn, SheetPage, excel_file, gettext, mask_nik, register_page

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
    """One line a letter; a NIK is no quantity."""
    columns = (
        SheetColumn(gettext("Nomor"), 24),
        SheetColumn(gettext("Tanggal"), 12),
        SheetColumn(gettext("Nama"), 30),
        SheetColumn(gettext("NIK"), 20),
        SheetColumn(gettext("Keperluan"), 36),
        SheetColumn(gettext("Keadaan"), 16),
    )
    lines = (_line(row.letter, full_nik=full_nik) for row in rows)
    return excel_file(SheetPage(gettext("Register SKTM"), columns, lines))


def _line(letter: IssuedLetter, *, full_nik: bool) -> tuple[str | date, ...]:
    person = letter.data["person"]
    return (
        letter.reference,
        letter.issued_on,
        person["name"],
        person["nik"] if full_nik else mask_nik(person["nik"]),
        letter.data["answers"]["purpose"],
        _state(letter),
    )


def _state(letter: IssuedLetter) -> str:
    if letter.revoked_at:
        return gettext("dicabut")
    return gettext("ditandatangani") if letter.signed_at else gettext("menunggu")
