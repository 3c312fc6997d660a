"""Which rows are about a resident, as the references between the tables tell: a table of tomorrow needs no list.

A row is about the resident that it names. One that names none is about the resident of its case, else of the row that
it belongs to by its first reference; and one that names only a family is the family's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from sqlalchemy import ColumnElement, MetaData, Table, and_, false, inspect, or_, select
from sqlalchemy.sql.schema import Column

from core.archive.tables import find_tables
from core.database.base import Base
from core.database.session import db
from core.people.models import Person
from core.platform import platform

PERSONS, CASES, HOUSEHOLDS = "persons", "cases", "households"


@dataclass(frozen=True)
class Rows:
    """The rows of ``table`` that are about one resident. ``plugin`` is whose table it is, None for core's own."""

    table: Table
    plugin: str | None
    of_resident: ColumnElement[bool]


@dataclass(frozen=True)
class Schema:
    """The villages' tables that are in the database, each with its owner: also those of plugins that are not loaded."""

    tables: Mapping[str, Table]
    plugins: Mapping[str, str | None]
    unloaded: frozenset[str]
    """Tables whose plugin is not loaded: what they mean, nobody here knows."""

    def references(self, table: Table) -> list[tuple[Column, str]]:
        """The table's references to rows of the same village, in the order of its columns; none to itself."""
        targets = {
            element.parent.name: element.column.table.name
            for key in table.foreign_key_constraints
            for element in key.elements
            if element.parent.name != "village_id" and element.column.table.name in self.tables
        }
        return [
            (column, targets[column.name])
            for column in table.columns
            if column.name in targets and targets[column.name] != table.name
        ]

    @cached_property
    def groups(self) -> Mapping[str, list[list[tuple[Column, str]]]]:
        """Each table's references, the ones that decide first: residents, cases, others one by one, families."""
        return {name: self._grouped(table) for name, table in self.tables.items()}

    def _grouped(self, table: Table) -> list[list[tuple[Column, str]]]:
        found = self.references(table)
        first = [[item for item in found if item[1] == target] for target in (PERSONS, CASES)]
        others = [[item] for item in found if item[1] not in (PERSONS, CASES, HOUSEHOLDS)]
        families = [item for item in found if item[1] == HOUSEHOLDS]
        return [group for group in (*first, *others, families) if group]


def read_schema() -> Schema:
    """From the database's catalogue and the models; what no model stands for is read from the catalogue as well."""
    connection, registry = db.session.connection(), platform().plugins
    found = find_tables(connection, registry.plugins)
    reflected = MetaData()
    without_model = [name for name in found.unowned if name not in Base.metadata.tables]
    if without_model:
        present = {column["name"] for name in without_model for column in inspect(connection).get_columns(name)}
        if "village_id" in present:
            reflected.reflect(connection, only=without_model)
    owners = {table.name: table.plugin for table in found.tables if table.name in Base.metadata.tables}
    tables = {name: Base.metadata.tables[name] for name in owners}
    unloaded = {name: Base.metadata.tables.get(name, reflected.tables.get(name)) for name in found.unowned}
    kept = {name: table for name, table in unloaded.items() if table is not None and "village_id" in table.columns}
    return Schema({**tables, **kept}, owners, frozenset(kept))


class Finder:
    """The rows about one resident (``family=False``), or about his or her family and nobody in particular."""

    def __init__(self, schema: Schema, person: Person, *, family: bool = False) -> None:
        self._schema, self._village_id = schema, person.village_id
        self._root: tuple[str, UUID | None] = (HOUSEHOLDS, person.household_id) if family else (PERSONS, person.id)
        self._conditions: dict[str, ColumnElement[bool] | None] = {PERSONS: None, HOUSEHOLDS: None}
        name, row_id = self._root
        if row_id is not None:
            table = schema.tables[name]
            self._conditions[name] = and_(table.c.village_id == self._village_id, table.c.id == row_id)

    def rows(self) -> Iterator[Rows]:
        """One a table, the resident or the family first; a table with nothing that could be meant is left out."""
        for name in sorted(self._schema.tables, key=lambda name: (name != self._root[0], name != CASES, name)):
            condition = self._condition(name)
            if condition is not None:
                yield Rows(self._schema.tables[name], self._schema.plugins.get(name), condition)

    def _condition(self, name: str) -> ColumnElement[bool] | None:
        if name not in self._conditions:
            self._conditions[name] = None  # tables that refer to each other in a circle
            self._conditions[name] = self._derived(name)
        return self._conditions[name]

    def _derived(self, name: str) -> ColumnElement[bool] | None:
        table, undecided, matches = self._schema.tables[name], [], []
        for group in self._schema.groups[name]:
            hit = [column.in_(ids) for column, target in group if (ids := self._ids(target)) is not None]
            if hit:
                matches.append(and_(*undecided, or_(*hit)))
            if not all(column.nullable for column, _target in group):
                break
            undecided += [column.is_(None) for column, _target in group]
        return and_(table.c.village_id == self._village_id, or_(false(), *matches)) if matches else None

    def _ids(self, name: str):
        condition = self._condition(name)
        table = self._schema.tables[name]
        return None if condition is None else select(table.c.id).where(condition)
