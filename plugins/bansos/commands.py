"""``puskesos bansos unfetched``: who has not come for the aid, without a browser."""

import click

from core.api import VILLAGE_CODE, AreaCode, gettext, scope

from .distributions import distribution_called
from .documents import place_of
from .models import AidDistribution
from .recipients import all_rows


def _called(village: AreaCode, reference: str) -> AidDistribution:
    found = distribution_called(village.id, reference)
    if found is None:
        raise click.ClickException(gettext("Tidak ada penyaluran %(reference)s di desa ini.", reference=reference))
    return found


@click.command("unfetched", help="Siapa yang belum mengambil bantuan sebuah penyaluran, menurut RW dan RT.")
@click.argument("village", metavar="DESA", type=VILLAGE_CODE)
@click.argument("reference", metavar="PENYALURAN")
def list_unfetched(village: AreaCode, reference: str) -> None:
    with scope(village):
        rows = all_rows(_called(village, reference), "waiting")
        for row in rows:
            click.echo(f"{row.recipient.number:>5}  {place_of(row.person.household):<16} {row.person.name}")
    click.echo(gettext("%(n)s orang belum mengambil", n=len(rows)))
