"""What a plugin's parts of core's pages cost: statements, which do not grow with rows, and time of the processor."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import thread_time

from sqlalchemy import event

from core.database.session import db
from core.testing.made_up import Family, make_family
from core.testing.pages import core_pages
from core.testing.subject import Subject
from core.testing.villages import VILLAGE

MANY = 8

# A page of core takes some 10 ms of the processor; what is meant is the loop that nobody noticed on three rows.
MOST_SECONDS = 0.5

# Not what a page asks: they come with the transaction.
OVERHEAD = ("SET LOCAL", "SAVEPOINT", "RELEASE", "ROLLBACK")


def cost_faults(subject: Subject) -> list[str]:
    """Pages of a family with many cases and rows that take more statements than those of one with a single one."""
    few = make_family(subject, VILLAGE, "keluarga-kecil")
    first = _costs(subject, few)
    many = make_family(subject, VILLAGE, "keluarga-besar", rows=MANY)
    faults: list[str] = []
    for place, (statements, seconds) in _costs(subject, many).items():
        allowed, _seconds = first[place]
        if statements > allowed:
            faults.append(f"{place}: {statements} statements with {MANY} rows, {allowed} with one: a query per row?")
        if seconds > MOST_SECONDS:
            faults.append(f"{place}: {seconds:.2f} s of the processor; at most {MOST_SECONDS} s")
    return faults


def _costs(subject: Subject, family: Family) -> dict[str, tuple[int, float]]:
    """By page: statements, and the least time of two, since the first may have prepared something."""
    person, cases = family.ids["persons"][0], family.ids.get("cases", [])
    places = {
        "the village's first page": f"/{VILLAGE}/",
        "a resident's page": f"/{VILLAGE}/people/{person}",
        **({"a case's page": f"/{VILLAGE}/cases/{cases[0]}"} if cases else {}),
    }
    assert set(places.values()) <= set(core_pages(VILLAGE, person, cases))  # noqa: S101 - told to whoever changes one
    client = subject.client("village_head")
    costs: dict[str, tuple[int, float]] = {}
    for place, url in places.items():
        client.get(url).close()
        with _counted(subject) as statements:
            start = thread_time()
            client.get(url).close()
            costs[place] = len(statements), thread_time() - start
    return costs


@contextmanager
def _counted(subject: Subject) -> Iterator[list[str]]:
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(OVERHEAD):
            found.append(statement)

    with subject.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)
