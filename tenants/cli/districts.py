"""`puskesos tenants`: districts as files, and their villages one by one."""

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from core.areas.code import AreaCode
from core.database.session import scope
from core.enablement import Setting
from core.modules.agreement import ModulesDisagree
from core.platform import platform
from tenants.apply import Applied, provision
from tenants.manifest import Manifest, StaffMember, read_manifest
from tenants.plan import AreaRow, Difference, Plan, plan
from tenants.running import application

from .problems import Problem
from .provisioning import COMMANDS, print_accounts

CHANGES_WAIT = 3
SHOWN = 10

files = click.argument("files", metavar="BERKAS…", nargs=-1, required=True, type=click.Path(path_type=Path))
prune = click.option("--prune-settings", "prune", is_flag=True, help="Hapus pengaturan modul yang tidak ada di berkas.")


@click.group("tenants", help="Menyiapkan kabupaten dan desanya: dari berkas, atau satu per satu.")
def districts() -> None:
    pass


for command in COMMANDS:
    districts.add_command(command)


@districts.command("plan", help="Menunjukkan apa yang akan berubah, tanpa mengubah apa pun.")
@files
@prune
@click.option("--exit-code", is_flag=True, help=f"Kode keluar {CHANGES_WAIT} bila ada yang akan berubah.")
@click.pass_context
def show_plan(ctx: click.Context, files: Sequence[Path], prune: bool, exit_code: bool) -> None:
    waiting = False
    with application():
        for manifest in _manifests(files):
            with scope(manifest.district.code):
                todo = plan(manifest, prune=prune)
            _print_plan(todo)
            waiting = waiting or not todo.is_empty
    if waiting and exit_code:
        ctx.exit(CHANGES_WAIT)


@districts.command("apply", help="Menerapkan berkas. Yang sudah sesuai tidak disentuh; data tidak pernah dihapus.")
@files
@prune
def apply_files(files: Sequence[Path], prune: bool) -> None:
    with application():
        manifests = _manifests(files)
        if len(manifests) == 1:
            _print_plan(_apply(manifests[0], prune).plan)
            return
        with click.progressbar(manifests, label="Menerapkan") as bar:
            applied = [_apply(manifest, prune) for manifest in bar]
        click.echo(f"{len(applied)} kabupaten diterapkan, {sum(not item.plan.is_empty for item in applied)} berubah.")


def _manifests(files: Sequence[Path]) -> list[Manifest]:
    """All files are read before anything is done: a fault in the last one leaves nothing half-done."""
    return [read_manifest(path, platform().plugins.plugins) for path in files]


def _apply(manifest: Manifest, prune: bool) -> Applied:
    with scope(manifest.district.code):
        try:
            applied = provision(manifest, prune=prune)
        except ModulesDisagree as disagree:
            raise Problem(
                f"{manifest.source}: tidak diterapkan.\n{disagree}\n"
                "Sesuaikan [modules] atau [[override]] di berkas itu, lalu terapkan lagi."
            ) from None
    print_accounts(applied.accounts)
    return applied


def _print_plan(todo: Plan) -> None:
    district = todo.manifest.district
    click.secho(f"{district.name} ({district.code}), {len(todo.manifest.villages)} desa dan kelurahan", bold=True)
    _print_part("wilayah", todo.areas, _area_line)
    _print_part("pengaturan modul", todo.settings, _setting_line, removes_gone=todo.prune)
    _print_part("peran", todo.staff, _staff_line)
    for note in todo.notes:
        click.secho(f"  ! {note}", fg="yellow")
    for discord in todo.discords:
        click.secho(f"  ! Tidak akan diterapkan. {discord}", fg="red")
    if todo.is_empty:
        click.echo("  Tidak ada yang perlu diubah.")


def _print_part(what: str, part: Difference, line: Callable, *, removes_gone: bool = False) -> None:
    gone = "dihapus" if removes_gone else "tidak ada di berkas, dibiarkan"
    for sign, verb, rows in (("+", "baru", part.added), ("~", "berubah", part.changed), ("-", gone, part.gone)):
        if not rows:
            continue
        click.echo(f"  {sign} {len(rows)} {what} {verb}:")
        for row in rows[:SHOWN]:
            click.echo(f"      {line(row)}")
        if len(rows) > SHOWN:
            click.echo(f"      … dan {len(rows) - SHOWN} lagi")
    if part.unchanged:
        click.echo(f"  = {part.unchanged} {what} sudah sesuai")


def _area_line(row: AreaRow) -> str:
    ticket = f", tiket {row.ticket_prefix}" if row.ticket_prefix else ""
    return f"{row.code} {row.name} ({row.kind}{ticket})"


def _setting_line(setting: Setting) -> str:
    state = "hidup" if setting.enabled else "mati"
    return f"{AreaCode.from_id(setting.area_id)} {setting.module}: {state}{', terkunci' if setting.locked else ''}"


def _staff_line(member: StaffMember) -> str:
    until = f" sampai {member.until}" if member.until else ""
    return f"{member.username} ({member.name}): {member.role} di {member.area}{until}"
