"""The log of SIKS-NG, families whose decile moved, and the report of a month, as Excel sheets."""

from collections.abc import Iterable, Sequence
from io import BytesIO

from core.api import SheetColumn, SheetPage, excel_file, gettext, mask_nik

from .deciles import Moved
from .documents import place_of
from .entries import WHAT
from .models import KeyedEntry
from .report import Report


def log_sheet(entries: Sequence[KeyedEntry], *, full_nik: bool) -> BytesIO:
    """One line an entry, the latest first."""
    columns = (
        SheetColumn(gettext("Tanggal"), 12),
        SheetColumn(gettext("Nama"), 30),
        SheetColumn(gettext("NIK"), 20),
        SheetColumn(gettext("Kasus"), 14),
        SheetColumn(gettext("Yang dimasukkan"), 34),
        SheetColumn(gettext("Rincian"), 34),
        SheetColumn(gettext("Dimasukkan oleh"), 24),
        SheetColumn(gettext("Status di SIKS-NG"), 34),
        SheetColumn(gettext("Dilihat tanggal"), 14),
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
    return excel_file(SheetPage(gettext("Catatan SIKS-NG"), columns, lines))


def moved_sheet(moved: Sequence[Moved], *, full_nik: bool) -> BytesIO:
    """One line a family whose decile moved."""
    columns = (
        SheetColumn(gettext("Kepala keluarga"), 30),
        SheetColumn(gettext("No. KK"), 20),
        SheetColumn(gettext("RT/RW"), 14),
        SheetColumn(gettext("Desil lama"), 10),
        SheetColumn(gettext("Desil baru"), 10),
        SheetColumn(gettext("Per tanggal"), 12),
        SheetColumn(gettext("Sumber"), 26),
        SheetColumn(gettext("Kini di dalam batas"), 40),
        SheetColumn(gettext("Kini di luar batas"), 40),
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
    return excel_file(SheetPage(gettext("Desil berubah"), columns, lines))


def _programmes(gates: Iterable) -> str:
    return ", ".join(f"{gate.service.short_title or gate.service.title} (≤ {gate.limit})" for gate in gates)


def report_sheet(report: Report) -> BytesIO:
    """Counts of a month, and never a resident."""
    columns = (SheetColumn(gettext("Butir"), 60), SheetColumn(gettext("Jumlah"), 12))
    return excel_file(SheetPage(f"DTSEN {report.first:%m-%Y}", columns, report.lines()))
