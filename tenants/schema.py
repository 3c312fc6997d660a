"""Whether the database's tables are those that this version of the code, and of its plugins, expects."""

from collections.abc import Iterable

from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from core.config import Config
from core.database.upgrade import MIGRATIONS, PluginMigrations, newest
from core.database.urls import DatabaseUrls
from core.plugins.registry import load_plugins


class SchemaOutdated(Exception):
    """The tables are missing or older than the code."""

    def __init__(self) -> None:
        super().__init__("Tabel basis data belum ada atau belum sesuai dengan versi ini. Jalankan: puskesos db upgrade")


def installed_migrations(config: Config) -> list[PluginMigrations]:
    """Raises: PluginLoadError: a plugin is broken and the settings do not forgive it."""
    return load_plugins(strict=config.plugins_strict, disabled=config.plugins_disabled).migration_directories()


def require_current_schema(urls: DatabaseUrls, plugins: Iterable[PluginMigrations]) -> None:
    """Asked as the owner: the application's role does not see the version tables.

    Raises:
        SchemaOutdated: somebody has to run `puskesos db upgrade` first.
    """
    wanted = {"core_version": MIGRATIONS, **{plugin.version_table: plugin.directory for plugin in plugins}}
    engine = create_engine(urls.owner, poolclass=NullPool)
    with engine.connect() as connection:
        for table, directory in wanted.items():
            context = MigrationContext.configure(connection, opts={"version_table": table})
            if set(context.get_current_heads()) != newest(directory):
                raise SchemaOutdated
