"""`puskesos modules`: what is on where, and why."""

import click

from core.areas.code import AreaCode
from core.areas.modules import origins, set_module
from core.database.session import commit, scope
from core.enablement import Origin
from core.platform import platform
from tenants.running import application

from .parameters import AREA, provisioned
from .table import print_table

STATES = {"on": True, "off": False, "inherit": None}


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


@modules.command("set", help="Menghidupkan (on), mematikan (off), atau mengikuti wilayah di atasnya (inherit).")
@click.option("--area", "code", type=AREA, required=True, help="Berlaku untuk wilayah ini dan semua di bawahnya.")
@click.argument("module", metavar="MODUL")
@click.argument("state", metavar="on|off|inherit", type=click.Choice(list(STATES)))
@click.option("--lock", is_flag=True, help="Wilayah di bawahnya tidak dapat mengubah.")
def set_state(code: AreaCode, module: str, state: str, lock: bool) -> None:
    if lock and state == "inherit":
        raise click.UsageError("--lock tidak dapat dipakai bersama inherit.")
    with application(), scope(code):
        area = provisioned(code)
        changed = set_module(code, module, enabled=STATES[state], locked=lock)
        now = origins(code).get(module)
        commit()
        click.echo(f"{module} di {area.title} ({code}): {state}. {changed} wilayah berubah.")
        wanted = STATES[state]
        if wanted is not None and now and now.enabled != wanted and now.locked_by is not None:
            where = AreaCode.from_id(now.locked_by)
            click.secho(f"Belum berlaku: modul ini dikunci di {where}. Ubah di sana lebih dulu.", fg="yellow")
