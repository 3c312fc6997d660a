"""A decree's families and payments as an Excel sheet, for the kecamatan's report and the village's own."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from uuid import UUID

from core.api import SheetCell, SheetColumn, SheetPage, address_of, excel_file, gettext, mask_nik, month_name

from .documents import RECEIVED_AS
from .models import Decree, Payment
from .payments import Line


def sheet(decree: Decree, lines: Sequence[Line], payments: Sequence[Payment], *, full_nik: bool) -> BytesIO:
    """Two sheets: families by month, and payments one by one. A NIK is text."""
    names = {line.recipient.id: line.recipient.case.person.name for line in lines}
    return excel_file(
        SheetPage(
            gettext("Keluarga"),
            _family_columns(decree),
            (_family(decree, line, full_nik=full_nik) for line in lines),
        ),
        SheetPage(gettext("Pembayaran"), _payment_columns(), (_payment(payment, names) for payment in payments)),
    )


def _family_columns(decree: Decree) -> Sequence[SheetColumn]:
    return (
        SheetColumn(gettext("Peringkat"), 10),
        SheetColumn(gettext("Nama"), 30),
        SheetColumn(gettext("NIK"), 20),
        SheetColumn(gettext("Alamat"), 36),
        *(SheetColumn(month_name(month, short=True), 10) for month in decree.months),
        SheetColumn(gettext("Jumlah"), 14, money=True),
        SheetColumn(gettext("Keterangan"), 30),
    )


def _family(decree: Decree, line: Line, *, full_nik: bool) -> Sequence[SheetCell]:
    case = line.recipient.case
    nik = case.person.nik or ""
    return (
        line.recipient.rank,
        case.person.name,
        nik if full_nik or not nik else mask_nik(nik),
        address_of(case),
        *(_cell(line, month) for month in decree.months),
        line.total,
        line.recipient.left_note if line.gone else "",
    )


def _cell(line: Line, month: int) -> str:
    if month in line.paid:
        return gettext("dibayar")
    return gettext("belum") if month in line.unpaid else "–"


def _payment_columns() -> Sequence[SheetColumn]:
    return (
        SheetColumn(gettext("Tanggal"), 12),
        SheetColumn(gettext("Nama"), 30),
        SheetColumn(gettext("Bulan"), 30),
        SheetColumn(gettext("Jumlah"), 14, money=True),
        SheetColumn(gettext("Diserahkan oleh"), 24),
        SheetColumn(gettext("Diterima oleh"), 24),
        SheetColumn(gettext("Sebagai"), 18),
        SheetColumn(gettext("Alasan"), 36),
        SheetColumn(gettext("Pembatalan"), 36),
    )


def _payment(payment: Payment, names: Mapping[UUID, str]) -> Sequence[SheetCell]:
    return (
        payment.paid_on,
        names.get(payment.recipient_id, "–"),
        ", ".join(month_name(paid.month) for paid in payment.months),
        payment.amount,
        payment.handed_by,
        payment.received_by,
        RECEIVED_AS.get(payment.received_as, payment.received_as),
        payment.reason,
        payment.reversed_reason,
    )
