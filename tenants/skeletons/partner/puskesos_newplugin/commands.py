"""``puskesos newplugin …``: run with the application at hand, in no area until one is entered."""

from functools import partial

import click
from core.api import AreaCode, gettext, scope

from . import outbox
from .protocol import post


@click.command("send")
@click.argument("village")
@click.option("--to", "url", required=True, metavar="HTTPS://…")
def send(village: str, url: str) -> None:
    """Send a village's waiting messages to the partner."""
    code = AreaCode.parse(village)
    with scope(code):
        try:
            number = outbox.deliver(code.id, partial(post, url))
        except OSError as error:
            raise click.ClickException(gettext("Mitra belum menerima kabar: %(error)s", error=error)) from error
    click.echo(gettext("%(number)s kabar terkirim", number=number))
