"""Whether a plugin's migrations lead down and up again, with rows in its tables."""

import re

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import DBAPIError

from core.database.base import Base
from core.database.upgrade import PluginMigrations, grant_to_app
from core.testing.made_up import make_family
from core.testing.subject import Subject
from core.testing.villages import VILLAGE

# Everything that a table consists of, a line each.
SCHEMA = text("""
SELECT table_name || '.' || column_name || ' ' || data_type || coalesce('(' || character_maximum_length || ')', '')
       || ' ' || is_nullable || ' ' || coalesce(column_default, '') FROM information_schema.columns
WHERE table_schema = 'public'
UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT tablename || ' ' || policyname || ' ' || cmd || coalesce(qual, '') || coalesce(with_check, '')
FROM pg_policies WHERE schemaname = 'public'
UNION ALL SELECT oid::regclass || ' ' || relrowsecurity || relforcerowsecurity FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
UNION ALL SELECT tgrelid::regclass || ' ' || tgname FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'function ' || proname || md5(prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
""")


def migration_faults(subject: Subject) -> list[str]:
    """Down from the newest to before the first, each step up and down once more with what rows there are; then up.

    The last downgrade empties the tables, as a purge does. Afterwards the schema is what it was, and core's own part
    of it is the same at either end.
    """
    [own] = [item for item in subject.registry.migration_directories() if item.plugin == subject.plugin] or [None]
    if own is None:
        return []
    make_family(subject, VILLAGE, "tetap-ada")
    with subject.owner_engine.connect() as connection:
        try:
            return list(_walk(connection, subject, own))
        finally:
            connection.rollback()
            _restore(connection, subject, own)


def _walk(connection: Connection, subject: Subject, own: PluginMigrations) -> list[str]:
    config = _config(connection, own)
    newest, faults = _schema(connection), []
    revisions = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    for revision in revisions:
        for verb, step in (("down", command.downgrade), ("up again", command.upgrade), ("down", command.downgrade)):
            try:
                step(config, "-1" if step is command.downgrade else revision)
                connection.commit()
            except Exception as error:
                reason = "it has no downgrade()" if isinstance(error, AttributeError) else error
                return [f"migration {revision} does not lead {verb}: {reason}"]
    left = sorted(line for line in _schema(connection) if _is_of(line, subject.plugin, own))
    faults += [f"is still there after the last downgrade: {line}" for line in left]
    core = {line for line in newest if not _is_of(line, subject.plugin, own)}
    faults += [f"core's own tables are changed: {line}" for line in sorted(core ^ (_schema(connection) - set(left)))]
    faults += [f"core's own tables are changed: {column} was added" for column in _unknown_columns(connection)]
    try:
        command.upgrade(config, "head")
    except DBAPIError as error:
        return [*faults, f"does not lead up again from nothing: {error}"]
    connection.commit()
    difference = newest ^ _schema(connection)
    return faults + [f"differs after down and up again: {line}" for line in sorted(difference)]


def _unknown_columns(connection: Connection) -> list[str]:
    """Of tables that have a model without them. What a plugin adds and leaves there looks the same at either end."""
    catalogue = inspect(connection)
    there = {name for name in catalogue.get_table_names() if name in Base.metadata.tables}
    found = [f"{name}.{column['name']}" for name in there for column in catalogue.get_columns(name)]
    known = {f"{name}.{column.name}" for name in there for column in Base.metadata.tables[name].columns}
    return sorted(set(found) - known)


def _is_of(line: str, plugin: str, own: PluginMigrations) -> bool:
    # A whole name, alone or behind what an index or a constraint begins with: a column "queue_name" is no plugin's.
    name = re.compile(rf"(?:^|\s|public\.)(?:(?:ck|fk|ix|pk|uq)_)?{plugin}_")
    return name.search(line) is not None and own.version_table not in line


def _schema(connection: Connection) -> set[str]:
    lines = set(connection.scalars(SCHEMA))
    connection.commit()
    return lines


def _config(connection: Connection, own: PluginMigrations) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(own.directory).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["version_table"] = own.version_table
    return config


def _restore(connection: Connection, subject: Subject, own: PluginMigrations) -> None:
    """Tables made anew are the application's to use again. Where the way up is blocked, that has been told."""
    try:
        command.upgrade(_config(connection, own), "head")
    except DBAPIError:
        connection.rollback()
        return
    connection.commit()
    grant_to_app(connection, subject.database_urls.app_role)
