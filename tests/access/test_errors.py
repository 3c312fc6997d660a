"""What every answer carries, and what people read when something goes wrong."""

import logging
import re
from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Blueprint, Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, TimeoutError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.test import TestResponse

from core.database.session import db
from core.testing import SIBLING, VILLAGE, SignInAs, at, make_person
from core.users.permissions import public
from core.web.errors import TEXTS

MakeApp = Callable[..., Flask]


def assert_error_page(answer: TestResponse, status: int) -> str:
    """An error's page: its title, what to do, and a code; answers with the code."""
    assert answer.status_code == status
    assert str(TEXTS[status].title) in answer.text
    assert "Yang bisa dilakukan sekarang" in answer.text
    code = re.search(r"kode ([0-9a-f]{12})\.", answer.text)
    assert code, answer.text
    return code[1]


# ---- headers ----


def test_every_answer_carries_the_security_headers(app: Flask, sign_in: SignInAs) -> None:
    staff, stranger = sign_in("village_staff"), app.test_client()
    style = re.search(r'href="(/static/[^"]+/app\.css)"', stranger.get("/sign-in").text)
    assert style
    answers = [
        staff.get(f"/{VILLAGE}/"),
        staff.get(f"/{SIBLING}/"),
        staff.get("/sign-out"),
        staff.get("/nowhere"),
        stranger.get("/sign-in"),
        stranger.get(f"/{VILLAGE}/"),
        stranger.get(style[1]),
    ]
    assert [answer.status_code for answer in answers] == [200, 404, 405, 404, 200, 302, 200]
    for answer in answers:
        headers = answer.headers
        policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
        assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in headers, "without HTTPS it would lock people out"


def test_no_page_is_kept_by_a_browser_that_two_people_share(app: Flask, sign_in: SignInAs) -> None:
    staff, stranger = sign_in("village_staff"), app.test_client()
    for address in (f"/{VILLAGE}/", f"/{VILLAGE}/people", "/areas", "/password", f"/{SIBLING}/"):
        assert staff.get(address).headers["Cache-Control"] == "no-store", address
    assert stranger.get(f"/{VILLAGE}/status/CBD-26-0001").headers["Cache-Control"] == "no-store"


# ---- the token of a form ----


@pytest.fixture
def guarded(make_app: MakeApp, areas: None) -> FlaskClient:
    return make_app().test_client()


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


def test_a_form_without_its_token_is_refused_and_says_what_to_do(guarded: FlaskClient) -> None:
    guarded.get("/sign-in")
    for data in ({}, {"username": "siti", "password": "x", "csrf_token": "made up"}):
        assert_error_page(guarded.post("/sign-in", data=data), 400)


def test_a_form_with_its_token_passes_in_a_field_or_in_a_header(guarded: FlaskClient) -> None:
    token = token_of(guarded.get("/sign-in").text)
    data = {"username": "siti", "password": "x"}
    assert guarded.post("/sign-in", data={**data, "csrf_token": token}).status_code == 401
    assert guarded.post("/sign-in", data=data, headers={"X-CSRFToken": token}).status_code == 401


def test_a_token_of_another_browser_is_worth_nothing(guarded: FlaskClient, make_app: MakeApp) -> None:
    token = token_of(make_app().test_client().get("/sign-in").text)
    guarded.get("/sign-in")
    assert_error_page(guarded.post("/sign-in", data={"csrf_token": token}), 400)


# ---- error pages ----


def fail(kind: str) -> str:
    if kind.isdigit():
        abort(int(kind))
    if kind == "data":
        db.session.execute(text("SELECT CAST('tomorrow-ish' AS date)"))
    if kind == "broken":  # a transaction in which every further query fails
        db.session.execute(text("SELECT nothing FROM nowhere"))
    raise {
        "stale": StaleDataError("changed"),
        "database": OperationalError("SELECT 1", {}, Exception("gone away")),
        "pool": TimeoutError("no connection is free"),
        "bug": RuntimeError("secret detail"),
    }[kind]


@pytest.fixture
def faulty(make_app: MakeApp, areas: None, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A client of an application with pages that fail on purpose."""
    pages = Blueprint("faults", __name__)
    pages.add_url_rule("/fail/<kind>", "fail", public(fail))
    register = Flask.register_blueprint

    def with_faults(self: Flask, blueprint: Blueprint, **options: object) -> None:
        register(self, blueprint, **options)
        if blueprint.name == "cases":
            register(self, pages)

    monkeypatch.setattr(Flask, "register_blueprint", with_faults)
    application = make_app()
    application.config["WTF_CSRF_ENABLED"] = False
    return application.test_client()


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        *((str(status), status) for status in TEXTS),
        ("stale", 409),
        ("data", 400),
        ("database", 503),
        ("pool", 503),
        ("bug", 500),
        ("broken", 500),
    ],
)
def test_each_error_has_its_page_with_a_code_that_the_log_has_too(
    kind: str, status: int, faulty: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = faulty.get(f"/fail/{kind}")
    code = assert_error_page(answer, status)
    assert "secret detail" not in answer.text
    assert answer.headers["Content-Security-Policy"]
    if not kind.isdigit() and kind != "stale":
        assert code in caplog.text


def test_an_error_without_a_page_of_its_own_gets_that_of_its_kind(faulty: FlaskClient) -> None:
    assert str(TEXTS[400].title) in faulty.get("/fail/418").text
    assert str(TEXTS[500].title) in faulty.get("/fail/501").text


def test_two_errors_have_two_codes(faulty: FlaskClient) -> None:
    assert assert_error_page(faulty.get("/nowhere"), 404) != assert_error_page(faulty.get("/nowhere"), 404)


@pytest.mark.parametrize("status", TEXTS)
def test_an_error_is_in_the_language_that_was_chosen(status: int, faulty: FlaskClient) -> None:
    faulty.get("/language/en")
    page = faulty.get(f"/fail/{status}").text
    assert '<html lang="en">' in page
    assert "What you can do now" in page
    for indonesian in (TEXTS[status].title, TEXTS[status].text, TEXTS[status].todo):
        assert str(indonesian) not in page


def test_an_address_that_only_takes_forms_says_which_methods_it_knows(faulty: FlaskClient) -> None:
    answer = faulty.get("/sign-out")
    assert_error_page(answer, 405)
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize(
    ("method", "address", "sent"),
    [
        ("GET", f"/{VILLAGE}/people?q=a%00b", None),
        ("GET", f"/{VILLAGE}/people?a%00b=1", None),
        ("GET", f"/{VILLAGE}/cases?which=open&which=%00", None),
        ("GET", f"/{VILLAGE}/a%00b", None),
        ("GET", "/sign-in?next=%00", None),
        ("POST", f"/{VILLAGE}/people/new", {"name": "Siti\0"}),
        ("POST", f"/{VILLAGE}/cases/new", {"x": ["a", "\0"]}),
        ("POST", "/sign-in", {"username": "\0"}),
        ("POST", f"/{VILLAGE}/imports/people.residents/new", {"file": (BytesIO(b"x"), "a\0.csv")}),
    ],
)
def test_a_character_that_no_text_can_hold_is_refused_everywhere(
    sign_in: SignInAs, method: str, address: str, sent: dict[str, object] | None
) -> None:
    answer = sign_in("village_staff").open(address, method=method, data=sent)
    assert_error_page(answer, 400)
    assert "tanda atau angka yang tidak dapat disimpan" in answer.text


# ---- the database away ----


def test_without_the_database_there_is_still_a_page(make_app: MakeApp, caplog: pytest.LogCaptureFixture) -> None:
    """Who was signed in as well: the page must not ask the database who that is."""
    application = make_app(url="postgresql+psycopg://nobody@/nothing?host=/nonexistent")
    application.config["WTF_CSRF_ENABLED"] = False
    client = application.test_client()
    assert client.get("/sign-in").status_code == 200
    with client.session_transaction() as session:
        session["_user_id"], session["language"] = "a token", "id"
    for answer in (
        client.get(f"/{VILLAGE}/"),
        client.get("/sign-in"),
        client.post("/sign-out"),
        client.get(f"/{VILLAGE}/status/CBD-26-0001"),
    ):
        assert_error_page(answer, 503)
    assert "database unreachable" in caplog.text
    assert_error_page(client.get("/nowhere"), 500)


def test_a_failure_to_know_who_asks_still_gives_a_page(
    app: Flask, sign_in: SignInAs, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    staff = sign_in("village_staff")

    def broken(*_asked: object, **_options: object) -> None:
        raise RuntimeError("the table is missing")

    monkeypatch.setattr("core.web.gate.load_identity", broken)
    monkeypatch.setattr("core.web.gate.load_visit", broken)
    for path in ("/account", f"/{VILLAGE}/"):
        assert_error_page(staff.get(path), 500)
    assert caplog.messages[-1].endswith("failed")


# ---- limits ----


def test_too_many_sign_ins_from_one_address_are_stopped_for_a_while(
    make_app: MakeApp, areas: None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "flask-limiter")
    application = make_app(environment="development")
    application.config["WTF_CSRF_ENABLED"] = False
    client = application.test_client()
    for _ in range(30):
        assert client.post("/sign-in", data={}).status_code == 400
    answer = client.post("/sign-in", data={})
    assert_error_page(answer, 429)
    assert 0 < int(answer.headers["Retry-After"]) <= 300
    assert client.get("/sign-in").status_code == 200
    elsewhere = {"REMOTE_ADDR": "10.0.0.7"}
    assert client.post("/sign-in", data={}, environ_overrides=elsewhere).status_code == 400


def test_an_upload_beyond_the_limit_is_refused_before_anything_is_kept(
    app: Flask, sign_in: SignInAs, make_app: MakeApp
) -> None:
    with at(app, VILLAGE) as area:
        make_person(area.id)
    staff = sign_in("village_staff")
    cookie = staff.get_cookie("puskesos")
    assert cookie
    application = make_app(max_upload_bytes=100_000)
    application.config["WTF_CSRF_ENABLED"] = False
    client = application.test_client()
    client.set_cookie("puskesos", cookie.value)
    with BytesIO(b"%PDF-" + b"x" * 200_000) as file:
        answer = client.post(f"/{VILLAGE}/imports/people.residents/new", data={"file": (file, "penduduk.xlsx")})
    assert_error_page(answer, 413)
