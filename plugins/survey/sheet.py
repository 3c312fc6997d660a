"""The surveys of a month as an Excel sheet: the outputs apart, no answers about health."""

from collections.abc import Sequence
from io import BytesIO

from core.api import SheetCell, SheetColumn, SheetPage, excel_file, gettext

from .models import HomeSurvey
from .words import STATES


def surveys_sheet(surveys: Sequence[HomeSurvey]) -> BytesIO:
    """One line a survey. The rupiah limits of the fourteen are of 2005, as the last line says."""
    columns = (
        SheetColumn(gettext("Nomor"), 14),
        SheetColumn(gettext("Tanggal kunjungan"), 16),
        SheetColumn(gettext("Nama"), 30),
        SheetColumn(gettext("RT/RW"), 10),
        SheetColumn(gettext("Ditemukan"), 12),
        SheetColumn(gettext("Tanpa tempat berteduh"), 14),
        SheetColumn(gettext("Hal Kepmensos 262 terpenuhi"), 18),
        SheetColumn(gettext("Kriteria BPS terpenuhi"), 18),
        SheetColumn(gettext("Kriteria BPS belum diketahui"), 18),
        SheetColumn(gettext("Miskin menurut BPS"), 14),
        SheetColumn(gettext("Perubahan data DTSEN"), 16),
        SheetColumn(gettext("Keadaan"), 22),
    )
    note = gettext("Batas rupiah pada 14 kriteria BPS berasal dari tahun 2005. Bukan desil DTSEN.")
    return excel_file(SheetPage(gettext("Survei rumah"), columns, map(_line, surveys), note))


def _line(survey: HomeSurvey) -> Sequence[SheetCell]:
    home, outcome = survey.household, survey.outcome
    met = survey.answers.get("found") == "yes"
    found = (
        _yes_no(outcome.get("unsheltered")),
        *(int(outcome.get(key) or 0) for key in ("decree_met", "met", "unknown")),
        _yes_no(outcome.get("poor")),
        int(outcome.get("changed") or 0),
    )
    return (
        survey.reference,
        survey.done_on,
        survey.person.name,
        f"{home.rt}/{home.rw}" if home and (home.rt or home.rw) else "",
        _yes_no(met),
        *(found if met else (None,) * len(found)),
        STATES.get(survey.state, (survey.state, ""))[0],
    )


def _yes_no(value: object) -> str:
    return gettext("ya") if value is True else gettext("tidak") if value is False else gettext("belum diketahui")
