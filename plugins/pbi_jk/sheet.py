"""Everybody on the lists as an Excel sheet, as the Dinas Sosial asks for it, and the call list for paper."""

from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import xlsxwriter

from core.api import Workflow, gettext, mask_nik

from .calls import RESULTS
from .listing import SHOWN
from .models import Line


def place_of(line: Line) -> str:
    """Where to go: the household's RT and RW, else what the file says."""
    household = line.person.household if line.person else None
    return f"RT {household.rt}/RW {household.rw}" if household and household.rt else line.address


def state_of(line: Line, workflow: Workflow) -> str:
    if line.case is None:
        return ""
    return str(next((state.title for state in workflow.states if state.key == line.case.state), line.case.state))


def match_of(line: Line) -> str:
    if line.person_id is None:
        return gettext("tidak ditemukan di desa ini")
    return gettext("nama berbeda") if line.doubtful else gettext("cocok")


def sheet(lines: Sequence[Line], workflow: Workflow, *, full_nik: bool) -> BytesIO:
    """One line a person. A NIK is text, and no cell is a formula."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet(gettext("PBI nonaktif"))
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "d-m-yyyy"})
        for column, (title, width) in enumerate(_columns()):
            page.write_string(0, column, title, bold)
            page.set_column(column, column, width)
        for number, line in enumerate(lines, start=1):
            texts = (
                line.name,
                line.nik if full_nik else mask_nik(line.nik),
                line.card_number,
                place_of(line),
                match_of(line),
                str(RESULTS[line.result]) if line.result in RESULTS else gettext("belum dihubungi"),
                line.case.ticket if line.case else "",
                state_of(line, workflow),
            )
            for column, text in enumerate(texts):
                page.write_string(number, column, text)
            for column, moment in ((8, line.inactive_since), (9, line.called_at), (10, line.next_call)):
                if moment:
                    page.write_datetime(number, column, _midnight(moment), day)
        page.freeze_panes(1, 0)
    target.seek(0)
    return target


def _midnight(moment: date | datetime) -> datetime:
    return datetime.combine(moment.date() if isinstance(moment, datetime) else moment, time())


def _columns() -> tuple[tuple[str, int], ...]:
    return (
        (gettext("Nama"), 30),
        (gettext("NIK"), 20),
        (gettext("Nomor kartu BPJS"), 18),
        (gettext("Alamat"), 30),
        (gettext("Pencocokan"), 24),
        (gettext("Hasil"), 36),
        (gettext("Kasus"), 16),
        (gettext("Keadaan kasus"), 30),
        (gettext("Nonaktif sejak"), 14),
        (gettext("Dihubungi"), 14),
        (gettext("Hubungi lagi pada"), 16),
    )


def paper_values(lines: Sequence[Line], show: str) -> dict[str, Any]:
    """What stands on the printed list: no NIK in full, and room for the result."""
    return {
        "what": str(SHOWN[show]),
        "lines": [
            [
                str(number),
                line.name,
                mask_nik(line.nik),
                place_of(line) or "–",
                (line.person.phone if line.person else "") or "–",
                str(RESULTS.get(line.result, "")),
            ]
            for number, line in enumerate(lines, start=1)
        ],
    }
