"""What belongs to a village, as the database's own catalogue tells: a table of tomorrow is archived without a list.

A table belongs to a village when it has a column ``village_id``. A model may say otherwise of itself with
``{"info": {"archived": False}}``, for what is not part of the village's record.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import TopologicalSorter

from psycopg import sql
from sqlalchemy import Connection, text

from core.database.base import Base
from core.plugins.tables import models_of

COLUMNS = text("""
    SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      AND (c.relname = ANY (:named) OR EXISTS (
          SELECT FROM pg_attribute v WHERE v.attrelid = c.oid AND v.attname = 'village_id' AND NOT v.attisdropped))
    ORDER BY c.relname, a.attnum
""")

REFERENCES = text("""
    SELECT conrelid::regclass::text, confrelid::regclass::text, a.attname
    FROM pg_constraint f JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = ANY (f.conkey)
    WHERE f.contype = 'f' AND f.connamespace = 'public'::regnamespace AND a.attname <> 'village_id'
""")

# By which column they name the village, and their order.
SHARED = {
    "areas": ("id", "id"),
    "module_settings": ("area_id", "module"),
    "plugin_settings": ("area_id", "name"),
    "rule_overrides": ("area_id", "id"),
    "audit_entries": ("area_id", "seq"),
    "organisations": ("id", "id"),
}


@dataclass(frozen=True)
class Column:
    """A column, its type as PostgreSQL writes it, and the table that it refers to."""

    name: str
    type: str
    target: str | None = None

    @property
    def is_json(self) -> bool:
        return self.type in ("json", "jsonb")

    @property
    def identifier(self) -> sql.Identifier:
        return sql.Identifier(self.name)


@dataclass(frozen=True)
class VillageTable:
    """A table whose rows are a village's: where ``key`` is its number. ``plugin`` is None for core's own."""

    name: str
    key: str
    order: str
    columns: tuple[Column, ...]
    plugin: str | None = None

    @property
    def member(self) -> str:
        return f"tables/{self.name}.ndjson"

    def of_type(self, kind: str) -> list[Column]:
        return [column for column in self.columns if column.type == kind]


@dataclass(frozen=True)
class Found:
    """``tables`` in the order in which they can be filled; ``unowned`` are those of plugins that are not loaded.

    The area, its modules' settings, its values of rules and the audit name the village by another column; organisations
    are shared.
    """

    tables: tuple[VillageTable, ...]
    area: VillageTable
    settings: VillageTable
    plugin_settings: VillageTable
    rule_overrides: VillageTable
    audit: VillageTable
    organisations: VillageTable
    unowned: tuple[str, ...]

    @property
    def all(self) -> tuple[VillageTable, ...]:
        return (*self.tables, self.settings, self.plugin_settings, self.rule_overrides, self.audit)


def find_tables(connection: Connection, plugins: Iterable[str]) -> Found:
    """Every table of a village, core's and those of the given plugins."""
    columns: dict[str, list[Column]] = {}
    targets = {(table, column): target for table, target, column in connection.execute(REFERENCES)}
    for table, name, kind in connection.execute(COLUMNS, {"named": list(SHARED)}):
        columns.setdefault(table, []).append(Column(name, kind, targets.get((table, name))))
    area, settings, plugin_settings, rule_overrides, audit, organisations = (
        VillageTable(name, *keys, tuple(columns.pop(name))) for name, keys in SHARED.items()
    )
    own = {table.name for table in models_of("core")}
    # The longest name first: a plugin "visit" does not own what is "visit_home"'s.
    names = sorted(plugins, key=len, reverse=True)
    found, unowned = {}, []
    for name, parts in columns.items():
        plugin = None if name in own else next((plugin for plugin in names if name.startswith(f"{plugin}_")), "")
        if plugin == "":
            unowned.append(name)
        elif name not in Base.metadata.tables or Base.metadata.tables[name].info.get("archived", True):
            found[name] = VillageTable(name, "village_id", "id", tuple(parts), plugin)
    shared = (area, settings, plugin_settings, rule_overrides, audit, organisations)
    return Found(_parents_first(found), *shared, tuple(sorted(unowned)))


def _parents_first(tables: dict[str, VillageTable]) -> tuple[VillageTable, ...]:
    targets = {
        name: {column.target for column in table.columns if column.target in tables} - {name}
        for name, table in tables.items()
    }
    return tuple(tables[name] for name in TopologicalSorter(targets).static_order())


def line_query(table: VillageTable, area_id: int, hi: int | None = None) -> sql.Composed:
    """Each row as a JSON object. JSON columns are texts in it, so that they come back to the letter; bytes are hex.

    With ``hi`` the rows of all villages up to there.
    """
    statement = sql.SQL(
        "SELECT row_to_json(line)::text FROM ("
        "SELECT {columns} FROM {table} WHERE {key} BETWEEN {id} AND {hi} ORDER BY {key}, {order}) line"
    )
    return statement.format(
        columns=sql.SQL(", ").join(_as_written(column) for column in table.columns),
        table=sql.Identifier(table.name),
        key=sql.Identifier(table.key),
        id=sql.Literal(area_id),
        hi=sql.Literal(area_id if hi is None else hi),
        order=sql.Identifier(table.order),
    )


def _as_written(column: Column) -> sql.Composable:
    if column.is_json:
        return sql.SQL("{0}::text AS {0}").format(column.identifier)
    if column.type == "bytea":
        return sql.SQL("encode({0}, 'hex') AS {0}").format(column.identifier)
    return column.identifier


def insert_statement(table: VillageTable) -> sql.Composed:
    """From the lines in the temporary table ``archive_lines``; references to organisations follow ``archive_moved``.

    One statement for all rows, so that rows of a table may refer to each other in any order.
    """
    return sql.SQL(
        "INSERT INTO {table} ({names}) SELECT {values} FROM archive_lines, json_to_record(line::json) AS x({fields})"
    ).format(
        table=sql.Identifier(table.name),
        names=sql.SQL(", ").join(column.identifier for column in table.columns),
        values=sql.SQL(", ").join(stored_value(column) for column in table.columns),
        fields=sql.SQL(", ").join(field_of(column) for column in table.columns),
    )


def stored_value(column: Column) -> sql.Composable:
    value = sql.SQL("x.{}").format(column.identifier)
    if column.is_json:
        return sql.SQL("{}::{}").format(value, sql.SQL(column.type))  # pyright: ignore[reportArgumentType]
    if column.type == "bytea":
        return sql.SQL("decode({}, 'hex')").format(value)
    if column.target == "organisations":
        return sql.SQL("coalesce((SELECT kept FROM archive_moved WHERE brought = {0}), {0})").format(value)
    return value


def field_of(column: Column) -> sql.Composable:
    """The type is the database's own word for it, from its catalogue."""
    kind = "text" if column.is_json or column.type == "bytea" else column.type
    return sql.SQL("{} {}").format(column.identifier, sql.SQL(kind))  # pyright: ignore[reportArgumentType]
