"""Taking an import back: what it made is deleted, what it changed is restored, and what has moved on since is kept."""

from uuid import UUID

from flask_babel import gettext as _
from psycopg import Cursor, sql

from core.imports.findings import driver_connection, names
from core.imports.kind import KeptRow, Undone

from .identity import mask_nik
from .import_staging import ALL_AT_ONCE, HOUSEHOLD_MERGED, PERSON_MERGED, Parameters

# ``reason`` stays NULL for what can be undone. A row that is gone already needs nothing.
_COLLECT = """
CREATE TEMP TABLE undone ON COMMIT DROP AS
SELECT c."table", c.row_id, c.before, coalesce(p.name, h.kk_number, '') AS name,
       CASE WHEN coalesce(p.version, h.version) <> c.version_after THEN 'changed' END AS reason
FROM import_changes c
LEFT JOIN persons p ON c."table" = 'persons' AND p.village_id = c.village_id AND p.id = c.row_id
LEFT JOIN households h ON c."table" = 'households' AND h.village_id = c.village_id AND h.id = c.row_id
WHERE c.village_id = %(village)s AND c.import_id = %(import)s AND coalesce(p.id, h.id) IS NOT NULL
"""

_FAMILY_IS_GONE = """
UPDATE undone SET reason = 'family'
WHERE "table" = 'persons' AND reason IS NULL AND before ->> 'household_id' IS NOT NULL AND NOT EXISTS (
    SELECT FROM households h WHERE h.village_id = %(village)s AND h.id = (before ->> 'household_id')::uuid)
"""

_REFERENCES = """
SELECT referring.relname, a.attname
FROM pg_constraint fk JOIN pg_class referring ON referring.oid = fk.conrelid
JOIN pg_attribute a ON a.attrelid = fk.conrelid AND a.attnum = ANY (fk.conkey)
WHERE fk.contype = 'f' AND fk.confrelid = %s::regclass AND a.attname <> 'village_id'
"""


def undo_changes(village_id: int, import_id: UUID) -> Undone:
    """Undo all that can be, in the running transaction. The caller marks the import and commits."""
    parameters: Parameters = {"village": village_id, "import": import_id}
    with driver_connection().cursor() as cursor:
        cursor.execute(ALL_AT_ONCE)
        cursor.execute(_COLLECT, parameters)
        cursor.execute("ANALYZE undone")
        cursor.execute(_FAMILY_IS_GONE, parameters)
        # Persons first: a new family can go only when nobody is left in it.
        restored = _restore(cursor, "persons", tuple(PERSON_MERGED), parameters)
        deleted = _delete(cursor, "persons", parameters)
        restored += _restore(cursor, "households", tuple(HOUSEHOLD_MERGED), parameters)
        deleted += _delete(cursor, "households", parameters)
        kept = _kept(cursor)
        # The images of the rows as they were are personal data, and have served their purpose.
        cursor.execute(
            "DELETE FROM import_changes WHERE village_id = %(village)s AND import_id = %(import)s", parameters
        )
    return Undone(deleted, restored, kept)


def _restore(cursor: Cursor, table: str, columns: tuple[str, ...], parameters: Parameters) -> int:
    statement = sql.SQL("""
        UPDATE {table} stored
        SET ({columns}) = (SELECT {columns} FROM jsonb_populate_record(NULL::{table}, u.before)),
            version = stored.version + 1, updated_at = now()
        FROM undone u WHERE u."table" = {name} AND u.reason IS NULL AND u.before IS NOT NULL
        AND stored.village_id = %(village)s AND stored.id = u.row_id
    """)
    named = {"table": sql.Identifier(table), "name": sql.Literal(table), "columns": names(columns)}
    cursor.execute(statement.format(**named), parameters)
    return cursor.rowcount


def _delete(cursor: Cursor, table: str, parameters: Parameters) -> int:
    """Delete the new rows to which nothing refers. A plugin's tables may refer too, so the database is asked."""
    used = sql.SQL("""
        UPDATE undone u SET reason = 'used' WHERE u."table" = {name} AND u.before IS NULL AND u.reason IS NULL
        AND EXISTS (SELECT FROM {referring} r WHERE r.village_id = %(village)s AND r.{column} = u.row_id)
    """)
    cursor.execute(_REFERENCES, [table])
    for referring, column in cursor.fetchall():
        named = {"referring": sql.Identifier(referring), "column": sql.Identifier(column)}
        cursor.execute(used.format(name=sql.Literal(table), **named), parameters)
    delete = sql.SQL("""
        DELETE FROM {table} stored USING undone u
        WHERE u."table" = {name} AND u.before IS NULL AND u.reason IS NULL
        AND stored.village_id = %(village)s AND stored.id = u.row_id
    """)
    cursor.execute(delete.format(table=sql.Identifier(table), name=sql.Literal(table)), parameters)
    return cursor.rowcount


def _kept(cursor: Cursor) -> list[KeptRow]:
    cursor.execute("""
        SELECT "table", row_id::text, name, reason FROM undone
        WHERE reason IS NOT NULL ORDER BY "table" DESC, lower(name)
    """)
    return [
        KeptRow(row_id, name, reason, "people.show")
        if table == "persons"
        else KeptRow(row_id, mask_nik(name) or _("Keluarga tanpa No. KK"), reason, "people.household")
        for table, row_id, name, reason in cursor
    ]
