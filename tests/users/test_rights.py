"""Who may do what where, on one page."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.areas.code import AreaCode
from core.areas.modules import set_module
from core.clock import today
from core.database.session import commit
from core.testing import SIBLING, VILLAGE, SignInAs
from core.users.accounts import create_user, end_account, grant
from core.users.permissions import CORE_PERMISSIONS, ROLES


@pytest.fixture
def admin(sign_in: SignInAs) -> FlaskClient:
    return sign_in("district_admin", "32.01", name="Rina")


def matrix(page: str) -> dict[str, list[bool]]:
    """Permission → for each role, whether it holds it."""
    rows = re.findall(r"<tr><th scope=\"row\">[^<]*<small>([\w.]+)</small></th>(.*?)</tr>", page, re.DOTALL)
    return {name: [">boleh<" in cell for cell in re.findall(r"<td>.*?</td>", cells)] for name, cells in rows}


def test_every_permission_of_core_says_which_roles_hold_it(admin: FlaskClient) -> None:
    found = matrix(admin.get("/32.01/users/rights").text)
    for permission in CORE_PERMISSIONS:
        assert found[permission.name] == [role in permission.roles for role in ROLES]


def test_a_modules_permissions_are_there_where_it_is_on(app: Flask, admin: FlaskClient, sign_in: SignInAs) -> None:
    registry = app.extensions["puskesos"].plugins
    named = {name: {p.name for p in registry.loaded(name).permissions} for name in registry.plugins}
    with_some = next((name for name, permissions in named.items() if permissions), None)
    if with_some is None:
        pytest.skip("no installed module adds permissions")
    head = sign_in("village_head")
    assert named[with_some] <= set(matrix(head.get(f"/{VILLAGE}/users/rights").text))
    with app.app_context():
        set_module(AreaCode.parse(VILLAGE), with_some, enabled=False)
        commit()
    assert not named[with_some] & set(matrix(head.get(f"/{VILLAGE}/users/rights").text))
    assert named[with_some] <= set(matrix(admin.get("/32.01/users/rights").text)), "another village still has it"


def test_beside_it_stand_the_people_of_today_with_role_and_area(
    app: Flask, admin: FlaskClient, sign_in: SignInAs
) -> None:
    day = today()
    with app.app_context():
        for name, code, until in (
            ("Siti", VILLAGE, None),
            ("Neng", SIBLING, day),
            ("Dulu", VILLAGE, day - timedelta(days=1)),
            ("Keluar", VILLAGE, None),
            ("Asing", "32.02", None),
        ):
            user, _password = create_user(name.lower(), name)
            grant(user, AreaCode.parse(code), "auditor" if code == "32.02" else "village_staff", until)
            if name == "Keluar":
                end_account(user)
        commit()
    page = admin.get("/32.01/users/rights").text
    people = re.findall(r'users/[\w-]{36}">(\w+)</a><small>', page)
    assert people == ["Rina", "Siti", "Neng"]
    own = sign_in("village_head", name="Ade").get(f"/{VILLAGE}/users/rights").text
    assert "Siti" in own
    assert "Neng" not in own


def test_an_auditor_reads_it_without_links_and_staff_does_not(sign_in: SignInAs) -> None:
    page = sign_in("auditor", "32.01", name="Bambang").get("/32.01/users/rights")
    assert page.status_code == 200
    assert "Bambang" in page.text
    assert not re.search(r'href="/32\.01/users/[\w-]{36}"', page.text)
    assert sign_in("village_staff").get(f"/{VILLAGE}/users/rights").status_code == 403
    assert sign_in("district_officer", "32.01").get("/32.01/users/rights").status_code == 403


def test_many_people_come_page_by_page(app: Flask, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.users.rights.PEOPLE_ON_A_PAGE", 2)
    with app.app_context():
        for number in range(5):
            user, _password = create_user(f"u{number}", f"Orang {number}", password="tiga ekor kambing")
            grant(user, AreaCode.parse(VILLAGE), "field_worker")
        commit()
    seen, address = [], "/32.01/users/rights"
    while address:
        page = admin.get(address).text
        seen += re.findall(r'users/[\w-]{36}">([\w ]+)</a>', page)
        following = re.search(r'rel="next" href="([^"#]+)', page)
        address = following[1] if following else ""
    assert seen == ["Rina", *(f"Orang {number}" for number in range(5))]
