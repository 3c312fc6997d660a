"""The second step: of whom it is demanded, what a code is worth, and what happens when the phone is gone."""

import re
import threading
from collections.abc import Callable
from contextvars import copy_context
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyotp.totp import TOTP
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.areas.code import AreaCode
from core.audit import AuditEntry
from core.clock import now
from core.database.session import commit, db, scope
from core.testing import SIBLING, VILLAGE, SignInAs
from core.users import two_step
from core.users.accounts import find_user, grant, reset_password
from core.users.lockout import LOCK, MAX_FAILURES
from core.users.models import RecoveryCode, SecondFactor, SignIn
from core.users.permissions import ROLES
from core.users.sealing import seal, unseal
from core.users.signing_in import Visitor, finish_sign_in, sign_in
from core.users.two_step import Answer

from .conftest import PASSWORD, sealed_of, secret_of

NewAccount = Callable[..., str]
Enter = Callable[..., TestResponse]
PLACES = {2: "32.01", 3: "32.01.15", 4: VILLAGE}


def opens(client: FlaskClient, address: str = f"/{VILLAGE}/") -> bool:
    return client.get(address).status_code == 200


def actions(app: Flask) -> list[tuple[str, str | None]]:
    """What was recorded about accounts outside any area, with its reason."""
    with app.app_context(), scope(AreaCode.from_id(0)):
        rows = db.session.scalars(select(AuditEntry).where(AuditEntry.area_id == 0).order_by(AuditEntry.seq))
        return [(row.action, row.detail.get("reason")) for row in rows]


@pytest.fixture
def siti(app: Flask, account: NewAccount, enter: Enter, clock: Any) -> FlaskClient:
    """Village staff, signed in; nobody demands a second step of her."""
    account("siti")
    client = app.test_client()
    enter("siti", client=client)
    return client


@pytest.fixture
def phone(siti: FlaskClient, set_up: Callable[..., Any], clock: Any) -> Any:
    """Siti's, a minute after she has switched the second step on with it."""
    made = set_up(siti)
    clock.move(minutes=1)
    return made


def at_the_code(app: Flask, enter: Enter, name: str = "siti", **query: str) -> FlaskClient:
    """A browser past the password."""
    client = app.test_client()
    answer = enter(name, client=client, **query)
    assert answer.location.startswith("/sign-in/code")
    return client


def type_code(client: FlaskClient, code: str, **query: str) -> TestResponse:
    return client.post("/sign-in/code", data={"code": code}, query_string=query)


# ---- the codes themselves ----

# RFC 6238, appendix B: the last six digits of the eight, for SHA-1 and the secret "12345678901234567890".
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
RFC_VECTORS = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]


@pytest.mark.parametrize(("moment", "code"), RFC_VECTORS)
def test_a_code_is_that_of_the_standard(moment: int, code: str, clock: Any) -> None:
    clock.moment = clock.moment.fromtimestamp(moment, clock.moment.tzinfo)
    assert two_step._step_of(RFC_SECRET, code) == moment // 30
    assert TOTP(RFC_SECRET).at(moment) == code


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_the_phones_clock_may_be_one_step_wrong(
    steps: int, fits: bool, app: Flask, phone: Any, enter: Enter, clock: Any
) -> None:
    clock.move(minutes=5)
    answer = type_code(at_the_code(app, enter), phone.code(steps=steps))
    assert (answer.status_code == 302) == fits


def test_a_code_counts_once_even_a_later_one_makes_the_earlier_void(
    app: Flask, phone: Any, enter: Enter, clock: Any
) -> None:
    earlier, used = phone.code(), phone.code(steps=1)
    assert type_code(at_the_code(app, enter), used).status_code == 302
    for code in (used, earlier):
        answer = type_code(at_the_code(app, enter), code)
        assert answer.status_code == 401
        assert "sudah dipakai" in answer.text
    clock.move(seconds=60)
    assert type_code(at_the_code(app, enter), phone.code()).status_code == 302


def test_the_code_of_the_set_up_is_used_up_by_it(app: Flask, siti: FlaskClient, set_up: Any, enter: Enter) -> None:
    made = set_up(siti)
    assert type_code(at_the_code(app, enter), made.code()).status_code == 401


def test_one_code_in_two_browsers_at_the_same_moment_opens_one(app: Flask, phone: Any) -> None:
    code, found = phone.code(), []

    def enter() -> None:
        with app.test_request_context():
            pending = sign_in("siti", PASSWORD, Visitor()).pending
            found.append(finish_sign_in(pending, code, Visitor())[1])

    threads = [threading.Thread(target=copy_context().run, args=(enter,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.name for answer in found) == ["RIGHT", "USED", "USED", "USED"]


NO_CODES = ["", "12345", "1234567", "abcdef", "１２３４５６", "12 34", "\x00" * 6, "'; --", "0" * 41]


@pytest.mark.parametrize("typed", NO_CODES)
def test_what_is_no_code_opens_nothing(typed: str, app: Flask, phone: Any, enter: Enter) -> None:
    client = at_the_code(app, enter)
    assert type_code(client, typed).status_code in (400, 401, 422)
    assert not opens(client)


def test_a_code_may_be_typed_with_a_blank_in_the_middle(app: Flask, phone: Any, enter: Enter) -> None:
    code = phone.code()
    assert type_code(at_the_code(app, enter), f" {code[:3]} {code[3:]} ").status_code == 302


# ---- between password and code ----


def test_with_the_password_alone_one_is_nobody(app: Flask, phone: Any, enter: Enter) -> None:
    """Every page, not just those of areas: a pending sign-in is no sign-in anywhere."""
    client = at_the_code(app, enter)
    for rule in app.url_map.iter_rules():
        if vars(app.view_functions[rule.endpoint])["permission"] == "public" or rule.arguments:
            continue
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        assert client.open(rule.rule, method=method).location.startswith("/sign-in"), rule.rule
    assert not opens(client)
    assert type_code(client, phone.code()).status_code == 302
    assert opens(client)


def test_after_the_code_one_is_where_one_wanted_to_be_and_never_elsewhere(app: Flask, phone: Any, enter: Enter) -> None:
    wanted = f"/{VILLAGE}/cases?which=closed"
    client = app.test_client()
    door = enter("siti", client=client, next=wanted).location
    assert client.post(door, data={"code": phone.code()}).location == wanted
    other = at_the_code(app, enter)
    assert type_code(other, phone.code(steps=1), next="//evil.example/").location == "/"


def test_the_token_of_the_password_is_not_the_one_that_opens(app: Flask, phone: Any, enter: Enter) -> None:
    client = at_the_code(app, enter)
    with client.session_transaction() as session:
        pending = session["pending"]
    type_code(client, phone.code())
    with client.session_transaction() as session:
        assert "pending" not in session
        assert session["_user_id"] != pending
    thief = app.test_client()
    with thief.session_transaction() as session:
        session["_user_id"] = pending
    assert not opens(thief)


def test_the_time_for_the_code_is_ten_minutes(app: Flask, phone: Any, enter: Enter, clock: Any) -> None:
    client = at_the_code(app, enter)
    clock.move(minutes=11)
    assert type_code(client, phone.code()).location == "/sign-in"
    assert "Waktu untuk menulis kode sudah habis" in client.get("/sign-in").text
    assert app.test_client().get("/sign-in/code").location == "/sign-in"


def test_a_reset_password_ends_what_is_pending(app: Flask, phone: Any, enter: Enter) -> None:
    client = at_the_code(app, enter)
    with app.app_context():
        reset_password(find_user("siti"))
        commit()
    assert type_code(client, phone.code()).location == "/sign-in"


def test_the_language_is_kept_from_the_password_to_the_code(app: Flask, phone: Any, enter: Enter) -> None:
    client = app.test_client()
    client.get("/language/en")
    enter("siti", client=client)
    assert '<html lang="en">' in client.get("/sign-in/code").text


# ---- failures ----


def test_five_wrong_codes_lock_and_each_further_five_twice_as_long(
    app: Flask, phone: Any, enter: Enter, clock: Any
) -> None:
    for minutes in (15, 30, 60):
        client = at_the_code(app, enter)
        for _ in range(MAX_FAILURES):
            assert type_code(client, "000000").status_code == 401
        assert "Terlalu sering salah" in type_code(client, phone.code()).text
        clock.move(minutes=minutes - 1)
        assert type_code(at_the_code(app, enter), phone.code()).status_code == 401
        clock.move(minutes=2)
    assert type_code(at_the_code(app, enter), phone.code()).status_code == 302
    with app.app_context():
        factor = db.session.scalars(select(SecondFactor)).one()
        assert (factor.failed_attempts, factor.locked_until) == (0, None)


def test_a_lock_holds_however_many_sign_ins_are_begun_and_for_recovery_codes_too(
    app: Flask, phone: Any, enter: Enter
) -> None:
    for _ in range(MAX_FAILURES):
        type_code(at_the_code(app, enter), "000000")
    for code in (phone.code(), phone.recovery[0]):
        assert type_code(at_the_code(app, enter), code).status_code == 401


def test_nobody_locks_the_code_who_does_not_know_the_password(app: Flask, phone: Any, enter: Enter) -> None:
    stranger = app.test_client()
    enter("siti", "bukan kata sandinya", client=stranger)
    for _ in range(MAX_FAILURES):
        assert type_code(stranger, "000000").location == "/sign-in"
    with app.app_context():
        assert db.session.scalars(select(SecondFactor.failed_attempts)).one() == 0


def test_wrong_codes_at_the_same_moment_all_count(app: Flask, phone: Any) -> None:
    def fail() -> None:
        with app.test_request_context():
            finish_sign_in(sign_in("siti", PASSWORD, Visitor()).pending, "000000", Visitor())

    threads = [threading.Thread(target=copy_context().run, args=(fail,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert db.session.scalars(select(SecondFactor.failed_attempts)).one() == 4


def test_failures_are_recorded_without_what_was_typed(app: Flask, phone: Any, enter: Enter) -> None:
    client = at_the_code(app, enter)
    type_code(client, "135790")
    type_code(client, phone.code())
    assert actions(app)[-2:] == [("users.second_step_failed", "wrong_code"), ("users.signed_in", None)]


# ---- recovery codes ----


def test_ten_recovery_codes_open_once_each(app: Flask, phone: Any, enter: Enter) -> None:
    assert len(set(phone.recovery)) == 10
    first, second = phone.recovery[:2]
    client = at_the_code(app, enter)
    assert type_code(client, first.upper()).status_code == 302
    assert opens(client)
    assert type_code(at_the_code(app, enter), first).status_code == 401
    assert type_code(at_the_code(app, enter), second.replace("-", "")).status_code == 302
    assert "Sisa kode cadangan: 8" in client.get("/account").text
    assert ("users.recovery_used", None) in actions(app)


def test_recovery_codes_are_shown_once_and_the_database_has_only_hashes(
    app: Flask, siti: FlaskClient, phone: Any
) -> None:
    for page in ("/account/two-step", "/account"):
        assert phone.recovery[0] not in siti.get(page).text
    again = siti.post("/account/two-step", data={"sealed": "x", "code": "000000"})
    assert again.location == "/account/two-step"
    assert "hanya ditampilkan sekali" in siti.get(again.location).text
    with app.app_context():
        kept = db.session.scalars(select(RecoveryCode.code_hash)).all()
    assert len(kept) == 10
    assert all(code.replace("-", "").encode() not in value for code in phone.recovery for value in kept)


def test_new_recovery_codes_cost_a_code_and_void_the_old_ones(
    app: Flask, siti: FlaskClient, phone: Any, enter: Enter
) -> None:
    refused = siti.post("/account/two-step/codes", data={"renew-code": "000000"})
    assert refused.status_code == 422
    assert "tidak cocok" in refused.text
    code = phone.code()
    renewed = siti.post("/account/two-step/codes", data={"renew-code": code})
    assert renewed.status_code == 200
    assert phone.recovery[0] not in renewed.text
    reloaded = siti.post("/account/two-step/codes", data={"renew-code": code})
    assert reloaded.status_code == 422
    assert "sudah dipakai" in reloaded.text
    assert type_code(at_the_code(app, enter), phone.recovery[0]).status_code == 401


# ---- setting up ----


def test_nothing_is_kept_before_a_code_was_right(app: Flask, siti: FlaskClient, enter: Enter, clock: Any) -> None:
    page = siti.get("/account/two-step").text
    secret, sealed = secret_of(page), sealed_of(page)
    wrong = siti.post("/account/two-step", data={"sealed": sealed, "code": "000000"})
    assert wrong.status_code == 422
    assert "Kode itu tidak cocok" in wrong.text
    assert secret_of(wrong.text) == secret, "what was scanned still holds"
    assert enter("siti").location == "/", "the password alone is still enough"
    with app.app_context():
        assert db.session.scalars(select(SecondFactor)).all() == []
    code = TOTP(secret).at(clock.moment)
    answer = siti.post("/account/two-step", data={"sealed": sealed_of(wrong.text), "code": code})
    assert answer.status_code == 200


@pytest.mark.parametrize("sealed", ["", "x", "AAAA", "é💥", "A" * 200])
def test_a_secret_that_the_page_did_not_offer_is_not_taken(sealed: str, siti: FlaskClient, clock: Any) -> None:
    code = TOTP(RFC_SECRET).at(clock.moment)
    assert siti.post("/account/two-step", data={"sealed": sealed, "code": code}).status_code == 422


def test_the_secret_offered_to_one_is_nobody_elses(
    app: Flask, siti: FlaskClient, account: NewAccount, enter: Enter, clock: Any
) -> None:
    """Else somebody could plant a secret of their own by a form that the other sends unwittingly."""
    account("ujang")
    other = app.test_client()
    enter("ujang", client=other)
    page = other.get("/account/two-step").text
    code = TOTP(secret_of(page)).at(clock.moment)
    assert siti.post("/account/two-step", data={"sealed": sealed_of(page), "code": code}).status_code == 422


def test_the_other_browsers_which_gave_no_code_are_signed_out(
    app: Flask, siti: FlaskClient, enter: Enter, set_up: Any
) -> None:
    other = app.test_client()
    enter("siti", client=other)
    set_up(siti)
    assert opens(siti)
    assert not opens(other)


def test_the_set_up_names_the_account_and_loads_nothing_from_elsewhere(siti: FlaskClient) -> None:
    page = siti.get("/account/two-step").text
    assert "<svg" in page
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")


def test_what_was_switched_on_freely_is_switched_off_with_a_code(
    app: Flask, siti: FlaskClient, phone: Any, enter: Enter
) -> None:
    assert siti.post("/account/two-step/off", data={"off-code": "000000"}).status_code == 422
    assert siti.post("/account/two-step/off", data={"off-code": phone.code()}).location == "/account"
    assert enter("siti").location == "/"
    assert [action for action, _reason in actions(app)][-2:] == ["users.two_step_off", "users.signed_in"]


# ---- of whom it is demanded ----


@pytest.mark.parametrize("role", ROLES)
def test_it_is_demanded_of_every_role_that_reaches_more_than_one_village(
    role: str, app: Flask, account: NewAccount, enter: Enter
) -> None:
    place = PLACES[ROLES[role].level]
    account("siti", role, place)
    client = app.test_client()
    enter("siti", client=client)
    answer = client.get(f"/{place}/")
    assert (answer.location == "/account/two-step") == (place != VILLAGE)


def test_it_is_demanded_of_who_works_in_two_villages_from_the_next_page_on(
    app: Flask, siti: FlaskClient, account: NewAccount
) -> None:
    assert opens(siti)
    with app.app_context():
        grant(find_user("siti"), AreaCode.parse(SIBLING), "field_worker")
        commit()
    assert siti.get(f"/{VILLAGE}/").location == "/account/two-step"


def test_who_owes_it_opens_nothing_else_until_it_is_there(
    app: Flask, account: NewAccount, enter: Enter, set_up: Any
) -> None:
    account("rina", "district_admin", "32.01")
    client = app.test_client()
    enter("rina", client=client)
    for rule in app.url_map.iter_rules():
        declared = vars(app.view_functions[rule.endpoint])["permission"]
        if declared == "public" or rule.arguments - {"area"} or rule.endpoint in (
            "users.two_step", "users.password", "users.sign_out"
        ):  # fmt: skip
            continue
        address = re.sub(r"<(\w+):area>", lambda found: VILLAGE if found[1] == "village" else "32.01", rule.rule)
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        assert client.open(address, method=method).location == "/account/two-step", address
    assert "lebih dari satu desa" in client.get("/account/two-step").text
    set_up(client)
    assert opens(client, "/32.01/users")


def test_what_is_demanded_is_not_switched_off(
    app: Flask, account: NewAccount, enter: Enter, set_up: Any, clock: Any
) -> None:
    account("rina", "district_admin", "32.01")
    client = app.test_client()
    enter("rina", client=client)
    rinas = set_up(client)
    clock.move(minutes=1)
    assert "tidak dapat dimatikan" in client.get("/account/two-step").text
    answer = client.post("/account/two-step/off", data={"off-code": rinas.code()})
    assert answer.status_code == 422
    assert opens(client, "/32.01/")
    assert enter("rina").location == "/sign-in/code"


def test_a_new_password_comes_before_the_set_up(app: Flask, account: NewAccount, enter: Enter) -> None:
    account("rina", "district_admin", "32.01", must_change_password=True)
    client = app.test_client()
    assert enter("rina", client=client).location == "/password"
    assert client.get("/account/two-step").location == "/password"


def test_a_demonstration_account_is_never_asked(app: Flask, account: NewAccount, enter: Enter) -> None:
    account("admin", "district_admin", "32.01", is_demo=True)
    client = app.test_client()
    enter("admin", client=client)
    assert opens(client, "/32.01/users")


def test_a_sign_in_of_the_tests_counts_as_complete(sign_in: SignInAs) -> None:
    assert opens(sign_in("district_admin", "32.01"), "/32.01/users")


# ---- what the database holds ----


def test_the_secret_is_sealed_for_its_owner_and_its_purpose(app: Flask, phone: Any) -> None:
    with app.app_context():
        factor = db.session.scalars(select(SecondFactor)).one()
        assert phone.secret.encode() not in factor.secret
        assert unseal(factor.secret, factor.user_id, "two-step secret") == phone.secret.encode()
        assert unseal(factor.secret, factor.user_id, "two-step set-up") is None
        other = seal(b"x", factor.user_id, "two-step secret")
        assert other != seal(b"x", factor.user_id, "two-step secret")
        for damaged in (b"", factor.secret[:12], factor.secret[:-1], factor.secret[:-1] + b"\0"):
            assert unseal(damaged, factor.user_id, "two-step secret") is None


def test_after_the_key_was_rotated_no_code_fits_and_those_concerned_are_found(
    app: Flask, phone: Any, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform = app.extensions["puskesos"]
    monkeypatch.setattr(platform, "config", replace(platform.config, secret_key="another"))
    assert type_code(at_the_code(app, enter), phone.code()).status_code == 401
    assert type_code(at_the_code(app, enter), phone.recovery[0]).status_code == 401
    with app.app_context():
        user = find_user("siti")
        assert two_step.unreadable() == [user.id]
        assert two_step.reset(user)
        commit()
        assert db.session.scalars(select(SignIn).where(SignIn.user_id == user.id)).all() == []
    assert enter("siti").location == "/"


def test_without_a_second_step_no_code_is_right(app: Flask, siti: FlaskClient) -> None:
    with app.test_request_context():
        assert two_step.check(find_user("siti").id, "000000") is Answer.WRONG


def test_a_lock_is_as_long_as_its_text_says() -> None:
    assert LOCK.seconds == 15 * 60
    assert now().tzinfo is not None
