"""Whether the database's tables are those that this version of the code, and of its plugins, expects."""

from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from core.config import Config
from core.database.upgrade import MIGRATIONS, PluginMigrations, newest
from core.database.urls import DatabaseUrls
from core.plugins.registry import installed_plugins


class SchemaOutdated(Exception):
    """The tables are missing or older than the code."""

    def __init__(self) -> None:
        super().__init__("Tabel basis data belum ada atau belum sesuai dengan versi ini. Jalankan: puskesos db upgrade")


def installed_migrations(config: Config) -> list[PluginMigrations]:
    """Raises: PluginLoadError: a plugin is broken and the settings do not forgive it."""
    return installed_plugins(config).migration_directories()


def require_current_schema(urls: DatabaseUrls) -> None:
    """Core's tables, asked as the owner: the application's role does not see the version tables. A plugin whose own
    tables are older is broken, and the rest serves.

    Raises:
        SchemaOutdated: somebody has to run `puskesos db upgrade` first.
    """
    engine = create_engine(urls.owner, poolclass=NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": "core_version"})
        if set(context.get_current_heads()) != newest(MIGRATIONS):
            raise SchemaOutdated
