"""Three applications at once: ticked in the list, looked at, begun, and taken back."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from core.areas.code import AreaCode
from core.database.session import commit, db
from core.testing import VILLAGE, at, make_person
from core.users.accounts import create_user, grant
from tests.cases.conftest import Desk

from .steps import PASSWORD, accessible, fill, heading, press, sign_in

pytestmark = pytest.mark.browser

PEOPLE = {"Enok Sumarni": "registered", "Asep Saepudin": "registered", "Iis Aisyah": "handling"}


@pytest.fixture
def cases(app: Flask, areas: None) -> None:
    with app.app_context():
        user, _password = create_user("siti", "Siti", password=PASSWORD)
        grant(user, AreaCode.parse(VILLAGE), "village_staff")
        db.session.commit()
    with at(app, VILLAGE) as area:
        for name, state in PEOPLE.items():
            Desk().at(area, state, make_person(area.id, name, nik=None))
        commit()


def test_three_at_once_and_back(cases: None, desk: Page) -> None:
    sign_in(desk, "siti")
    desk.goto(f"/{VILLAGE}/cases?which=open")
    desk.get_by_label("Pilih semua di halaman ini").check()
    accessible(desk)
    press(desk, "Kerjakan bersama")

    heading(desk, "Kerjakan banyak kasus sekaligus")
    desk.get_by_label("Mulai penanganan").check()
    press(desk, "Lihat dulu apa yang akan terjadi")
    expect(desk.locator("table.rows")).to_contain_text("Asep Saepudin")
    expect(desk.locator("ul.list")).to_contain_text("Iis Aisyah")
    expect(desk.locator("ul.list")).to_contain_text("tidak mungkin dari keadaan kasus sekarang")
    accessible(desk)
    press(desk, "Kerjakan 2 kasus")

    expect(desk.locator("main")).to_contain_text("2 kasus dikerjakan, 0 dilewati.")
    fill(desk, {"Alasan mengurungkan": "Salah pilih langkah"})
    press(desk, "Urungkan 2 kasus")
    expect(desk.locator("table.rows")).to_contain_text("diurungkan")
    desk.get_by_role("link", name="Enok Sumarni").click()
    expect(desk.locator("#timeline")).to_contain_text("Salah pilih langkah")
    desk.goto(f"/{VILLAGE}/cases/batches")
    expect(desk.locator("table.rows")).to_contain_text("Siti")
