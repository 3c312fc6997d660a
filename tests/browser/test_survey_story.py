"""A home is surveyed with a phone, with its location and a mistake on the way, and countersigned at the desk."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from core.areas.code import AreaCode
from core.database.session import db
from core.testing import VILLAGE, at, make_person
from core.users.accounts import create_user, grant

from .steps import PASSWORD, accessible, choose, fill, follow, heading, press, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def home(app: Flask, areas: None) -> str:
    """The address of a survey of Enok's home that nobody has begun."""
    from plugins.survey.surveys import ask  # noqa: PLC0415 - after the application has loaded its plugins

    with app.app_context():
        for name, role in (("yayah", "field_worker"), ("siti", "village_staff")):
            user, _password = create_user(name, name.title(), password=PASSWORD)
            grant(user, AreaCode.parse(VILLAGE), role)
        db.session.commit()
    with at(app, VILLAGE) as area:
        made = ask(area, make_person(area.id, "Enok Sumarni"), "Usulan PKH", None)
        address = f"/{VILLAGE}/survey/surveys/{made.id}"
        db.session.commit()
    return address


def answer(page: Page, question: str, choice: str) -> None:
    page.get_by_role("group", name=question).get_by_label(choice, exact=True).check()


def test_a_kader_surveys_a_home_and_a_second_person_signs(home: str, phone: Page, desk: Page) -> None:
    phone.context.grant_permissions(["geolocation"])
    phone.context.set_geolocation({"latitude": -6.5629, "longitude": 106.7123, "accuracy": 12})
    sign_in(phone, "yayah")
    phone.goto(home)
    follow(phone, "Mulai survei")
    accessible(phone)
    press(phone, "Ambil lokasi dari HP ini")
    expect(phone.get_by_label("Titik lokasi rumah")).to_have_value("-6.562900, 106.712300 ±12 m")
    phone.get_by_label("Tanggal kunjungan").fill(phone.evaluate("new Date().toISOString().slice(0, 10)"))
    answer(phone, "Keluarga ini", "Ditemukan dan bersedia")
    answer(phone, "Hubungan Anda", "Tidak ada hubungan keluarga")
    press(phone, "Simpan dan lanjut")
    heading(phone, "Keadaan pokok")
    answer(phone, "Punya tempat berteduh", "Ya")
    press(phone, "Simpan dan lanjut")
    heading(phone, "Rumah")
    fill(phone, {"Luas lantai": "tiga puluh"})
    choose(phone, "Lantai terluas", "Tanah")
    press(phone, "Simpan draf")
    expect(phone.locator("#checks")).to_contain_text("tulis dengan angka")
    accessible(phone)
    phone.locator("#checks").get_by_role("link", name="Luas lantai").click()
    fill(phone, {"Luas lantai": "30"})
    press(phone, "Simpan draf")
    phone.goto(f"{home}/fill/members")
    phone.locator("main .list").get_by_role("link", name="Enok Sumarni").click()
    accessible(phone)
    press(phone, "Simpan anggota")
    expect(phone.locator("main")).to_contain_text("Tinggal di rumah ini")
    phone.goto(home)
    follow(phone, "Finalkan")
    phone.get_by_label("Saya melihat sendiri").check()
    press(phone, "Finalkan")
    expect(phone.get_by_role("status").first).to_contain_text("Survei difinalkan")
    expect(phone.get_by_role("link", name="Tanda tangani")).to_have_count(0)

    sign_in(desk, "siti")
    follow(desk, "Menunggu tanda tangan orang kedua")
    follow(desk, "Enok Sumarni")
    accessible(desk)
    follow(desk, "Tanda tangani")
    desk.get_by_label("Saya sudah memeriksa").check()
    press(desk, "Tanda tangani")
    expect(desk.locator("main")).to_contain_text("ditandatangani")
