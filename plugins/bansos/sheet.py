"""A list of recipients, and the aid of a month, as Excel sheets."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO

from core.api import SheetCell, SheetColumn, SheetPage, excel_file, gettext, mask_nik

from .distributions import SOURCES
from .documents import place_of
from .goods import in_words
from .handovers import RELATIONS
from .models import AidHandover
from .recipients import Row
from .report import Line


def list_sheet(rows: Sequence[Row], *, full_nik: bool) -> BytesIO:
    """One line a recipient, by RW and RT. A NIK is text."""
    lines = (_recipient(row, full_nik=full_nik) for row in rows)
    return excel_file(SheetPage(gettext("Penerima bantuan"), _list_columns(), lines))


def report_sheet(lines: Sequence[Line], handovers: Sequence[AidHandover], month: date) -> BytesIO:
    """Two sheets: each distribution with what was fetched in the month and what is left, and the handovers."""
    return excel_file(
        SheetPage(f"{gettext('Penyaluran')} {month:%m-%Y}", _report_columns(), map(_distribution, lines)),
        SheetPage(gettext("Penyerahan"), _handover_columns(), map(_handover, handovers)),
    )


def _recipient(row: Row, *, full_nik: bool) -> Sequence[SheetCell]:
    held, nik = row.handover, row.person.nik or ""
    return (
        row.recipient.number,
        row.person.name,
        nik if full_nik or not nik else mask_nik(nik),
        place_of(row.person.household),
        _standing(row),
        *((held.handed_on, held.received_by, _relation(held), held.handed_by) if held else (None,) * 4),
    )


def _distribution(line: Line) -> Sequence[SheetCell]:
    aid = line.distribution
    return (
        aid.reference,
        aid.title,
        SOURCES.get(aid.source, aid.source),
        aid.period,
        in_words(aid.goods, aid.amount),
        aid.last_day,
        line.tally.people,
        line.in_month,
        line.tally.waiting,
        line.rupiah,
        aid.returned_to,
        gettext("ditutup") if aid.closed_at else gettext("terbuka"),
    )


def _handover(held: AidHandover) -> Sequence[SheetCell]:
    recipient = held.recipient
    return (
        held.handed_on,
        recipient.distribution.reference,
        recipient.person.name,
        held.received_by,
        _relation(held),
        held.reason,
        held.handed_by,
        held.undone_reason,
    )


def _relation(held: AidHandover) -> str:
    return str(RELATIONS.get(held.relation, held.relation))


def _standing(row: Row) -> str:
    if row.recipient.struck_on:
        return gettext("dicoret: %(reason)s", reason=row.recipient.struck_reason)
    return gettext("sudah mengambil") if row.recipient.fetched else gettext("belum mengambil")


def _list_columns() -> tuple[SheetColumn, ...]:
    return (
        SheetColumn(gettext("Nomor"), 8),
        SheetColumn(gettext("Nama"), 30),
        SheetColumn(gettext("NIK"), 20),
        SheetColumn(gettext("RT/RW"), 14),
        SheetColumn(gettext("Keadaan"), 24),
        SheetColumn(gettext("Tanggal"), 12),
        SheetColumn(gettext("Diterima oleh"), 26),
        SheetColumn(gettext("Sebagai"), 22),
        SheetColumn(gettext("Diserahkan oleh"), 24),
    )


def _report_columns() -> tuple[SheetColumn, ...]:
    return (
        SheetColumn(gettext("Nomor"), 10),
        SheetColumn(gettext("Bantuan"), 30),
        SheetColumn(gettext("Dari"), 26),
        SheetColumn(gettext("Masa"), 22),
        SheetColumn(gettext("Isi"), 36),
        SheetColumn(gettext("Batas"), 12),
        SheetColumn(gettext("Penerima bantuan"), 10),
        SheetColumn(gettext("Diserahkan bulan ini"), 18),
        SheetColumn(gettext("Belum mengambil"), 16),
        SheetColumn(gettext("Rupiah bulan ini"), 18, money=True),
        SheetColumn(gettext("Sisa dikembalikan kepada"), 26),
        SheetColumn(gettext("Keadaan"), 12),
    )


def _handover_columns() -> tuple[SheetColumn, ...]:
    return (
        SheetColumn(gettext("Tanggal"), 12),
        SheetColumn(gettext("Penyaluran"), 12),
        SheetColumn(gettext("Penerima bantuan"), 30),
        SheetColumn(gettext("Diterima oleh"), 26),
        SheetColumn(gettext("Sebagai"), 22),
        SheetColumn(gettext("Alasan"), 30),
        SheetColumn(gettext("Diserahkan oleh"), 24),
        SheetColumn(gettext("Pembatalan"), 30),
    )
