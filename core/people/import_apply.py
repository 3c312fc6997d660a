"""Moving staged rows into the register, remembering how each row was before."""

from uuid import UUID

from psycopg import sql

from core.imports.findings import driver_connection, names

from .import_rows import HOUSEHOLD_NUMBERS, HOUSEHOLD_TEXTS, PERSON_TEXTS
from .import_staging import HOUSEHOLD_MERGED, PERSON_MERGED, Merged, Parameters


def _tables(table: str) -> dict[str, sql.Composable]:
    return {
        "staged": sql.Identifier(f"staged_{table}"),
        "table": sql.Identifier(table),
        "name": sql.Literal(table),
    }


def _remember_changed(table: str) -> sql.Composed:
    return sql.SQL("""
        INSERT INTO import_changes (village_id, id, import_id, "table", row_id, before, version_after)
        SELECT %(village)s, gen_random_uuid(), %(import)s, {name}, stored.id, to_jsonb(stored), stored.version + 1
        FROM {staged} s JOIN {table} stored ON stored.village_id = %(village)s AND stored.id = s.stored_id
        WHERE s.changed
    """).format(**_tables(table))


def _remember_new(table: str) -> sql.Composed:
    return sql.SQL("""
        INSERT INTO import_changes (village_id, id, import_id, "table", row_id, before, version_after)
        SELECT %(village)s, gen_random_uuid(), %(import)s, {name}, id, NULL, 1 FROM {staged} WHERE stored_id IS NULL
    """).format(**_tables(table))


def _update(table: str, merged: Merged) -> sql.Composed:
    return sql.SQL("""
        UPDATE {table} stored SET ({columns}) = ROW({values}), version = stored.version + 1, updated_at = now()
        FROM {staged} s WHERE stored.village_id = %(village)s AND stored.id = s.stored_id AND s.changed
    """).format(**_tables(table), columns=names(merged), values=sql.SQL(", ").join(merged.values()))


def _insert(table: str, columns: Merged) -> sql.Composed:
    return sql.SQL("""
        INSERT INTO {table} (village_id, import_id, {columns})
        SELECT %(village)s, %(import)s, {values} FROM {staged} WHERE stored_id IS NULL
    """).format(**_tables(table), columns=names(columns), values=sql.SQL(", ").join(columns.values()))


_NEW_HOUSEHOLD: Merged = {
    name: sql.Identifier(name) for name in ("id", "kk_number", *HOUSEHOLD_TEXTS, *HOUSEHOLD_NUMBERS)
}
_NEW_PERSON: Merged = {
    **{name: sql.Identifier(name) for name in ("id", "household_id", "nik", "name", "name_key", "sex", "birth_date")},
    **{name: sql.Identifier(name) for name in (*PERSON_TEXTS, "extra")},
    "family_role": sql.SQL("coalesce(nullif(family_role, ''), 'other')"),
    "life_status": sql.SQL("coalesce(nullif(life_status, ''), 'alive')"),
}

# Families first, since persons refer to them.
STEPS = (
    _remember_changed("households"),
    _remember_new("households"),
    _update("households", HOUSEHOLD_MERGED),
    _insert("households", _NEW_HOUSEHOLD),
    _remember_changed("persons"),
    _remember_new("persons"),
    _update("persons", PERSON_MERGED),
    _insert("persons", _NEW_PERSON),
)


def apply_staged(village_id: int, import_id: UUID) -> None:
    """Write what :func:`core.people.import_staging.stage` found, in the same transaction."""
    parameters: Parameters = {"village": village_id, "import": import_id}
    with driver_connection().cursor() as cursor:
        for step in STEPS:
            cursor.execute(step, parameters)
