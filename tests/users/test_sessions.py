"""Where somebody is signed in: seen and ended by oneself, and by who manages the account."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.database.session import db
from core.testing import VILLAGE, SignInAs
from core.users.accounts import find_user
from core.users.models import SignIn
from core.users.sessions import browser_name

NewAccount = Callable[..., str]
Enter = Callable[..., TestResponse]
ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"


def opens(client: FlaskClient) -> bool:
    return client.get(f"/{VILLAGE}/").status_code == 200


@pytest.fixture
def browsers(app: Flask, account: NewAccount, clock: Any) -> tuple[FlaskClient, FlaskClient]:
    """Siti's laptop, and later her phone."""
    account("siti")
    laptop, phone = app.test_client(), app.test_client()
    form = {"username": "siti", "password": "tiga ekor kambing"}
    laptop.post("/sign-in", data=form)
    clock.move(minutes=5)
    phone.post("/sign-in", data=form, headers={"User-Agent": ANDROID})
    return laptop, phone


def session_ids(app: Flask) -> list[str]:
    """The oldest first."""
    with app.app_context():
        return [str(value) for value in db.session.scalars(select(SignIn.id).order_by(SignIn.id))]


def test_the_own_page_lists_every_browser_and_marks_this_one(browsers: tuple[FlaskClient, FlaskClient]) -> None:
    laptop, _phone = browsers
    page = laptop.get("/account").text
    assert "Chrome · Android" in page
    assert "127.0.0.1" in page
    assert page.count("perangkat ini") == 1
    assert "Akhiri semua sesi lain" in page


def test_one_session_is_ended_and_the_others_stay(app: Flask, browsers: tuple[FlaskClient, FlaskClient]) -> None:
    laptop, phone = browsers
    _first, second = session_ids(app)
    assert laptop.post(f"/account/sessions/{second}/end").location == "/account#sessions"
    assert not opens(phone)
    assert opens(laptop)
    assert laptop.post(f"/account/sessions/{second}/end").status_code == 404


def test_all_others_are_ended_at_once(app: Flask, browsers: tuple[FlaskClient, FlaskClient]) -> None:
    laptop, phone = browsers
    assert phone.post("/account/sessions/end-others").location == "/account#sessions"
    assert opens(phone)
    assert not opens(laptop)
    assert "Akhiri semua sesi lain" not in phone.get("/account").text


def test_nobody_ends_the_session_of_another(
    app: Flask, browsers: tuple[FlaskClient, FlaskClient], account: NewAccount, enter: Enter
) -> None:
    account("ujang")
    other = app.test_client()
    enter("ujang", client=other)
    for session_id in [*session_ids(app)[:2], str(uuid4())]:
        assert other.post(f"/account/sessions/{session_id}/end").status_code == 404
    assert all(opens(client) for client in browsers)


def test_who_manages_the_account_sees_and_ends_its_sessions(
    app: Flask, browsers: tuple[FlaskClient, FlaskClient], sign_in: SignInAs
) -> None:
    laptop, phone = browsers
    _first, second = session_ids(app)
    head = sign_in("village_head")
    with app.app_context():
        page = f"/{VILLAGE}/users/{find_user('siti').id}"
    assert "Chrome · Android" in head.get(page).text
    assert head.post(f"{page}/sessions/{second}/end").location == page
    assert (opens(laptop), opens(phone)) == (True, False)
    assert head.post(f"{page}/sessions/{second}/end").status_code == 404
    assert head.post(f"{page}/sessions/end").location == page
    assert not opens(laptop)


def test_a_session_that_was_ended_says_so_to_whoever_comes_back(browsers: tuple[FlaskClient, FlaskClient]) -> None:
    laptop, phone = browsers
    phone.post("/account/sessions/end-others")
    assert "Sesi Anda sudah berakhir" in laptop.get(f"/{VILLAGE}/", follow_redirects=True).text


def test_the_own_page_tells_of_roles_language_password_and_the_second_step(
    browsers: tuple[FlaskClient, FlaskClient],
) -> None:
    page = browsers[0].get("/account").text
    for part in ("Cibadak", "Petugas puskesos", "English", 'href="/password"', 'href="/account/two-step"'):
        assert part in page


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (ANDROID, "Chrome · Android"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) … Chrome/126.0 Safari/537.36 Edg/126.0", "Edge · Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox · Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) … Version/17.5 Mobile Safari/604.1", "Safari · iOS"),
        ("<script>alert(1)</script>", "peramban tidak dikenal"),
        (None, "peramban tidak dikenal"),
    ],
)
def test_a_browser_is_named_as_people_know_it(agent: str | None, name: str, app: Flask) -> None:
    with app.test_request_context():
        assert browser_name(agent) == name
