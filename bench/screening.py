"""One family against every programme, and a village of 20,000 against all of them."""

from collections.abc import Iterator
from functools import partial
from random import Random
from statistics import median

from sqlalchemy import event, select

from bench.people import RESIDENTS
from bench.place import place
from bench.report import Measurement, Quantity
from bench.timing import seconds, spread
from bench.village import SEED, measured_village, sheet, take_in
from core.areas.current import CurrentArea
from core.cases.catalogue import offered
from core.cases.screening import screen
from core.clock import today
from core.database.session import commit, db, scope
from core.people.models import Household, Person
from core.people.search import family_of, find_person
from core.village_screening.judging import living_residents
from core.village_screening.runs import ask_for_run, screen_village, shown_run


def run(*, quick: bool) -> Iterator[Measurement]:
    count = RESIDENTS // 10 if quick else RESIDENTS
    with place() as here, here.at_work():
        area = measured_village()
        take_in(area, sheet(here.directory, count, "csv").path)
        with here.superuser() as connection:
            # As an official list would have brought them; without, nearly every programme's answer is "unknown".
            connection.execute("UPDATE households SET decile = 1 + abs(hashtext(kk_number)) % 10")
            connection.execute("ANALYZE")  # as autovacuum does within a minute
        yield _one_family(area, 40 if quick else 300)
        yield _the_village(area, 1 if quick else 3)


def _one_family(area: CurrentArea, n: int) -> Measurement:
    """From the family's rows to the answers of all programmes, as the page of a new case has them."""
    with scope(area):
        chosen = Random(SEED).sample(  # noqa: S311 - which rows are asked for is no secret
            db.session.scalars(select(Person.id).where(Person.village_id == area.id).order_by(Person.id)).all(), n
        )
    statements: list[str] = []

    def read(person_id: object, *, judged: bool) -> None:
        with scope(area):
            person = find_person(area.id, person_id)  # pyright: ignore[reportArgumentType] - one of ``chosen``
            assert person is not None  # noqa: S101 - told to pyright
            family = family_of(person)
            if judged:
                screen(offered(area), person, family, today(area.timezone))
        db.session.rollback()

    bare = spread(partial(read, person_id, judged=False) for person_id in chosen)
    whole = spread(partial(read, person_id, judged=True) for person_id in chosen)
    note = lambda _connection, _cursor, statement, *_rest: statements.append(statement)  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", note)
    counts = set()
    for person_id in chosen[:20]:
        statements.clear()
        read(person_id, judged=True)
        counts.add(sum(not statement.startswith("SET LOCAL") for statement in statements))
    event.remove(db.engine, "before_cursor_execute", note)
    programmes = len(offered(area))
    return Measurement(
        f"a family against {programmes} services",
        Quantity(whole.p50, "s"),
        Quantity(bare.p50, "s"),
        f"reading the resident and the family alone ({bare.note})",
        n,
        "< 20 ms",
        f"{whole.note}; statements: {', '.join(str(count) for count in sorted(counts))}",
    )


def _the_village(area: CurrentArea, repetitions: int) -> Measurement:
    """The job as the worker does it, with its progress and what it keeps."""
    times, bare = [], []
    for _ in range(repetitions):
        with scope(area):
            run_id = str(ask_for_run(area).id)
            commit()
            times.append(seconds(lambda run_id=run_id: screen_village(area, run_id)))
        with scope(area):
            bare.append(seconds(lambda: _read_all(area)))
            db.session.rollback()
    with scope(area):
        done, residents = shown_run(area.id), living_residents(area.id)
        assert done is not None  # noqa: S101 - told to pyright
        services = len(done.counts["services"])
        failed = done.counts["failed"]
    if failed:
        raise RuntimeError(f"could not be judged: {failed}")
    return Measurement(
        f"a village of {residents:,} residents against {services} services with criteria",
        Quantity(median(times), "s"),
        Quantity(median(bare), "s"),
        "reading all residents with their households",
        repetitions,
        "< 60 s",
    )


def _read_all(area: CurrentArea) -> None:
    query = select(Person, Household).join(Person.household).where(Person.village_id == area.id)
    for _row in db.session.execute(query.execution_options(yield_per=1_000)):
        pass
