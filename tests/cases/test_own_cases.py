"""What plugins ask about cases on one page: read once for all of them, and anew once something was written."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from flask import Flask
from sqlalchemy import event, update

from core.cases import own_cases
from core.cases.models import Case
from core.cases.own_cases import all_cases_of, cases_of_person, silent_cases
from core.clock import today
from core.database.session import db
from core.testing import make_case, make_person

LETTER, OTHER = "sktm.letter", "gone.letter"


@contextmanager
def counted() -> Iterator[list[str]]:
    statements: list[str] = []
    note = lambda *args: statements.append(args[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_a_residents_cases_are_read_once_for_all_who_ask(app: Flask, village, desk, monkeypatch) -> None:
    person = make_person(village.id)
    cases = [make_case(village, desk.service, person) for _n in range(3)]
    cases[0].service = OTHER
    db.session.flush()
    newest = [case.id for case in reversed(cases)]
    with counted() as statements:
        assert [row.id for row in cases_of_person(person, [LETTER])] == newest[:2]
        assert [row.id for row in cases_of_person(person, [OTHER])] == newest[2:]
        assert [row.id for row in cases_of_person(person, [LETTER, OTHER], limit=1)] == newest[:1]
        assert cases_of_person(person, []) == []
        assert [row.id for row in all_cases_of(person) or ()] == newest
    assert len(statements) == 1
    another = make_case(village, desk.service, person)
    db.session.flush()
    assert [row.id for row in cases_of_person(person, [LETTER], limit=2)] == [another.id, newest[0]]
    monkeypatch.setattr(own_cases, "MOST_KEPT", 4)
    db.session.execute(update(Case).where(Case.id == another.id).values(service=OTHER))
    assert all_cases_of(person) is None
    assert [row.id for row in cases_of_person(person, [OTHER])] == [another.id, newest[2]]


def test_one_query_says_whose_cases_nobody_outside_has_moved(app: Flask, village, desk) -> None:
    silent = desk.at(village, "recommended")
    desk.at(village, "handling").due_on = today() - timedelta(days=1)
    silent.due_on = today() - timedelta(days=1)
    db.session.flush()
    with counted() as statements:
        assert [silent_cases(village.id, [name], today()) for name in ("pkh.proposal", "uhc.enrolment")] == [[], []]
    assert len(statements) == 1
    assert [row.id for row in silent_cases(village.id, [LETTER, OTHER], today())] == [silent.id]
    silent.due_on = today()
    assert silent_cases(village.id, [LETTER], today()) == []
