"""Entries as a sheet, for reading elsewhere; each with its hash, so that a line can be held against the chain later."""

from typing import IO

import xlsxwriter
from flask_babel import gettext as _

from core.database.session import Interval
from core.web.formats import moment

from .chain import canonical_json
from .models import AuditEntry
from .reading import AuditFilter, EntryRow, newest_entries

MOST_ROWS = 10_000


def write_entries(file: IO[bytes], area: Interval, wanted: AuditFilter) -> int:
    """Write the newest entries that the filter finds, at most 10,000, and answer with how many; row by row to disk."""
    headers = (
        _("Waktu"), _("Wilayah"), _("Nama wilayah"), _("Nomor"), _("Pelaku"), _("Perbuatan"), _("Kode perbuatan"),
        _("Jenis objek"), _("Objek"), _("Rincian"), _("Alamat"), _("Kode halaman"), _("Hash"),
    )  # fmt: skip
    count = 0
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Audit")
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(headers) - 1, 18, workbook.add_format({"num_format": "@"}))
        bold = workbook.add_format({"bold": True})
        for place, header in enumerate(headers):
            sheet.write_string(0, place, header, bold)
        for count, row in enumerate(newest_entries(area, wanted, MOST_ROWS), start=1):
            for place, cell in enumerate(_cells(row)):
                sheet.write_string(count, place, cell)
    file.seek(0)
    return count


def _about(entry: AuditEntry) -> tuple[str, str, str, str]:
    detail = canonical_json(entry.detail) if entry.detail else ""
    return entry.action, entry.object_type, entry.object_id, detail


def _cells(row: EntryRow) -> tuple[str, ...]:
    entry = row.entry
    about = ("", "", "", "") if row.hidden else _about(entry)
    return (
        moment(entry.at),
        row.area.code if row.area else "",
        row.area.title if row.area else "",
        str(entry.seq),
        entry.user_name,
        row.words,
        *about,
        entry.address or "",
        entry.request_id or "",
        entry.hash.hex(),
    )
