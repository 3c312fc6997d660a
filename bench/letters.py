"""Letters and sign-ins a second: the two things whose cost is computing and not the database."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from statistics import median

import typst
from argon2 import PasswordHasher
from flask import Flask

from bench.place import place
from bench.report import Measurement, Quantity
from bench.timing import seconds
from bench.village import ANSWERS, PASSWORD, clerks, measured_village, sheet, take_in
from core.areas.current import CurrentArea
from core.cases.catalogue import offered
from core.cases.intake import Intake, open_case
from core.cases.letter_pdf import LetterContent, render_letter
from core.cases.letter_values import letter_values
from core.clock import today
from core.database.session import commit, db, scope
from core.people.models import Person
from core.people.search import family_of, people_page
from core.users.passwords import hasher
from core.users.signing_in import Visitor, sign_in

BARE_PAGE = b'#set page(paper: "a4")\n#lorem(120)'


def run(*, quick: bool) -> Iterator[Measurement]:
    with place() as here, here.at_work() as app:
        area = measured_village()
        take_in(area, sheet(here.directory, 40, "csv").path)
        yield _letters(area, 3 if quick else 7, 5 if quick else 20)
        yield from _sign_ins(app, 2 if quick else 5, 16 if quick else 60)


def _letters(area: CurrentArea, repetitions: int, n: int) -> Measurement:
    content = _content(area)
    letters = [replace(content, reference=f"460/{number:03}/CBD/I/2026") for number in range(n)]
    ours, bare = [], []
    for warm_up in (partial(render_letter, content), partial(_bare, 0)):  # fonts and templates are read once a process
        warm_up()
    for _ in range(repetitions):
        ours.append(n / seconds(lambda: [render_letter(letter) for letter in letters]))
        bare.append(n / seconds(lambda: [_bare(number) for number in range(n)]))
    return Measurement(
        "letters as PDF, one thread",
        Quantity(median(ours), "/s"),
        Quantity(median(bare), "/s"),
        "bare typst page of 120 words",
        repetitions,
    )


def _bare(number: int) -> object:
    return typst.compile(BARE_PAGE + b" %d" % number, ignore_system_fonts=True)


def _content(area: CurrentArea) -> LetterContent:
    """An SKTM about a synthetic resident, as the page would print it."""
    service = offered(area)["sktm.letter"]
    letter = service.letters[0]
    with scope(area):
        page = people_page(area.id, "", None)
        person: Person = page.rows[0]
        case = open_case(area, service, person, Intake(channel="desk", answers=ANSWERS, privacy_notice_given=True))
        commit()
        values = letter_values(service, case, family_of(person))
    day = today(area.timezone)
    return LetterContent(
        template=letter.template,
        title=str(letter.title),
        reference="460/001/CBD/I/2026",
        issued_on=day,
        valid_until=day + timedelta(days=30),
        area=area,
        signatory="Maman Suparman",
        values=values,
        verify_url="https://puskesos.example.go.id/verify/abcdefghijklmnopqrstuvwxyz012345",
    )


def _sign_ins(app: Flask, repetitions: int, n: int) -> Iterator[Measurement]:
    """As many at a time as there are cores; each of a person of her own, since a sign-in locks the account's row."""
    threads = os.cpu_count() or 1
    names = clerks(threads)
    db.session.remove()
    library = PasswordHasher()
    theirs, same = library.hash(PASSWORD), hasher.hash(PASSWORD)

    def enter(number: int) -> None:
        with app.app_context():
            result = sign_in(names[number % threads], PASSWORD, Visitor())
            if result.identity is None:
                raise RuntimeError(f"the sign-in was refused: {result.refusal}")

    ours, bare, default = [], [], []
    with ThreadPoolExecutor(threads) as pool:
        rate = partial(_rate, pool, n)
        for _ in range(repetitions):
            ours.append(rate(enter))
            bare.append(rate(lambda _number: hasher.verify(same, PASSWORD)))
            default.append(rate(lambda _number: library.verify(theirs, PASSWORD)))
    measured = Quantity(median(ours), "/s")
    for rates, against in (
        (bare, "argon2 alone with the same parameters"),
        (default, "argon2 alone with the library's own parameters"),
    ):
        yield Measurement(f"sign-ins, {threads} threads", measured, Quantity(median(rates), "/s"), against, repetitions)


def _rate(pool: ThreadPoolExecutor, n: int, work: Callable[[int], object]) -> float:
    return n / seconds(lambda: list(pool.map(work, range(n))))
