"""The database itself keeps villages apart: raw SQL as the application's role, on every table that the catalogue knows.

Everything happens in transactions that are rolled back, in which each village has one row in each table.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.pool import StaticPool

from core.areas.code import AreaCode
from core.database.upgrade import APPEND_ONLY, BLANKABLE
from core.database.urls import DatabaseUrls
from core.testing import FOREIGN, SIBLING, VILLAGE

OWN, NEXT_DOOR, AFAR = (AreaCode.parse(code).id for code in (VILLAGE, SIBLING, FOREIGN))
ALL = [OWN, NEXT_DOOR, AFAR]

# scope → the villages that it shows
SHOWN = {
    VILLAGE: [OWN],
    SIBLING: [NEXT_DOOR],
    FOREIGN: [AFAR],
    "32.01.15": [OWN, NEXT_DOOR],
    "32.01": [OWN, NEXT_DOOR],
    "32.02": [AFAR],
    "32": ALL,
    "33": [],
}
NATION = AreaCode.from_id(0)

InsertRow = Callable[..., None]


@pytest.fixture(scope="module")
def engine(database_urls: DatabaseUrls) -> Iterator[Engine]:
    """One connection as the application's role, without anything of ours around it."""
    engine = create_engine(database_urls.app, poolclass=StaticPool)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        yield connection
        connection.rollback()


def look_at(connection: Connection, area: AreaCode) -> None:
    connection.execute(text(f"SET LOCAL puskesos.lo = '{area.id}'; SET LOCAL puskesos.hi = '{area.hi}'"))


@pytest.fixture
def filled(connection: Connection, village_tables: list[str], insert_row: InsertRow) -> Connection:
    """Three villages with a row in each table, written by the application's role itself."""
    for village_id in ALL:
        look_at(connection, AreaCode.from_id(village_id))
        for table in village_tables:
            insert_row(connection, table, village_id)
    return connection


@contextmanager
def refused(connection: Connection, told: str, error: type[DBAPIError] = ProgrammingError) -> Iterator[None]:
    with pytest.raises(error, match=told), connection.begin_nested():
        yield


def villages_in(connection: Connection, table: str) -> list[int]:
    return list(connection.scalars(text(f"SELECT village_id FROM {table} ORDER BY village_id")))


def test_the_catalogue_knows_the_tables_of_core(village_tables: list[str]) -> None:
    assert {"persons", "households", "cases", "documents", "letters", "case_events"} <= set(village_tables)


# ---- reading ----


@pytest.mark.parametrize("scope", SHOWN)
def test_a_scope_shows_its_villages_and_no_other(scope: str, filled: Connection, village_tables: list[str]) -> None:
    look_at(filled, AreaCode.parse(scope))
    for table in village_tables:
        assert villages_in(filled, table) == SHOWN[scope], table


def test_the_nation_shows_all(filled: Connection, village_tables: list[str]) -> None:
    look_at(filled, NATION)
    for table in village_tables:
        assert villages_in(filled, table) == ALL, table


@pytest.mark.parametrize("bounds", [None, ("", ""), (str(OWN), ""), ("", str(OWN))])
def test_without_a_whole_scope_nothing_is_seen_and_nothing_written(
    bounds: tuple[str, str] | None, filled: Connection, village_tables: list[str], insert_row: InsertRow
) -> None:
    lo, hi = bounds or ("", "")
    filled.execute(text(f"SET LOCAL puskesos.lo = '{lo}'; SET LOCAL puskesos.hi = '{hi}'"))
    for table in village_tables:
        assert villages_in(filled, table) == [], table
        with refused(filled, "row-level security"):
            insert_row(filled, table, OWN)


def test_a_scope_ends_with_its_transaction(connection: Connection, insert_row: InsertRow) -> None:
    look_at(connection, AreaCode.parse(VILLAGE))
    insert_row(connection, "imports", OWN)
    assert villages_in(connection, "imports") == [OWN]
    process = connection.scalar(text("SELECT pg_backend_pid()"))
    connection.rollback()
    # PostgreSQL leaves '' behind and not NULL, on the connection that the next request gets from the pool.
    assert connection.scalar(text("SELECT current_setting('puskesos.lo', true)")) == ""
    assert villages_in(connection, "imports") == []
    assert connection.scalar(text("SELECT pg_backend_pid()")) == process


# ---- writing ----


def test_rows_are_changed_only_in_the_one_village_of_the_scope(filled: Connection, village_tables: list[str]) -> None:
    look_at(filled, AreaCode.parse(VILLAGE))
    for table in writable(village_tables):
        assert filled.execute(text(f"UPDATE {table} SET id = id")).rowcount == 1, table
        others = text(f"UPDATE {table} SET id = id WHERE village_id <> {OWN}")
        assert filled.execute(others).rowcount == 0, table


@pytest.mark.parametrize("scope", ["32.01.15", "32.01", "32", "33"])
def test_a_wide_scope_changes_and_deletes_nothing(scope: str, filled: Connection, village_tables: list[str]) -> None:
    look_at(filled, AreaCode.parse(scope))
    for table in writable(village_tables):
        assert filled.execute(text(f"UPDATE {table} SET id = id")).rowcount == 0, table
        assert filled.execute(text(f"DELETE FROM {table}")).rowcount == 0, table
        assert filled.execute(text(f"SELECT FROM {table} FOR UPDATE")).rowcount == 0, table


@pytest.mark.parametrize("scope", [SIBLING, FOREIGN, "32.01.15", "32.01", "32"])
def test_a_row_is_added_only_in_the_scope_of_its_village(
    scope: str, connection: Connection, village_tables: list[str], insert_row: InsertRow
) -> None:
    look_at(connection, AreaCode.parse(scope))
    for table in village_tables:
        with refused(connection, "row-level security"):
            insert_row(connection, table, OWN)


def test_a_row_does_not_move_to_another_village(filled: Connection, village_tables: list[str]) -> None:
    look_at(filled, AreaCode.parse(VILLAGE))
    for table in writable(village_tables):
        with refused(filled, "row-level security"):
            filled.execute(text(f"UPDATE {table} SET village_id = {NEXT_DOOR + 90}"))


def test_rows_are_deleted_only_in_the_one_village_of_the_scope(
    connection: Connection, village_tables: list[str], insert_row: InsertRow
) -> None:
    tables = writable(village_tables)
    for village_id in ALL:
        look_at(connection, AreaCode.from_id(village_id))
        for table in tables:
            insert_row(connection, table, village_id)
    look_at(connection, AreaCode.parse(VILLAGE))
    for table in reversed(tables):
        assert connection.execute(text(f"DELETE FROM {table}")).rowcount == 1, table
    look_at(connection, NATION)
    for table in tables:
        assert villages_in(connection, table) == [NEXT_DOOR, AFAR], table


def test_a_reference_into_another_village_cannot_be_written(
    filled: Connection, catalogue: dict[str, Any], village_tables: list[str]
) -> None:
    look_at(filled, AreaCode.parse(VILLAGE))
    for table in writable(village_tables):
        into_villages = [c for c, target in catalogue[table].references.items() if target in village_tables]
        for column in into_villages:
            with refused(filled, "foreign key", IntegrityError):
                # The id of the neighbour's row: it exists, but not in this village.
                filled.execute(text(f"UPDATE {table} SET {column} = (:id)::uuid"), {"id": f"{NEXT_DOOR:032x}"})


def writable(tables: list[str]) -> list[str]:
    return [table for table in tables if table not in APPEND_ONLY]


# ---- what is written once ----


def test_the_timeline_is_never_changed(filled: Connection) -> None:
    look_at(filled, AreaCode.parse(VILLAGE))
    for statement in ("UPDATE case_events SET kind = 'x'", "DELETE FROM case_events", "TRUNCATE case_events"):
        with refused(filled, "permission denied for table case_events"):
            filled.execute(text(statement))


@pytest.mark.parametrize("table", BLANKABLE)
def test_the_note_of_a_timeline_is_blanked_and_never_changed(filled: Connection, table: str) -> None:
    look_at(filled, AreaCode.parse(VILLAGE))
    with refused(filled, "row-level security"):
        filled.execute(text(f"UPDATE {table} SET note = 'x'"))
    assert filled.execute(text(f"UPDATE {table} SET note = ''")).rowcount == 1
    look_at(filled, AreaCode.parse(VILLAGE[:8]))
    assert filled.execute(text(f"UPDATE {table} SET note = ''")).rowcount == 0, "nobody above the village either"


AUDIT = """
INSERT INTO audit_entries
    (area_id, seq, at, user_name, action, object_type, object_id, detail, prev_hash, hash)
VALUES (:area, 1, now(), 'uji', 'uji.uji', '', '', '{}', '', '')
"""


def add_entry(connection: Connection, area: AreaCode) -> None:
    """As core does as the last thing before a commit: in the scope of that very area, a district's own included."""
    connection.execute(text(f"SET LOCAL puskesos.lo = '{area.id}'; SET LOCAL puskesos.hi = '{area.id}'"))
    connection.execute(text(AUDIT), {"area": area.id})


def entries(connection: Connection, area: AreaCode) -> list[int]:
    look_at(connection, area)
    return list(connection.scalars(text("SELECT area_id FROM audit_entries ORDER BY area_id")))


def test_the_audit_is_read_in_scope(connection: Connection) -> None:
    village, district = AreaCode.parse(VILLAGE), AreaCode.parse("32.01")
    for area in (village, district, NATION):
        add_entry(connection, area)
    assert entries(connection, village) == [village.id]
    assert entries(connection, district) == [district.id, village.id]
    assert entries(connection, NATION) == [0, district.id, village.id]
    assert entries(connection, AreaCode.parse(SIBLING)) == entries(connection, AreaCode.parse("32.02")) == []


def test_the_audit_is_written_for_the_area_of_the_scope_and_no_other(connection: Connection) -> None:
    with refused(connection, "row-level security"):
        connection.execute(text(AUDIT), {"area": OWN})
    for scope in (SIBLING, "32.01"):
        look_at(connection, AreaCode.parse(scope))
        with refused(connection, "row-level security"):
            connection.execute(text(AUDIT), {"area": OWN})


def test_the_audit_is_never_changed(connection: Connection) -> None:
    add_entry(connection, AreaCode.parse(VILLAGE))
    for statement in ("UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries", "TRUNCATE audit_entries"):
        with refused(connection, "permission denied for table audit_entries"):
            connection.execute(text(statement))
