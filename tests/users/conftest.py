"""Accounts with real passwords, and a clock that can be moved."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.areas.code import AreaCode
from core.database.session import commit
from core.testing import VILLAGE
from core.users.accounts import create_user, grant

PASSWORD = "tiga ekor kambing"


class Clock:
    """Stands in for ``datetime`` in ``core.clock``: the time of day goes on when a test moves it."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 12, 3, 0, tzinfo=UTC)

    def now(self, zone: tzinfo) -> datetime:
        return self.moment.astimezone(zone)

    def move(self, **duration: float) -> None:
        self.moment += timedelta(**duration)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Thursday, 12 November 2026, 10.00 in Cibadak."""
    clock = Clock()
    monkeypatch.setattr("core.clock.datetime", clock)
    return clock


NewAccount = Callable[..., str]


@pytest.fixture
def account(app: Flask, areas: None) -> NewAccount:
    """``account("siti")``: village staff in Cibadak with the password above. Answers with the name."""

    def make(username: str = "siti", **values: object) -> str:
        with app.app_context():
            user, _password = create_user(username, username.title(), password=PASSWORD)
            for name, value in values.items():
                setattr(user, name, value)
            grant(user, AreaCode.parse(VILLAGE), "village_staff")
            commit()
        return username

    return make


Enter = Callable[..., TestResponse]


@pytest.fixture
def enter(app: Flask) -> Enter:
    """``enter("siti")``: the answer to the sign-in form; ``client=`` to go on with it."""

    def send(
        username: str, password: str = PASSWORD, *, client: FlaskClient | None = None, **query: str
    ) -> TestResponse:
        form = {"username": username, "password": password}
        return (client or app.test_client()).post("/sign-in", data=form, query_string=query)

    return send
