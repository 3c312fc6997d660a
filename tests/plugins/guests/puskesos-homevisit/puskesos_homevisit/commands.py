"""``puskesos homevisit …``: run with the application at hand, in no area until one is entered."""

import click

from core.api import AreaCode, area_today, gettext, scope

from . import visits


@click.command("overdue")
@click.argument("village")
def overdue(village: str) -> None:
    """How many planned visits of a village are late."""
    code = AreaCode.parse(village)
    with scope(code):
        click.echo(gettext("%(n)s kunjungan terlambat", n=visits.count_overdue(code.id, area_today())))
