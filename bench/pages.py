"""The two pages that are open all day, the case list and the case, against a bare Flask and ORM page.

Both run under the settings of ``puskesos serve``. Database, server and load generator share the machine's cores; the
rounds of what is compared take turns, so that both meet the same machine.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

from bench.browser import Answer, AnswerError, Browser
from bench.installations import MANY_CASES, Installation, base, others
from bench.load import Load, load
from bench.place import place
from bench.report import Measurement, Quantity
from bench.server import THREADS, WORKERS, WebServer
from bench.village import CLERK, PASSWORD, VILLAGE

CONNECTIONS = WORKERS * THREADS
GZIP = {"Accept_Encoding": "gzip"}


@dataclass(frozen=True)
class Pace:
    rounds: int
    seconds: float


@dataclass(frozen=True)
class Page:
    """A page of a running server, as one visitor asks for it."""

    browser: Browser
    path: str
    headers: dict[str, str] = field(default_factory=dict)

    def answer(self) -> Answer:
        answer = self.browser.get(self.path, **self.headers)
        if answer.status != 200:
            raise AnswerError(f"{self.path} answered {answer.status}")
        return answer

    def load(self, pace: Pace) -> Load:
        request = self.browser.request("GET", self.path, self.headers)
        return load(self.browser.port, request, connections=CONNECTIONS, seconds=pace.seconds)


@dataclass(frozen=True)
class Rounds:
    """What many loads of one page came to."""

    rate: float
    p50: float
    p95: float
    generator: float

    @classmethod
    def of(cls, loads: list[Load]) -> "Rounds":
        return cls(*(median(getattr(one, name) for one in loads) for name in ("rate", "p50", "p95", "cpu")))

    @property
    def note(self) -> str:
        return f"p50 {Quantity(self.p50, 's')}, p95 {Quantity(self.p95, 's')}"


def run(*, quick: bool) -> Iterator[Measurement]:
    pace = Pace(3, 2) if quick else Pace(5, 3)
    with place() as here:
        first = base(here)
        compared = others(first, MANY_CASES // (50 if quick else 1))
        paths = {"case list, 25 rows": f"/{VILLAGE}/cases", "case page": f"/{VILLAGE}/cases/{first.case()}"}
        with first.serve() as server, first.serve_bare() as bare:
            browser = _signed_in(server)
            for (what, path), bare_path in zip(paths.items(), ("/cases", f"/cases/{first.case()}"), strict=True):
                yield from _against_bare(what, Page(browser, path), Page(Browser(bare.port), bare_path), pace)
            yield _memory(server, bare)
            for what, path in paths.items():
                yield from _wire(what, browser, path)
            for other in compared:
                yield from _beside(other, browser, paths, pace)


def _signed_in(server: WebServer) -> Browser:
    browser = Browser(server.port)
    browser.sign_in(CLERK, PASSWORD)
    return browser


def in_turns(one: Page, two: Page, pace: Pace) -> tuple[Rounds, Rounds]:
    """Loads of two pages, A B A B; the first pair warms both up and does not count."""
    pairs = [(one.load(pace), two.load(pace)) for _ in range(pace.rounds + 1)][1:]
    return Rounds.of([pair[0] for pair in pairs]), Rounds.of([pair[1] for pair in pairs])


def _against_bare(what: str, page: Page, bare: Page, pace: Pace) -> Iterator[Measurement]:
    """As it is, and as a browser asks for it; the bare one sends as many bytes as ours has before compression."""
    size = len(page.answer().body)
    bare = Page(bare.browser, f"{bare.path}?bytes={size}")
    for aside, asked in (("", page), (", gzipped", Page(page.browser, page.path, GZIP))):
        ours, theirs = in_turns(asked, bare, pace)
        yield Measurement(
            f"{what}{aside}, {Quantity(size, 'B')}",
            Quantity(ours.rate, "/s"),
            Quantity(theirs.rate, "/s"),
            f"bare page of the same rows and bytes ({theirs.note})",
            pace.rounds,
            "≥ 0.7",
            f"{ours.note}; the generator took {max(ours.generator, theirs.generator):.0%} of a core",
        )


def _beside(other: Installation, browser: Browser, paths: dict[str, str], pace: Pace) -> Iterator[Measurement]:
    """An installation that differs from the base in one thing, in turns with the base."""
    with other.serve() as server:
        visitor = _signed_in(server)
        for what, path in paths.items():
            theirs, ours = in_turns(Page(visitor, path), Page(browser, path), pace)
            yield Measurement(
                f"{what}: {other.what}",
                Quantity(theirs.rate, "/s"),
                Quantity(ours.rate, "/s"),
                "the same page of the base",
                pace.rounds,
                "within 10 %",
                theirs.note,
            )


def _memory(server: WebServer, bare: WebServer) -> Measurement:
    ours, theirs = server.memory(), bare.memory()
    return Measurement(
        "memory of a worker after these (PSS)",
        Quantity(median(ours), "B"),
        Quantity(median(theirs), "B"),
        "a worker of the bare application",
        min(len(ours), len(theirs)),
    )


def _wire(what: str, browser: Browser, path: str) -> Iterator[Measurement]:
    """Bytes of the answers, headers and all, at first sight and once the browser has the styles and scripts."""
    plain, zipped = Page(browser, path).answer(), Page(browser, path, GZIP).answer()
    assets = sorted(set(re.findall(r'(?:href|src)="(/static/[^"]+)"', plain.text)))
    sizes = [(Page(browser, asset).answer().wire, Page(browser, asset, GZIP).answer().wire) for asset in assets]
    first = zipped.wire + sum(small for _big, small in sizes), plain.wire + sum(big for big, _small in sizes)
    for aside, (small, big), goal in (
        ("at first sight", first, "< 60 kB"),
        ("after", (zipped.wire, plain.wire), "< 15 kB"),
    ):
        yield Measurement(
            f"{what}, over the wire {aside}", Quantity(small, "B"), Quantity(big, "B"), "uncompressed", 1, goal
        )
