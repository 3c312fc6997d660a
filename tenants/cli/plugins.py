"""`puskesos plugins`, and the commands that plugins bring."""

import importlib.metadata

import click

from core.config import Config
from core.plugins.registry import ENTRY_POINT_GROUP, PluginRegistry, installed_plugins
from tenants.running import application

from .table import print_table


@click.group("plugins", help="Melihat modul yang terpasang.")
def plugins() -> None:
    pass


@plugins.command("list", help="Modul yang terpasang, yang rusak beserta sebabnya, dan yang dilewati.")
def list_plugins() -> None:
    registry = _registry()
    rows = [(name, str(plugin.title), plugin.version, "siap") for name, plugin in registry.plugins.items()]
    rows += [(broken.name, str(broken.reason), "–", "rusak") for broken in registry.broken]
    rows += [(name, "dilewati lewat PLUGINS_DISABLED", "–", "dilewati") for name in sorted(registry.disabled)]
    if rows:
        print_table(("modul", "keterangan", "versi", "keadaan"), rows)
    else:
        click.echo("Belum ada modul yang terpasang.")


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
