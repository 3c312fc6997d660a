"""Removing a plugin for good: a copy of its rows first, then its tables and every trace in core's settings."""

from pathlib import Path

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from core.areas.code import AreaCode
from core.areas.modules import recompute
from core.audit import record
from core.clock import now
from core.database.rls import as_owner
from core.database.session import commit, db, scope
from core.database.urls import DatabaseUrls
from core.platform import platform
from core.plugins.overview import find
from core.plugins.plugin_data import drop_statement, tables_of, write_plugin_export

EVERYWHERE = AreaCode.from_id(0)

# Where core keeps what it knows of a plugin, and in which column its name stands. What was done stays in the history.
TRACES = {
    "module_settings": "module",
    "plugin_settings": "plugin",
    "rule_overrides": "plugin",
    "plugin_suspensions": "plugin",
    "plugin_failures": "plugin",
    "plugin_schemas": "plugin",
}

# The files that came in for it, and what was found in them.
IMPORTS = (
    "DELETE FROM import_findings f USING imports i WHERE i.village_id = f.village_id AND i.id = f.import_id"
    " AND split_part(i.kind, '.', 1) = :plugin",
    "DELETE FROM imports WHERE split_part(kind, '.', 1) = :plugin",
)


class StillOn(Exception):
    """The plugin is at work in villages."""

    def __init__(self, villages: int) -> None:
        super().__init__(f"still on in {villages} villages")
        self.villages = villages


def usual_copy(data_dir: Path, plugin: str) -> Path:
    return data_dir / "plugin-exports" / f"{plugin}-{now():%Y%m%d-%H%M%S}.zip"


def purge(urls: DatabaseUrls, plugin: str, copy: Path) -> int:
    """Copy a plugin's rows of all villages to ``copy`` and drop its tables; answers with how many rows.

    Cases of its services stay: they are core's. All or nothing, but for the copy, which is there first.

    Raises:
        StillOn: the plugin is loaded, and on in a village.
    """
    found = find(EVERYWHERE, plugin)
    if found is not None and found.villages and plugin in platform().plugins.plugins:
        raise StillOn(found.villages)
    engine = create_engine(urls.owner, poolclass=NullPool)
    try:
        with engine.begin() as connection:
            rows = _copy_and_drop(connection, plugin, copy)
    finally:
        engine.dispose()
    with scope(EVERYWHERE):
        record("modules.purged", "module", plugin, rows=rows, file=copy.name)
        recompute(EVERYWHERE)
        commit()
    return rows


def _copy_and_drop(connection: Connection, plugin: str, copy: Path) -> int:
    """Nobody writes between the copy and the end."""
    connection.exec_driver_sql(f"SET LOCAL puskesos.lo = '{EVERYWHERE.id}'; SET LOCAL puskesos.hi = '{EVERYWHERE.hi}'")
    tables = tables_of(connection, plugin)
    for table in tables:
        connection.execute(text(f"LOCK TABLE {table.name}"))
    rows = write_plugin_export(connection, EVERYWHERE, plugin, copy)
    drop = drop_statement(tables, plugin).as_string(connection.connection.driver_connection)  # pyright: ignore[reportArgumentType]
    connection.exec_driver_sql(drop)
    for name, column in TRACES.items():
        connection.execute(text(f"DELETE FROM {name} WHERE {column} = :plugin"), {"plugin": plugin})  # noqa: S608
    for statement in as_owner(("import_findings", "imports"), *IMPORTS):
        connection.execute(text(statement), {"plugin": plugin} if statement in IMPORTS else {})
    db.session.remove()  # it may have read what is gone
    return rows
