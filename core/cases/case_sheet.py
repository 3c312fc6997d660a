"""A filtered list of cases as a sheet, made by a job: all of it, a few hundred rows in memory at a time."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import xlsxwriter
from flask_babel import gettext as _

from core.actor import current_actor
from core.areas.current import CurrentArea
from core.clock import today
from core.exports import Export, OnProgress, export_kind, request_export
from core.people.identity import mask_nik
from core.texts import lazy_gettext
from core.users.colleagues import colleagues

from .catalogue import find_service
from .lists import CaseFilter, CaseRow, all_cases, count_cases
from .standing import state_title

KIND = "cases"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TELL_EVERY = 200

# What decides about the list "todo".
_DECIDING = ("cases.write", "cases.decide", "letters.sign")


def request_case_list(area: CurrentArea, wanted: CaseFilter, permissions: frozenset[str]) -> Export:
    """Have a list made for the person who asks, with whole NIKs only if they may see them. The caller commits."""
    options = {
        "which": wanted.which,
        "service": wanted.service,
        "search": wanted.search,
        "permissions": sorted(permissions),
        "nik": "people.nik" in permissions,
    }
    return request_export(area, KIND, f"kasus-{area.code}-{today(area.timezone).isoformat()}.xlsx", options)


@export_kind(KIND, lazy_gettext("Daftar kasus"), SHEET)
def write_case_list(area: CurrentArea, path: Path, options: Mapping[str, Any], tell: OnProgress) -> None:
    """Written row by row to disk; every cell is a text or a date, so that nothing in it is run as a formula."""
    user_id = current_actor.get().user_id or UUID(int=0)
    wanted = CaseFilter(options["which"], options["service"], options["search"])
    permissions, day = frozenset(options["permissions"]), today(area.timezone)
    total = count_cases(area.id, user_id, day, wanted, permissions=permissions)
    names = {colleague.id: colleague.name for colleague in colleagues(area.interval)}
    headers = (
        _("Tiket"), _("Nama"), _("NIK"), _("RT"), _("RW"), _("Layanan"), _("Keadaan"), _("Langkah berikut"),
        _("Dibuka"), _("Tenggat"), _("Ditutup"), _("Pemegang"), _("Mendesak"),
    )  # fmt: skip
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet(_("Kasus"))
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(headers) - 1, 18, book.add_format({"num_format": "@"}))
        days = book.add_format({"num_format": "yyyy-mm-dd"})
        bold = book.add_format({"bold": True})
        for place, header in enumerate(headers):
            sheet.write_string(0, place, header, bold)
        rows = all_cases(area.id, user_id, day, wanted, permissions=permissions)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(_cells(row, names, area.timezone, whole_nik=options["nik"])):
                if isinstance(cell, date):
                    sheet.write_datetime(number, place, datetime(cell.year, cell.month, cell.day), days)  # noqa: DTZ001
                elif cell:
                    sheet.write_string(number, place, cell)
            if number % TELL_EVERY == 0:
                tell(number, max(total, number))


def _cells(row: CaseRow, names: Mapping[UUID, str], timezone: str, *, whole_nik: bool) -> tuple[str | date | None, ...]:
    nik = row.nik or ""
    zone = ZoneInfo(timezone)
    return (
        row.ticket,
        row.person_name,
        nik if whole_nik else mask_nik(nik),
        row.rt,
        row.rw,
        row.service_title,
        state_title(row.state, find_service(row.service)),
        row.next_step,
        row.opened_at.astimezone(zone).date(),
        row.due_on,
        row.closed_at.astimezone(zone).date() if row.closed_at else None,
        names.get(row.assigned_to, "") if row.assigned_to else "",
        _("ya") if row.urgent else "",
    )
