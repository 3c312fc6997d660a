"""The list of KPM as an Excel sheet, as pendamping and kecamatan ask for it."""

from collections.abc import Sequence
from datetime import datetime, time
from io import BytesIO

import xlsxwriter

from core.api import gettext, mask_nik

from .components import COMPONENTS
from .documents import address_of
from .listing import Row


def sheet(rows: Sequence[Row], *, full_nik: bool) -> BytesIO:
    """One line a family. A NIK is text, and no cell is a formula."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet(gettext("KPM PKH"))
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "d-m-yyyy"})
        money = book.add_format({"num_format": "#,##0"})
        for column, (title, width) in enumerate(_columns()):
            page.write_string(0, column, title, bold)
            page.set_column(column, column, width)
        for line, row in enumerate(rows, start=1):
            payee, nik = row.family.payee, row.family.payee.nik or ""
            page.write_string(line, 0, payee.name)
            page.write_string(line, 1, nik if full_nik or not nik else mask_nik(nik))
            page.write_string(line, 2, address_of(row.family.household))
            page.write_string(line, 3, row.family.participant)
            page.write_datetime(line, 4, datetime.combine(row.family.since, time()), day)
            page.write_string(line, 5, _components(row))
            page.write_number(line, 6, row.expected.total if row.expected else 0, money)
            page.write_number(line, 7, row.due)
            page.write_number(line, 8, row.unmet)
        page.freeze_panes(1, 0)
    target.seek(0)
    return target


def _components(row: Row) -> str:
    return "; ".join(
        f"{line.claim.name}: {COMPONENTS[line.claim.component]}"
        for line in (row.expected.counted if row.expected else ())
    )


def _columns() -> tuple[tuple[str, int], ...]:
    return (
        (gettext("Pengurus"), 30),
        (gettext("NIK"), 20),
        (gettext("Alamat"), 36),
        (gettext("Nomor peserta"), 18),
        (gettext("KPM sejak"), 12),
        (gettext("Komponen"), 60),
        (gettext("Perkiraan tahap ini"), 18),
        (gettext("Belum diverifikasi"), 18),
        (gettext("Tidak terpenuhi"), 16),
    )
