"""Which versions the tables of this installation have: core's, and those of the plugins that a village uses."""

from importlib.metadata import PackageNotFoundError, version

from core.database.upgrade import MIGRATIONS, newest
from core.platform import platform

from .format import PluginPart


def platform_version() -> str:
    try:
        return version("puskesos")
    except PackageNotFoundError:  # run from its folder without having been installed
        return "0"


def core_schema() -> str:
    return "+".join(sorted(newest(MIGRATIONS)))


def plugin_parts() -> dict[str, PluginPart]:
    """Every loaded plugin. The database has their newest versions: nothing starts with an older one."""
    registry = platform().plugins
    schemas = {item.plugin: "+".join(sorted(newest(item.directory))) for item in registry.migration_directories()}
    return {name: PluginPart(str(plugin.version), schemas.get(name)) for name, plugin in registry.plugins.items()}
