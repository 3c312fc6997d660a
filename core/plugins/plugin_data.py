"""The rows of one plugin: how many, how large, and a copy of them to take along. Its code may be gone by then."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from psycopg import Connection as DriverConnection
from psycopg import sql
from sqlalchemy import Connection, text

from core.archive.tables import VillageTable, find_tables, line_query
from core.areas.code import AreaCode
from core.clock import now
from core.platform import platform

ROWS_AT_A_TIME = 500
TOLD_EVERY = 5_000

SIZES = text("SELECT c.relname, pg_total_relation_size(c.oid) FROM pg_class c WHERE c.oid = ANY (:tables ::regclass[])")


@dataclass(frozen=True)
class TableSize:
    """``rows`` of the area that was asked about; ``bytes`` of the whole installation, indexes included."""

    name: str
    rows: int
    bytes: int


def tables_of(connection: Connection, plugin: str) -> list[VillageTable]:
    """A plugin's own tables, parents first, whether it is installed or not."""
    found = find_tables(connection, {*platform().plugins.plugins, plugin})
    return [table for table in found.tables if table.plugin == plugin]


def sizes(connection: Connection, area: AreaCode, plugin: str) -> list[TableSize]:
    """In the scope of the area, one query a table."""
    tables = tables_of(connection, plugin)
    if not tables:
        return []
    large = dict(iter(connection.execute(SIZES, {"tables": [table.name for table in tables]})))
    return [TableSize(table.name, _count(connection, table, area), large[table.name]) for table in tables]


def _count(connection: Connection, table: VillageTable, area: AreaCode) -> int:
    where = f"{table.key} BETWEEN :lo AND :hi"
    query = text(f"SELECT count(*) FROM {table.name} WHERE {where}")  # noqa: S608 - names from the catalogue
    return connection.scalar(query, {"lo": area.id, "hi": area.hi}) or 0


OnProgress = Callable[[int, int], object]


def write_plugin_export(
    connection: Connection, area: AreaCode, plugin: str, target: Path, tell: OnProgress = lambda _done, _total: None
) -> int:
    """Write a plugin's rows of an area, in its scope, into a ZIP; answers with how many rows.

    ``tell`` hears now and then how many rows are done, of how many. ``manifest.json`` says what is in it;
    ``tables/<name>.ndjson`` has a row a line, as an archive of a village has.
    """
    driver = connection.connection.driver_connection
    assert isinstance(driver, DriverConnection)  # noqa: S101 - the one driver that this platform has
    tables = tables_of(connection, plugin)
    total = sum(_count(connection, table, area) for table in tables)
    rows = dict.fromkeys((table.name for table in tables), 0)
    done = 0
    tell(done, total)
    with ZipFile(target, "w", ZIP_DEFLATED, allowZip64=True) as archive:
        for table in tables:
            with archive.open(table.member, "w", force_zip64=True) as member:
                for line in _lines(driver, table, area):
                    member.write(line.encode() + b"\n")
                    rows[table.name] += 1
                    done += 1
                    if done % TOLD_EVERY == 0:
                        tell(done, max(done, total))
        archive.writestr("manifest.json", json.dumps(_manifest(area, plugin, rows), ensure_ascii=False, indent=2))
    return done


def _lines(driver: DriverConnection, table: VillageTable, area: AreaCode) -> Iterator[str]:
    with driver.cursor("plugin_export") as cursor:
        cursor.itersize = ROWS_AT_A_TIME
        for (line,) in cursor.execute(line_query(table, area.id, area.hi)):
            yield line


def _manifest(area: AreaCode, plugin: str, rows: dict[str, int]) -> dict[str, object]:
    manifest = platform().plugins.plugins.get(plugin)
    return {
        "plugin": plugin,
        "version": manifest.version if manifest else None,
        "area": str(area) or None,
        "created_at": now().isoformat(timespec="seconds"),
        "rows": rows,
    }


def drop_statement(tables: list[VillageTable], plugin: str) -> sql.Composed:
    """All at once, since they refer to each other; refused by the database where another plugin's refer to them."""
    names = [*(table.name for table in tables), f"{plugin}_version"]
    return sql.SQL("DROP TABLE IF EXISTS {}").format(sql.SQL(", ").join(map(sql.Identifier, names)))
