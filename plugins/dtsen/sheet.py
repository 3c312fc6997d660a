"""The log of SIKS-NG, families whose decile moved, and the report of a month, as Excel sheets. No cell is a formula."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from io import BytesIO

import xlsxwriter

from core.api import gettext, mask_nik

from .deciles import Moved
from .documents import place_of
from .entries import WHAT
from .models import KeyedEntry
from .report import Report

Column = tuple[str, int]
Cell = str | int | date | None


def log_sheet(entries: Sequence[KeyedEntry], *, full_nik: bool) -> BytesIO:
    """One line an entry, the latest first."""
    columns = (
        (gettext("Tanggal"), 12),
        (gettext("Nama"), 30),
        (gettext("NIK"), 20),
        (gettext("Kasus"), 14),
        (gettext("Yang dimasukkan"), 34),
        (gettext("Rincian"), 34),
        (gettext("Dimasukkan oleh"), 24),
        (gettext("Status di SIKS-NG"), 34),
        (gettext("Dilihat tanggal"), 14),
    )
    lines = (
        (
            entry.keyed_on,
            entry.person.name,
            (entry.person.nik or "") if full_nik else mask_nik(entry.person.nik),
            entry.case.ticket if entry.case else "",
            str(WHAT.get(entry.what, entry.what)),
            entry.detail,
            entry.keyed_by,
            entry.status,
            entry.status_on,
        )
        for entry in entries
    )
    return _book(gettext("Catatan SIKS-NG"), columns, lines)


def moved_sheet(moved: Sequence[Moved], *, full_nik: bool) -> BytesIO:
    """One line a family whose decile moved."""
    columns = (
        (gettext("Kepala keluarga"), 30),
        (gettext("No. KK"), 20),
        (gettext("RT/RW"), 14),
        (gettext("Desil lama"), 10),
        (gettext("Desil baru"), 10),
        (gettext("Per tanggal"), 12),
        (gettext("Sumber"), 26),
        (gettext("Kini di dalam batas"), 40),
        (gettext("Kini di luar batas"), 40),
    )
    lines = (
        (
            each.head.name if each.head else "",
            (each.move.household.kk_number or "") if full_nik else mask_nik(each.move.household.kk_number),
            place_of(each.move.household),
            each.move.old_decile,
            each.move.new_decile,
            each.move.new_on,
            each.move.new_source,
            _programmes(each.came_in),
            _programmes(each.went_out),
        )
        for each in moved
    )
    return _book(gettext("Desil berubah"), columns, lines)


def _programmes(gates: Iterable) -> str:
    return ", ".join(f"{gate.service.short_title or gate.service.title} (≤ {gate.limit})" for gate in gates)


def report_sheet(report: Report) -> BytesIO:
    """Counts of a month, and never a resident."""
    columns = ((gettext("Butir"), 60), (gettext("Jumlah"), 12))
    return _book(f"DTSEN {report.first:%m-%Y}", columns, report.lines())


def _book(title: str, columns: Sequence[Column], lines: Iterable[Sequence[Cell]]) -> BytesIO:
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet(title[:31])
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "d-m-yyyy"})
        for place, (name, width) in enumerate(columns):
            page.write_string(0, place, name, bold)
            page.set_column(place, place, width)
        page.freeze_panes(1, 0)
        for line_no, line in enumerate(lines, start=1):
            for place, cell in enumerate(line):
                if isinstance(cell, date):
                    page.write_datetime(line_no, place, datetime.combine(cell, time()), day)
                elif isinstance(cell, int):
                    page.write_number(line_no, place, cell)
                elif cell:
                    page.write_string(line_no, place, cell)
    target.seek(0)
    return target
