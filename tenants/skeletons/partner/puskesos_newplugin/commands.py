"""``puskesos newplugin …``: run with the application at hand, in no area until one is entered."""

from functools import partial

import click
from core.api import VILLAGE_CODE, AreaCode, gettext, scope

from . import outbox
from .protocol import post


@click.command("send")
@click.argument("village", type=VILLAGE_CODE)
@click.option("--to", "url", required=True, metavar="HTTPS://…")
def send(village: AreaCode, url: str) -> None:
    """Send a village's waiting messages to the partner."""
    with scope(village):
        try:
            number = outbox.deliver(village.id, partial(post, url))
        except OSError as error:
            raise click.ClickException(gettext("Mitra belum menerima kabar: %(error)s", error=error)) from error
    click.echo(gettext("%(number)s kabar terkirim", number=number))
