"""Passwords: what a good one is, how a new one is set, and what ends with the old one."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import AnyConverter
from werkzeug.test import TestResponse

from core.database.session import commit, db
from core.testing import VILLAGE
from core.users import passwords
from core.users.accounts import find_user, reset_password
from core.users.models import User
from core.users.passwords import (
    hash_password,
    hasher,
    one_time_password,
    password_problem,
    verify_password,
)
from core.web.urls import AreaConverter

NewAccount = Callable[..., str]
Enter = Callable[..., TestResponse]
OLD = "tiga ekor kambing"
NEW = "hujan turun di sawah"


# ---- rules ----


@pytest.mark.parametrize("password", ["hujan turun di sawah", "Kambing7ekor", "10 karung", "ÄÖÜ éèê ñ"])
def test_length_is_what_counts(app: Flask, password: str) -> None:
    with app.test_request_context():
        assert (password_problem(password, "siti") is None) == (len(password) >= 10)


@pytest.mark.parametrize(
    "password",
    [
        "Puskesos2026",
        "katasandiku!",
        "my-password-1",
        "aaaaaaaaaaaa",
        "ababababab",
        "1234567890x",
        "siti.aminah.cibadak",
        "SITI.AMINAH!",
    ],
)
def test_what_anybody_would_try_first_is_refused(app: Flask, password: str) -> None:
    with app.test_request_context():
        assert "mudah ditebak" in (password_problem(password, "siti.aminah") or "")


def test_a_one_time_password_can_be_read_out_and_not_be_guessed(app: Flask) -> None:
    made = {one_time_password() for _ in range(200)}
    assert len(made) == 200
    for password in made:
        assert re.fullmatch(r"[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){2}", password)


# ---- hashes ----


def test_a_hash_is_salted_and_holds_no_password() -> None:
    one, other = hash_password(OLD), hash_password(OLD)
    assert one != other
    assert OLD not in one
    assert one.startswith("$argon2id$")
    assert verify_password(one, OLD)
    assert not verify_password(one, NEW)


@pytest.mark.parametrize("stored", [None, "", "!", "$argon2id$damaged"])
def test_what_is_no_hash_fits_no_password(stored: str | None) -> None:
    assert not verify_password(stored, OLD)
    assert not verify_password(stored, "")
    assert not verify_password(stored, stored or "")


def test_for_nobody_as_much_is_worked_out_as_for_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the time that a sign-in takes would tell which names exist."""
    asked: list[str] = []

    class Watched:
        def verify(self, password_hash: str, password: str) -> bool:
            asked.append(password_hash)
            return hasher.verify(password_hash, password)

    monkeypatch.setattr(passwords, "hasher", Watched())
    assert not verify_password(None, OLD)
    [compared] = asked
    assert not hasher.check_needs_rehash(compared)


def test_an_old_hash_is_made_anew_at_the_next_sign_in(app: Flask, account: NewAccount, enter: Enter) -> None:
    weaker = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(OLD)
    account("siti", password_hash=weaker)
    assert enter("siti").status_code == 302
    with app.app_context():
        kept = db.session.scalars(select(User.password_hash)).one()
    assert kept != weaker
    assert not hasher.check_needs_rehash(kept)
    assert enter("siti").status_code == 302


# ---- a new one ----


@pytest.fixture
def siti(app: Flask, account: NewAccount, enter: Enter) -> FlaskClient:
    account("siti")
    client = app.test_client()
    enter("siti", client=client)
    return client


def change(client: FlaskClient, current: str = OLD, new: str = NEW, again: str | None = None) -> TestResponse:
    return client.post("/password", data={"current": current, "new": new, "again": new if again is None else again})


def test_a_changed_password_ends_every_sign_in_of_the_account(
    app: Flask, siti: FlaskClient, account: NewAccount, enter: Enter
) -> None:
    account("ujang")
    phone, ujangs = app.test_client(), app.test_client()
    enter("siti", client=phone)
    enter("ujang", client=ujangs)
    assert change(siti).location == "/sign-in"
    for client in (siti, phone):
        assert client.get(f"/{VILLAGE}/").location.startswith("/sign-in")
    assert ujangs.get(f"/{VILLAGE}/").status_code == 200
    assert enter("siti", OLD).status_code == 401
    assert enter("siti", NEW).status_code == 302


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (("salah sekali ini", NEW, NEW), "Kata sandi sekarang tidak cocok."),
        ((OLD, OLD, OLD), "sama dengan yang lama"),
        ((OLD, "pendek", "pendek"), "paling sedikit 10 huruf"),
        ((OLD, "puskesos123", "puskesos123"), "mudah ditebak"),
        ((OLD, NEW, NEW + "!"), "belum sama"),
        ((OLD, "", ""), "Wajib diisi"),
        ((OLD, "x" * 201, "x" * 201), "200"),
    ],
)
def test_a_change_that_is_refused_says_why_and_changes_nothing(
    siti: FlaskClient, enter: Enter, typed: tuple[str, str, str], told: str
) -> None:
    answer = change(siti, *typed)
    assert answer.status_code == 400
    assert told in answer.text
    assert enter("siti", OLD).status_code == 302


def test_passwords_are_never_written_back_into_the_page(siti: FlaskClient, enter: Enter) -> None:
    secret = "rahasia yang salah"
    assert secret not in change(siti, secret, NEW).text
    assert secret not in enter("siti", secret).text


# ---- one-time ones ----


def test_a_one_time_password_must_be_changed_before_anything_else_opens(
    app: Flask, account: NewAccount, enter: Enter
) -> None:
    account("siti")
    with app.app_context():
        once = reset_password(find_user("siti"))
        commit()
    client = app.test_client()
    assert enter("siti", once, client=client, next=f"/{VILLAGE}/cases").location == "/password"
    for rule in app.url_map.iter_rules():
        declared = vars(app.view_functions[rule.endpoint])["permission"]
        if declared == "public" or rule.endpoint in ("users.password", "users.sign_out"):
            continue
        values = dict.fromkeys(rule.arguments, "00000000-0000-7000-8000-000000000001") | {"area": VILLAGE}
        values |= {name: "1" for name, c in rule._converters.items() if type(c).__name__ == "IntegerConverter"}
        values |= {name: VILLAGE for name, c in rule._converters.items() if isinstance(c, AreaConverter)}
        values |= {name: min(c.items) for name, c in rule._converters.items() if isinstance(c, AnyConverter)}
        if type(rule._converters.get("area")).__name__ == "WideAreaConverter":
            values["area"] = "32.01"
        with app.test_request_context():
            address = app.url_map.bind("").build(rule.endpoint, values, append_unknown=False)
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        assert client.open(address, method=method).location == "/password", address
    assert change(client, once).location == "/sign-in"
    enter("siti", NEW, client=client)
    assert client.get(f"/{VILLAGE}/").status_code == 200


def test_a_reset_ends_sign_ins_and_lifts_a_lock(app: Flask, siti: FlaskClient, enter: Enter, clock: Any) -> None:
    for _ in range(5):
        enter("siti", "bukan ini")
    with app.app_context():
        once = reset_password(find_user("siti"))
        commit()
    assert siti.get("/areas").location.startswith("/sign-in")
    assert enter("siti", OLD).status_code == 401
    assert enter("siti", once).location == "/password"
