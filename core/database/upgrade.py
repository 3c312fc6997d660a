"""Bring the schema up to date: core's migrations, each plugin's own, then what the application role may do."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg import sql
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from .urls import DatabaseUrls

log = logging.getLogger("puskesos.database")

MIGRATIONS = Path(__file__).parent / "migrations"

# Written once and never changed by the application, whatever its code says.
APPEND_ONLY = ("audit_entries", "case_events", "plugin_setting_changes", "referral_events", "rule_overrides")

# The lines of a timeline, of which the words can be taken out when a resident is erased. The policy lets nothing in.
BLANKABLE = ("case_events", "referral_events")


@dataclass(frozen=True)
class PluginMigrations:
    """Where a plugin keeps its migrations. Its version table is its own, so that core does not miss a gone wheel."""

    plugin: str
    directory: Path

    @property
    def version_table(self) -> str:
        return f"{self.plugin}_version"


class PluginMigrationsFailed(Exception):
    """Plugins whose own tables could not be brought up to date; core and the others are."""

    def __init__(self, failures: Mapping[str, Exception]) -> None:
        self.failures = dict(failures)
        reasons = "; ".join(f"{plugin}: {error}" for plugin, error in self.failures.items())
        super().__init__(f"Tabel modul {', '.join(self.failures)} belum dapat diperbarui. {reasons}")


def upgrade(urls: DatabaseUrls, plugins: Iterable[PluginMigrations] = ()) -> None:
    """Run what is missing, as the owner. Two processes may call this at once: one waits for the other.

    Raises:
        PluginMigrationsFailed: once all else is done, naming every plugin whose migrations failed.
    """
    engine = create_engine(urls.owner, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(3201152008)"))
            connection.commit()
            ensure_app_role(connection, urls)
            run_migrations(connection, MIGRATIONS, "core_version")
            # Core's tables can be used from here on, whatever becomes of a plugin's.
            grant_to_app(connection, urls.app_role)
            failures = _upgrade_plugins(connection, plugins)
            grant_to_app(connection, urls.app_role)
            connection.execute(text("SELECT pg_advisory_unlock(3201152008)"))
            connection.commit()
    finally:
        engine.dispose()
    if failures:
        raise PluginMigrationsFailed(failures)


def _upgrade_plugins(connection: Connection, plugins: Iterable[PluginMigrations]) -> dict[str, Exception]:
    """Each plugin's own tables; what went wrong, by plugin. All migrations of a plugin are one transaction: of those
    that one upgrade brings, either all are in force or none."""
    from .plugin_schemas import write_down  # noqa: PLC0415 - which knows this module

    failures: dict[str, Exception] = {}
    for plugin in plugins:
        try:
            run_migrations(connection, plugin.directory, plugin.version_table)
        except Exception as error:
            log.exception("migrations of plugin %s failed", plugin.plugin)
            connection.rollback()
            failures[plugin.plugin] = error
        problem = failures.get(plugin.plugin)
        write_down(connection, plugin.plugin, _version_of(connection, plugin), problem_text(problem))
        connection.commit()
    return failures


def _version_of(connection: Connection, plugin: PluginMigrations) -> str:
    """What a plugin's tables have; "-" where it has none yet."""
    context = MigrationContext.configure(connection, opts={"version_table": plugin.version_table})
    return "+".join(sorted(context.get_current_heads())) or "-"


def problem_text(error: Exception | None) -> str | None:
    """What can be shown of a failed migration. PostgreSQL's detail line, which may hold a value of a row, stays out."""
    if error is None:
        return None
    primary = getattr(getattr(getattr(error, "orig", None), "diag", None), "message_primary", None)
    return " ".join(f"{type(error).__name__}: {primary or error}".split())[:300]


def newest(directory: Path) -> set[str]:
    """The version to which the migrations of a folder lead."""
    settings = AlembicConfig()
    settings.set_main_option("script_location", str(directory).replace("%", "%%"))
    settings.set_main_option("path_separator", "os")
    return set(ScriptDirectory.from_config(settings).get_heads())


def run_migrations(connection: Connection, directory: Path, version_table: str) -> None:
    config = AlembicConfig()
    config.set_main_option("script_location", str(directory).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["version_table"] = version_table
    command.upgrade(config, "head")
    connection.commit()


def ensure_app_role(connection: Connection, urls: DatabaseUrls) -> None:
    """Make the application's role where the owner may; elsewhere an administrator has made it before."""
    exists = connection.execute(text("SELECT 1 FROM pg_roles WHERE rolname = :r"), {"r": urls.app_role}).scalar()
    if urls.app_password is not None:
        statement = sql.SQL("{verb} ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD {password}").format(
            verb=sql.SQL("ALTER" if exists else "CREATE"),
            role=sql.Identifier(urls.app_role),
            password=sql.Literal(urls.app_password),
        )
        _run(connection, statement)
    connection.commit()


def grant_to_app(connection: Connection, app_role: str) -> None:
    """The application reads and writes rows; it owns no table, alters none, and cannot change what is written once."""
    role = sql.Identifier(app_role)
    _run(connection, sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(role))
    database = sql.Identifier(str(connection.engine.url.database))
    _run(connection, sql.SQL("GRANT TEMPORARY ON DATABASE {} TO {}").format(database, role))  # imports stage their rows
    for statement in (
        sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}"),
        sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}"),
        sql.SQL("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {}"),
    ):
        _run(connection, statement.format(role))
    for table in inspect(connection).get_table_names():
        if table in APPEND_ONLY:
            statement = sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {} FROM {}")
        elif table == "plugin_schemas":
            statement = sql.SQL("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {} FROM {}")
        elif table.endswith("_version"):
            statement = sql.SQL("REVOKE ALL ON {} FROM {}")
        else:
            continue
        _run(connection, statement.format(sql.Identifier(table), role))
        if table in BLANKABLE:
            _run(connection, sql.SQL("GRANT UPDATE (note) ON {} TO {}").format(sql.Identifier(table), role))
    connection.commit()


def _run(connection: Connection, statement: sql.Composable) -> None:
    plain = statement.as_string(connection.connection.driver_connection)
    connection.exec_driver_sql(plain.replace("%", "%%"))  # the driver looks for parameters even where there are none
