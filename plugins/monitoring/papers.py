"""The report as a sheet and as a paper, made of the same tables as its page."""

from io import BytesIO
from zoneinfo import ZoneInfo

from core.api import Area, SheetColumn, SheetPage, excel_file, gettext, in_indonesian, long_date, render_paper

from .models import MonitoringReport
from .report_content import Table, tables
from .reports import title_of


@in_indonesian()
def report_sheet(area: Area, report: MonitoringReport) -> BytesIO:
    """One sheet for each table: the figures as they are shown, and as numbers to compute with."""
    pages = [_page(number, table) for number, table in enumerate(tables(report.content), start=1)]
    about = SheetPage(
        gettext("Laporan"),
        (SheetColumn(gettext("Keterangan"), 30), SheetColumn(gettext("Isi"), 60)),
        _about(area, report),
    )
    return excel_file(about, *pages)


def _page(number: int, table: Table) -> SheetPage:
    title = f"{number} {''.join(' ' if sign in '[]:*?/' + chr(92) else sign for sign in table.title)}"
    head = [SheetColumn(each, 40 if place == 0 else 24) for place, each in enumerate(table.head)]
    if len(table.head) == 2:
        lines = [(*line, values[1]) for line, values in zip(table.lines, table.values, strict=True)]
        return SheetPage(title, [*head, SheetColumn(gettext("Nilai"), 14)], lines, table.note)
    return SheetPage(title, head, table.values, table.note)


@in_indonesian()
def report_paper(area: Area, report: MonitoringReport) -> bytes:
    """PDF."""
    values = {
        "about": [{"title": title, "text": text} for title, text in _about(area, report)],
        "tables": [
            {
                "title": table.title,
                "note": table.note,
                "head": list(table.head),
                "lines": [list(line) for line in table.lines],
            }
            for table in tables(report.content)
        ],
    }
    return render_paper(area, "monitoring/report.typ", title_of(report), values)


def _about(area: Area, report: MonitoringReport) -> list[tuple[str, str]]:
    zone = ZoneInfo(area.timezone)
    lines = [
        (gettext("Laporan"), title_of(report)),
        (gettext("Desa"), f"{area.title} ({area.code})"),
        (gettext("Disusun"), long_date(report.made_at.astimezone(zone).date())),
    ]
    if report.sent_at:
        sent = long_date(report.sent_at.astimezone(zone).date())
        lines.append((gettext("Dikirim"), f"{sent}, {report.sender_name}" if report.sender_name else sent))
    else:
        lines.append((gettext("Keadaan"), gettext("Belum dikirim; angkanya masih dapat berubah")))
    if report.reason:
        lines.append((gettext("Alasan perubahan"), report.reason))
    return lines
