"""A month of field work as an Excel sheet: counts, and no resident."""

from collections.abc import Mapping
from datetime import date
from io import BytesIO

from core.api import SheetColumn, SheetPage, excel_file, gettext, month_name

from .report import Work


def month_sheet(month: date, by_name: Mapping[str, Work], total: Work) -> BytesIO:
    lines = [
        (name, work.visits, work.findings, work.prechecks, work.due, work.on_time)
        for name, work in (*by_name.items(), (gettext("Seluruhnya"), total))
    ]
    columns = [
        SheetColumn(gettext("Kader"), 30),
        SheetColumn(gettext("Kunjungan"), 12),
        SheetColumn(gettext("Temuan"), 12),
        SheetColumn(gettext("Pemeriksaan berkas"), 20),
        SheetColumn(gettext("Temuan yang perlu dijawab"), 26),
        SheetColumn(gettext("Dijawab tepat waktu"), 20),
    ]
    return excel_file(SheetPage(f"{month_name(month.month)} {month.year}", columns, lines))
