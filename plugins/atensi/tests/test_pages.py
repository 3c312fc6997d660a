"""The list, the plan of a case, its visits, the report and the sheet."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import load_workbook
from sqlalchemy import select

from core.api import PAGE_SIZE, Answer, Service, area_today, commit, db, find_case, take_step
from core.testing import SIBLING, VILLAGE, ClientAs, at, make_case, make_person, switch_off
from plugins.atensi.commands import write_cases
from plugins.atensi.models import AtensiSupport, AtensiVisit
from plugins.atensi.services import SERVICES

BASE = f"/{VILLAGE}/atensi"
CHILD, ELDERLY = SERVICES[0], SERVICES[1]
ANSWERS: dict[str, Any] = {"safe": "yes", "situation": "Diasuh nenek.", "supports": ["living"], "companion": "Oom"}
PLAN = {"kind": "living", "detail": "Paket sembako", "provider": "Sentra", "state": "planned"}


def make(
    app: Flask, service: Service = CHILD, name: str = "Dewi Lestari", village: str = VILLAGE, **more: object
) -> str:
    with at(app, village) as area:
        case = make_case(area, service, make_person(area.id, name), **{**ANSWERS, **more})
        case_id = str(case.id)
        commit()
        return case_id


@pytest.fixture
def case(app: Flask, areas: None) -> str:
    return make(app, parents="relatives")


def today(app: Flask) -> str:
    with at(app, VILLAGE):
        return area_today().isoformat()


def test_a_plan_is_written_changed_and_a_stale_change_shows_both_sides(
    app: Flask, staff: FlaskClient, case: str
) -> None:
    url = f"{BASE}/cases/{case}/supports"
    assert staff.post(f"{url}/new", data=PLAN).status_code == 422  # no day
    assert staff.post(f"{url}/new", data={**PLAN, "state_on": today(app)}).status_code == 302
    with at(app, VILLAGE):
        line = str(db.session.scalars(select(AtensiSupport.id)).one())
    page = staff.get(f"{url}/{line}").text
    version = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert version
    change = {**PLAN, "state": "delivered", "state_on": today(app), "version": version[1]}
    assert staff.post(f"{url}/{line}", data=change).status_code == 302
    stale = staff.post(f"{url}/{line}", data={**change, "detail": "Lain"})
    assert (stale.status_code, "Paket sembako" in stale.text, 'value="Lain"' in stale.text) == (409, True, True)
    shown = staff.get(f"/{VILLAGE}/cases/{case}").text
    assert "Paket sembako · Sentra" in shown
    assert "Diberikan" in shown


def test_a_visit_is_recorded_and_stands_in_the_list(app: Flask, staff: FlaskClient, case: str) -> None:
    url, visit = f"{BASE}/cases/{case}/visits/new", {"visited_on": today(app), "visitor": "Kader", "condition": "Baik."}
    wrong = staff.post(url, data={**visit, "next_on": today(app)})
    assert (wrong.status_code, "harus setelah kunjungan" in wrong.text) == (422, True)
    assert staff.post(url, data={**visit, "visited_on": "2099-01-01"}).status_code == 422
    assert staff.post(url, data={**visit, "next_on": "2099-01-01"}).status_code == 302
    with at(app, VILLAGE):
        assert db.session.scalars(select(AtensiVisit.condition)).all() == ["Baik."]
    page = staff.get(f"{BASE}/").text
    assert "D. L." in page
    assert "Dewi Lestari" not in page
    assert "1 Jan 2099" in page


def test_nothing_is_planned_for_a_closed_case(app: Flask, staff: FlaskClient, case: str) -> None:
    with at(app, VILLAGE) as area:
        found = find_case(area.id, UUID(case))
        assert found
        take_step(area, found, CHILD, "cancel", frozenset({"cases.write"}), Answer("Pindah."))
        commit()
    answer = staff.post(f"{BASE}/cases/{case}/supports/new", data={**PLAN, "state_on": today(app)})
    assert (answer.status_code, "sudah ditutup" in answer.text) == (422, True)


def test_others_find_no_page_and_no_case(app: Flask, client_as: ClientAs, staff: FlaskClient, case: str) -> None:
    paths = (f"cases/{case}/visits/new", f"cases/{case}/supports/new")
    for role, index, own in (("field_worker", 403, 404), ("auditor", 403, 403), ("kecamatan_supervisor", 403, 403)):
        client = client_as(role)
        assert client.get(f"{BASE}/").status_code == index, role
        assert [client.get(f"{BASE}/{path}").status_code for path in paths] == [own, own], role
    next_door = make(app, village=SIBLING, parents="nobody")
    assert staff.get(f"{BASE}/cases/{next_door}/visits/new").status_code == 404
    switch_off(app, "atensi")
    assert staff.get(f"{BASE}/").status_code == 404


def test_the_list_goes_on_page_by_page_and_is_narrowed_to_a_cluster(
    app: Flask, areas: None, staff: FlaskClient
) -> None:
    with at(app, VILLAGE) as area:
        for number in range(PAGE_SIZE + 1):
            make_case(area, ELDERLY, make_person(area.id, f"Lansia {number}"), **ANSWERS, lives="alone", daily="help")
        commit()
    first = staff.get(f"{BASE}/").text
    following = re.search(r'href="(/32\.01\.15\.2008/atensi/\?[^"]*after=[^"]+)"', first)
    assert following
    second = staff.get(following[1].replace("&amp;", "&")).text
    assert ("Lansia 0<" in first, "Lansia 0<" in second) == (False, True)
    assert "Lansia" not in staff.get(f"{BASE}/?cluster=atensi.child").text


def test_the_report_tells_no_small_figure(app: Flask, staff: FlaskClient, case: str) -> None:
    for number in range(5):
        make(app, ELDERLY, f"Lansia {number}", lives="alone", daily="alone")
    page = staff.get(f"{BASE}/report").text
    told = dict(re.findall(r'<tr><th scope="row">([^<]+)</th><td class="corner">([^<]+)</td>', page))
    assert (told["Anak"], told["Lanjut usia"], told["Alat bantu"]) == ("kurang dari 5", "5", "0")
    assert "semua: –" in page
    assert staff.get(f"{BASE}/report?year=1999").status_code == 404


def test_the_sheet_and_its_twin_at_the_terminal_have_the_names(
    app: Flask, staff: FlaskClient, case: str, tmp_path: Path
) -> None:
    with staff.get(f"{BASE}/cases.xlsx") as answer:
        rows = load_workbook(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert [row[2] for row in rows] == ["Nama", "Dewi Lestari"]
    with app.app_context():
        done = CliRunner().invoke(write_cases, [VILLAGE, str(tmp_path / "a.xlsx")])
    assert (done.exit_code, done.output.startswith("1 kasus")) == (0, True), done.exception
    assert load_workbook(str(tmp_path / "a.xlsx")).get_sheet_by_index(0).to_python() == rows
