"""`puskesos modules`: what is on where, and why; switching with a look ahead, the history, and the way back."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import click

from core.areas.code import AreaCode, smallest_around
from core.areas.models import ModuleChange
from core.areas.modules import check_installed, hold_settings, origins
from core.database.session import commit, db, scope
from core.enablement import Origin, Setting
from core.modules.agreement import ModulesDisagree
from core.modules.changes import AlreadyUndone, ChangedSince, apply_plan, history, titles_of, undo
from core.modules.plans import Impact, Plan, plan_wish
from core.modules.wishes import Cell, Lock, State, Wish
from core.platform import platform
from tenants.running import application

from .parameters import AREA, provisioned
from .problems import Problem
from .table import print_table

SHOWN = 5

Command = Callable[..., None]


@click.group("modules", help="Melihat dan mengatur modul per wilayah.")
def modules() -> None:
    pass


@modules.command("show", help="Modul yang hidup di satu wilayah, dan dari mana pengaturannya.")
@click.option("--area", "code", type=AREA, required=True, help="Misalnya 32.01.15.2008 atau 32.01.")
def show(code: AreaCode) -> None:
    with application():
        area = provisioned(code)
        found = origins(code)
        click.secho(f"{area.title} ({area.code})", bold=True)
        names = sorted({*platform().plugins.plugins, *found})
        print_table(("modul", "keadaan", "diatur di"), [_row(name, found.get(name)) for name in names])


def _row(name: str, origin: Origin | None) -> tuple[str, str, str]:
    shown = name if name in platform().plugins.plugins else f"{name} (tidak terpasang)"
    if origin is None:
        return shown, "mati", "–"
    locked = f", dikunci {AreaCode.from_id(origin.locked_by)}" if origin.locked_by is not None else ""
    return shown, "hidup" if origin.enabled else "mati", f"{AreaCode.from_id(origin.area_id)}{locked}"


# ---- switching ----


def switching(command: Command) -> Command:
    """The options of every command that changes something."""
    for option in (
        click.argument("module", metavar="MODUL"),
        click.option("--preview", is_flag=True, help="Hanya menunjukkan akibatnya; tidak ada yang diubah."),
        click.option("--reason", default="", help="Alasannya, untuk riwayat."),
        click.option("--clear-below", is_flag=True, help="Hapus juga penyimpangan di bawahnya."),
        click.option(
            "--area", "codes", type=AREA, required=True, multiple=True, help="Berlaku untuk wilayah ini dan bawahannya."
        ),
    ):
        command = option(command)
    return command


@modules.command("set", help="Menghidupkan (on), mematikan (off), atau mengikuti wilayah di atasnya (inherit).")
@switching
@click.argument("state", metavar="on|off|inherit", type=click.Choice(["on", "off", "inherit"]))
@click.option("--lock", is_flag=True, help="Wilayah di bawahnya tidak dapat mengubah.")
@click.option("--unlock", is_flag=True, help="Wilayah di bawahnya boleh menyimpang lagi.")
@click.option("--with-required", is_flag=True, help="Hidupkan juga modul yang dibutuhkannya.")
def set_state(state: str, lock: bool, unlock: bool, **options: Any) -> None:
    if lock and (unlock or state == State.INHERIT.value):
        raise click.UsageError("--lock tidak dapat dipakai bersama --unlock atau inherit.")
    switch_modules(State(state), Lock.LOCK if lock else Lock.UNLOCK if unlock else Lock.KEEP, **options)


@modules.command("lock", help="Mengunci keadaan sekarang: wilayah di bawahnya tidak dapat mengubah.")
@switching
def lock(**options: Any) -> None:
    switch_modules(State.KEEP, Lock.LOCK, **options)


@modules.command("unlock", help="Membuka kunci: wilayah di bawahnya boleh menyimpang lagi.")
@switching
def unlock(**options: Any) -> None:
    switch_modules(State.KEEP, Lock.UNLOCK, **options)


def switch_modules(
    state: State,
    lock: Lock,
    *,
    codes: Sequence[AreaCode],
    module: str,
    clear_below: bool,
    reason: str,
    preview: bool,
    with_required: bool = False,
) -> None:
    with application(), scope(smallest_around(codes)):
        check_installed(module)
        for code in codes:
            provisioned(code)
        hold_settings()
        wish = Wish(tuple(Cell(code, module) for code in codes), state, lock, clear_below)
        plan = plan_wish(wish)
        if with_required and plan.needed:
            wish = replace(wish, cells=(*wish.cells, *plan.needed))
            plan = plan_wish(wish)
        _refuse(plan, len(wish.cells))
        _print_plan(plan)
        if preview or plan.changes_nothing:
            click.echo("Tidak ada yang diubah." if preview else "Sudah seperti itu; tidak ada yang diubah.")
            return
        change_id = apply_plan(plan, reason).id
        commit()
        click.echo(f"Berlaku sejak sekarang. Mengurungkan: puskesos modules undo {change_id}")


def _refuse(plan: Plan, chosen: int) -> None:
    if plan.clashes:
        raise Problem("Tidak diubah.\n" + "\n".join(str(clash) for clash in plan.clashes))
    locks = sorted({f"{plan.titles[area]} ({AreaCode.from_id(area)})" for area in plan.refused.values()})
    if len(plan.refused) == chosen:
        raise Problem(f"Tidak diubah: modul ini dikunci oleh {', '.join(locks)}. Ubah di sana lebih dulu.")
    for cell in plan.refused:
        click.secho(f"{cell.area} dilewati, karena dikunci oleh {', '.join(locks)}.", fg="yellow")


def _print_plan(plan: Plan) -> None:
    for impact in plan.impacts:
        _print_impact(impact)
    if plan.needed:
        needed = ", ".join(dict.fromkeys(cell.module for cell in plan.needed))
        click.secho(f"Agar berjalan di semua desa, hidupkan juga {needed}: --with-required", fg="yellow")
    if plan.removed:
        click.echo(f"{len(plan.removed)} penyimpangan di bawahnya dihapus.")
    elif plan.kept:
        click.echo(f"{len(plan.kept)} penyimpangan di bawahnya tetap (hapus dengan --clear-below).")


def _print_impact(impact: Impact) -> None:
    because = f" (bergantung pada {', '.join(impact.depends_on)})" if impact.depends_on and not impact.chosen else ""
    click.secho(f"{impact.module}{because}", bold=True)
    for what, places in (
        ("mulai berjalan di", impact.on),
        ("berhenti di", impact.off),
        ("tetap karena penyimpangan di", impact.deviating),
        ("hidup tetapi tidak berjalan di", impact.idle),
    ):
        if places:
            names = ", ".join(place.title for place in places[:SHOWN])
            more = f" dan {len(places) - SHOWN} lagi" if len(places) > SHOWN else ""
            click.echo(f"  {what} {len(places)} desa: {names}{more}")
    if impact.off:
        click.echo(f"  {impact.cases} kasus terbuka di {impact.villages_with_cases} desa; tetap dapat diselesaikan")
    if impact.nothing_happens:
        click.echo("  tidak berubah di desa mana pun")


# ---- what was done, and the way back ----


@modules.command("history", help="Perubahan modul di satu wilayah, yang terbaru di atas.")
@click.option("--area", "code", type=AREA, required=True, help="Misalnya 32.01.")
def show_history(code: AreaCode) -> None:
    with application():
        provisioned(code)
        entries = history(code).rows
        titles = titles_of(entries)
        rows = [
            (
                str(entry.change.id),
                f"{entry.change.at:%Y-%m-%d %H:%M}",
                entry.change.user_name,
                ", ".join(sorted({step.module for step in entry.steps})),
                titles[entry.change.area_id],
                "diurungkan" if entry.change.undone_by else "berlaku",
                entry.change.reason or "–",
            )
            for entry in entries
        ]
        print_table(("nomor", "waktu (UTC)", "oleh", "modul", "wilayah", "keadaan", "alasan"), rows)


@modules.command("undo", help="Mengembalikan pengaturan persis seperti sebelum satu perubahan.")
@click.argument("number", metavar="NOMOR", type=click.UUID)
@click.option("--reason", default="", help="Alasannya, untuk riwayat.")
def take_back(number: UUID, reason: str) -> None:
    with application(), _change(number) as change:
        hold_settings()
        try:
            back = undo(change, reason).id
        except AlreadyUndone:
            raise Problem("Perubahan ini sudah diurungkan.") from None
        except ChangedSince as changed:
            lines = "\n".join(
                f"  {AreaCode.from_id(step.area_id)} {step.module}: ditinggalkan {_state(step.before)},"
                f" sekarang {_state(step.after)}"
                for step in changed.steps
            )
            raise Problem(f"Tidak diurungkan: pengaturan ini sudah diubah lagi sesudahnya.\n{lines}") from None
        except ModulesDisagree as disagree:
            raise Problem(f"Tidak diurungkan.\n{disagree}") from None
        commit()
        click.echo(f"Pengaturan kembali seperti sebelumnya. Mengurungkan lagi: puskesos modules undo {back}")


@contextmanager
def _change(number: UUID) -> Iterator[ModuleChange]:
    """A change, in the scope of its area."""
    found = db.session.get(ModuleChange, number)
    if found is None:
        raise Problem(f"Tidak ada perubahan bernomor {number}. Lihat: puskesos modules history --area 32.01")
    with scope(AreaCode.from_id(found.area_id)):
        yield db.session.get_one(ModuleChange, number)


def _state(setting: Setting | None) -> str:
    if setting is None:
        return "mengikuti"
    return f"{'hidup' if setting.enabled else 'mati'}{', terkunci' if setting.locked else ''}"
