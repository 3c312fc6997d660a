"""The register of a year as an Excel sheet: nobody's name, number or address is in it."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO

from core.api import SheetColumn, SheetPage, excel_file, gettext

from .models import Complaint
from .words import ABOUT, CHANNELS, KINDS, OUTCOMES, RATINGS, STATES, sector_title


def sheet(rows: Sequence[Complaint], today: date) -> BytesIO:
    """One line a complaint, without what was said: free text names people."""
    return excel_file(SheetPage(gettext("Keluhan"), _columns(), (_values(row, today) for row in rows)))


def _values(row: Complaint, today: date) -> tuple[str | int | date | None, ...]:
    yes, no = gettext("ya"), gettext("tidak")
    return (
        row.ticket,
        row.received_on,
        str(CHANNELS.get(row.channel, row.channel)),
        str(sector_title(row.sector)),
        str(KINDS.get(row.kind, row.kind)),
        str(ABOUT.get(row.about, row.about)),
        gettext("anonim") if row.anonymous else gettext("rahasia") if row.confidential else gettext("terbuka"),
        row.first_answer_on,
        row.due_on,
        row.answered_on,
        yes if row.late_on(today) else no,
        str(STATES["closed"] if row.state == "answered" and row.closed_on(today) else STATES.get(row.state, row.state)),
        str(OUTCOMES.get(row.outcome, row.outcome)),
        str(RATINGS.get(row.rating, row.rating)),
        row.reopened,
    )


def _columns() -> tuple[SheetColumn, ...]:
    return (
        SheetColumn(gettext("Nomor"), 14),
        SheetColumn(gettext("Diterima"), 12),
        SheetColumn(gettext("Saluran"), 24),
        SheetColumn(gettext("Bidang"), 24),
        SheetColumn(gettext("Jenis"), 28),
        SheetColumn(gettext("Tentang"), 36),
        SheetColumn(gettext("Pelapor"), 10),
        SheetColumn(gettext("Jawaban pertama"), 16),
        SheetColumn(gettext("Tenggat"), 12),
        SheetColumn(gettext("Selesai"), 12),
        SheetColumn(gettext("Terlambat"), 10),
        SheetColumn(gettext("Keadaan"), 14),
        SheetColumn(gettext("Hasil"), 32),
        SheetColumn(gettext("Penilaian pelapor"), 20),
        SheetColumn(gettext("Dibuka lagi"), 12),
    )
