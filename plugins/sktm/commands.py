"""``puskesos sktm register``: the register as a sheet, without a browser."""

from datetime import date
from pathlib import Path

import click

from core.api import VILLAGE_CODE, AreaCode, commit, gettext, record, scope, today

from .sheet import rows_of_year, sheet


@click.command("register", help="Menyimpan register SKTM satu desa sebagai berkas Excel; NIK disamarkan.")
@click.argument("village", metavar="DESA", type=VILLAGE_CODE)
@click.option("--year", type=click.IntRange(2000, date.max.year), help="Tahun register; bila kosong, tahun ini.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Nama berkas yang ditulis.")
def register(village: AreaCode, year: int | None, output: Path | None) -> None:
    year = year or today().year
    output = output or Path(f"register-sktm-{village}-{year}.xlsx")
    with scope(village):
        rows = rows_of_year(village.id, year)
        output.write_bytes(sheet(rows, full_nik=False).getvalue())
        record("sktm.register_downloaded", "register", year, letters=len(rows), full_nik=False)
        commit()
    click.echo(gettext("%(letters)s surat ditulis ke %(file)s", letters=len(rows), file=output))
