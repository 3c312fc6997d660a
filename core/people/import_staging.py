"""A file's rows beside the register's, in tables that last as long as the transaction.

COPY straight into a table under row-level security is refused by PostgreSQL, so rows are copied into temporary tables
and compared and moved from there by a few statements over all of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from psycopg import Cursor, sql

from core.database.uuid7 import uuid7
from core.imports.findings import copy, driver_connection

from .import_rows import HOUSEHOLD_NUMBERS, HOUSEHOLD_TEXTS, PERSON_TEXTS, ImportRows

Parameters = dict[str, Any]

Merged = dict[str, sql.Composable]


def _or_stored(name: str) -> sql.Composable:
    """The file's value, or the stored one where the file says nothing."""
    return sql.SQL("coalesce(nullif(s.{0}, ''), stored.{0})").format(sql.Identifier(name))


def _number_or_stored(name: str) -> sql.Composable:
    return sql.SQL("coalesce(s.{0}, stored.{0})").format(sql.Identifier(name))


# What becomes of each column of a row that is in the register already.
HOUSEHOLD_MERGED: Merged = {
    **{name: _or_stored(name) for name in HOUSEHOLD_TEXTS},
    **{name: _number_or_stored(name) for name in HOUSEHOLD_NUMBERS},
}
PERSON_MERGED: Merged = {
    "household_id": _number_or_stored("household_id"),
    "nik": _number_or_stored("nik"),
    **{name: sql.SQL("s.{}").format(sql.Identifier(name)) for name in ("name", "name_key", "sex", "birth_date")},
    **{name: _or_stored(name) for name in PERSON_TEXTS},
    "extra": sql.SQL("stored.extra || s.extra"),
}

HOUSEHOLD_COLUMNS = ("id", "kk_number", *HOUSEHOLD_TEXTS, *HOUSEHOLD_NUMBERS)
PERSON_COLUMNS = ("row_no", "id", "nik", "name", "name_key", "sex", "birth_date", "kk_number", *PERSON_TEXTS, "extra")

# ``id`` is the row's own when it is new; ``stored_id`` is the register's row that it belongs to, if any.
STAGED_HOUSEHOLDS = sql.SQL("""
    CREATE TEMP TABLE staged_households (
        id uuid, kk_number text, {texts}, {numbers}, stored_id uuid, changed boolean NOT NULL DEFAULT false
    ) ON COMMIT DROP
""").format(
    texts=sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(name)) for name in HOUSEHOLD_TEXTS),
    numbers=sql.SQL(", ").join(sql.SQL("{} float8").format(sql.Identifier(name)) for name in HOUSEHOLD_NUMBERS),
)
STAGED_PERSONS = sql.SQL("""
    CREATE TEMP TABLE staged_persons (
        row_no int, id uuid, nik text, name text, name_key text, sex text, birth_date date, kk_number text,
        {texts}, extra jsonb, household_id uuid, stored_id uuid, changed boolean NOT NULL DEFAULT false
    ) ON COMMIT DROP
""").format(texts=sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(name)) for name in PERSON_TEXTS))

FIND_HOUSEHOLDS = sql.SQL("""
    UPDATE staged_households s SET stored_id = stored.id
    FROM households stored WHERE stored.village_id = %(village)s AND stored.kk_number = s.kk_number
""")
JOIN_HOUSEHOLDS = sql.SQL("""
    UPDATE staged_persons s SET household_id = coalesce(h.stored_id, h.id)
    FROM staged_households h WHERE h.kk_number = s.kk_number
""")
FIND_BY_NIK = sql.SQL("""
    UPDATE staged_persons s SET stored_id = stored.id
    FROM persons stored WHERE stored.village_id = %(village)s AND stored.nik = s.nik
""")

# One of the two has no NIK yet. Several with the same name, birth date and mother are paired one to one, so that the
# same file makes nobody twice; those without a NIK come last on the one side and first on the other.
FIND_BY_NAME = sql.SQL("""
    WITH file AS (
        SELECT row_no, nik, name_key, birth_date, lower(mother_name) AS mother, row_number() OVER (
            PARTITION BY name_key, birth_date, lower(mother_name) ORDER BY nik NULLS LAST, row_no) AS nth
        FROM staged_persons WHERE stored_id IS NULL AND name_key <> '' AND mother_name <> ''
    ), register AS (
        SELECT id, nik, name_key, birth_date, lower(mother_name) AS mother, row_number() OVER (
            PARTITION BY name_key, birth_date, lower(mother_name) ORDER BY nik NULLS FIRST, id) AS nth
        FROM persons p WHERE village_id = %(village)s AND name_key <> '' AND mother_name <> ''
        AND NOT EXISTS (SELECT FROM staged_persons s WHERE s.stored_id = p.id)
    )
    UPDATE staged_persons s SET stored_id = register.id
    FROM file JOIN register USING (name_key, birth_date, mother, nth)
    WHERE s.row_no = file.row_no AND (file.nik IS NULL OR register.nik IS NULL)
""")


def _mark_changed(staged: str, table: str, merged: Merged) -> sql.Composed:
    return sql.SQL("""
        UPDATE {staged} s SET changed = true FROM {table} stored
        WHERE stored.village_id = %(village)s AND stored.id = s.stored_id
        AND ROW({merged}) IS DISTINCT FROM ROW({stored})
    """).format(
        staged=sql.Identifier(staged),
        table=sql.Identifier(table),
        merged=sql.SQL(", ").join(merged.values()),
        stored=sql.SQL(", ").join(sql.SQL("stored.{}").format(sql.Identifier(name)) for name in merged),
    )


# Every statement here joins whole tables. Minutes after a first large import PostgreSQL has no statistics of it yet,
# takes the register for tiny, and would compare every row with every row: 200 seconds instead of one.
ALL_AT_ONCE = "SET LOCAL enable_nestloop = off"

COMPARE = (
    FIND_HOUSEHOLDS,
    JOIN_HOUSEHOLDS,
    FIND_BY_NIK,
    FIND_BY_NAME,
    _mark_changed("staged_households", "households", HOUSEHOLD_MERGED),
    _mark_changed("staged_persons", "persons", PERSON_MERGED),
)


@dataclass(frozen=True)
class Counts:
    """What a file would do, or did."""

    new: int
    changed: int
    unchanged: int
    new_households: int
    changed_households: int

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


def stage(rows: ImportRows, village_id: int) -> Counts:
    """Copy the good rows in, and find out to whom in the register each belongs and whether it changes anything."""
    with driver_connection().cursor() as cursor:
        cursor.execute(ALL_AT_ONCE)
        cursor.execute(STAGED_HOUSEHOLDS)
        cursor.execute(STAGED_PERSONS)
        copy(cursor, "staged_households", HOUSEHOLD_COLUMNS, _household_rows(rows))
        copy(cursor, "staged_persons", PERSON_COLUMNS, _person_rows(rows))
        cursor.execute("ANALYZE staged_households, staged_persons")
        for statement in COMPARE:
            cursor.execute(statement, {"village": village_id})
        return _count(cursor)


def _household_rows(rows: ImportRows) -> Iterable[Sequence[object]]:
    for household in rows.households:
        texts = (household.texts.get(name, "") for name in HOUSEHOLD_TEXTS)
        numbers = (household.numbers.get(name) for name in HOUSEHOLD_NUMBERS)
        yield (str(uuid7()), household.kk_number, *texts, *numbers)


def _person_rows(rows: ImportRows) -> Iterable[Sequence[object]]:
    for p in rows.persons:
        born = p.birth_date.isoformat()
        head = (p.row_no, str(uuid7()), p.nik, p.name, p.name_key, p.sex, born, p.kk_number)
        yield (*head, *p.texts, p.extra)


def _count(cursor: Cursor) -> Counts:
    cursor.execute("""
        SELECT count(*) FILTER (WHERE stored_id IS NULL), count(*) FILTER (WHERE changed),
               count(*) FILTER (WHERE stored_id IS NOT NULL AND NOT changed) FROM staged_persons
    """)
    persons = cursor.fetchone() or (0, 0, 0)
    cursor.execute("""
        SELECT count(*) FILTER (WHERE stored_id IS NULL), count(*) FILTER (WHERE changed) FROM staged_households
    """)
    return Counts(*persons, *(cursor.fetchone() or (0, 0)))
