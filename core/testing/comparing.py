"""Whether an answer becomes another one when another village gets rows: a number among others betrays them as well."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from flask.testing import FlaskClient

from core.clock import now
from core.testing.moved_clock import moved_clock
from core.testing.pages import content_of

Shown = dict[str, str]
Visit = tuple[FlaskClient, str, str]
"""Who asks, for which address, and how a fault calls it."""

# What differs each time: a page has its own code, its forms have their tokens, a sheet says when it was made. One after
# the other, since an expression that may begin in several ways is looked for at each letter of a page.
FLEETING = [
    re.compile(expression)
    for expression in (
        r'"X-CSRFToken": "[^"]+',
        r'name="csrf_token" value="[^"]+',
        r"\d{4}-\d\d-\d\dT[\d:.]+Z?",
        r"\b[0-9a-f]{12}\b",
    )
]


@contextmanager
def time_stands_still() -> Iterator[None]:
    """What a page says about the time is no reason why two answers differ."""
    moment = now()
    with moved_clock() as clock:
        clock.set(moment)
        yield


def answers(visits: Iterable[Visit]) -> Shown:
    """What each address answers."""
    given: Shown = {}
    for client, url, name in visits:
        with client.get(url) as answer:
            given[name] = f"{answer.status_code}\n{content_of(answer)}"
    return given


def without_the_fleeting(given: Shown) -> Shown:
    """Without what differs each time."""
    rest: Shown = {}
    for name, content in given.items():
        for expression in FLEETING:
            content = expression.sub("", content)  # noqa: PLW2901 - one after the other
        rest[name] = content
    return rest


def shown(visits: Iterable[Visit]) -> Shown:
    return without_the_fleeting(answers(visits))


def changed_along(before: Shown, again: Shown, after: Shown) -> list[str]:
    """The addresses that answered the same twice, and something else once the other village had rows."""
    return [
        f"GET {name} changed when another village got rows: {_difference(before[name], after[name])}"
        for name in before
        if before[name] == again[name] != after[name]
    ]


def _difference(before: str, after: str) -> str:
    lines = zip(before.splitlines(), after.splitlines(), strict=False)
    old, new = next(((old, new) for old, new in lines if old != new), ("", "more of the same"))
    return f"{old.strip()[:100]!r} became {new.strip()[:100]!r}"
