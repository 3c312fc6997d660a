"""The list of cases as an Excel sheet, with names: only for whoever may take it along, and recorded."""

from io import BytesIO

import xlsxwriter

from core.api import gettext

from .listing import CaseLine


def case_sheet(lines: list[CaseLine]) -> BytesIO:
    """One line a case. No cell is a formula."""
    file = BytesIO()
    titles = [
        gettext("Tiket"),
        gettext("Klaster"),
        gettext("Nama"),
        gettext("Keadaan kasus"),
        gettext("Dibuka"),
        gettext("Kunjungan terakhir"),
        gettext("Kunjungan berikutnya"),
    ]
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        page = book.add_worksheet("ATENSI")
        page.freeze_panes(1, 0)
        page.set_column(0, len(titles) - 1, 22)
        bold = book.add_format({"bold": True})
        for column, title in enumerate(titles):
            page.write_string(0, column, title, bold)
        for row, line in enumerate(lines, start=1):
            days = (line.opened_on, line.visited_on, line.next_on)
            cells = [line.ticket, str(line.cluster), line.name, str(line.state)]
            for column, text in enumerate([*cells, *(day.isoformat() if day else "" for day in days)]):
                page.write_string(row, column, text)
    file.seek(0)
    return file
