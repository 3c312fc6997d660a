"""A plugin hears of what has been committed and of nothing else; what it writes then is its own transaction."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from core.cases.catalogue import find_service
from core.cases.models import Case
from core.cases.progress import Answer, take_step
from core.database.session import commit, db
from core.testing import SIBLING, VILLAGE, SignInAs, at, make_case, make_person

from .conftest import Start, switch

MAY = frozenset({"homevisit.write"})


@pytest.fixture
def told(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """The first words of what the outside plugin wrote into its log."""
    seen: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(record.getMessage().partition(" ")[0])

    log, listener = logging.getLogger("puskesos.homevisit"), Listener()
    log.addHandler(listener)
    log.setLevel(logging.INFO)
    yield seen
    log.removeHandler(listener)
    log.setLevel(logging.NOTSET)


def open_request(area: Any) -> Case:
    service = find_service("homevisit.request")
    assert service
    return make_case(area, service, make_person(area.id), reason="elderly", directions="Dekat musala")


def visits() -> list[tuple[Any, ...]]:
    return [tuple(row) for row in db.session.execute(text("SELECT planned_on, visited_on FROM homevisit_visits"))]


def test_nothing_is_told_before_the_commit(app: Flask, areas: None, told: list[str]) -> None:
    with at(app, VILLAGE) as area:
        case = open_request(area)
        assert (told, visits()) == ([], [])
        commit()
        assert told == ["case_opened"]
        assert visits() == [(case.due_on, None)]


def test_nothing_is_told_after_a_rollback(app: Flask, areas: None, told: list[str]) -> None:
    with at(app, VILLAGE) as area:
        open_request(area)
        db.session.rollback()
        commit()
        assert (told, visits()) == ([], [])


def test_each_step_is_told_and_the_last_one_as_closed(app: Flask, areas: None, told: list[str]) -> None:
    with at(app, VILLAGE) as area:
        case = open_request(area)
        commit()
        service = find_service(case.service)
        assert service
        take_step(area, case, service, "schedule", MAY, Answer())
        commit()
        assert visits() == [(case.due_on, None)]
        take_step(area, case, service, "cancel", MAY, Answer(note="Warga datang sendiri"))
        commit()
        assert visits() == []
    assert told == ["case_opened", "case_changed", "case_closed"]


def test_a_village_where_it_is_off_tells_it_nothing(app: Flask, areas: None, told: list[str]) -> None:
    switch(app, "homevisit", on=False, village=SIBLING)
    told.clear()
    with at(app, SIBLING) as area:
        open_request(area)
        commit()
    assert told == []


def test_it_is_told_where_it_was_switched_on_and_off(app: Flask, areas: None, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "puskesos.homevisit")
    switch(app, "homevisit", on=False)
    switch(app, "sktm", on=False)
    switch(app, "homevisit", on=True)
    assert [record.getMessage() for record in caplog.records if record.name == "puskesos.homevisit"] == [
        f"village_disabled {VILLAGE}",
        f"village_enabled {VILLAGE}",
    ]


@pytest.mark.parametrize("fail", [lambda: 1 / 0, lambda: db.session.execute(text("SELECT no_such_column"))])
def test_one_that_fails_undoes_nothing_and_the_others_are_told(
    start: Start, areas: None, told: list[str], fail: Any
) -> None:
    process = start(faulty={"case_opened": fail})
    switch(process, "faulty", on=True)
    with at(process, VILLAGE) as area:
        case = open_request(area)
        commit()
        assert case.state == "requested"
        assert visits() == [(case.due_on, None)]
    assert told == ["case_opened"]
    assert process.extensions["puskesos"].plugins.failures() == {"faulty": 1}


def test_what_one_leaves_uncommitted_is_not_committed_by_the_next(start: Start, areas: None) -> None:
    """It comes before the outside plugin, whose commit must not carry what this one forgot."""

    def case_opened(case: Case) -> None:
        db.session.execute(text("UPDATE persons SET name = 'Diubah diam-diam'"))

    process = start(faulty={"case_opened": case_opened})
    switch(process, "faulty", on=True)
    with at(process, VILLAGE) as area:
        case = open_request(area)
        commit()
        assert visits() == [(case.due_on, None)]
        assert case.person.name == "Siti Aminah"


def test_a_request_that_is_refused_tells_nothing(app: Flask, sign_in: SignInAs, told: list[str]) -> None:
    with at(app, VILLAGE) as area:
        person = str(make_person(area.id).id)
        commit()
    form = f"/{VILLAGE}/cases/new?person={person}&service=homevisit.request"
    answer = sign_in("village_staff").post(form, data={"reason": "elderly", "directions": ""})
    assert answer.status_code == 422
    assert told == []
