"""A crowd at one village's door, and the board on many screens.

Arrivals come at a fixed pace, as people do, whatever the answers take; then as fast as they are answered. Each is the
desk's own form over HTTP: a session, a token, a number from the row that all of them want, an audit entry, a commit.
Beside it stands a bare ``INSERT`` with a commit, from as many connections. Viewers ask for the board's changing part as
app.js does, with the tag of what they show; what that costs is read from the server's processes, and what it does to
others from a page that is asked for meanwhile.
"""

import http.client
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID, uuid4

import psycopg

from bench.browser import AnswerError, Browser
from bench.installations import Installation, base
from bench.place import Place, driver_address, place
from bench.report import Measurement, Quantity
from bench.server import THREADS, WORKERS, WebServer
from bench.timing import Spread
from bench.village import CLERK, PASSWORD, VILLAGE
from core.database.session import commit, db, scope
from plugins.queue.models import QueueCounter, QueueService

A_MINUTE = 200
HANDS = WORKERS * THREADS
VIEWERS, EVERY = 100, 3.0  # seconds between two looks of one viewer
QUEUE = f"/{VILLAGE}/queue"
SERVICE = UUID(int=1)


def run(*, quick: bool) -> Iterator[Measurement]:
    crowd, looks = (A_MINUTE // 5, 30) if quick else (A_MINUTE, 200)
    with place() as here:
        installation = base(here)
        _furnish(here)
        with installation.serve() as server:
            clerk = Browser(server.port)
            clerk.sign_in(CLERK, PASSWORD)
            yield from _arrivals(installation, clerk, crowd)
            yield from _viewers(server, clerk, looks)


def _furnish(here: Place) -> None:
    with here.at_work(), scope(VILLAGE):
        db.session.add(QueueService(village_id=VILLAGE.id, id=SERVICE, name="Surat", prefix="A", minutes=10))
        db.session.add(QueueCounter(village_id=VILLAGE.id, name="Loket 1"))
        commit()


# ---- arrivals ----


def _arrivals(installation: Installation, clerk: Browser, crowd: int) -> Iterator[Measurement]:
    token = _token(clerk)
    give = lambda: _give(clerk, token)  # noqa: E731 - the work that is timed
    for _ in range(4):
        give()
    with _bare_inserts(installation.place) as insert:
        paced, rate = _at_a_pace(give, crowd)
        bare, _rate = _at_a_pace(insert, crowd)
        yield Measurement(
            f"{A_MINUTE} arrivals a minute into one queue, a number each, p95",
            Quantity(paced.p95, "s"),
            Quantity(bare.p95, "s"),
            "a bare insert and commit at that pace, p95",
            crowd,
            f"{A_MINUTE} a minute",
            f"{rate * 60:.0f} a minute reached, p50 {Quantity(paced.p50, 's')}",
        )
        ours, theirs = _all_at_once(give, crowd), _all_at_once(insert, crowd)
        yield Measurement(
            f"arrivals as fast as they are answered, {HANDS} at once",
            Quantity(ours, "/s"),
            Quantity(theirs, "/s"),
            "bare inserts and commits, as many at once",
            crowd,
            f"≥ {A_MINUTE / 60:.1f}/s",
        )
    _check(installation.place)


def _token(clerk: Browser) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', clerk.get(f"{QUEUE}/").text)
    if found is None:
        raise AnswerError("the desk has no form")
    return found[1]


def _give(clerk: Browser, token: str) -> None:
    """A visitor of its own each time: the clerk's cookies are not shared between threads."""
    visitor = Browser(clerk.port, dict(clerk.cookies))
    form = {"csrf_token": token, "draft": str(uuid4()), "service": str(SERVICE), "priority": "", "whom": ""}
    answer = visitor.post(f"{QUEUE}/arrive", **form)
    if answer.status != 302:
        raise AnswerError(f"an arrival was answered {answer.status}")


@contextmanager
def _bare_inserts(here: Place) -> Iterator[Callable[[], None]]:
    """One connection a thread, one row and one commit a call."""
    address, held, opened = driver_address(here.superuser_url), threading.local(), []
    with here.superuser() as owner:
        owner.execute("CREATE TABLE bare_arrivals (id uuid PRIMARY KEY, number int, at timestamptz DEFAULT now())")

    def insert() -> None:
        if not hasattr(held, "connection"):
            held.connection = psycopg.connect(address, autocommit=True)
            opened.append(held.connection)
        held.connection.execute("INSERT INTO bare_arrivals (id, number) VALUES (%s, 1)", [uuid4()])

    yield insert
    for connection in opened:
        connection.close()


def _at_a_pace(work: Callable[[], object], count: int) -> tuple[Spread, float]:
    """Begun at fixed moments; a time counts from the moment at which somebody came, waiting for a hand included."""
    began = time.perf_counter()

    def one(place_in_line: int) -> float:
        due = began + place_in_line * 60 / A_MINUTE
        time.sleep(max(0.0, due - time.perf_counter()))
        work()
        return time.perf_counter() - due

    with ThreadPoolExecutor(HANDS) as hands:
        times = list(hands.map(one, range(count)))
    return Spread.of(times), count / (time.perf_counter() - began)


def _all_at_once(work: Callable[[], object], count: int) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(HANDS) as hands:
        list(hands.map(lambda _n: work(), range(count)))
    return count / (time.perf_counter() - began)


def _check(here: Place) -> None:
    """Raises: AnswerError: a number was given twice or left out; then nothing was measured."""
    with here.superuser() as owner:
        row = owner.execute("SELECT count(*), max(number), count(DISTINCT number) FROM queue_tickets").fetchone()
    if row is None or len(set(row)) != 1:
        raise AnswerError(f"numbers are not 1 to n: {row}")


# ---- viewers ----


def _viewers(server: WebServer, clerk: Browser, looks: int) -> Iterator[Measurement]:
    """The clerk's page with and without the viewers, in turns; and what one look of a viewer takes of the server."""
    alone, watched, seen, share = [], [], 0, 0.0
    for _ in range(3):
        alone += [_desk(clerk) for _ in range(looks)]
        with _watching(server.port) as answers:
            began, spent = time.perf_counter(), _cpu()
            time.sleep(EVERY)
            share = (_cpu() - spent) / (time.perf_counter() - began)
            watched += [_desk(clerk) for _ in range(looks)]
            seen = len(answers)
    with_them, without = Spread.of(watched), Spread.of(alone)
    yield Measurement(
        f"the desk’s page while {VIEWERS} viewers look at the board every {EVERY:.0f} s",
        Quantity(with_them.p50, "s"),
        Quantity(without.p50, "s"),
        "the same page without them",
        len(watched),
        "",
        f"{with_them.note}; the viewers took {share:.0%} of a core, {seen} looks",
    )


def _desk(clerk: Browser) -> float:
    began = time.perf_counter()
    answer = clerk.get(f"{QUEUE}/")
    if answer.status != 200:
        raise AnswerError(f"the desk answered {answer.status}")
    return time.perf_counter() - began


@contextmanager
def _watching(port: int) -> Iterator[list[int]]:
    """So many viewers, spread over the seconds between two looks."""
    over, answers = threading.Event(), []

    def view(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        tag = ""
        over.wait(EVERY * number / VIEWERS)
        while not over.is_set():
            connection.request("GET", f"{QUEUE}/board/live", headers={"If-None-Match": tag} if tag else {})
            answer = connection.getresponse()
            answer.read()
            tag = answer.headers.get("ETag") or tag
            answers.append(answer.status)
            over.wait(EVERY)
        connection.close()

    viewers = [threading.Thread(target=view, args=(number,), daemon=True) for number in range(VIEWERS)]
    for viewer in viewers:
        viewer.start()
    try:
        yield answers
    finally:
        over.set()
        for viewer in viewers:
            viewer.join()
        if wrong := [status for status in answers if status not in (200, 304)]:
            raise AnswerError(f"the board answered {sorted(set(wrong))}")


def _cpu() -> float:
    """Seconds of CPU of everything that descends from this process: the web server's and the database's."""
    ticks, children = os.sysconf("SC_CLK_TCK"), _children()
    waiting, total = list(children.get(os.getpid(), ())), 0
    while waiting:
        pid = waiting.pop()
        waiting += children.get(pid, ())
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except FileNotFoundError:
            continue
        total += int(fields[11]) + int(fields[12])
    return total / ticks


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
        except FileNotFoundError:
            continue
        found.setdefault(parent, []).append(int(path.parent.name))
    return found
