"""Excel sheets: the figures, and the list of the inbox for a system that takes files instead of messages."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from zoneinfo import ZoneInfo

from core.api import REFERRAL_KINDS, REFERRAL_STATES, SheetCell, SheetColumn, SheetPage, Text, excel_file, gettext

from .inbox import Row
from .rates import Counts, Line, Rates
from .words import LEVELS


def rates_sheet(rates: Rates) -> BytesIO:
    """Four sheets: by month, sector, kecamatan and village, counts beside each rate."""
    pages: Sequence[tuple[Text, Sequence[Line]]] = (
        (gettext("Bulan"), rates.months),
        (gettext("Bidang"), rates.sectors),
        (gettext("Kecamatan"), rates.kecamatan),
        (gettext("Desa"), rates.villages),
    )
    note = gettext("Angka bagian dari kurang dari 5 tidak ditampilkan.")
    whole = Line(gettext("Jumlah"), rates.total)
    return excel_file(
        *(
            SheetPage(title, _columns(title), [_values(line) for line in (*lines, whole)], note)
            for title, lines in pages
        )
    )


def _columns(first: Text) -> Sequence[SheetColumn]:
    titles = (
        gettext("Kasus dibuka"),
        gettext("Kasus selesai"),
        gettext("Selesai di desa"),
        gettext("Selesai di desa, persen"),
        gettext("Rujukan dikirim"),
        gettext("Dijawab"),
        gettext("Ditolak"),
        gettext("Dikembalikan"),
        gettext("Lewat tenggat"),
        gettext("Dijawab, persen"),
        gettext("Hari sampai dijawab"),
    )
    return [SheetColumn(first, 26), SheetColumn(gettext("Kode"), 15), *(SheetColumn(title, 14) for title in titles)]


def _values(line: Line) -> Sequence[SheetCell]:
    counts: Counts = line.counts
    local, answered, days = (figure.value for figure in (counts.local_rate, counts.answer_rate, counts.days))
    return (
        line.title,
        str(line.code) if line.code else None,
        counts.opened,
        counts.closed,
        counts.local,
        None if local is None else round(local * 100, 1),
        counts.sent,
        counts.answered,
        counts.refused,
        counts.returned,
        counts.overdue,
        None if answered is None else round(answered * 100, 1),
        None if days is None else round(days, 1),
    )


def inbox_sheet(rows: Sequence[Row], names: Mapping, timezone: str) -> BytesIO:
    """One line a referral; ``names`` are the officers' by id. The resident's name is in a row only where its reader
    answers for the Dinas Sosial."""
    zone = ZoneInfo(timezone)
    lines = [
        (
            row.number,
            str(row.code),
            row.village,
            row.name,
            str(REFERRAL_KINDS.get(row.kind, row.kind)),
            row.organisation,
            str(REFERRAL_STATES[row.state].title),
            row.sent_at.astimezone(zone).replace(tzinfo=None),
            row.due_on,
            names.get(row.assigned_to, ""),
            str(LEVELS.get(row.level, "")),
        )
        for row in rows
    ]
    columns = (
        (gettext("Nomor"), 16),
        (gettext("Kode desa"), 15),
        (gettext("Desa"), 24),
        (gettext("Warga"), 28),
        (gettext("Jenis"), 40),
        (gettext("Lembaga"), 34),
        (gettext("Keadaan"), 16),
        (gettext("Dikirim"), 18),
        (gettext("Tenggat"), 14),
        (gettext("Petugas"), 24),
        (gettext("Naik ke"), 22),
    )
    return excel_file(SheetPage(gettext("Rujukan"), [SheetColumn(*column) for column in columns], lines))
