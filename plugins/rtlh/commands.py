"""``puskesos rtlh report``: the sheet of a year, without a browser."""

from datetime import date
from pathlib import Path

import click

from core.api import VILLAGE_CODE, AreaCode, commit, gettext, record, scope, today

from .report import report_of, sheet_of


@click.command("report", help="Menyimpan rumah yang diperbaiki dan kuitansinya dalam satu tahun sebagai berkas Excel.")
@click.argument("village", metavar="DESA", type=VILLAGE_CODE)
@click.option("--year", type=click.IntRange(2000, date.max.year), help="Tahun; bila kosong, tahun ini.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Nama berkas yang ditulis.")
def report(village: AreaCode, year: int | None, output: Path | None) -> None:
    year = year or today().year
    output = output or Path(f"rtlh-{village}-{year}.xlsx")
    with scope(village):
        found = report_of(village.id, year)
        output.write_bytes(sheet_of(found, village.id).getvalue())
        record("rtlh.report_downloaded", "report", year, year=year)
        commit()
    click.echo(gettext("%(n)s rumah ditulis ke %(file)s", n=len(found.works), file=output))
