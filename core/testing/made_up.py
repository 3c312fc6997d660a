"""Rows for every table that a plugin may show: a family with a case of each service, and its own tables' rows.

All that can hold a text holds a word by which the rows are known again wherever they turn up.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ForeignKeyConstraint, String, UniqueConstraint, insert, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from wtforms import StringField
from wtforms.validators import Length

from core.areas.current import CurrentArea
from core.cases.models import Case
from core.cases.service import Service
from core.clock import now, today
from core.database.base import Base
from core.database.session import commit, db
from core.database.uuid7 import uuid7
from core.imports.models import Import, ImportFinding
from core.people.models import Household, Person
from core.testing.residents import make_case, make_person
from core.testing.subject import Subject
from core.testing.villages import at

# A shorter column holds a code ("active", "L"), and no text that could be known again.
SHORTEST_TEXT = 40

_numbers = count(1)

WORDS: dict[str, set[str]] = {}
"""The words of all families that were made in each village since the process began: what a plugin keeps in memory may
come from an earlier check."""


@dataclass
class Family:
    """What was made in one village.

    Attributes:
        ids: of the rows, by table.
        words: what nobody outside the village may read: the word in its texts, NIK, No KK, tickets.
    """

    code: str
    ids: dict[str, list[UUID]] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)

    def add(self, table: str, row_id: UUID) -> None:
        self.ids.setdefault(table, []).append(row_id)

    @property
    def all_ids(self) -> list[UUID]:
        return [row_id for rows in self.ids.values() for row_id in rows]

    def found_in(self, content: str, *, with_ids: bool = True) -> list[str]:
        """Those of its words and ids that stand in what somebody was shown."""
        ids = [str(row_id) for row_id in self.all_ids] if with_ids else []
        shown = content.casefold()
        return [word for word in (*self.words, *ids) if word.casefold() in shown]


def make_family(subject: Subject, code: str, word: str, *, rows: int = 1) -> Family:
    """A person with a household, and ``rows`` times a case of each service and a row in each of the plugin's tables.

    A plugin without services gets cases of another one, if there is any.
    """
    family = Family(code, words=[word])
    WORDS.setdefault(code, set()).add(word)
    with at(subject.app, code) as area:
        person = _make_person(area.id, word)
        household = db.session.get_one(Household, (area.id, person.household_id))
        family.words += [str(person.nik), str(household.kk_number)]
        family.add("persons", person.id)
        family.add("households", household.id)
        for _row in range(rows):
            cases = [
                _make_case(subject, area, service, person, word)
                for service in subject.services or [*subject.registry.all_services.values()][:1]
            ]
            for case in cases:
                family.add("cases", case.id)
                family.words.append(case.ticket)
            for kind in subject.loaded.imports:
                family.add("imports", _make_import(area.id, kind.name, word))
            _fill_own_tables(subject, area.id, family, word)
        commit()
    return family


def _make_person(village_id: int, word: str) -> Person:
    person = make_person(village_id, word)
    household = db.session.get_one(Household, (village_id, person.household_id))
    for row in (person, household):
        for column in _text_columns(type(row).__table__):
            if not column.name.endswith(("_key", "kk_number", "nik")):
                setattr(row, column.name, word)
    db.session.flush()
    return person


def _make_case(subject: Subject, area: CurrentArea, service: Service, person: Person, word: str) -> Case:
    answers = dict(subject.answers(service))
    for name in _free_texts(service):
        answers[name] = word
    case = make_case(area, service, person, **answers)
    # An event of the plugin may have answered already to an earlier case, which the next statement must not undo.
    case.note, case.reporter_name, case.reporter_relation = word, word, word
    db.session.flush()
    return case


def _free_texts(service: Service) -> Iterator[str]:
    """The fields of a form in which a clerk writes as many words as they like."""
    for form_field in service.form():
        longest = [check.max for check in form_field.validators if isinstance(check, Length) and check.max > 0]
        if type(form_field).__name__ in ("StringField", "TextAreaField") and min(longest, default=40) >= SHORTEST_TEXT:
            assert isinstance(form_field, StringField)  # noqa: S101 - the two are
            yield form_field.short_name


def _make_import(village_id: int, kind: str, word: str) -> UUID:
    """A file that was brought in, with something that was found in it."""
    made = Import(village_id=village_id, kind=kind, filename=word, state="applied", total=1, summary={"errors": 1})
    db.session.add(made)
    db.session.flush()
    said = {"column": "nik", "value": word, "message": word, "fix": word}
    db.session.add(ImportFinding(village_id=village_id, import_id=made.id, row_no=2, level="error", **said))
    db.session.flush()
    return made.id


# ---- the plugin's own tables ----


def _fill_own_tables(subject: Subject, village_id: int, family: Family, word: str) -> None:
    commit()  # so that what the plugin's events write stands there first
    for table in subject.tables:
        if "village_id" not in table.columns or "id" not in table.columns:
            continue  # the rules for tables speak of it
        number = next(_numbers)
        given = subject.row_values(table.name)
        values = {c.name: made_up(c, number, word) for c in table.columns if _needs_value(c)}
        values |= _references(table, family) | dict(given) | {"village_id": village_id, "id": uuid7()}
        try:
            db.session.execute(insert(table).values(values))
        except DBAPIError as error:
            raise AssertionError(
                f"a made-up row does not fit {table.name}: say in row_values({table.name!r}) what its columns may hold."
                f" {error.orig}"
            ) from None
        family.add(table.name, values["id"])
    commit()


def _needs_value(column: Column[Any]) -> bool:
    """Texts always hold the word. What has a default, or may be empty, keeps to it: it may mean something."""
    if isinstance(column.type, String) and column in _text_columns(column.table):
        return True
    return not column.nullable and column.default is None and column.server_default is None


def made_up(column: Column[Any], number: int, word: str) -> Any:
    """A value for a column; ``number`` tells the rows apart where they must differ."""
    if isinstance(column.type, String):
        return (f"{number}{word}" if _one_of_its_kind(column) else word)[: column.type.length]
    if isinstance(column.type, JSONB):
        return {"text": word}
    kind = column.type.python_type
    values: Mapping[type, Any] = {
        bool: False,
        int: number,
        float: float(number),
        Decimal: Decimal(number),
        datetime: now() - timedelta(hours=number),
        date: today() - timedelta(days=number),
        time: time(9, 0),
        UUID: uuid7(),
        bytes: word.encode(),
        dict: {"text": word},
        list: [],
    }
    return values[kind]


def _one_of_its_kind(column: Column[Any]) -> bool:
    """Such as a ticket: no two rows of a village have the same."""
    keys = column.table.constraints if column.table is not None else ()
    return any(isinstance(key, UniqueConstraint) and column.name in key.columns for key in keys)


def _references(table: Any, family: Family) -> dict[str, UUID]:
    """To the rows that were made last; one that may be empty, and whose target has none yet, stays so."""
    found: dict[str, UUID] = {}
    for constraint in table.constraints:
        if isinstance(constraint, ForeignKeyConstraint):
            target = constraint.elements[0].target_fullname.partition(".")[0]
            for column in constraint.columns:
                if column.name != "village_id" and target in family.ids:
                    found[column.name] = family.ids[target][-1]
    return found


def _text_columns(table: Any) -> list[Column[Any]]:
    return [
        column
        for column in table.columns
        if isinstance(column.type, String) and (column.type.length is None or column.type.length >= SHORTEST_TEXT)
    ]


# ---- what stands in a village's tables ----


def rows_of(subject: Subject, code: str) -> dict[str, str]:
    """Every table of villages, with all rows of one village as JSON in the order of their ids."""
    with at(subject.app, code) as area:
        tables = [
            table.name for table in Base.metadata.sorted_tables if {"village_id", "id"} <= set(table.columns.keys())
        ]
        rows = "SELECT '{0}', jsonb_agg(to_jsonb(t) ORDER BY t.id)::text FROM {0} t WHERE village_id = :village"
        query = text(" UNION ALL ".join(rows.format(name) for name in tables))
        return {name: content or "" for name, content in db.session.execute(query, {"village": area.id})}


def changed(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The tables in which something differs."""
    return sorted(name for name in before if before[name] != after.get(name))
