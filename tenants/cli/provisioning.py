"""`puskesos tenants add|suspend|resume|archive|restore`: villages one by one."""

from collections.abc import Sequence
from pathlib import Path

import click

from core.archive.format import ArchiveRefused
from core.archive.writing import archive_name, write_archive
from core.areas.code import AreaCode, Level
from core.areas.current import CurrentArea
from core.audit import record
from core.database.session import commit, scope
from core.exports import OnProgress
from core.users.permissions import ROLES
from tenants.apply import NewAccount
from tenants.manifest import StaffMember
from tenants.restoring import restore_archive
from tenants.running import application
from tenants.villages import NewVillages, add_villages, missing_villages, prefix_problem, resume, suspend

from .parameters import AREA, provisioned
from .problems import Problem

VILLAGE_ROLES = [role.key for role in ROLES.values() if role.level == Level.VILLAGE]

code_argument = click.argument("code", metavar="KODE", type=AREA)
reason_option = click.option("--reason", required=True, help="Alasannya; tercatat di jejak audit.")


def print_accounts(accounts: Sequence[NewAccount]) -> None:
    """At once: a one-time password that was never shown is a locked door."""
    if accounts:
        click.secho("Akun baru. Sampaikan kata sandi ini kepada orangnya; ia tidak ditampilkan lagi:", bold=True)
    for account in accounts:
        click.echo(f"  {account.username}  {account.password}  ({account.name})")


@click.command("add", help="Menambah satu desa, atau semua yang belum ada di satu kecamatan atau kabupaten.")
@code_argument
@click.option("--module", "modules", multiple=True, metavar="NAMA=on|off", help="Bila berbeda dari bawaan.")
@click.option(
    "--staff",
    multiple=True,
    metavar="PENGGUNA:NAMA:PERAN",
    help=f"Akun petugas satu desa. Peran: {', '.join(VILLAGE_ROLES)}.",
)
@click.option("--ticket", metavar="AWALAN", help="Awalan tiket satu desa, misalnya CBD; tanpa ini dibuat dari namanya.")
def add(code: AreaCode, modules: Sequence[str], staff: Sequence[str], ticket: str | None) -> None:
    if code.level < Level.DISTRICT:
        raise click.BadParameter(f"{code} lebih luas daripada satu kabupaten.", param_hint="KODE")
    if code.level < Level.VILLAGE and (staff or ticket):
        raise click.UsageError("--staff dan --ticket hanya untuk satu desa.")
    with application():
        villages = missing_villages(code)
        if not villages:
            click.echo(f"{code}: semuanya sudah ada, atau tidak ada di Kepmendagri 300.2.2-2138/2025.")
            return
        if ticket and (problem := prefix_problem(ticket, code)):
            raise Problem(problem)
        wanted = NewVillages(
            villages=villages,
            modules=dict(_module(text) for text in modules),
            staff=tuple(_member(text, code) for text in staff),
            tickets={code: ticket} if ticket else {},
        )
        applied = add_villages(wanted)
        print_accounts(applied.accounts)
        for note in applied.plan.notes:
            click.secho(note, fg="yellow")
        click.echo(f"{len(villages)} desa ditambahkan.")


def _module(text: str) -> tuple[str, bool]:
    name, _equals, state = text.partition("=")
    if state not in ("on", "off"):
        raise click.BadParameter(f"{text!r}: tulis seperti sktm=on atau sktm=off.", param_hint="--module")
    return name, state == "on"


def _member(text: str, village: AreaCode) -> StaffMember:
    username, name, role = [*text.split(":"), "", ""][:3]
    if not (username and name and role in VILLAGE_ROLES):
        example = "kades.cibadak:Ade Sopyan:village_head"
        raise click.BadParameter(f"{text!r}: tulis seperti {example}.", param_hint="--staff")
    return StaffMember(username, name, role, village)


@click.command("suspend", help="Menangguhkan desa: dapat dibaca, tidak dapat diubah, halaman warga ditutup.")
@code_argument
@reason_option
def suspend_village(code: AreaCode, reason: str) -> None:
    with application(), scope(code):
        village = provisioned(code)
        changed = suspend(village, reason)
        commit()
        click.echo(f"{village.title} ({code}) {'ditangguhkan' if changed else 'sudah ditangguhkan'}.")


@click.command("resume", help="Mengaktifkan kembali desa yang ditangguhkan.")
@code_argument
@reason_option
def resume_village(code: AreaCode, reason: str) -> None:
    with application(), scope(code):
        village = provisioned(code)
        changed = resume(village, reason)
        commit()
        click.echo(f"{village.title} ({code}) {'aktif kembali' if changed else 'tidak sedang ditangguhkan'}.")


@click.command("archive", help="Menulis arsip serah terima satu desa: seluruh data, berkas, dan jejak auditnya.")
@code_argument
@click.option("--to", "target", type=click.Path(path_type=Path), help="Nama berkas .zip; tanpa ini di folder ini.")
def archive_village(code: AreaCode, target: Path | None) -> None:
    with application(), scope(code):
        village = _village(code)
        path = target or Path(archive_name(village))
        if path.exists():
            raise Problem(f"Berkas {path} sudah ada. Pilih nama lain.")
        part = path.with_name(path.name + ".part")
        record("tenants.archived", "area", village.code, file=path.name)
        commit()
        try:
            with click.progressbar(length=100, label="Mengarsipkan") as bar:
                manifest = write_archive(village, part, _bar(bar))
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
        path.chmod(0o600)
        click.echo(f"{path}: {manifest.rows} baris, {manifest.files} berkas.")
        for table in manifest.left_out:
            click.secho(f"Tabel {table} tidak ikut: modulnya tidak terpasang.", fg="yellow")
        if manifest.missing_files:
            click.secho(
                f"{len(manifest.missing_files)} berkas tidak ada di penyimpanan; lihat manifest.json.", fg="yellow"
            )


def _village(code: AreaCode) -> CurrentArea:
    village = provisioned(code)
    if not village.is_village:
        raise Problem(f"{code} bukan kode desa. Tulis seperti 32.01.15.2008.")
    return village


def _bar(bar) -> OnProgress:
    return lambda done, total: bar.update(max(0, 100 * done // max(total, 1) - bar.pos))


@click.command("restore", help="Memulihkan desa dari arsipnya: seluruhnya atau tidak sama sekali.")
@click.argument("file", metavar="BERKAS", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--leave-out", multiple=True, metavar="MODUL", help="Modul yang tidak terpasang di sini dan ditinggalkan."
)
def restore_village(file: Path, leave_out: Sequence[str]) -> None:
    with application():
        try:
            with click.progressbar(length=100, label="Memulihkan") as bar:
                village, restored = restore_archive(file, leave_out=leave_out, tell=_bar(bar))
        except ArchiveRefused as refusal:
            raise Problem(f"Arsip ditolak; tidak ada yang tertulis. {refusal}") from refusal
        click.echo(f"{village.name} ({village.code}): {restored.rows} baris, {restored.files} berkas.")
        if restored.made:
            click.echo(f"{restored.made} nama dari riwayat menjadi akun yang sudah berakhir.")
        for name in restored.renamed:
            click.secho(f"Nama pengguna sudah dipakai orang lain di sini; yang dari arsip menjadi {name}.", fg="yellow")
        click.echo("Buat akun petugasnya dengan: puskesos users create")


COMMANDS = (add, suspend_village, resume_village, archive_village, restore_village)
