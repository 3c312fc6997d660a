"""`puskesos db`: the tables."""

import click

from core.database.upgrade import upgrade
from tenants.running import installation
from tenants.schema import installed_migrations


@click.group("db", help="Menyiapkan dan memperbarui tabel basis data.")
def database() -> None:
    pass


@database.command("upgrade", help="Membuat tabel yang belum ada dan memperbaruinya ke versi ini. Aman diulang.")
def upgrade_tables() -> None:
    with installation() as here:
        upgrade(here.urls, installed_migrations(here.config))
    click.echo("Tabel basis data sudah sesuai dengan versi ini.")
