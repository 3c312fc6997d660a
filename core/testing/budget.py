"""What a plugin's parts of core's pages cost: statements, which do not grow with rows, and work of the processor.

Work is counted in calls of functions: a time would be another one on every machine, and on this one tomorrow.
"""

import cProfile
from collections.abc import Iterator
from contextlib import contextmanager
from pstats import Stats

from sqlalchemy import event

from core.database.session import db
from core.testing.made_up import Family, make_family
from core.testing.pages import client_for, core_pages, pages_of
from core.testing.subject import Subject
from core.testing.villages import VILLAGE, switch

MANY = 8

# Each with a resident of its own: rows about one resident hide that each asks for its resident.
OTHERS = 3

# Of one plugin's parts on one page, whatever else is on: what core's busiest page asks altogether is ten.
MOST_STATEMENTS = 6

# A page of core makes some ten thousand; what is meant is the loop that nobody noticed on three rows.
MOST_CALLS = 100_000

# Not what a page asks: they come with the transaction.
OVERHEAD = ("SET LOCAL", "SAVEPOINT", "RELEASE", "ROLLBACK")


def cost_faults(subject: Subject) -> list[str]:
    """Pages that take more statements for a family with many cases and rows, among others, than for one with a single
    one; and parts of pages that take more than they may."""
    few = make_family(subject, VILLAGE, "keluarga-kecil")
    first = _costs(subject, few)
    faults = list(_over_the_budget(subject, few, first))
    many = make_family(subject, VILLAGE, "keluarga-besar", rows=MANY)
    for _family in range(OTHERS):
        make_family(subject, VILLAGE, "keluarga-lain")
    for place, (statements, calls) in _costs(subject, many).items():
        allowed, _calls = first[place]
        if statements > allowed:
            faults.append(f"{place}: {statements} statements with {MANY} rows, {allowed} with one: a query per row?")
        if calls > MOST_CALLS:
            faults.append(f"{place}: {calls:,} calls of functions; at most {MOST_CALLS:,}")
    return faults


def _over_the_budget(subject: Subject, family: Family, on: dict[str, tuple[int, int]]) -> Iterator[str]:
    """Against the same pages without the plugin."""
    switch(subject.app, subject.plugin, on=False)
    try:
        off = _costs(subject, family, of_core_alone=True)
    finally:
        switch(subject.app, subject.plugin, on=True)
    for place, (without, _calls) in off.items():
        if (asked := on[place][0] - without) > MOST_STATEMENTS:
            yield f"{place}: the plugin's parts ask {asked} statements; at most {MOST_STATEMENTS}"


def _costs(subject: Subject, family: Family, *, of_core_alone: bool = False) -> dict[str, tuple[int, int]]:
    """By page: statements and calls of the second asking, since the first may have prepared something."""
    person, cases = family.ids["persons"][0], family.ids.get("cases", [])
    places = {
        "the village's first page": f"/{VILLAGE}/",
        "a resident's page": f"/{VILLAGE}/people/{person}",
        **({"a case's page": f"/{VILLAGE}/cases/{cases[0]}"} if cases else {}),
    }
    assert set(places.values()) <= set(core_pages(VILLAGE, person, cases))  # noqa: S101 - told to whoever changes one
    head = subject.client("village_head")
    asked = [(place, head, url) for place, url in places.items()]
    if not of_core_alone:
        asked += [
            (page.url, client, page.url)
            for page in pages_of(subject)
            if page.method == "GET" and not page.has_ids and (client := client_for(subject, page))
        ]
    costs: dict[str, tuple[int, int]] = {}
    for place, client, url in asked:
        client.get(url).close()
        with _counted(subject) as statements, cProfile.Profile() as profile:
            client.get(url).close()
        calls: int = Stats(profile).total_calls  # pyright: ignore[reportAttributeAccessIssue] - missing in its stubs
        costs[place] = len(statements), calls
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
