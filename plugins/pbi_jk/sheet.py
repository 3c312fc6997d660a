"""Everybody on the lists as an Excel sheet, as the Dinas Sosial asks for it, and the call list for paper."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

from core.api import SheetColumn, SheetPage, Workflow, excel_file, gettext, mask_nik

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
    """One line a person. A NIK is text."""
    rows = (_row(line, workflow, full_nik=full_nik) for line in lines)
    return excel_file(SheetPage(gettext("PBI nonaktif"), _columns(), rows))


def _row(line: Line, workflow: Workflow, *, full_nik: bool) -> tuple[str | date | None, ...]:
    return (
        line.name,
        line.nik if full_nik else mask_nik(line.nik),
        line.card_number,
        place_of(line),
        match_of(line),
        str(RESULTS[line.result]) if line.result in RESULTS else gettext("belum dihubungi"),
        line.case.ticket if line.case else "",
        state_of(line, workflow),
        line.inactive_since,
        line.called_at.date() if line.called_at else None,
        line.next_call,
    )


def _columns() -> tuple[SheetColumn, ...]:
    return (
        SheetColumn(gettext("Nama"), 30),
        SheetColumn(gettext("NIK"), 20),
        SheetColumn(gettext("Nomor kartu BPJS"), 18),
        SheetColumn(gettext("Alamat"), 30),
        SheetColumn(gettext("Pencocokan"), 24),
        SheetColumn(gettext("Hasil"), 36),
        SheetColumn(gettext("Kasus"), 16),
        SheetColumn(gettext("Keadaan kasus"), 30),
        SheetColumn(gettext("Nonaktif sejak"), 14),
        SheetColumn(gettext("Dihubungi"), 14),
        SheetColumn(gettext("Hubungi lagi pada"), 16),
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
