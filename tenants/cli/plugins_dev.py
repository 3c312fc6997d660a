"""`puskesos plugins dev`: a plugin at work in a demonstration while it is being written."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from core.config import ROOT
from tenants.demo_sign_ins import VILLAGE
from tenants.processes import hand_down
from tenants.running import Installation, installation
from tenants.uninstalled import NoPluginHere, Project, read_project
from tenants.watching import snapshot, wait_for_change

from .problems import Problem
from .serve import PATIENCE, TOOL, announce, free_address, listening, wait_until


@click.command(
    "dev",
    help="""Menjalankan modul dari foldernya, tanpa dipasang, di kabupaten contoh; dimuat ulang bila berkasnya disimpan.

Basis datanya ada di var/ dalam folder itu, kecuali DATABASE_URL atau PUSKESOS_DATA menyebut yang lain.""",
)
@click.argument("path", metavar="FOLDER", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, help="Alamat; 0.0.0.0 agar terbuka untuk jaringan.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
def dev(path: Path, host: str, port: int) -> None:
    try:
        project = read_project(path.resolve())
    except NoPluginHere as error:
        raise Problem(str(error)) from error
    address = free_address(host, port)
    os.environ.setdefault("PUSKESOS_DATA", str(project.folder / "var"))
    os.environ.setdefault("PLUGINS_STRICT", "1")  # what is wrong with the plugin is said, instead of passed over
    with tempfile.TemporaryDirectory(prefix="puskesos-") as announced, installation() as here:
        if here.config.production:
            raise Problem("Ditolak: PUSKESOS_ENV=production. Modul ditulis di pemasangan lain.")
        project.announce(Path(announced))
        os.environ["PYTHONPATH"] = project.python_path(Path(announced))
        hand_down(here.config, here.urls)
        Workshop(here, project, address, port).open()


class Workshop:
    """The site with the plugin, started anew in fresh processes whenever a file of the plugin was saved.

    All of it is done by the tool's own commands: this process never imports the plugin, and so never holds an old one.
    """

    def __init__(self, here: Installation, project: Project, address: str, port: int) -> None:
        self._here, self._project = here, project
        self._address, self._port = address, port
        self._shown = False
        self._site: subprocess.Popen[bytes] | None = None

    def open(self) -> None:
        """Until Ctrl-C or SIGTERM. Migrations run at each start of the site."""
        signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(0))
        try:
            while True:
                saved = snapshot(self._project.folder)
                if (self._shown or self._fill()) and self._serve():
                    self._tell()
                else:
                    click.secho("Modul belum dapat dijalankan. Menunggu berkasnya diperbaiki …", fg="yellow")
                wait_for_change(self._project.folder, saved)
                click.echo("Berkas berubah, memuat ulang …")
                self._stop()
        except KeyboardInterrupt:
            pass
        finally:
            self._stop()

    def _fill(self) -> bool:
        """The tables, and the demonstration's district with the plugin on. False when one of them said why not."""
        click.echo("Menyiapkan kabupaten contoh; yang pertama kali perlu kira-kira setengah menit …")
        return _done("db", "upgrade") and _done("demo")

    def _serve(self) -> bool:
        """The site answers; False when it ended, after it said why."""
        at = ("--host", self._address, "--port", str(self._port))
        site = subprocess.Popen([*TOOL, "serve", *at, "--workers", "1", "--unannounced"], cwd=ROOT)  # noqa: S603 - ourselves
        self._site = site
        wait_until(lambda: site.poll() is not None or listening(self._address, self._port))
        return site.poll() is None

    def _tell(self) -> None:
        if self._shown:
            click.secho("Dimuat ulang.", fg="green")
            return
        self._shown = True
        announce(self._here, self._address, self._port)
        click.echo(f"\n{', '.join(self._project.entry_points)} hidup di semua desa contoh, misalnya di /{VILLAGE}/")

    def _stop(self) -> None:
        if self._site is None or self._site.poll() is not None:
            return
        self._site.terminate()
        try:
            self._site.wait(2 * PATIENCE)
        except subprocess.TimeoutExpired:
            self._site.kill()


def _done(*words: str) -> bool:
    """Run one of the tool's commands; what it says is shown when it fails."""
    ran = subprocess.run([*TOOL, *words], cwd=ROOT, check=False, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ourselves
    if ran.returncode:
        click.echo(ran.stdout, nl=False)
    return ran.returncode == 0
