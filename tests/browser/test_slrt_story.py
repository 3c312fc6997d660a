"""A referral goes up: the desk finds whom to ask, the Dinas Sosial notes it and passes it on."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from core.api import commit, offered
from core.areas.code import AreaCode
from core.database.session import db
from core.referrals.organisations import OrganisationInput, register
from core.testing import VILLAGE, at, make_case, make_person
from core.testing.examples import example_answers
from core.users.accounts import create_user, grant

from .conftest import DESK, OpenBrowser
from .steps import PASSWORD, accessible, enter, fill, press, sign_in
from .test_district_story import set_up_the_second_step

pytestmark = pytest.mark.browser

DISTRICT = "32.01"


@pytest.fixture
def case_id(app: Flask, areas: None) -> str:
    with app.app_context():
        for username, name, role, place in (
            ("siti", "Siti", "village_staff", VILLAGE),
            ("ratna", "Bu Ratna", "district_officer", DISTRICT),
        ):
            user, _password = create_user(username, name, password=PASSWORD)
            grant(user, AreaCode.parse(place), role)
        register(AreaCode.parse(DISTRICT).id, OrganisationInput("RSUD Leuwiliang", "government", "hospital"))
        db.session.commit()
    with at(app, VILLAGE) as area:
        service = offered(area)["sktm.letter"]
        person = make_person(area.id, "Enok Sumarni", nik="3201155507900001")
        made = str(make_case(area, service, person, **example_answers(service.form)).id)
        commit()
    return made


def test_a_referral_goes_up_and_on(case_id: str, desk: Page, open_browser: OpenBrowser) -> None:
    sign_in(desk, "siti")
    desk.goto(f"/{VILLAGE}/cases/{case_id}")
    desk.get_by_role("link", name="Rujuk ke …").click()
    accessible(desk)
    desk.get_by_role("link", name="Kepesertaan Dinas Sosial Kabupaten Bogor").click()
    expect(desk.get_by_label("Jawaban ditunggu dalam berapa hari kerja")).to_have_value("5")
    fill(desk, {"Apa yang diminta, dan mengapa": "Mohon aktifkan PBI-JK."})
    press(desk, "Simpan dan periksa")
    press(desk, "Kirim rujukan")
    expect(desk.get_by_text("Dikirim").first).to_be_visible()
    address = desk.url

    office = open_browser(DESK)
    enter(office, "ratna", PASSWORD)
    set_up_the_second_step(office)
    office.goto(f"/{DISTRICT}/slrt/")
    accessible(office)
    office.get_by_role("link", name="Enok Sumarni").click()
    accessible(office)
    office.get_by_label("Ditugaskan kepada").select_option("Bu Ratna")
    press(office, "Tugaskan")
    fill(office, {"Catatan dalam": "Tanya RSUD dulu."})
    press(office, "Simpan catatan")
    office.get_by_label("Teruskan ke").select_option("RSUD Leuwiliang")
    fill(office, {"Alasan dan yang diminta": "Perlu surat rawat."})
    press(office, "Teruskan")
    expect(office.get_by_text("Diteruskan ke RSUD Leuwiliang")).to_be_visible()
    for wide in ("routes", "rates"):
        office.goto(f"/{DISTRICT}/slrt/{wide}")
        accessible(office)

    desk.goto(address)
    expect(desk.get_by_text("Diteruskan ke RSUD Leuwiliang")).to_be_visible()
    expect(desk.get_by_text("Tanya RSUD dulu.")).to_have_count(0)
