"""Escorts at the terminal: response times of a village or of a whole district, and the year's sheet of a village."""

from pathlib import Path

import click

from core.api import AREA_CODE, VILLAGE_CODE, AreaCode, commit, gettext, month_name, record, scope, today

from .listing import called_between
from .report import Speed, in_minutes, report_of, speeds_by_village, year_bounds
from .rulebook import rule_on
from .sheet import year_sheet

ZONE = "Asia/Jakarta"


@click.command("report")
@click.argument("area", metavar="WILAYAH", type=AREA_CODE)
@click.option("--year", type=click.IntRange(2000, 9998), help="Tahun; tanpa ini tahun berjalan.")
def report(area: AreaCode, year: int | None) -> None:
    """Waktu tanggap tiap bulan dan tiap desa sebuah kabupaten, kecamatan, atau desa, tanpa nama."""
    day = today(ZONE)
    year = year or day.year
    with scope(area):
        small = rule_on(day).small
        found = report_of(area, year, ZONE, small)
        by_village = speeds_by_village(area, year_bounds(year, ZONE), ZONE, small)
    for month, speed in found.months.items():
        click.echo(f"{month_name(month):<10}  {_line(speed)}")
    for village_id, speed in by_village.items():
        click.echo(f"{AreaCode.from_id(village_id)}  {_line(speed)}")
    click.echo(gettext("%(n)s desa, %(year)s: %(line)s", n=len(by_village), year=year, line=_line(found.total)))


def _line(speed: Speed) -> str:
    return gettext(
        "%(calls)s panggilan (%(cancelled)s batal); menit median/p90: berangkat %(departed)s, tiba %(arrived)s, "
        "serah terima %(handed)s; %(late)s kasus susulan terlambat",
        calls=speed.calls,
        cancelled=speed.cancelled,
        late=speed.late,
        departed=_both(speed, "departed"),
        arrived=_both(speed, "arrived"),
        handed=_both(speed, "handed_over"),
    )


def _both(speed: Speed, key: str) -> str:
    spread = speed.spreads[key]
    return f"{in_minutes(spread.median)}/{in_minutes(spread.p90)}"


@click.command("register")
@click.argument("village", metavar="DESA", type=VILLAGE_CODE)
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--year", type=click.IntRange(2000, 9998), help="Tahun; tanpa ini tahun berjalan.")
def register(village: AreaCode, target: Path, year: int | None) -> None:
    """Waktu tanggap dan register pendampingan sebuah desa sebagai berkas Excel, tanpa nama."""
    day = today(ZONE)
    year = year or day.year
    with scope(village):
        escorts = called_between(village.id, *year_bounds(year, ZONE))
        found = report_of(village, year, ZONE, rule_on(day).small)
        target.write_bytes(year_sheet(found, escorts, ZONE).getvalue())
        record("emergency.register_downloaded", "emergency_register", year, escorts=len(escorts))
        commit()
    click.echo(gettext("%(n)s pendampingan", n=len(escorts)))
