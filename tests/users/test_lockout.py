"""Who is kept out after wrong passwords: strangers, and not the owner in a browser that is known."""

import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.database.session import commit, db
from core.users.accounts import find_user, reset_password
from core.users.lockout import MAX_FAILURES
from core.users.models import KnownBrowser, User
from core.users.signing_in import Refusal, Visitor, sign_in

NewAccount = Callable[..., str]
Enter = Callable[..., TestResponse]
WRONG = "bukan kata sandinya"
COOKIE = "puskesos-known"


@pytest.fixture
def own(app: Flask, account: NewAccount, enter: Enter, clock: Any) -> FlaskClient:
    """The browser in which Siti works, signed out for the moment."""
    account("siti")
    client = app.test_client()
    enter("siti", client=client)
    client.post("/sign-out")
    return client


def attack(enter: Enter, times: int = MAX_FAILURES) -> None:
    """By somebody who knows the name, each time as if from another browser."""
    for _ in range(times):
        assert enter("siti", WRONG).status_code == 401


def test_a_stranger_who_knows_the_name_keeps_out_strangers_only(enter: Enter, own: FlaskClient) -> None:
    attack(enter, 3 * MAX_FAILURES)
    assert enter("siti").status_code == 401, "whoever guesses learns nothing even by the right password"
    assert enter("siti", client=own).status_code == 302


def test_the_owners_sign_in_gives_the_stranger_no_new_tries(enter: Enter, own: FlaskClient, app: Flask) -> None:
    attack(enter, MAX_FAILURES - 1)
    enter("siti", client=own)
    with app.app_context():
        assert db.session.scalar(select(User.failed_attempts)) == MAX_FAILURES - 1
    attack(enter, 1)
    assert enter("siti").status_code == 401


def test_a_known_browser_has_five_tries_of_its_own(enter: Enter, own: FlaskClient, clock: Any) -> None:
    """A lost tablet is no way round the lock."""
    for _ in range(MAX_FAILURES):
        enter("siti", WRONG, client=own)
    assert enter("siti", client=own).status_code == 401
    assert enter("siti").status_code == 302, "and others are not kept out by it"
    clock.move(minutes=16)
    assert enter("siti", client=own).status_code == 302


def test_known_for_one_account_is_not_known_for_another(enter: Enter, own: FlaskClient, account: NewAccount) -> None:
    account("ujang")
    for _ in range(MAX_FAILURES):
        enter("ujang", WRONG)
    assert enter("ujang", client=own).status_code == 401
    assert enter("siti", client=own).status_code == 302


def test_two_who_share_a_tablet_are_both_known_by_it(enter: Enter, own: FlaskClient, account: NewAccount) -> None:
    account("ujang")
    enter("ujang", client=own)
    own.post("/sign-out")
    for name in ("siti", "ujang"):
        for _ in range(MAX_FAILURES):
            enter(name, WRONG)
        assert enter(name, client=own).status_code == 302
        own.post("/sign-out")


@pytest.mark.parametrize("value", ["", "x", "é", "A" * 4000, "%00"])
def test_a_made_up_cookie_is_a_strangers(value: str, app: Flask, enter: Enter, own: FlaskClient) -> None:
    attack(enter)
    client = app.test_client()
    client.set_cookie(COOKIE, value)
    assert enter("siti", client=client).status_code == 401


def test_the_cookie_is_for_the_server_alone_and_signs_nobody_in(app: Flask, enter: Enter, account: NewAccount) -> None:
    account("siti")
    answer = enter("siti")
    [cookie] = [value for value in answer.headers.getlist("Set-Cookie") if value.startswith(COOKIE)]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    token = cookie.split("=", 1)[1].split(";")[0]
    client = app.test_client()
    client.set_cookie(COOKIE, token)
    assert client.get("/account").location.startswith("/sign-in")
    with app.app_context():
        [kept] = db.session.scalars(select(KnownBrowser.token_hash))
        assert token.encode() not in kept


def test_a_failed_sign_in_makes_no_browser_known(app: Flask, enter: Enter, own: FlaskClient) -> None:
    client = app.test_client()
    enter("siti", WRONG, client=client)
    assert client.get_cookie(COOKIE) is None


def test_a_new_password_forgets_the_known_browsers(app: Flask, enter: Enter, own: FlaskClient) -> None:
    """It is changed when somebody else may have been in."""
    with app.app_context():
        secret = reset_password(find_user("siti"))
        commit()
    attack(enter)
    assert enter("siti", secret, client=own).status_code == 401


def test_after_half_a_year_without_a_visit_a_browser_is_a_stranger(enter: Enter, own: FlaskClient, clock: Any) -> None:
    clock.move(days=181)
    attack(enter)
    assert enter("siti", client=own).status_code == 401


@pytest.mark.parametrize("known", [None, "token"])
def test_however_many_guess_at_once_five_are_judged(app: Flask, own: FlaskClient, known: str | None) -> None:
    """The right password among the late ones opens nothing: what counts is counted before anything is told."""
    if known:
        cookie = own.get_cookie(COOKIE)
        assert cookie
        known = cookie.value
    found: list[Refusal | None] = []

    def guess() -> None:
        with app.test_request_context():
            found.append(sign_in("siti", WRONG, Visitor(known=known, demo_allowed=True)).refusal)

    threads = [threading.Thread(target=copy_context().run, args=(guess,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(refusal.value for refusal in found if refusal) == ["locked"] * 3 + ["wrong"] * MAX_FAILURES
