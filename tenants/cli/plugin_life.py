"""`puskesos plugins check | enable | disable | suspend | resume | export | purge`: the life of one plugin."""

from collections.abc import Callable, Sequence
from pathlib import Path

import click
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from core.areas.code import AreaCode
from core.config import Config
from core.database.session import commit, db, scope
from core.modules.wishes import Lock, State
from core.platform import platform
from core.plugins.failures import last_failures
from core.plugins.overview import BROKEN, MISSING, PluginOverview, find
from core.plugins.plugin_data import TableSize, sizes, write_plugin_export
from core.plugins.suspending import resume, suspend
from core.plugins.tables import table_faults
from tenants.purging import StillOn, purge, usual_copy
from tenants.running import administration, application

from .modules import switch_modules
from .parameters import AREA, provisioned
from .problems import Problem
from .table import print_table

EVERYWHERE = AreaCode.from_id(0)

Command = Callable[..., None]

area_option = click.option(
    "--area", "code", type=AREA, help="Wilayah ini dan semua di bawahnya; tanpa ini seluruh pemasangan."
)
name_argument = click.argument("name", metavar="MODUL")


@click.command("check", help="Keadaan satu modul: sebab rusaknya, tabelnya, dan kegagalan terakhir. Kode 1 bila ada.")
@name_argument
def check(name: str) -> None:
    with administration() as (_app, here), scope(EVERYWHERE):
        item = _find(name)
        print_table(
            ("hal", "isi"),
            [
                ("judul", str(item.title)),
                ("versi", item.version),
                ("antarmuka", item.api),
                ("paket", item.distribution),
                ("menyala di", f"{item.villages} dari {item.total} desa"),
                *((f"tabel {table.name}", f"{table.rows} baris, {table.bytes} bita") for table in _sizes(name)),
            ],
        )
        problems = [f"{trouble.reason} [{trouble.detail}]" for trouble in item.troubles]
        problems += _table_problems(here.urls.owner, name)
        if item.state == MISSING:
            problems.append("Paketnya tidak terpasang; datanya tetap.")
        for stop in item.stops:
            problems.append(f"Dihentikan di {stop.area or 'semua wilayah'}: {stop.reason or 'berulang kali gagal'}")
        _print_failures(name)
        for problem in problems:
            click.secho(problem, fg="red")
        if problems:
            raise click.exceptions.Exit(1)
        click.secho("Tidak ada masalah.", fg="green")


def _sizes(name: str) -> list[TableSize]:
    return sizes(db.session.connection(), EVERYWHERE, name)


def _table_problems(owner_url: str, name: str) -> list[str]:
    if name not in platform().plugins.plugins:
        return []
    engine = create_engine(owner_url, poolclass=NullPool)
    with engine.connect() as connection:
        return table_faults(connection, name, platform().plugins.loaded(name).module.__name__)


def _print_failures(name: str) -> None:
    failures = last_failures(EVERYWHERE, name)
    if failures:
        rows = [
            (
                f"{failure.at:%Y-%m-%d %H:%M:%S}",
                failure.hook,
                str(AreaCode.from_id(failure.area_id or 0)) or "–",
                failure.error,
                failure.request_id or "–",
            )
            for failure in failures
        ]
        print_table(("waktu (UTC)", "saat", "wilayah", "jenis", "kode"), rows)


def _find(name: str) -> PluginOverview:
    """Raises: Problem: nothing here has this name."""
    found = find(EVERYWHERE, name)
    if found is None:
        raise Problem(f"Tidak ada modul bernama {name!r} di sini. Lihat: puskesos plugins list")
    return found


# ---- on, off, stopped ----


def switching(command: Command) -> Command:
    for option in (
        click.option("--preview", is_flag=True, help="Hanya menunjukkan akibatnya; tidak ada yang diubah."),
        click.option("--reason", default="", help="Alasannya, untuk riwayat."),
        click.option("--area", "codes", type=AREA, required=True, multiple=True, help="Wilayah ini dan bawahannya."),
        name_argument,
    ):
        command = option(command)
    return command


@click.command("enable", help="Menghidupkan satu modul di satu wilayah atau lebih.")
@switching
def enable(name: str, codes: Sequence[AreaCode], reason: str, preview: bool) -> None:
    switch_modules(State.ON, Lock.KEEP, codes=codes, module=name, clear_below=False, reason=reason, preview=preview)


@click.command("disable", help="Mematikan satu modul di satu wilayah atau lebih; datanya tetap.")
@switching
def disable(name: str, codes: Sequence[AreaCode], reason: str, preview: bool) -> None:
    switch_modules(State.OFF, Lock.KEEP, codes=codes, module=name, clear_below=False, reason=reason, preview=preview)


@click.command("suspend", help="Menghentikan modul seketika, tanpa mengubah pengaturan dan datanya.")
@name_argument
@area_option
@click.option("--reason", required=True, help="Alasannya; kabupaten membacanya.")
def suspend_plugin(name: str, code: AreaCode | None, reason: str) -> None:
    with application():
        area = _area(code)
        with scope(area):
            _find(name)
            stopped = suspend(area, name, reason)
            commit()
        click.echo(f"Berhenti di {stopped} wilayah sejak sekarang. Menjalankan lagi: puskesos plugins resume {name}")


@click.command("resume", help="Menjalankan lagi modul yang dihentikan, juga yang berhenti sendiri karena gagal.")
@name_argument
@area_option
def resume_plugin(name: str, code: AreaCode | None) -> None:
    with application():
        area = _area(code)
        with scope(area):
            done = resume(area, name, processes=True)
            commit()
        click.echo("Berjalan lagi." if done else "Modul ini tidak sedang dihentikan di sana.")


def _area(code: AreaCode | None) -> AreaCode:
    return provisioned(code).interval if code else EVERYWHERE


# ---- its data ----


@click.command("export", help="Menyalin semua data satu modul ke berkas ZIP.")
@name_argument
@area_option
@click.option("--to", "path", type=click.Path(path_type=Path, dir_okay=False), help="Berkas tujuan; harus belum ada.")
def export(name: str, code: AreaCode | None, path: Path | None) -> None:
    with application():
        area = _area(code)
        target = _free(path or usual_copy(Config.from_environment().data_dir, name))
        with scope(area):
            _find(name)
            rows = write_plugin_export(db.session.connection(), area, name, target)
        click.echo(f"{rows} baris disalin ke {target}")


@click.command(
    "purge",
    help="""Menghapus satu modul dengan semua datanya, di semua kabupaten pemasangan ini.

Datanya disalin dulu. Modul harus mati di semua desa, atau paketnya sudah dicopot. Kasus layanannya tetap dapat
dibaca.""",
)
@name_argument
@click.option("--to", "path", type=click.Path(path_type=Path, dir_okay=False), help="Berkas salinan; harus belum ada.")
@click.option("--confirm", "typed", help="Nama modul, diketik sekali lagi; tanpa ini ditanyakan.")
def purge_plugin(name: str, path: Path | None, typed: str | None) -> None:
    with administration() as (_app, here), scope(EVERYWHERE):
        item = _find(name)
        click.echo(f"{item.title}: {sum(table.rows for table in _sizes(name))} baris akan dihapus untuk selamanya.")
        typed = typed or click.prompt("Ketik nama modul untuk menghapusnya", default="", show_default=False)
        if typed != name:
            raise Problem("Tidak ada yang dihapus: nama yang diketik berbeda.")
        target = _free(path or usual_copy(here.config.data_dir, name))
        try:
            rows = purge(here.urls, name, target)
        except StillOn as still:
            raise Problem(
                f"Tidak ada yang dihapus: modul masih menyala di {still.villages} desa. Matikan dulu, misalnya:"
                f" puskesos plugins disable {name} --area 32.01"
            ) from None
        click.echo(f"{rows} baris dihapus. Salinannya: {target}")
        if item.state not in (MISSING, BROKEN):
            click.echo("Copot paketnya, atau mulai ulang Puskesos: ia akan mulai lagi dengan tabel kosong.")


def _free(path: Path) -> Path:
    """Raises: Problem: nothing is ever overwritten."""
    if path.exists():
        raise Problem(f"{path} sudah ada. Pilih berkas lain dengan --to")
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


COMMANDS = (check, enable, disable, suspend_plugin, resume_plugin, export, purge_plugin)
