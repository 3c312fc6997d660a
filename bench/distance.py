"""What a page costs when many plugins are installed and few are on, with a nation's villages in 300 distinct sets; and
how soon a change in the matrix is in force in two processes.

One visitor walks through one village of each set, again and again; the walks of what is compared take turns.
"""

import re
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from bench.browser import AnswerError, Browser, exchange
from bench.nation import ADMIN, DISTRICT, OFFICER, SETS, Nation, Visitors, installed, let_in, provision_nation
from bench.place import place
from bench.report import Measurement, Quantity
from bench.server import WORKERS
from bench.timing import Spread
from core.areas.code import AreaCode

COUNTS = (0, 10, 60, 200)
REFERENCE = 10
PAGES = {"first page of a village": "/", "case list": "/cases"}
PATIENCE = 200
"""Requests until a change that is not in force counts as lost."""


def run(*, quick: bool) -> Iterator[Measurement]:
    rounds, changes = (2, 4) if quick else (7, 20)
    with place() as here:
        villages = provision_nation(here, quick=quick)
        visitors = let_in(here)
        nations = {count: installed(here, count) for count in COUNTS}
        what = f"{villages:,} villages in {SETS} sets"
        with nations[REFERENCE].serve() as reference:
            compared = _Visit(nations[REFERENCE], visitors.sign_in(reference, OFFICER))
            for count in (count for count in COUNTS if count != REFERENCE):
                with nations[count].serve() as server:
                    visit = _Visit(nations[count], visitors.sign_in(server, OFFICER))
                    for page, path in PAGES.items():
                        yield from _beside(f"{page}, {count} installed, {what}", path, (visit, compared), rounds)
        yield from _in_force(nations[60], visitors, changes)


# ---- a request ----


class Walk:
    """One connection, and so one process of the server, to one village of each set."""

    def __init__(self, browser: Browser, villages: Sequence[AreaCode], path: str) -> None:
        self._requests = [browser.request("GET", f"/{village}{path}", {}) for village in villages]
        self._connection = socket.create_connection(("127.0.0.1", browser.port))

    def seconds(self) -> list[float]:
        """How long each page took. Raises: AnswerError: one was not the page."""
        times = []
        for request in self._requests:
            began = time.perf_counter()
            head, _body = exchange(self._connection, request)
            times.append(time.perf_counter() - began)
            if b" 200 " not in head.split(b"\r\n", 1)[0]:
                raise AnswerError(head.decode("latin-1").split("\r\n")[0])
        return times

    def close(self) -> None:
        self._connection.close()


class _Visit:
    """The officer in front of one server, and the villages to be seen there."""

    def __init__(self, nation: Nation, browser: Browser) -> None:
        self._browser, self._villages = browser, nation.villages_by_set()

    def walk(self, path: str) -> Walk:
        return Walk(self._browser, self._villages, path)


def _beside(what: str, path: str, visits: tuple[_Visit, _Visit], rounds: int) -> Iterator[Measurement]:
    """An installation beside the reference. The first walk of each meets the sets for the first time on this page."""
    walks = [visit.walk(path) for visit in visits]
    first = [walk.seconds() for walk in walks]
    again = [[walk.seconds() for walk in walks] for _ in range(rounds)]
    for walk in walks:
        walk.close()
    known = [[seconds for turn in again for seconds in turn[index]] for index in (0, 1)]
    for aside, (theirs, ours) in (("each set for the first time", first), ("again", known)):
        spread, compared = Spread.of(theirs), Spread.of(ours)
        yield Measurement(
            f"{what}: {aside}",
            Quantity(spread.p50, "s"),
            Quantity(compared.p50, "s"),
            f"the same with {REFERENCE} installed, all of them on ({compared.note})",
            spread.n,
            "within 10 %" if aside == "again" else "",
            spread.note,
        )


# ---- a change ----


@dataclass(frozen=True)
class Seen:
    """How long after a change it was seen for the first time, and with which request after it."""

    seconds: float
    request: int


def _in_force(nation: Nation, visitors: Visitors, changes: int) -> Iterator[Measurement]:
    """Switch one module in the district off and on again, and look at its page through two servers."""
    village = next(code for code in nation.villages_by_set() if DISTRICT.covers(code))
    with nation.serve() as first, nation.serve() as second:
        admin = visitors.sign_in(first, ADMIN)
        lookers = [visitors.sign_in(first, OFFICER, 8), visitors.sign_in(second, OFFICER, 9)]
        module = nation.names[0]
        path = f"/{village}/{module}/"
        _switch(admin, module, on=True)
        usual = Spread.of([_timed(looker, path)[0] for looker in lookers for _ in range(4 * WORKERS)])
        seen: tuple[list[Seen], list[Seen]] = [], []
        times = []
        for turn in range(changes):
            on = turn % 2 == 1
            times.append(_switch(admin, module, on=on))
            for looker, found in zip(lookers, seen, strict=True):
                found.append(_look(looker, path, 200 if on else 404))
    for where, found in zip(("the process that changed it", "another process"), seen, strict=True):
        yield Measurement(
            f"from a change of one module in a district to its effect in {where} and its siblings",
            Quantity(median(one.seconds for one in found), "s"),
            Quantity(usual.p50, "s"),
            "the same page with nothing changed",
            changes,
            "next request",
            f"seen by request {min(one.request for one in found)} to {max(one.request for one in found)} after it",
        )
    yield Measurement(
        "the change itself, with all villages of the district",
        Quantity(median(times), "s"),
        Quantity(usual.p50, "s"),
        "one page of the module",
        changes,
    )


def _timed(browser: Browser, path: str) -> tuple[float, int]:
    began = time.perf_counter()
    status = browser.get(path).status
    return time.perf_counter() - began, status


def _look(browser: Browser, path: str, wanted: int) -> Seen:
    """Ask until the change is seen. Raises: AnswerError: it is not."""
    began = time.perf_counter()
    for request in range(1, PATIENCE + 1):
        if browser.get(path).status == wanted:
            return Seen(time.perf_counter() - began, request)
    raise AnswerError(f"{path} did not become {wanted}")


def _switch(admin: Browser, module: str, *, on: bool) -> float:
    """As on screen: wish, preview, reason. Answers with how long the last step took."""
    cell = f"{DISTRICT.id}:{module}"
    wish = {"cell": cell, "wish": "1", "state": "on" if on else "off", "lock": "keep", "clear_below": "y"}
    page = admin.post(f"/{DISTRICT}/modules/change", **wish, csrf_token=_token(admin))
    fingerprint = re.search(r'name="fingerprint"[^>]*value="([0-9a-f]+)"', page.text)
    if fingerprint is None:
        return 0.0  # it is like that already
    data = {**wish, "fingerprint": fingerprint[1], "reason": "Pengukuran", "csrf_token": _token(admin)}
    began = time.perf_counter()
    answer = admin.post(f"/{DISTRICT}/modules/apply", **data)
    if answer.status != 302:
        raise AnswerError(f"the change answered {answer.status}")
    return time.perf_counter() - began


def _token(browser: Browser) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(f"/{DISTRICT}/modules").text)
    if found is None:
        raise AnswerError("the matrix has no form")
    return found[1]
