"""Findings in the database: by COPY, since a file may have one in each of 50,000 rows."""

from collections.abc import Iterable, Sequence
from typing import Any

from psycopg import Connection, Cursor, sql

from core.database.session import db
from core.database.uuid7 import uuid7

from .rows import Finding

COLUMNS = ("id", "row_no", "level", "column", "value", "message", "fix")


def driver_connection() -> Connection:
    """psycopg's own connection of the running transaction, in its scope."""
    connection = db.session.connection().connection.driver_connection
    assert isinstance(connection, Connection)  # noqa: S101 - the one driver that this platform has
    return connection


def wait_for_turn(village_id: int) -> None:
    """One file of a village is applied at a time, whoever applies it; held until the transaction ends."""
    with driver_connection().cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"imports {village_id}"])


def copy(cursor: Cursor, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names(columns))
    with cursor.copy(command) as stream:
        for row in rows:
            stream.write_row(row)


def names(columns: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in columns)


def store_findings(village_id: int, import_id: object, findings: Iterable[Finding]) -> None:
    """Replace what an earlier check of the same file has found."""
    parameters: dict[str, Any] = {"village": village_id, "import": import_id}
    with driver_connection().cursor() as cursor:
        cursor.execute(
            "DELETE FROM import_findings WHERE village_id = %(village)s AND import_id = %(import)s", parameters
        )
        cursor.execute("""
            CREATE TEMP TABLE IF NOT EXISTS staged_findings (
                id uuid, row_no int, level text, "column" text, value text, message text, fix text
            ) ON COMMIT DROP
        """)
        found = ((str(uuid7()), f.row_no, f.level, f.column, f.value, f.message, f.fix) for f in findings)
        copy(cursor, "staged_findings", COLUMNS, found)
        statement = sql.SQL("""
            INSERT INTO import_findings (village_id, import_id, {columns})
            SELECT %(village)s, %(import)s, {columns} FROM staged_findings
        """).format(columns=names(COLUMNS))
        cursor.execute(statement, parameters)
