"""A list of recipients, and the aid of a month, as Excel sheets."""

from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import xlsxwriter

from core.api import gettext, mask_nik

from .distributions import SOURCES
from .documents import place_of
from .goods import in_words
from .handovers import RELATIONS
from .models import AidHandover
from .recipients import Row
from .report import Line

Column = tuple[str, int]


def list_sheet(rows: Sequence[Row], *, full_nik: bool) -> BytesIO:
    """One line a recipient, by RW and RT. A NIK is text, and no cell is a formula."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page, day = _page(book, gettext("Penerima bantuan"), _list_columns())
        for line, row in enumerate(rows, start=1):
            held, nik = row.handover, row.person.nik or ""
            page.write_number(line, 0, row.recipient.number)
            texts = (row.person.name, nik if full_nik or not nik else mask_nik(nik), place_of(row.person.household))
            _texts(page, line, 1, texts)
            page.write_string(line, 4, _standing(row))
            if held:
                page.write_datetime(line, 5, datetime.combine(held.handed_on, time()), day)
                _texts(page, line, 6, (held.received_by, _relation(held), held.handed_by))
    target.seek(0)
    return target


def report_sheet(lines: Sequence[Line], handovers: Sequence[AidHandover], month: date) -> BytesIO:
    """Two sheets: each distribution with what was fetched in the month and what is left, and the handovers."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page, day = _page(book, f"{gettext('Penyaluran')} {month:%m-%Y}", _report_columns())
        for place, line in enumerate(lines, start=1):
            aid = line.distribution
            source = str(SOURCES.get(aid.source, aid.source))
            _texts(page, place, 0, (aid.reference, aid.title, source, aid.period, in_words(aid.goods, aid.amount)))
            page.write_datetime(place, 5, datetime.combine(aid.last_day, time()), day)
            for column, number in enumerate(
                (line.tally.people, line.in_month, line.tally.waiting, line.rupiah), start=6
            ):
                page.write_number(place, column, number)
            _texts(page, place, 10, (aid.returned_to, gettext("ditutup") if aid.closed_at else gettext("terbuka")))
        page, day = _page(book, gettext("Penyerahan"), _handover_columns())
        for place, held in enumerate(handovers, start=1):
            page.write_datetime(place, 0, datetime.combine(held.handed_on, time()), day)
            recipient = held.recipient
            texts = (recipient.distribution.reference, recipient.person.name, held.received_by, _relation(held))
            _texts(page, place, 1, (*texts, held.reason, held.handed_by, held.undone_reason))
    target.seek(0)
    return target


def _page(book: Any, title: str, columns: Sequence[Column]) -> tuple[Any, Any]:
    page = book.add_worksheet(title[:31])
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "d-m-yyyy"})
    for place, (name, width) in enumerate(columns):
        page.write_string(0, place, name, bold)
        page.set_column(place, place, width)
    page.freeze_panes(1, 0)
    return page, day


def _texts(page: Any, line: int, first: int, texts: Sequence[str]) -> None:
    for column, text in enumerate(texts, start=first):
        page.write_string(line, column, text)


def _relation(held: AidHandover) -> str:
    return str(RELATIONS.get(held.relation, held.relation))


def _standing(row: Row) -> str:
    if row.recipient.struck_on:
        return gettext("dicoret: %(reason)s", reason=row.recipient.struck_reason)
    return gettext("sudah mengambil") if row.recipient.fetched else gettext("belum mengambil")


def _list_columns() -> tuple[Column, ...]:
    return (
        (gettext("Nomor"), 8),
        (gettext("Nama"), 30),
        (gettext("NIK"), 20),
        (gettext("RT/RW"), 14),
        (gettext("Keadaan"), 24),
        (gettext("Tanggal"), 12),
        (gettext("Diterima oleh"), 26),
        (gettext("Sebagai"), 22),
        (gettext("Diserahkan oleh"), 24),
    )


def _report_columns() -> tuple[Column, ...]:
    return (
        (gettext("Nomor"), 10),
        (gettext("Bantuan"), 30),
        (gettext("Dari"), 26),
        (gettext("Masa"), 22),
        (gettext("Isi"), 36),
        (gettext("Batas"), 12),
        (gettext("Penerima bantuan"), 10),
        (gettext("Diserahkan bulan ini"), 18),
        (gettext("Belum mengambil"), 16),
        (gettext("Rupiah bulan ini"), 18),
        (gettext("Sisa dikembalikan kepada"), 26),
        (gettext("Keadaan"), 12),
    )


def _handover_columns() -> tuple[Column, ...]:
    return (
        (gettext("Tanggal"), 12),
        (gettext("Penyaluran"), 12),
        (gettext("Penerima bantuan"), 30),
        (gettext("Diterima oleh"), 26),
        (gettext("Sebagai"), 22),
        (gettext("Alasan"), 30),
        (gettext("Diserahkan oleh"), 24),
        (gettext("Pembatalan"), 30),
    )
