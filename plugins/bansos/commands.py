"""``puskesos bansos import`` and ``puskesos bansos unfetched``: a list in, and who has not come, without a browser."""

import click

from core.api import AreaCode, gettext, scope

from .distributions import distribution_called
from .documents import place_of
from .models import AidDistribution
from .recipients import all_rows


class Village(click.ParamType):
    name = "desa"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> AreaCode:
        try:
            return AreaCode.parse(value)
        except ValueError:
            self.fail(f"{value!r} bukan kode wilayah. Tulis seperti 32.01.15.2008.", param, ctx)


def _called(village: AreaCode, reference: str) -> AidDistribution:
    found = distribution_called(village.id, reference)
    if found is None:
        raise click.ClickException(gettext("Tidak ada penyaluran %(reference)s di desa ini.", reference=reference))
    return found


@click.command("unfetched", help="Siapa yang belum mengambil bantuan sebuah penyaluran, menurut RW dan RT.")
@click.argument("village", metavar="DESA", type=Village())
@click.argument("reference", metavar="PENYALURAN")
def list_unfetched(village: AreaCode, reference: str) -> None:
    with scope(village):
        rows = all_rows(_called(village, reference), "waiting")
        for row in rows:
            click.echo(f"{row.recipient.number:>5}  {place_of(row.person.household):<16} {row.person.name}")
    click.echo(gettext("%(n)s orang belum mengambil", n=len(rows)))
