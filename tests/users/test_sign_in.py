"""Signing in and out: what a stranger learns, what a browser keeps, and when an account locks."""

import re
import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.areas.code import AreaCode
from core.audit import AuditEntry
from core.clock import now
from core.database.session import AnnouncingSession, commit, db, scope
from core.testing import VILLAGE
from core.users import accounts, signing_in
from core.users.accounts import find_user
from core.users.lockout import LOCK, MAX_FAILURES
from core.users.models import SignIn, User
from core.users.signing_in import Visitor

NewAccount = Callable[..., str]
Enter = Callable[..., TestResponse]
WRONG = "bukan kata sandinya"


def opens(client: FlaskClient) -> bool:
    """Whether this browser is signed in."""
    return client.get(f"/{VILLAGE}/").status_code == 200


def told(answer: TestResponse, name: str) -> str:
    """The page without what was typed and without the token of its form."""
    return re.sub(r'(name="csrf_token"[^>]*value=)"[^"]*"', r"\1", answer.text.replace(name, "NAME"))


# ---- in ----


@pytest.mark.parametrize("typed", ["siti", "SITI", "Siti", "  siti "])
def test_a_name_is_known_in_capitals_and_with_blanks(typed: str, app: Flask, account: NewAccount, enter: Enter) -> None:
    account("siti")
    client = app.test_client()
    assert enter(typed, client=client).location == "/"
    assert opens(client)


def test_a_password_is_taken_as_it_is_written(account: NewAccount, enter: Enter) -> None:
    account("siti")
    for typed in ("Tiga ekor kambing", " tiga ekor kambing", "tiga ekor kambing ", ""):
        assert enter("siti", typed).status_code in (400, 401)


def test_nothing_that_was_planted_before_the_sign_in_stays(app: Flask, account: NewAccount, enter: Enter) -> None:
    account("siti")
    client = app.test_client()
    with client.session_transaction() as session:
        session.update(_user_id="planted", planted="x", csrf_token="planted")
    enter("siti", client=client)
    with client.session_transaction() as session:
        assert session["_user_id"] != "planted"
        assert not {"planted", "csrf_token"} & session.keys()
    assert opens(client)


def test_each_sign_in_has_a_token_of_its_own_and_the_database_only_its_hash(
    app: Flask, account: NewAccount, enter: Enter
) -> None:
    account("siti")
    tokens = set()
    for _ in range(2):
        client = app.test_client()
        enter("siti", client=client)
        with client.session_transaction() as session:
            tokens.add(session["_user_id"])
    assert len(tokens) == 2
    with app.app_context():
        kept = db.session.scalars(select(SignIn.token_hash)).all()
    assert len(kept) == 2
    assert not tokens & {value.hex() for value in kept}
    assert all(token.encode() not in value for token in tokens for value in kept)


def test_the_language_chosen_at_the_door_is_the_accounts_from_then_on(
    app: Flask, account: NewAccount, enter: Enter
) -> None:
    account("siti")
    client = app.test_client()
    client.get("/language/en")
    enter("siti", client=client)
    assert '<html lang="en">' in client.get(f"/{VILLAGE}/").text
    client.post("/sign-out")
    enter("siti", client=client)
    assert '<html lang="en">' in client.get(f"/{VILLAGE}/").text


# ---- out ----


def test_signing_out_ends_the_sign_in_on_the_server(app: Flask, account: NewAccount, enter: Enter) -> None:
    account("siti")
    client, thief = app.test_client(), app.test_client()
    enter("siti", client=client)
    cookie = client.get_cookie("puskesos")
    assert cookie
    thief.set_cookie("puskesos", cookie.value)
    assert opens(thief)
    assert client.post("/sign-out").location == "/sign-in"
    assert not opens(client)
    assert not opens(thief)


def test_another_browser_of_the_same_person_stays_signed_in(app: Flask, account: NewAccount, enter: Enter) -> None:
    account("siti")
    tablet, phone = app.test_client(), app.test_client()
    enter("siti", client=tablet)
    enter("siti", client=phone)
    tablet.post("/sign-out")
    assert opens(phone)


def test_a_sign_in_ends_after_a_working_day(app: Flask, account: NewAccount, enter: Enter, clock: Any) -> None:
    account("siti")
    client = app.test_client()
    enter("siti", client=client)
    clock.move(hours=11, minutes=59)
    assert opens(client)
    clock.move(minutes=2)
    assert not opens(client)


def test_whoever_is_sent_to_the_door_is_told_why_and_what_was_lost(
    app: Flask, account: NewAccount, enter: Enter, clock: Any
) -> None:
    account("siti")
    clients = app.test_client(), app.test_client()
    for client in clients:
        enter("siti", client=client)
    clock.move(hours=13)
    read, wrote = (
        clients[0].get(f"/{VILLAGE}/cases", follow_redirects=True),
        clients[1].post(f"/{VILLAGE}/cases/new", follow_redirects=True),
    )
    assert "Sesi Anda sudah berakhir. Masuklah lagi" in read.text
    assert "kiriman tadi belum tersimpan" in wrote.text
    for client in (*clients, app.test_client()):
        again = client.get(f"/{VILLAGE}/", follow_redirects=True).text
        assert "sudah berakhir" not in again, "once, and not to strangers"


def test_a_link_does_not_sign_anybody_out(app: Flask, account: NewAccount, enter: Enter) -> None:
    account("siti")
    client = app.test_client()
    enter("siti", client=client)
    assert client.get("/sign-out").status_code == 405
    assert opens(client)


# ---- what a stranger learns ----


def test_a_stranger_does_not_learn_which_names_exist(account: NewAccount, enter: Enter, clock: Any, app: Flask) -> None:
    """Unknown, wrong, locked and ended answer with the same page, however often they are tried."""
    account("siti")
    account("ended", ended_at=clock.moment)
    pages = set()
    for name in ("nobody", "siti", "ended"):
        for _ in range(MAX_FAILURES + 2):
            answer = enter(name, WRONG)
            pages.add((answer.status_code, told(answer, name)))
    assert len(pages) == 1


def test_every_refusal_costs_the_same_work(
    account: NewAccount, enter: Enter, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One hash and one commit: neither 27 ms nor a write to the disk tells a known name from an unknown one."""
    account("siti")
    account("ended", ended_at=clock.moment)
    account("locked", locked_until=clock.moment + LOCK)
    work: list[str] = []
    verify, commit_of = signing_in.verify_password, AnnouncingSession.commit

    def count_commit(session: Any) -> None:
        work.append("commit")
        commit_of(session)

    def count_hash(password_hash: str | None, password: str) -> bool:
        work.append("hash")
        return verify(password_hash, password)

    monkeypatch.setattr(signing_in, "verify_password", count_hash)
    monkeypatch.setattr(AnnouncingSession, "commit", count_commit)
    for name in ("nobody", "siti", "ended", "locked"):
        work.clear()
        assert enter(name, WRONG).status_code == 401
        assert work == ["hash", "commit"], name


# ---- the lock ----


def test_after_five_failures_even_the_right_password_waits_15_minutes(
    app: Flask, account: NewAccount, enter: Enter, clock: Any
) -> None:
    account("siti")
    for _ in range(MAX_FAILURES):
        assert enter("siti", WRONG).status_code == 401
    assert enter("siti").status_code == 401
    clock.move(minutes=14, seconds=59)
    assert enter("siti").status_code == 401
    clock.move(seconds=2)
    assert enter("siti").status_code == 302


def test_a_success_forgets_the_failures_before_it(account: NewAccount, enter: Enter) -> None:
    account("siti")
    for _ in range(2):
        for _ in range(MAX_FAILURES - 1):
            enter("siti", WRONG)
        assert enter("siti").status_code == 302


def test_after_a_lock_the_count_starts_again(account: NewAccount, enter: Enter, clock: Any) -> None:
    account("siti")
    for _ in range(MAX_FAILURES):
        enter("siti", WRONG)
    clock.move(minutes=16)
    enter("siti", WRONG)
    assert enter("siti").status_code == 302


def test_a_lock_leaves_those_who_are_signed_in_alone(app: Flask, account: NewAccount, enter: Enter) -> None:
    account("siti")
    client = app.test_client()
    enter("siti", client=client)
    for _ in range(MAX_FAILURES):
        enter("siti", WRONG)
    assert opens(client)


def test_failures_at_the_same_moment_all_count(app: Flask, account: NewAccount) -> None:
    account("siti")

    def fail() -> None:
        with app.test_request_context():
            signing_in.sign_in("siti", WRONG, Visitor(demo_allowed=True))

    threads = [threading.Thread(target=copy_context().run, args=(fail,)) for _ in range(MAX_FAILURES - 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert db.session.scalar(select(User.failed_attempts)) == MAX_FAILURES - 1


# ---- who may not ----


def test_an_ended_account_opens_nothing_at_once(app: Flask, account: NewAccount, enter: Enter) -> None:
    account("siti")
    client = app.test_client()
    enter("siti", client=client)
    with app.app_context():
        accounts.end_account(find_user("siti"))
        commit()
    assert not opens(client)
    assert enter("siti").status_code == 401


# ---- the trace ----


def trail(app: Flask) -> list[AuditEntry]:
    with app.app_context(), scope(AreaCode.from_id(0)):
        entries = list(db.session.scalars(select(AuditEntry).where(AuditEntry.area_id == 0).order_by(AuditEntry.seq)))
        db.session.expunge_all()
    return [entry for entry in entries if entry.action.startswith("users.")]


def test_signing_in_and_out_is_recorded_with_person_address_and_request(
    app: Flask, account: NewAccount, enter: Enter
) -> None:
    account("siti")
    client = app.test_client()
    enter("siti", client=client)
    client.post("/sign-out")
    entered, left = trail(app)
    assert [entered.action, left.action] == ["users.signed_in", "users.signed_out"]
    for entry in (entered, left):
        assert entry.user_name == "Siti"
        assert entry.object_id == str(entry.user_id)
        assert entry.address == "127.0.0.1"
        assert entry.request_id
        assert (now() - entry.at).total_seconds() < 60


def test_failures_are_recorded_with_their_reason_and_never_with_what_was_typed(
    app: Flask, account: NewAccount, enter: Enter
) -> None:
    """In a hurry the password is typed as the name, and an audit is read by many."""
    account("siti")
    enter("rahasia-saya-2026", WRONG)
    for _ in range(MAX_FAILURES + 1):
        enter("siti", WRONG)
    entries = trail(app)
    assert {entry.action for entry in entries} == {"users.sign_in_failed"}
    assert [entry.detail["reason"] for entry in entries] == ["wrong"] * (1 + MAX_FAILURES) + ["locked"]
    unknown, *known = entries
    assert unknown.object_id == ""
    assert len({entry.object_id for entry in known}) == 1
    assert {entry.user_name for entry in entries} == {"publik"}
    assert all("rahasia" not in f"{entry.detail} {entry.object_id}" for entry in entries)
