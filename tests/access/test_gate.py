"""What every request passes before its page: declarations, suspended villages, modules, the way back."""

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Blueprint, Flask
from sqlalchemy import update

from core.areas.code import AreaCode
from core.areas.models import Area
from core.areas.modules import set_module
from core.cases.catalogue import find_service
from core.database.session import commit, current_scope, db
from core.testing import SIBLING, VILLAGE, SignInAs, at, make_case, make_person
from core.users.permissions import UndeclaredView, requires

MakeApp = Callable[..., Flask]
HERE = AreaCode.parse(VILLAGE)
SITE = "https://puskesos.example"


# ---- declarations ----


@pytest.mark.parametrize("declared", [None, "people.reed"])
def test_a_page_that_does_not_say_who_may_open_it_stops_the_start(
    declared: str | None, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = Blueprint("loose", __name__)

    def page() -> str:
        return "open to all"

    pages.add_url_rule("/loose", "page", requires(declared)(page) if declared else page)
    monkeypatch.setattr("core.application.people", pages)
    with pytest.raises(UndeclaredView, match=r"loose\.page"):
        make_app()


# ---- a suspended village ----


@pytest.fixture
def suspended(app: Flask, areas: None) -> None:
    with app.app_context():
        db.session.execute(update(Area).where(Area.id == HERE.id).values(suspended_at=datetime.now(UTC)))
        commit()


def test_a_suspended_village_is_read_and_not_written(sign_in: SignInAs, suspended: None) -> None:
    staff = sign_in("village_staff")
    assert staff.get(f"/{VILLAGE}/cases").status_code == 200
    assert staff.head(f"/{VILLAGE}/cases").status_code == 200
    assert staff.post(f"/{VILLAGE}/cases/new").status_code == 403
    assert sign_in("district_officer", "32.01").get(f"/{VILLAGE}/people").status_code == 200
    assert sign_in("village_staff", SIBLING).post(f"/{SIBLING}/cases/new").status_code != 403


def test_the_public_pages_of_a_suspended_village_are_gone(app: Flask, suspended: None) -> None:
    client = app.test_client()
    assert client.get(f"/{VILLAGE}/status/CBD-26-0001").status_code == 404
    assert client.get(f"/{SIBLING}/status/CBD-26-0001").status_code == 200


# ---- a module that is off ----


def switch(app: Flask, module: str, *, on: bool) -> None:
    with app.app_context():
        set_module(HERE, module, enabled=on)
        commit()


def test_the_pages_of_a_module_are_there_where_it_is_on_and_its_data_stay(app: Flask, sign_in: SignInAs) -> None:
    with at(app, VILLAGE) as area:
        service = find_service("sktm.letter")
        assert service
        ticket = make_case(area, service, make_person(area.id)).ticket
        commit()
    head = sign_in("village_head")
    page = f"/{VILLAGE}/sktm/"
    assert head.get(page).status_code == 200
    switch(app, "sktm", on=False)
    assert head.get(page).status_code == 404
    assert f'href="{page}"' not in head.get(f"/{VILLAGE}/").text
    assert sign_in("village_head", SIBLING).get(f"/{SIBLING}/sktm/").status_code == 200
    assert ticket in head.get(f"/{VILLAGE}/cases").text, "cases that are open must still be finished"
    switch(app, "sktm", on=True)
    assert head.get(page).status_code == 200
    assert ticket in head.get(f"/{VILLAGE}/cases").text


def test_a_module_that_is_off_is_not_there_even_for_who_could_not_open_it(app: Flask, sign_in: SignInAs) -> None:
    partner = sign_in("partner_officer")
    assert partner.get(f"/{VILLAGE}/sktm/").status_code == 403
    switch(app, "sktm", on=False)
    assert partner.get(f"/{VILLAGE}/sktm/").status_code == 404


# ---- the way back after the sign-in ----


def test_after_the_sign_in_one_is_where_one_wanted_to_be(app: Flask, account: str) -> None:
    wanted = f"/{VILLAGE}/cases?which=closed&q=siti%20aminah"
    client = app.test_client()
    door = client.get(wanted).location
    answer = client.post(door, data={"username": account, "password": "tiga ekor kambing"})
    assert urljoin(SITE, answer.location) == SITE + wanted
    assert client.get(answer.location).status_code == 200


def test_a_form_sent_without_signing_in_is_not_sent_again_as_a_link(app: Flask, areas: None) -> None:
    assert app.test_client().post(f"/{VILLAGE}/cases/new").location == "/sign-in"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/\r\nLocation: //evil.example",
        "javascript:alert(1)",
        "evil.example",
        "@evil.example",
        ".evil.example",
    ],
)
def test_the_way_back_never_leaves_the_site(target: str, app: Flask, account: str) -> None:
    client = app.test_client()
    data = {"username": account, "password": "tiga ekor kambing"}
    answers = [
        client.post("/sign-in", query_string={"next": target}, data=data),
        client.get("/sign-in", query_string={"next": target}),
        app.test_client().get("/language/en", query_string={"next": target}),
    ]
    for answer in answers:
        assert answer.status_code == 302
        # As a browser reads it: tabs and line ends are skipped, a backslash is a slash.
        seen = "".join(c for c in answer.location.strip() if c not in "\t\r\n").replace("\\", "/")
        assert urlsplit(urljoin(SITE + "/sign-in", seen)).netloc == "puskesos.example"


# ---- cookies and scope ----


def test_a_cookie_that_was_changed_signs_nobody_in(app: Flask, sign_in: SignInAs) -> None:
    staff = sign_in("village_staff")
    cookie = staff.get_cookie("puskesos")
    assert cookie
    for value in (cookie.value[:-3] + "abc", "x" + cookie.value, "", "."):
        client = app.test_client()
        client.set_cookie("puskesos", value)
        assert client.get(f"/{VILLAGE}/").location.startswith("/sign-in")


def test_in_production_the_cookie_travels_by_https_only(make_app: MakeApp, areas: None) -> None:
    answer = make_app(environment="production").test_client().get("/language/en", base_url=SITE)
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-puskesos=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_no_scope_is_left_for_the_next_request_of_the_thread(app: Flask, sign_in: SignInAs) -> None:
    staff = sign_in("village_staff")
    for address in (f"/{VILLAGE}/", f"/{VILLAGE}/people/new", f"/{VILLAGE}/nowhere", f"/{SIBLING}/"):
        staff.get(address)
        assert current_scope.get() is None, address
