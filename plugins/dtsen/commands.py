"""``puskesos dtsen log``: the log of SIKS-NG without a browser. Deciles: ``puskesos import dtsen.deciles``."""

from pathlib import Path

import click

from core.api import VILLAGE_CODE, AreaCode, commit, gettext, record, scope

from .entries import Filter, all_entries
from .sheet import log_sheet


@click.command("log", help="Menulis catatan SIKS-NG sebuah desa ke lembar kerja .xlsx; NIK disamarkan.")
@click.argument("village", metavar="DESA", type=VILLAGE_CODE)
@click.argument("path", metavar="BERKAS", type=click.Path(dir_okay=False, path_type=Path))
def export_log(village: AreaCode, path: Path) -> None:
    with scope(village):
        entries = all_entries(village.id, Filter())
        path.write_bytes(log_sheet(entries, full_nik=False).getvalue())
        record("dtsen.log_downloaded", "log", "", entries=len(entries))
        commit()
    click.echo(gettext("%(n)s baris ditulis.", n=len(entries)))
