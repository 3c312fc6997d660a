"""`puskesos demo`: an installation to try things on."""

import click

from tenants.demo import fill_demo
from tenants.demo_sign_ins import PASSWORD, SIGN_INS
from tenants.processes import follow_parent
from tenants.running import application


@click.command(
    help="Mengisi data contoh: Kabupaten Bogor, sembilan akun, warga dan kasus rekaan. "
    "Ditolak bila PUSKESOS_ENV=production; dijalankan lagi tidak mengubah apa pun."
)
def demo() -> None:
    follow_parent()
    with application():
        with click.progressbar(length=100, label="Menyiapkan data contoh") as bar:
            made = fill_demo(lambda percent: bar.update(percent - bar.pos))
        if not made:
            click.echo("Data contoh sudah ada; tidak ada yang diubah.")
        click.echo(f"Masuk sebagai {', '.join(person.username for person in SIGN_INS)}; kata sandi: {PASSWORD}")
