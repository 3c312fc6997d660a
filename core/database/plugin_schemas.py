"""Which version each plugin's tables have, written down where the application may read it.

The version tables themselves are the owner's alone. What the upgrade found stands here, so that a process which starts
knows without the owner's rights whether a plugin can work with its tables.
"""

from collections.abc import Iterable, Mapping

from sqlalchemy import Column, Connection, DateTime, MetaData, String, Table, create_engine, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.pool import NullPool

from .upgrade import PluginMigrations, newest

# Not among the models: it tells of the schema and not of what people do, and tests that empty all tables leave it.
plugin_schemas = Table(
    "plugin_schemas",
    MetaData(),
    Column("plugin", String(32), primary_key=True),
    Column("version", String(200)),
    Column("at", DateTime(timezone=True)),
    Column("problem", String(300)),
)


def version_text(migrations: PluginMigrations) -> str:
    """The version to which a plugin's migrations lead."""
    return "+".join(sorted(newest(migrations.directory)))


def write_down(connection: Connection, plugin: str, version: str, problem: str | None) -> None:
    """By the owner, after an upgrade: ``problem`` is why it failed, and ``version`` what the tables have stayed at."""
    statement = insert(plugin_schemas).values(plugin=plugin, version=version, problem=problem, at=func.now())
    kept = {"version": statement.excluded.version, "problem": statement.excluded.problem, "at": func.now()}
    connection.execute(statement.on_conflict_do_update(index_elements=["plugin"], set_=kept))


def out_of_date(database_url: str, plugins: Iterable[PluginMigrations]) -> dict[str, str]:
    """The plugins whose tables are not those that they expect, each with what is known of the reason.

    Nobody where the database cannot be asked yet: every page answers that it is not available, until it is.
    """
    wanted = {item.plugin: version_text(item) for item in plugins}
    if not wanted:
        return {}
    columns = plugin_schemas.c.plugin, plugin_schemas.c.version, plugin_schemas.c.problem
    try:
        with create_engine(database_url, poolclass=NullPool).connect() as connection:
            rows = connection.execute(select(*columns).where(plugin_schemas.c.plugin.in_(wanted))).all()
    except (OperationalError, ProgrammingError):
        return {}
    return _differences(wanted, {plugin: (version, problem) for plugin, version, problem in rows})


def _differences(wanted: Mapping[str, str], there: Mapping[str, tuple[str, str | None]]) -> dict[str, str]:
    found = {}
    for plugin, version in wanted.items():
        at, problem = there.get(plugin, ("-", None))
        if at != version or problem:
            found[plugin] = f"{at} → {version}" + (f": {problem}" if problem else "")
    return found
