"""The register of a year as an Excel sheet: nobody's name, number or address is in it."""

from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO

import xlsxwriter

from core.api import gettext

from .models import Complaint
from .words import ABOUT, CHANNELS, KINDS, OUTCOMES, RATINGS, STATES, sector_title


def sheet(rows: Sequence[Complaint], today: date) -> BytesIO:
    """One line a complaint, without what was said: free text names people. No cell is a formula."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet(gettext("Keluhan"))
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "d-m-yyyy"})
        for column, (title, width) in enumerate(_columns()):
            page.write_string(0, column, title, bold)
            page.set_column(column, column, width)
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate(_values(row, today)):
                if isinstance(value, date):
                    page.write_datetime(line, column, datetime.combine(value, time()), day)
                elif isinstance(value, int):
                    page.write_number(line, column, value)
                else:
                    page.write_string(line, column, value)
        page.freeze_panes(1, 0)
    target.seek(0)
    return target


def _values(row: Complaint, today: date) -> tuple[str | int | date, ...]:
    yes, no = gettext("ya"), gettext("tidak")
    return (
        row.ticket,
        row.received_on,
        str(CHANNELS.get(row.channel, row.channel)),
        str(sector_title(row.sector)),
        str(KINDS.get(row.kind, row.kind)),
        str(ABOUT.get(row.about, row.about)),
        gettext("anonim") if row.anonymous else gettext("rahasia") if row.confidential else gettext("terbuka"),
        row.first_answer_on or "",
        row.due_on,
        row.answered_on or "",
        yes if row.late_on(today) else no,
        str(STATES["closed"] if row.state == "answered" and row.closed_on(today) else STATES.get(row.state, row.state)),
        str(OUTCOMES.get(row.outcome, row.outcome)),
        str(RATINGS.get(row.rating, row.rating)),
        row.reopened,
    )


def _columns() -> tuple[tuple[str, int], ...]:
    return (
        (gettext("Nomor"), 14),
        (gettext("Diterima"), 12),
        (gettext("Saluran"), 24),
        (gettext("Bidang"), 24),
        (gettext("Jenis"), 28),
        (gettext("Tentang"), 36),
        (gettext("Pelapor"), 10),
        (gettext("Jawaban pertama"), 16),
        (gettext("Tenggat"), 12),
        (gettext("Selesai"), 12),
        (gettext("Terlambat"), 10),
        (gettext("Keadaan"), 14),
        (gettext("Hasil"), 32),
        (gettext("Penilaian pelapor"), 20),
        (gettext("Dibuka lagi"), 12),
    )
