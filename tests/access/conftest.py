"""A row in every table that belongs to villages, made from the catalogue: a table of tomorrow is covered by itself."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, text

from core.application import build
from core.areas.code import AreaCode
from core.database.session import commit, db
from core.database.urls import DatabaseUrls
from core.testing import VILLAGE, test_config
from core.users.accounts import create_user, grant

COLUMNS = """
SELECT table_name, column_name, data_type, coalesce(character_maximum_length, 40) AS length,
       is_nullable = 'NO' AND column_default IS NULL AS required
FROM information_schema.columns WHERE table_schema = 'public'
"""

REFERENCES = """
SELECT fk.conrelid::regclass::text AS table_name, fk.confrelid::regclass::text AS target, a.attname AS column_name
FROM pg_constraint fk JOIN pg_attribute a ON a.attrelid = fk.conrelid AND a.attnum = ANY (fk.conkey)
WHERE fk.contype = 'f' AND a.attname <> 'village_id' AND fk.connamespace = 'public'::regnamespace
"""

VALUES = {
    "integer": 1,
    "smallint": 1,
    "boolean": True,
    "date": "2026-01-05",
    "time without time zone": "09:00",
    "timestamp with time zone": "2026-01-05 03:00:00+00",
    "double precision": 1.5,
    "numeric": 1,
    "json": "{}",
    "jsonb": "{}",
    "bytea": b"",
}

# What a check constraint or the code that reads the row asks for.
TEXTS = {"sex": "P", "sha256": "0" * 64, "media_type": "application/pdf"}
# A name that whoever oversees the villages may read: a partner's is an office's, not a person's.
NOT_OF_A_RESIDENT = {("partnership_partners", "name")}
ASKED_BY_A_CHECK = {("pkh_checks", "excused")}


def row_id(village_id: int) -> UUID:
    """The id of a village's row, the same in each of its tables."""
    return UUID(int=village_id)


@dataclass(frozen=True)
class Column:
    name: str
    kind: str
    length: int
    required: bool

    def takes(self, value: object) -> bool:
        return not isinstance(value, str) or len(value) <= self.length

    def value(self, village_id: int) -> object:
        if self.kind == "uuid":
            return row_id(village_id)
        if self.kind == "bigint":
            return village_id
        return VALUES.get(self.kind, TEXTS.get(self.name, f"x{village_id}")[: self.length])


@dataclass
class Table:
    name: str
    columns: dict[str, Column] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    """Column → the table that it points to."""

    @property
    def of_villages(self) -> bool:
        return "village_id" in self.columns

    def values(self, village_id: int, given: dict[str, Any]) -> dict[str, object]:
        """For each column that needs a value, points somewhere or is given."""
        needed = [
            column
            for column in self.columns.values()
            if column.required or column.name in self.references or (self.name, column.name) in ASKED_BY_A_CHECK
        ]
        taken = [
            c
            for c in self.columns.values()
            if c.name in given and c.takes(given[c.name]) and (self.name, c.name) not in NOT_OF_A_RESIDENT
        ]
        return {c.name: c.value(village_id) for c in needed} | {c.name: given[c.name] for c in taken}


@pytest.fixture(scope="session")
def catalogue(owner_engine: Engine) -> dict[str, Table]:
    """Every table of ours, those that others refer to first."""
    tables: dict[str, Table] = {}
    with owner_engine.connect() as connection:
        for name, *column in connection.execute(text(COLUMNS)):
            tables.setdefault(name, Table(name)).columns[column[0]] = Column(*column)
        for row in connection.execute(text(REFERENCES)):
            tables[row.table_name].references[row.column_name] = row.target
    order = TopologicalSorter({t.name: set(t.references.values()) - {t.name} for t in tables.values()})
    return {name: tables[name] for name in order.static_order()}


@pytest.fixture(scope="session")
def village_tables(catalogue: dict[str, Table]) -> list[str]:
    """Every table with a ``village_id``, those that others refer to first."""
    return [table.name for table in catalogue.values() if table.of_villages]


InsertRow = Callable[..., None]


@pytest.fixture(scope="session")
def insert_row(catalogue: dict[str, Table]) -> InsertRow:
    """``insert_row(connection, "persons", village_id, name="Siti")``.

    What it refers to in the same village must be there already; in tables that all share it is made as well.
    """

    def insert(connection: Connection, table: str, village_id: int, **given: object) -> None:
        found = catalogue[table]
        for target in set(found.references.values()) - {table}:
            if not catalogue[target].of_villages:
                insert(connection, target, village_id, **given)
        values = found.values(village_id, given)
        names = ", ".join(f'"{name}"' for name in values)
        marks = ", ".join(f":{name}" for name in values)
        unless_there = "" if found.of_villages else "ON CONFLICT DO NOTHING"
        connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({marks}) {unless_there}"), values)

    return insert


FillVillage = Callable[..., UUID]


@pytest.fixture
def fill_village(owner_engine: Engine, areas: None, village_tables: list[str], insert_row: InsertRow) -> FillVillage:
    """``fill_village(village_id, name="Siti")``: a row in each of its tables. Answers with the id of them all."""

    def fill(village_id: int, **given: object) -> UUID:
        with owner_engine.begin() as connection:
            connection.execute(text(f"SET LOCAL puskesos.lo = '{village_id}'; SET LOCAL puskesos.hi = '{village_id}'"))
            for table in village_tables:
                insert_row(connection, table, village_id, **given)
        return row_id(village_id)

    return fill


# ---- applications and accounts ----


MakeApp = Callable[..., Flask]


@pytest.fixture
def make_app(database_urls: DatabaseUrls, tmp_path: Path) -> Iterator[MakeApp]:
    """``make_app(environment="production", url=…)``: a second application, with settings of its own."""
    made: list[Flask] = []

    def make(*, url: str | None = None, **settings: Any) -> Flask:
        application = build(replace(test_config(tmp_path), **settings), url or database_urls.app)
        application.config["PROPAGATE_EXCEPTIONS"] = False
        made.append(application)
        return application

    yield make
    for application in made:
        with application.app_context():
            db.engine.dispose()


@pytest.fixture
def account(app: Flask, areas: None) -> str:
    """Village staff in Cibadak with the password "tiga ekor kambing"."""
    with app.app_context():
        user, _password = create_user("siti", "Siti Aminah", password="tiga ekor kambing")
        grant(user, AreaCode.parse(VILLAGE), "village_staff")
        commit()
    return "siti"
