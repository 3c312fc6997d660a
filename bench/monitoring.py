"""The district's dashboard over all its villages at a million cases, and making the figures that it adds up."""

from collections.abc import Iterator
from time import perf_counter

from bench.browser import Browser
from bench.caseload import fill
from bench.installations import DISTRICT, FEW_PLUGINS, MANY_CASES, Installation, enable, plugins_beside
from bench.nation import OFFICER, let_in
from bench.pages import Pace, Page, in_turns
from bench.place import Place, place
from bench.report import Measurement, Quantity
from bench.village import clerks, district, provision
from core.areas.current import villages_in
from core.database.session import scope
from plugins.monitoring.roll_up import roll_up

FEW_VILLAGES = 40


def run(*, quick: bool) -> Iterator[Measurement]:
    pace = Pace(2, 2) if quick else Pace(5, 3)
    with place() as here:
        plugins = plugins_beside(here, FEW_PLUGINS)
        with here.at_work():
            provision(district(DISTRICT, villages=FEW_VILLAGES if quick else None))
            clerks(1)
            enable(plugins)
        visitors = let_in(here)
        cases = MANY_CASES // (100 if quick else 1)
        with here.at_work():
            fill(here, cases)
        yield _rolled_up(here, cases)
        installation = Installation("the district", here, plugins)
        with installation.serve() as server, installation.serve_bare() as bare:
            officer = visitors.sign_in(server, OFFICER)
            for what, path in (
                ("district dashboard by kecamatan", f"/{DISTRICT}/monitoring/"),
                ("district dashboard by village", f"/{DISTRICT}/monitoring/?by=village"),
                ("reports of the villages", f"/{DISTRICT}/monitoring/reports"),
            ):
                yield _against_bare(what, Page(officer, path), Browser(bare.port), pace, cases)


def _rolled_up(here: Place, cases: int) -> Measurement:
    """All villages one after the other, as one worker does; the first time, so that all their months are made."""
    with here.at_work(), scope(DISTRICT):
        villages = villages_in(DISTRICT)
    begin = perf_counter()
    with here.at_work():
        for village in villages:
            with scope(village.interval):
                roll_up(village)
    taken = perf_counter() - begin
    with here.superuser() as connection:
        begin = perf_counter()
        connection.execute("SELECT village_id, service, state, count(*) FROM cases GROUP BY 1, 2, 3").fetchall()
        counted = perf_counter() - begin
        connection.execute("ANALYZE")
    return Measurement(
        f"figures of {len(villages)} villages with {cases:,} cases",
        Quantity(taken, "s"),
        Quantity(counted, "s"),
        "counting all cases by village, service and state in one statement",
        1,
        note=f"{Quantity(taken / len(villages), 's')} a village",
    )


def _against_bare(what: str, page: Page, bare: Browser, pace: Pace, cases: int) -> Measurement:
    answer = page.answer()
    ours, theirs = in_turns(page, Page(bare, f"/cases?bytes={len(answer.body)}"), pace)
    return Measurement(
        f"{what}, {cases:,} cases, {Quantity(len(answer.body), 'B')}",
        Quantity(ours.p50, "s"),
        Quantity(theirs.p50, "s"),
        "bare page of 25 rows and as many bytes",
        pace.rounds,
        "< 1 s",
        f"{ours.note}, with all connections busy; {Quantity(ours.rate, '/s')}",
    )
