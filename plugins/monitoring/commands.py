"""Figures at the terminal: made anew, a village's report as a file, and open data."""

import json
from datetime import date
from pathlib import Path

import click

from core.api import (
    AREA_CODE,
    VILLAGE_CODE,
    AreaCode,
    district_of,
    find_areas,
    gettext,
    now,
    scope,
    villages_in,
)

from . import roll_up as figures
from .models import MonitoringReport
from .months import month_title, read_month
from .open_data import COLUMNS, described, notice, open_month, published_until
from .papers import report_paper, report_sheet
from .report_content import content_of, tables
from .reports import editions
from .views.public import csv_text


class MonthType(click.ParamType):
    """2026-10"""

    name = "bulan"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        month = read_month(str(value))
        return month if month else self.fail(gettext("tulis bulan seperti 2026-10"), param, ctx)


@click.command("roll-up")
@click.argument("area", metavar="WILAYAH", type=AREA_CODE)
def roll_up(area: AreaCode) -> None:
    """Hitung sekarang angka bulanan semua desa di sebuah kabupaten, kecamatan, atau desa."""
    with scope(area):
        villages = [village for village in villages_in(area) if "monitoring" in village.enabled]
    for village in villages:
        with scope(village.interval):
            figures.roll_up(village)
    click.echo(gettext("%(n)s desa dihitung", n=len(villages)))


@click.command("report")
@click.argument("village", metavar="DESA", type=VILLAGE_CODE)
@click.option("--month", required=True, type=MonthType(), help="Bulan laporan, seperti 2026-10.")
@click.option("--pdf", type=click.Path(dir_okay=False, path_type=Path), help="Tulis sebagai PDF.")
@click.option("--xlsx", type=click.Path(dir_okay=False, path_type=Path), help="Tulis sebagai Excel.")
def report(village: AreaCode, month: date, pdf: Path | None, xlsx: Path | None) -> None:
    """Laporan bulanan sebuah desa: versi terbaru yang tersimpan, atau angka saat ini bila belum disusun."""
    with scope(village):
        area = find_areas([village.id])
        if not area:
            raise click.UsageError(gettext("Desa itu belum terdaftar di sini."))
        kept = editions(village.id, month)
        found = kept[0] if kept else _not_kept(village, month, content_of(area[0], month))
        if pdf:
            pdf.write_bytes(report_paper(area[0], found))
        if xlsx:
            xlsx.write_bytes(report_sheet(area[0], found).getvalue())
        click.echo(f"{area[0].title}, {month_title(month)}")
        for table in tables(found.content):
            click.echo(f"\n{table.title}")
            for line in table.lines:
                click.echo("  " + "  ".join(line))


def _not_kept(village: AreaCode, month: date, content: dict) -> MonitoringReport:
    """Only for this once."""
    return MonitoringReport(village_id=village.id, month=month, edition=1, state="open", content=content, made_at=now())


@click.command("open-data")
@click.argument("area", metavar="WILAYAH", type=AREA_CODE)
@click.argument("target", metavar="BERKAS", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--month", type=MonthType(), help="Bulan; tanpa ini yang terbaru yang boleh diterbitkan.")
def open_data(area: AreaCode, target: Path, month: date | None) -> None:
    """Data terbuka sebuah wilayah tanpa data pribadi: CSV, atau JSON bila nama berkasnya berakhiran .json."""
    around = district_of(area)
    with scope(around):
        districts = find_areas([around.id])
        if not districts:
            raise click.UsageError(gettext("Kabupaten itu belum terdaftar di sini."))
        newest = published_until(districts[0].timezone)
        if month is not None and month > newest:
            raise click.UsageError(gettext("Bulan itu belum boleh diterbitkan."))
        found = open_month(districts[0], month or newest)
    rows = found.rows(area)
    if target.suffix == ".json":
        about = {"licence": found.licence, "note": notice(found.small), "columns": dict(described())}
        target.write_text(json.dumps({**about, "rows": rows}, ensure_ascii=False, indent=1))
    else:
        target.write_text(csv_text(rows))
    click.echo(gettext("%(n)s baris, %(columns)s kolom", n=len(rows), columns=len(COLUMNS)))
