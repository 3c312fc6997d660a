"""A plugin's pages for a kecamatan or kabupaten: there where it is on in a village inside, and in that menu only."""

from typing import Any

import pytest
from flask import Blueprint, Flask, request

from core.api import MenuItem, Permission, here, machine, public, requires
from core.testing import SIBLING, VILLAGE, SignInAs

from .conftest import Start, same_person, switch

DISTRICT = VILLAGE[:5]
KECAMATAN = VILLAGE[:8]
READ = Permission("faulty.read", "Melihat sedekah", ("district_officer", "village_staff", "kecamatan_supervisor"))


def village_pages() -> Blueprint:
    bp = Blueprint("faulty", __name__)
    bp.get("/")(requires("faulty.read")(index))
    return bp


def index() -> str:
    return f"sedekah {here().code}"


def wide_pages() -> Blueprint:
    bp = Blueprint("faulty-wide", __name__)
    bp.get("/")(requires("faulty.read")(index))
    bp.get("/open")(public(open_to_all))
    bp.post("/hook")(machine(told_by_machine))
    bp.post("/form")(public(sent_by_a_form))
    return bp


def open_to_all() -> str:
    return f"terbuka {here().code}"


def told_by_machine() -> str:
    return request.get_data(as_text=True)


def sent_by_a_form() -> str:
    return "diterima"


def menu() -> list[MenuItem]:
    return [
        MenuItem(label="Sedekah desa", endpoint="faulty.index", permission="faulty.read"),
        MenuItem(label="Sedekah kabupaten", endpoint="faulty-wide.index", permission="faulty.read"),
    ]


HOOKS: dict[str, Any] = {
    "blueprint": village_pages,
    "wide_blueprint": wide_pages,
    "permissions": lambda: [READ],
    "menu_items": menu,
}


@pytest.fixture(scope="module")
def process(start: Start) -> Flask:
    return start(faulty=HOOKS)


def test_they_are_there_where_the_plugin_is_on_in_a_village_inside(process: Flask, sign_in: SignInAs) -> None:
    officer = same_person(sign_in("district_officer", DISTRICT), process)
    assert officer.get(f"/{DISTRICT}/faulty/").status_code == 404
    assert process.test_client().get(f"/{DISTRICT}/faulty/open").status_code == 404
    switch(process, "faulty", on=True, village=SIBLING)
    assert officer.get(f"/{DISTRICT}/faulty/").text == f"sedekah {DISTRICT}"
    assert officer.get(f"/{KECAMATAN}/faulty/").text == f"sedekah {KECAMATAN}"
    assert process.test_client().get(f"/{DISTRICT}/faulty/open").text == f"terbuka {DISTRICT}"
    assert officer.get("/32/faulty/").status_code == 404  # a province: not theirs, and no module has pages there
    assert process.test_client().get("/32/faulty/open").status_code == 404


def test_they_ask_for_the_permission_and_the_area(process: Flask, sign_in: SignInAs) -> None:
    switch(process, "faulty", on=True)
    auditor = same_person(sign_in("auditor", DISTRICT), process)
    assert auditor.get(f"/{DISTRICT}/faulty/").status_code == 403
    tksk = same_person(sign_in("kecamatan_supervisor", KECAMATAN), process)
    assert tksk.get(f"/{KECAMATAN}/faulty/").status_code == 200
    assert tksk.get(f"/{DISTRICT}/faulty/").status_code == 404
    clerk = same_person(sign_in("village_staff"), process)
    assert clerk.get(f"/{DISTRICT}/faulty/").status_code == 404


def test_each_menu_has_the_entries_of_its_own_kind(process: Flask, sign_in: SignInAs) -> None:
    switch(process, "faulty", on=True)
    wide = same_person(sign_in("district_officer", DISTRICT), process).get(f"/{DISTRICT}/").text
    assert "Sedekah kabupaten" in wide
    assert "Sedekah desa" not in wide
    village = same_person(sign_in("village_staff"), process).get(f"/{VILLAGE}/").text
    assert "Sedekah desa" in village
    assert "Sedekah kabupaten" not in village


def test_a_machine_needs_no_token_of_a_form_and_a_form_does(
    process: Flask, areas: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch(process, "faulty", on=True)
    monkeypatch.setitem(process.config, "WTF_CSRF_ENABLED", True)
    visitor = process.test_client()
    answer = visitor.post(f"/{DISTRICT}/faulty/hook", data=b'{"a": 1}', content_type="application/json")
    assert (answer.status_code, answer.text) == (200, '{"a": 1}')
    assert visitor.post(f"/{DISTRICT}/faulty/form").status_code == 400


def test_a_blueprint_of_another_name_is_refused(start: Start) -> None:
    process = start(faulty={**HOOKS, "wide_blueprint": lambda: Blueprint("faulty", __name__)})
    assert [str(item) for item in process.extensions["puskesos"].plugins.broken if "faulty-wide" in str(item)]
