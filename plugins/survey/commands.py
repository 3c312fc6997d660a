"""Surveys at the terminal: the sheet of a month, and taking away photos that were kept long enough."""

from datetime import datetime
from pathlib import Path

import click

from core.api import VILLAGE_CODE, AreaCode, commit, gettext, record, scope, today

from .photos import drop_old
from .report import month_report
from .sheet import surveys_sheet


@click.command("export")
@click.argument("village", metavar="DESA", type=VILLAGE_CODE)
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--month", type=click.DateTime(["%Y-%m"]), help="Bulan kunjungan, misalnya 2026-11; tanpa ini bulan ini.")
def export(village: AreaCode, target: Path, month: datetime | None) -> None:
    """Survei rumah sebuah desa dalam satu bulan sebagai berkas Excel."""
    first = (month.date() if month else today("Asia/Jakarta")).replace(day=1)
    with scope(village):
        surveys = month_report(village.id, first).surveys
        target.write_bytes(surveys_sheet(surveys).getvalue())
        record("survey.sheet_downloaded", "survey_sheet", f"{first:%Y-%m}", surveys=len(surveys))
        commit()
    click.echo(gettext("%(n)s survei", n=len(surveys)))


@click.command("drop-photos")
@click.argument("village", metavar="DESA", type=VILLAGE_CODE)
def drop_photos(village: AreaCode) -> None:
    """Menghapus foto survei yang sudah lewat masa simpannya."""
    with scope(village):
        dropped = drop_old(village.id, today("Asia/Jakarta"))
        commit()
    click.echo(gettext("%(n)s foto dihapus", n=dropped))
