"""Accounts with real passwords, a clock that can be moved, and phones that show codes."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyotp.totp import TOTP
from werkzeug.test import TestResponse

from core.areas.code import AreaCode
from core.database.session import commit
from core.testing import VILLAGE, Clock
from core.users.accounts import create_user, grant

PASSWORD = "tiga ekor kambing"


NewAccount = Callable[..., str]


@pytest.fixture
def account(app: Flask, areas: None) -> NewAccount:
    """``account("siti")``: village staff in Cibadak with the password above. Answers with the name."""

    def make(username: str = "siti", role: str = "village_staff", area: str = VILLAGE, **values: object) -> str:
        with app.app_context():
            user, _password = create_user(username, username.title(), password=PASSWORD)
            for name, value in values.items():
                setattr(user, name, value)
            grant(user, AreaCode.parse(area), role)
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


@dataclass
class Phone:
    """An application for codes, as it would run on somebody's phone."""

    secret: str
    clock: Clock
    recovery: list[str]

    def code(self, *, steps: int = 0) -> str:
        """What it shows now, or some steps of 30 seconds later."""
        return TOTP(self.secret).at(self.clock.moment, counter_offset=steps)


SetUp = Callable[..., Phone]


@pytest.fixture
def set_up(clock: Clock) -> SetUp:
    """``set_up(client)``: switches the second step on in a signed-in browser, the way its page asks for."""

    def make(client: FlaskClient) -> Phone:
        page = client.get("/account/two-step").text
        phone = Phone(secret_of(page), clock, [])
        answer = client.post("/account/two-step", data={"sealed": sealed_of(page), "code": phone.code()})
        assert answer.status_code == 200
        phone.recovery = re.findall(r"<li><code>([a-z0-9]{5}-[a-z0-9]{5})</code>", answer.text)
        return phone

    return make


def secret_of(page: str) -> str:
    found = re.search(r'class="secret">([A-Z2-7 ]+)<', page)
    assert found, page
    return found[1].replace(" ", "")


def sealed_of(page: str) -> str:
    found = re.search(r'name="sealed"[^>]* value="([^"]+)"', page)
    assert found, page
    return found[1]
