"""The list of cases as an Excel sheet, with names: only for whoever may take it along, and recorded."""

from io import BytesIO

from core.api import SheetColumn, SheetPage, excel_file, gettext

from .listing import CaseLine


def case_sheet(lines: list[CaseLine]) -> BytesIO:
    """One line a case."""
    titles = (
        gettext("Tiket"),
        gettext("Klaster"),
        gettext("Nama"),
        gettext("Keadaan kasus"),
        gettext("Dibuka"),
        gettext("Kunjungan terakhir"),
        gettext("Kunjungan berikutnya"),
    )
    cells = (
        (line.ticket, line.cluster, line.name, line.state, line.opened_on, line.visited_on, line.next_on)
        for line in lines
    )
    return excel_file(SheetPage("ATENSI", [SheetColumn(title, 22) for title in titles], cells))
