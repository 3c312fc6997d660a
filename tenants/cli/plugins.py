"""`puskesos plugins`, and the commands that plugins bring."""

import importlib.metadata

import click

from core.areas.code import AreaCode
from core.config import Config
from core.database.session import scope
from core.plugins.overview import PluginOverview, overview
from core.plugins.registry import ENTRY_POINT_GROUP, PluginRegistry, installed_plugins
from tenants.running import application

from .parameters import AREA
from .plugin_life import COMMANDS, EVERYWHERE
from .plugins_dev import dev
from .plugins_new import new
from .plugins_settings import settings
from .table import print_table

STATES = {"ready": "siap", "broken": "rusak", "skipped": "dilewati", "missing": "tidak terpasang"}


@click.group("plugins", help="Melihat, menghentikan, mengekspor, dan menghapus modul yang terpasang.")
def plugins() -> None:
    pass


plugins.add_command(settings)
plugins.add_command(new)
plugins.add_command(dev)
for command in COMMANDS:
    plugins.add_command(command)


@plugins.command("list", help="Modul yang terpasang, rusak beserta sebabnya, dilewati, atau hilang paketnya.")
@click.option("--area", "code", type=AREA, help="Hitung desa di wilayah ini saja; tanpa ini semuanya.")
@click.option("--offline", is_flag=True, help="Tanpa basis data: hanya apa yang terpasang dan sebab yang rusak.")
def list_plugins(code: AreaCode | None, offline: bool) -> None:
    if offline:
        rows = _installed_rows()
    else:
        area = code or EVERYWHERE
        with application(), scope(area):
            rows = [_row(item) for item in overview(area)]
    if rows:
        print_table(("modul", "keterangan", "versi", "API", "paket", "menyala", "keadaan"), rows)
    else:
        click.echo("Belum ada modul yang terpasang.")


def _row(item: PluginOverview) -> tuple[str, ...]:
    reasons = "; ".join(f"{trouble.reason} ({trouble.distribution})" for trouble in item.troubles)
    stopped = ", dihentikan" if item.stops else ""
    words = str(item.title) if item.state == "ready" else reasons or "–"
    if item.state == "ready" and reasons:
        words = f"{words}; {reasons}"
    on = f"{item.villages}/{item.total}"
    return item.name, words, item.version, item.api, item.distribution, on, f"{STATES[item.state]}{stopped}"


def _installed_rows() -> list[tuple[str, ...]]:
    registry = _registry()
    rows = [
        (name, str(plugin.title), plugin.version, plugin.api, registry.loaded(name).distribution, "–", "siap")
        for name, plugin in registry.plugins.items()
    ]
    rows += [(item.name, str(item.reason), "–", "–", item.distribution, "–", "rusak") for item in registry.broken]
    return [*rows, *((name, "–", "–", "–", "–", "–", "dilewati") for name in sorted(registry.disabled))]


def _registry() -> PluginRegistry:
    """Broken ones included, whatever ``PLUGINS_STRICT`` says: this is where one looks why."""
    return installed_plugins(Config.from_environment(), strict=False)


def commands_of(plugin: str) -> click.Group | None:
    """`puskesos <plugin> …`, run with the application at hand; None when the plugin brings no commands."""
    if plugin not in importlib.metadata.entry_points(group=ENTRY_POINT_GROUP).names:
        return None
    commands = [command for owner, command in _registry().commands() if owner == plugin]

    @click.pass_context
    def open_application(ctx: click.Context) -> None:
        ctx.with_resource(application())

    return click.Group(plugin, commands=commands, callback=open_application) if commands else None
