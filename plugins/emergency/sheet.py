"""The response times and the register of a year as an Excel sheet, without anybody's name, place or condition."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import xlsxwriter

from core.api import gettext, month_name

from .models import Escort
from .report import MEASURED, Speed, YearReport
from .words import JKN, STATES, TIMES, TRANSPORT, WITHOUT_CASE

Column = tuple[str, int]


def year_sheet(report: YearReport, escorts: Sequence[Escort], timezone: str) -> BytesIO:
    """Two sheets: times by month, where enough escorts have them, and one line an escort. No cell is a formula."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "remove_timezone": True}) as book:
        times = _page(book, gettext("Waktu tanggap"), _time_columns())
        lines = [(month_name(month), speed) for month, speed in report.months.items()]
        for place, (title, speed) in enumerate([*lines, (gettext("Setahun"), report.total)], start=1):
            _row(times, place, _time_values(title, speed), {})
        register = _page(book, gettext("Pendampingan"), _register_columns())
        styles = {datetime: book.add_format({"num_format": "d-m-yyyy hh:mm"})}
        for place, escort in enumerate(escorts, start=1):
            _row(register, place, _register_values(escort, ZoneInfo(timezone)), styles)
    target.seek(0)
    return target


def _page(book: Any, title: str, columns: Sequence[Column]) -> Any:
    page = book.add_worksheet(title)
    bold = book.add_format({"bold": True})
    for place, (heading, width) in enumerate(columns):
        page.write_string(0, place, heading, bold)
        page.set_column(place, place, width)
    page.freeze_panes(1, 0)
    return page


def _row(page: Any, line: int, values: Sequence[Any], styles: Mapping[type, Any]) -> None:
    for place, value in enumerate(values):
        if isinstance(value, datetime):
            page.write_datetime(line, place, value, styles[datetime])
        elif isinstance(value, int | float):
            page.write_number(line, place, value)
        elif value is not None:
            page.write_string(line, place, str(value))


def _time_values(title: str, speed: Speed) -> Sequence[Any]:
    spreads = [
        value
        for spread in speed.spreads.values()
        for value in (spread.n, *(None if part is None else round(part) for part in (spread.median, spread.p90)))
    ]
    return (title, speed.calls, speed.cancelled, *spreads, speed.waiting, speed.late)


def _time_columns() -> Sequence[Column]:
    measured = [
        (f"{TIMES[name]}: {what}", 22) for name in MEASURED for what in (gettext("jumlah"), "median", gettext("p90"))
    ]
    return [
        (gettext("Bulan"), 14),
        (gettext("Panggilan"), 10),
        (gettext("Dibatalkan"), 10),
        *measured,
        (gettext("Menunggu kasus susulan"), 22),
        (gettext("Terlambat"), 10),
    ]


def _register_values(escort: Escort, zone: ZoneInfo) -> Sequence[Any]:
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


def _register_columns() -> Sequence[Column]:
    return [
        (gettext("Nomor"), 14),
        (gettext("Keadaan"), 18),
        *((str(title), 18) for title in TIMES.values()),
        (gettext("Kendaraan"), 26),
        (gettext("JKN"), 14),
        (gettext("Tindak lanjut"), 40),
    ]
