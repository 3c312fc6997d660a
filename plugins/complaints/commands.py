"""Complaints at the terminal: counts of a village or of a whole district, and the register as a sheet."""

from datetime import date
from pathlib import Path

import click

from core.api import AREA_CODE, VILLAGE_CODE, AreaCode, commit, gettext, record, scope, today

from .listing import received_in
from .report import Counts, counts_by_village
from .sheet import sheet

EVERYTHING = frozenset[str]()
"""Of no role: who runs a command on the server sees the register of both sides, which names nobody."""


@click.command("counts")
@click.argument("area", metavar="WILAYAH", type=AREA_CODE)
@click.option("--year", type=click.IntRange(2000, 9998), help="Tahun; tanpa ini tahun berjalan.")
def counts(area: AreaCode, year: int | None) -> None:
    """Jumlah keluhan tiap desa sebuah kabupaten, kecamatan, atau desa, tanpa nama."""
    day = today("Asia/Jakarta")
    year = year or day.year
    with scope(area):
        found = counts_by_village(area, date(year, 1, 1), date(year, 12, 31), day)
    for village_id, row in found.items():
        click.echo(f"{AreaCode.from_id(village_id)}  {_line(row)}")
    click.echo(gettext("%(n)s desa: %(counts)s", n=len(found), counts=_line(sum(found.values(), Counts()))))


def _line(row: Counts) -> str:
    return gettext(
        "%(received)s diterima, %(open)s terbuka, %(late)s terlambat, %(prompt)s dijawab tepat waktu",
        received=row.received,
        open=row.open,
        late=row.late,
        prompt=row.prompt,
    )


@click.command("register")
@click.argument("village", metavar="DESA", type=VILLAGE_CODE)
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--year", type=click.IntRange(2000, 9998), help="Tahun; tanpa ini tahun berjalan.")
def register(village: AreaCode, target: Path, year: int | None) -> None:
    """Register keluhan sebuah desa sebagai berkas Excel, tanpa nama pelapor."""
    day = today("Asia/Jakarta")
    year = year or day.year
    with scope(village):
        rows = received_in(village.id, year, EVERYTHING)
        target.write_bytes(sheet(rows, day).getvalue())
        record("complaints.register_downloaded", "complaints_register", year, complaints=len(rows))
        commit()
    click.echo(gettext("%(n)s keluhan", n=len(rows)))
