"""A decree's families and payments as an Excel sheet, for the kecamatan's report and the village's own."""

from collections.abc import Sequence
from datetime import datetime, time
from io import BytesIO
from typing import Any

import xlsxwriter

from core.api import address_of, gettext, mask_nik, month_name

from .documents import RECEIVED_AS
from .models import Decree, Payment
from .payments import Line


def sheet(decree: Decree, lines: Sequence[Line], payments: Sequence[Payment], *, full_nik: bool) -> BytesIO:
    """Two sheets: families by month, and payments one by one. A NIK is text, and no cell is a formula."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "d-m-yyyy"})
        money = book.add_format({"num_format": "#,##0"})
        _families(book.add_worksheet(gettext("Keluarga")), decree, lines, bold, money, full_nik=full_nik)
        names = {line.recipient.id: line.recipient.case.person.name for line in lines}
        _payments(book.add_worksheet(gettext("Pembayaran")), payments, names, (bold, day, money))
    target.seek(0)
    return target


def _heads(page: Any, columns: Sequence[tuple[str, int]], bold: Any) -> None:
    for column, (title, width) in enumerate(columns):
        page.write_string(0, column, title, bold)
        page.set_column(column, column, width)
    page.freeze_panes(1, 0)


def _families(page: Any, decree: Decree, lines: Sequence[Line], bold: Any, money: Any, *, full_nik: bool) -> None:
    months = [(month_name(month, short=True), 10) for month in decree.months]
    _heads(
        page,
        (
            (gettext("Peringkat"), 10),
            (gettext("Nama"), 30),
            (gettext("NIK"), 20),
            (gettext("Alamat"), 36),
            *months,
            (gettext("Jumlah"), 14),
            (gettext("Keterangan"), 30),
        ),
        bold,
    )
    for row, line in enumerate(lines, start=1):
        case = line.recipient.case
        nik = case.person.nik or ""
        page.write_number(row, 0, line.recipient.rank)
        page.write_string(row, 1, case.person.name)
        page.write_string(row, 2, nik if full_nik or not nik else mask_nik(nik))
        page.write_string(row, 3, address_of(case))
        for column, month in enumerate(decree.months, start=4):
            page.write_string(row, column, _cell(line, month))
        page.write_number(row, 4 + len(months), line.total, money)
        page.write_string(row, 5 + len(months), line.recipient.left_note if line.gone else "")


def _cell(line: Line, month: int) -> str:
    if month in line.paid:
        return gettext("dibayar")
    return gettext("belum") if month in line.unpaid else "–"


def _payments(page: Any, payments: Sequence[Payment], names: dict, formats: tuple[Any, Any, Any]) -> None:
    bold, day, money = formats
    columns = (
        (gettext("Tanggal"), 12),
        (gettext("Nama"), 30),
        (gettext("Bulan"), 30),
        (gettext("Jumlah"), 14),
        (gettext("Diserahkan oleh"), 24),
        (gettext("Diterima oleh"), 24),
        (gettext("Sebagai"), 18),
        (gettext("Alasan"), 36),
        (gettext("Pembatalan"), 36),
    )
    _heads(page, columns, bold)
    for row, payment in enumerate(payments, start=1):
        page.write_datetime(row, 0, datetime.combine(payment.paid_on, time()), day)
        page.write_string(row, 1, names.get(payment.recipient_id, "–"))
        page.write_string(row, 2, ", ".join(month_name(paid.month) for paid in payment.months))
        page.write_number(row, 3, payment.amount, money)
        page.write_string(row, 4, payment.handed_by)
        page.write_string(row, 5, payment.received_by)
        page.write_string(row, 6, RECEIVED_AS.get(payment.received_as, payment.received_as))
        page.write_string(row, 7, payment.reason)
        page.write_string(row, 8, payment.reversed_reason)
