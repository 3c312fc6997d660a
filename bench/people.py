"""A village of 20,000: finding somebody, asking whether somebody is known, and bringing all of them in."""

import csv
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from uuid import UUID

from psycopg import sql
from sqlalchemy import select

from bench.place import Place, place
from bench.report import Measurement, Quantity
from bench.timing import Spread, seconds, spread
from bench.village import SEED, measured_village, sheet, take_in
from core.areas.current import CurrentArea
from core.database.session import db, scope
from core.imports.models import Import
from core.imports.working import undo
from core.people.identity import Sex
from core.people.models import Household, Person
from core.people.registry import PersonInput, similar_people
from core.people.search import people_page

RESIDENTS = 20_000


def run(*, quick: bool) -> Iterator[Measurement]:
    count = RESIDENTS // 10 if quick else RESIDENTS
    with place() as here, here.at_work():
        area = measured_village()
        for kind in ("csv", "xlsx"):
            path = sheet(here.directory, count, kind).path
            yield from _import(here, area, path, count, 1 if quick else 3)
        take_in(area, here.directory / f"penduduk-{count}.csv")
        with here.superuser() as connection:
            connection.execute("ANALYZE")  # as autovacuum does within a minute
        yield from _search(area, count, 40 if quick else 300)


# ---- importing ----


def _import(here: Place, area: CurrentArea, path: Path, count: int, repetitions: int) -> Iterator[Measurement]:
    """Each part on an empty register, as the first import of a village finds it; undoing empties it again."""
    dry, applied, undone, copied = [], [], [], []
    rows = _rows_of(here.directory / f"penduduk-{count}.csv")
    for _ in range(repetitions):
        dry.append(seconds(partial(take_in, area, path, dry_run=True)))
        applied.append(seconds(partial(take_in, area, path)))
        undone.append(seconds(partial(_undo, area)))
        copied.append(_copy(here, rows))
    reference = Quantity(count / median(copied), "/s")
    for what, times, goal in (
        ("dry run", dry, ""),
        ("check and apply", applied, "< 20 s"),
        ("undo", undone, ""),
    ):
        took = median(times)
        yield Measurement(
            f"import of {count:,} rows, {path.suffix}: {what}",
            Quantity(count / took, "/s"),
            reference,
            "COPY of the same rows into a bare table",
            repetitions,
            goal,
            f"{Quantity(took, 's')}",
        )


def _undo(area: CurrentArea) -> None:
    with scope(area):
        import_id = db.session.scalars(
            select(Import.id).where(Import.village_id == area.id, Import.state == "applied")
        ).one()
        undo(area, import_id)


def _rows_of(path: Path) -> list[list[str]]:
    """The cells of the sheet, without its heading."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.reader(file))[1:]


def _copy(here: Place, rows: Sequence[Sequence[str]]) -> float:
    columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(f"c{n}")) for n in range(len(rows[0])))
    with here.superuser() as connection, connection.transaction(force_rollback=True):
        connection.execute(sql.SQL("CREATE TABLE bare ({})").format(columns))

        def work() -> None:
            with connection.cursor() as cursor, cursor.copy("COPY bare FROM STDIN") as stream:
                for row in rows:
                    stream.write_row(row)

        return seconds(work)


# ---- searching ----


def _search(area: CurrentArea, count: int, n: int) -> Iterator[Measurement]:
    """As the application's role in the village's scope, each question in a transaction of its own, as in a request."""
    chosen = _some_people(area, n)
    key_read = spread(_in_scope(area, partial(_read_by_key, area.id, person.id)) for person, _household in chosen)
    reference = Quantity(key_read.p50, "s")

    def measurement(what: str, found: Spread) -> Measurement:
        return Measurement(
            f"{what}, {count:,} residents",
            Quantity(found.p50, "s"),
            reference,
            f"one read by primary key ({key_read.note})",
            found.n,
            "< 100 ms",
            found.note,
        )

    questions: dict[str, Callable[[Person, Household], str]] = {
        "search by a piece of the name": lambda person, _household: person.name.split()[0][:4],
        "search by two pieces of the name": lambda person, _household: " ".join(w[:3] for w in person.name.split()[:2]),
        "search by NIK": lambda person, _household: person.nik or "",
        "search by No. KK": lambda _person, household: household.kk_number or "",
    }
    for what, question in questions.items():
        texts = [question(person, household) for person, household in chosen]
        yield measurement(what, spread(_in_scope(area, partial(people_page, area.id, text, None)) for text in texts))
    news = [_misspelt(person) for person, _household in chosen]
    yield measurement(
        "is a new person known already?", spread(_in_scope(area, partial(similar_people, area.id, new)) for new in news)
    )


def _in_scope(area: CurrentArea, work: Callable[[], object]) -> Callable[[], None]:
    def ask() -> None:
        with scope(area):
            work()

    return ask


def _read_by_key(village_id: int, person_id: UUID) -> None:
    db.session.get_one(Person, (village_id, person_id))


def _some_people(area: CurrentArea, n: int) -> list[tuple[Person, Household]]:
    """Residents with all their numbers, chosen by a fixed seed."""
    with scope(area):
        query = (
            select(Person, Household)
            .join(Person.household)
            .where(Person.village_id == area.id, Person.nik.is_not(None))
        )
        found = [(row[0], row[1]) for row in db.session.execute(query.order_by(Person.nik))]
        db.session.expunge_all()
    return Random(SEED).sample(found, min(n, len(found)))  # noqa: S311 - which rows are asked for is no secret


def _misspelt(person: Person) -> PersonInput:
    """The same person as a hurried clerk would enter her: one letter twice, no NIK at hand."""
    name = person.name[:2] + person.name[1:]
    return PersonInput(name, Sex(person.sex), person.birth_date, None, mother_name=person.mother_name)
