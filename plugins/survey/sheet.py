"""The surveys of a month as an Excel sheet: the outputs apart, no answers about health, no cell a formula."""

from collections.abc import Sequence
from datetime import datetime, time
from io import BytesIO

import xlsxwriter

from core.api import gettext

from .models import HomeSurvey
from .words import STATES

TITLES = (
    (lambda: gettext("Nomor"), 14),
    (lambda: gettext("Tanggal kunjungan"), 16),
    (lambda: gettext("Nama"), 30),
    (lambda: gettext("RT/RW"), 10),
    (lambda: gettext("Ditemukan"), 12),
    (lambda: gettext("Tanpa tempat berteduh"), 14),
    (lambda: gettext("Hal Kepmensos 262 terpenuhi"), 18),
    (lambda: gettext("Kriteria BPS terpenuhi"), 18),
    (lambda: gettext("Kriteria BPS belum diketahui"), 18),
    (lambda: gettext("Miskin menurut BPS"), 14),
    (lambda: gettext("Perubahan data DTSEN"), 16),
    (lambda: gettext("Keadaan"), 22),
)


def surveys_sheet(surveys: Sequence[HomeSurvey]) -> BytesIO:
    """One line a survey. The rupiah limits of the fourteen are of 2005, as the last line says."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet(gettext("Survei rumah")[:31])
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "d-m-yyyy"})
        for column, (title, width) in enumerate(TITLES):
            page.write_string(0, column, title(), bold)
            page.set_column(column, column, width)
        for line, survey in enumerate(surveys, start=1):
            home, outcome = survey.household, survey.outcome
            page.write_string(line, 0, survey.reference)
            if survey.done_on:
                page.write_datetime(line, 1, datetime.combine(survey.done_on, time()), day)
            page.write_string(line, 2, survey.person.name)
            page.write_string(line, 3, f"{home.rt}/{home.rw}" if home and (home.rt or home.rw) else "")
            met = survey.answers.get("found") == "yes"
            page.write_string(line, 4, _yes_no(met))
            page.write_string(line, 11, str(STATES.get(survey.state, (survey.state, ""))[0]))
            if met:
                page.write_string(line, 5, _yes_no(outcome.get("unsheltered")))
                for column, key in ((6, "decree_met"), (7, "met"), (8, "unknown"), (10, "changed")):
                    page.write_number(line, column, int(outcome.get(key) or 0))
                page.write_string(line, 9, _yes_no(outcome.get("poor")))
        note = gettext("Batas rupiah pada 14 kriteria BPS berasal dari tahun 2005. Bukan desil DTSEN.")
        page.write_string(len(surveys) + 2, 0, note)
        page.freeze_panes(1, 0)
    target.seek(0)
    return target


def _yes_no(value: object) -> str:
    return gettext("ya") if value is True else gettext("tidak") if value is False else gettext("belum diketahui")
