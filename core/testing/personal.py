"""Whether a plugin's tables show all of a resident in a copy of the data, and hold nothing after an erasure.

A row is made in each of the plugin's tables, for one resident and for another, with a word of the resident's in every
text. The first one's words must all be in the copy; once erased, they must be nowhere, and the other's all there.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from json import dumps
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    ARRAY,
    JSON,
    Boolean,
    Date,
    DateTime,
    Enum,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Table,
    Time,
    Uuid,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.sql.schema import Column

from core.areas.current import CurrentArea
from core.cases.models import Case
from core.clock import now
from core.database.base import Base
from core.database.session import commit, db
from core.imports.models import Import
from core.people.models import Household, Person
from core.people.search import find_person
from core.personal_data.columns import is_personal
from core.personal_data.copying import personal_data
from core.personal_data.erasing import erase
from core.personal_data.rows import Finder, read_schema
from core.plugins.tables import models_of
from core.testing.subject import Subject
from core.testing.villages import VILLAGE, at

WORDS = WORD, OTHER_WORD = "qzx7k", "wvj4p"
"""What the rows of the resident who is erased say, and those of another one."""

MADE_UP: tuple[tuple[Any, Any], ...] = (
    (Boolean, False),
    (Integer, 1),
    (Numeric, Decimal(1)),
    (Float, 1.0),
    (DateTime, datetime(2026, 1, 5, 9, 0, tzinfo=UTC)),
    (Date, date(2026, 1, 5)),
    (Time, time(9, 0)),
    (Uuid, UUID(int=7)),
)


@dataclass
class Seed:
    """Rows about one resident: their ids by table, and the columns ("table.column") in which they say a word."""

    word: str
    ids: dict[str, Any]
    given: Mapping[str, Any]
    said_in: list[str] = field(default_factory=list)

    def plant(self, village_id: int, table: Table) -> None:
        self.ids[table.name] = row_id = uuid4()
        columns = [column for column in table.columns if column.name not in ("village_id", "id")]
        values = {column.name: self._value(column) for column in columns}
        present = {name: value for name, value in values.items() if value is not None}
        db.session.execute(insert(table).values(village_id=village_id, id=row_id, **present))

    def _value(self, column: Column) -> Any:
        """None leaves it to the column's default."""
        name = f"{column.table.name}.{column.name}"
        if name in self.given:
            return self.given[name]
        if column.foreign_keys:
            return self.ids.get(next(iter(column.foreign_keys)).column.table.name) if not _to_itself(column) else None
        if is_personal(column) and (said := self._said(column)) is not None:
            self.said_in.append(name)
            return said
        if column.nullable or column.server_default is not None:
            return None
        if isinstance(column.type, Enum):
            return column.type.enums[0]
        # A code may be one of its kind in the village, such as a ticket.
        code = f"{WORDS.index(self.word)}x"[: getattr(column.type, "length", None)]
        return next((value for kind, value in (*MADE_UP, (String, code)) if isinstance(column.type, kind)), None)

    def _said(self, column: Column) -> Any:
        """The word in what holds words; None for a number, and for a text too short to say anything."""
        for kind, value in ((LargeBinary, self.word.encode()), (ARRAY, [self.word]), (JSON, {"said": self.word})):
            if isinstance(column.type, kind):
                return value
        fits = isinstance(column.type, String) and (column.type.length or len(self.word)) >= len(self.word)
        return self.word if fits else None


def _resident(village_id: int, number: int) -> Iterator[Household | Person | Case | Import]:
    yield (household := Household(village_id=village_id, rt="002", rw="005"))
    person = Person(
        village_id=village_id, name=f"Warga Uji {number}", name_key="", sex="P", birth_date=date(1990, 7, 15)
    )
    person.household_id = household.id
    yield person
    case = Case(village_id=village_id, ticket=f"UJI-{number}", service="uji.uji", state="done", channel="desk")
    case.person_id, case.household_id, case.due_on, case.closed_at = person.id, household.id, date(2026, 1, 5), now()
    yield case
    yield Import(village_id=village_id, kind="uji.uji", filename="uji.csv", state="applied")


def _to_itself(column: Column) -> bool:
    return next(iter(column.foreign_keys)).column.table is column.table


def plant(area: CurrentArea, package: str, word: str, given: Mapping[str, Any]) -> Seed:
    """A resident with a closed case, a file, and a row in each of the package's tables; those referred to first."""
    seed = Seed(word, {"areas": area.id}, given)
    for row in _resident(area.id, WORDS.index(word)):
        db.session.add(row)
        db.session.flush()
        seed.ids[row.__tablename__] = row.id
    own = {table.name for table in models_of(package)}
    for table in Base.metadata.sorted_tables:
        if table.name in own:
            seed.plant(area.id, table)
    return seed


def personal_data_faults(subject: Subject) -> list[str]:
    """What is wrong with how a plugin's data are copied and erased, one sentence each."""

    def given() -> Mapping[str, Any]:
        """Asked for each resident's rows anew: what must be unique may be counted."""
        return {
            f"{table.name}.{column}": value
            for table in subject.tables
            for column, value in subject.row_values(table.name).items()
        }

    with at(subject.app, VILLAGE) as area:
        return resident_faults(area, subject.package, given)


def resident_faults(area: CurrentArea, package: str, given: Callable[[], Mapping[str, Any]] = dict) -> list[str]:
    own = models_of(package)
    if not own:
        return []
    seed, other = plant(area, package, WORD, given()), plant(area, package, OTHER_WORD, given())
    commit()
    person_id = seed.ids["persons"]
    found = {rows.table.name for rows in Finder(read_schema(), _find(area, person_id)).rows()}
    about = found & {table.name for table in own}
    told = [name for name in seed.said_in if name.partition(".")[0] in about]
    faults = [*reference_faults(own), *_copy_faults(area, person_id, told)]
    erase(area, person_id, version=_find(area, person_id).version)
    commit()
    faults += [f"{name}: still holds a word of a resident who was erased" for name in _that_say(WORD, about)]
    kept = _that_say(OTHER_WORD, about)
    lost = {name.partition(".")[0] for name in other.said_in} & about - set(kept)
    return faults + [f"{name}: lost a word of another resident, who was not erased" for name in sorted(lost)]


def reference_faults(tables: Iterable[Table]) -> list[str]:
    """Without its reference a row is about nobody, whatever its column is called."""
    return [
        f"{column}: is no reference, so its rows are neither copied nor erased; use village_reference()"
        for table in tables
        for column in table.columns
        if column.name in ("person_id", "case_id", "household_id") and not column.foreign_keys
    ]


def _copy_faults(area: CurrentArea, person_id: UUID, said_in: Sequence[str]) -> Iterator[str]:
    copy = dumps(personal_data(area, _find(area, person_id)), default=str)
    if (found := copy.count(WORD)) < len(said_in):
        yield f"the copy of a resident's data has {found} of {len(said_in)} texts: {', '.join(said_in)}"


def _find(area: CurrentArea, person_id: UUID) -> Person:
    person = find_person(area.id, person_id)
    assert person is not None  # noqa: S101 - told to pyright
    return person


def _that_say(word: str, tables: set[str]) -> list[str]:
    """In bytes a word stands as hexadecimal digits."""
    says = text("t::text LIKE :word OR t::text LIKE :hex")
    found = []
    for name in sorted(tables):
        query = select(func.count()).select_from(text(f"{name} t")).where(says)
        if db.session.scalar(query, {"word": f"%{word}%", "hex": f"%{word.encode().hex()}%"}):
            found.append(name)
    return found
