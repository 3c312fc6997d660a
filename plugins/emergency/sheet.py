"""The response times and the register of a year as an Excel sheet, without anybody's name, place or condition."""

from collections.abc import Sequence
from io import BytesIO
from zoneinfo import ZoneInfo

from core.api import SheetCell, SheetColumn, SheetPage, excel_file, gettext, month_name

from .models import Escort
from .report import MEASURED, Speed, YearReport
from .words import JKN, STATES, TIMES, TRANSPORT, WITHOUT_CASE


def year_sheet(report: YearReport, escorts: Sequence[Escort], timezone: str) -> BytesIO:
    """Two sheets: times by month, where enough escorts have them, and one line an escort."""
    months = [(month_name(month), speed) for month, speed in report.months.items()]
    times = [_time_values(title, speed) for title, speed in (*months, (gettext("Setahun"), report.total))]
    register = [_register_values(escort, ZoneInfo(timezone)) for escort in escorts]
    return excel_file(
        SheetPage(gettext("Waktu tanggap"), _time_columns(), times),
        SheetPage(gettext("Pendampingan"), _register_columns(), register),
    )


def _time_values(title: str, speed: Speed) -> Sequence[SheetCell]:
    spreads = [
        value
        for spread in speed.spreads.values()
        for value in (spread.n, *(None if part is None else round(part) for part in (spread.median, spread.p90)))
    ]
    return (title, speed.calls, speed.cancelled, *spreads, speed.waiting, speed.late)


def _time_columns() -> Sequence[SheetColumn]:
    measured = [
        SheetColumn(f"{TIMES[name]}: {what}", 22)
        for name in MEASURED
        for what in (gettext("jumlah"), "median", gettext("p90"))
    ]
    return [
        SheetColumn(gettext("Bulan"), 14),
        SheetColumn(gettext("Panggilan"), 10),
        SheetColumn(gettext("Dibatalkan"), 10),
        *measured,
        SheetColumn(gettext("Menunggu kasus susulan"), 22),
        SheetColumn(gettext("Terlambat"), 10),
    ]


def _register_values(escort: Escort, zone: ZoneInfo) -> Sequence[SheetCell]:
    moments = [getattr(escort, f"{key}_at") for key in TIMES]
    outcome = {"pending": gettext("belum"), "case": gettext("kasus dibuka")}.get(
        escort.follow_up, str(WITHOUT_CASE.get(escort.follow_up_why, ""))
    )
    return (
        escort.reference,
        str(STATES.get(escort.state, escort.state)),
        *(moment.astimezone(zone).replace(tzinfo=None) if moment else None for moment in moments),
        str(TRANSPORT.get(escort.transport, "")),
        str(JKN.get(escort.jkn, escort.jkn)),
        outcome,
    )


def _register_columns() -> Sequence[SheetColumn]:
    return [
        SheetColumn(gettext("Nomor"), 14),
        SheetColumn(gettext("Keadaan"), 18),
        *(SheetColumn(title, 18) for title in TIMES.values()),
        SheetColumn(gettext("Kendaraan"), 26),
        SheetColumn(gettext("JKN"), 14),
        SheetColumn(gettext("Tindak lanjut"), 40),
    ]
