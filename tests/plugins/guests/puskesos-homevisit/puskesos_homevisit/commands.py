"""``puskesos homevisit …``: run with the application at hand, in no area until one is entered."""

import click

from core.api import VILLAGE_CODE, AreaCode, area_today, gettext, scope

from . import visits


@click.command("overdue")
@click.argument("village", type=VILLAGE_CODE)
def overdue(village: AreaCode) -> None:
    """How many planned visits of a village are late."""
    with scope(village):
        click.echo(gettext("%(n)s kunjungan terlambat", n=visits.count_overdue(village.id, area_today())))
