"""The report about deactivated members at the terminal."""

from pathlib import Path

import click

from core.api import VILLAGE_CODE, AreaCode, commit, gettext, record, scope, today

from .listing import Filter, all_lines
from .services import reactivation
from .sheet import sheet


@click.command("members", help="Menyimpan daftar nonaktif PBI-JK satu desa sebagai berkas Excel; NIK disamarkan.")
@click.argument("village", metavar="DESA", type=VILLAGE_CODE)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Nama berkas yang ditulis.")
def members(village: AreaCode, output: Path | None) -> None:
    output = output or Path(f"pbi-nonaktif-{village}.xlsx")
    with scope(village):
        lines = all_lines(village.id, Filter("all"), today())
        output.write_bytes(sheet(lines, reactivation.workflow, full_nik=False).getvalue())
        record("pbi_jk.list_downloaded", "pbi_jk_list", village, members=len(lines), full_nik=False)
        commit()
    click.echo(gettext("%(members)s orang ditulis ke %(file)s", members=len(lines), file=output))
