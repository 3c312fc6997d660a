"""The list of KPM at the terminal."""

import click

from core.api import VILLAGE_CODE, AreaCode, gettext, month_name, rupiah, scope, today

from .checks import count_unchecked
from .listing import all_rows
from .rulebook import Month


@click.command("families")
@click.argument("village", metavar="DESA", type=VILLAGE_CODE)
@click.option("--unchecked", is_flag=True, help="Hanya keluarga yang belum diverifikasi.")
def list_families(village: AreaCode, unchecked: bool) -> None:
    """Daftar KPM PKH sebuah desa dengan perkiraan bantuan tahap ini dan komitmen yang belum diverifikasi."""
    with scope(village):
        day = today("Asia/Jakarta")
        rows = [row for row in all_rows(village.id, day) if row.due or not unchecked]
        for row in rows:
            total = rupiah(row.expected.total) if row.expected else "–"
            click.echo(f"{row.family.payee.name:<32} {total:>14} {row.due:>4}")
        month = Month.before(day)
        waiting = count_unchecked(village.id, month)
    click.echo(gettext("%(n)s keluarga", n=len(rows)))
    click.echo(gettext("%(n)s anggota belum diverifikasi untuk %(month)s", n=waiting, month=month_name(month.number)))
