"""`puskesos plugins new`: the first files of a plugin."""

from pathlib import Path

import click

from tenants.skeleton import KINDS, SkeletonError, write_plugin

from .problems import Problem


@click.command(
    "new",
    help="""Menulis modul baru yang lengkap di folder ini.

programme: layanan dengan aturan, formulir, dan surat. partner: mengabari lembaga mitra tentang kasus. panel: catatan
dengan tabel sendiri di halaman warga.""",
)
@click.argument("name", metavar="NAMA")
@click.option("--kind", type=click.Choice(KINDS), default="programme", show_default=True, help="Jenis modul.")
@click.option("--title", help="Judul yang dibaca orang; bila kosong, dari namanya.")
def new(name: str, kind: str, title: str | None) -> None:
    try:
        folder = write_plugin(kind, name, title or name.replace("_", " ").capitalize(), Path.cwd())
    except SkeletonError as error:
        raise Problem(str(error)) from error
    click.secho(f"Modul “{name}” ditulis di {folder.name}/.", bold=True)
    click.echo(f"  Lihat di desa contoh   puskesos plugins dev {folder.name}")
    click.echo(f"  Pasang                 pip install -e {folder.name}")
    click.echo(f"  Uji                    pytest {folder.name}")
