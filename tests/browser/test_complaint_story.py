"""A complaint without a name: sent from a phone, answered by the clerk, read with its code and opened again."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from core.areas.code import AreaCode
from core.database.session import db
from core.testing import VILLAGE
from core.users.accounts import create_user, grant

from .conftest import PHONE, OpenBrowser
from .steps import PASSWORD, accessible, choose, fill, follow, heading, press, sign_in, tick

pytestmark = pytest.mark.browser


@pytest.fixture
def clerk(app: Flask, areas: None) -> None:
    with app.app_context():
        user, _password = create_user("siti", "Siti", password=PASSWORD)
        grant(user, AreaCode.parse(VILLAGE), "village_staff")
        db.session.commit()


def test_an_anonymous_complaint_is_answered_and_opened_again(
    clerk: None, phone: Page, open_browser: OpenBrowser, desk: Page
) -> None:
    phone.goto(f"/{VILLAGE}/services")
    follow(phone, "Sampaikan keluhan atau saran")
    accessible(phone)
    choose(phone, "Bidang", "Kesehatan")
    tick(phone, "Tanpa nama")
    press(phone, "Kirim")
    expect(phone.get_by_role("alert")).to_contain_text("Ceritakan")
    fill(phone, {"Ceritakan": "Posyandu belum ada timbangan sejak bulan lalu."})
    press(phone, "Kirim")
    heading(phone, "Sudah kami terima")
    accessible(phone)
    ticket = phone.locator(".ticket").inner_text()
    code = re.search(r"[2-9A-Z]{5}-[2-9A-Z]{5}", phone.locator("main").inner_text())
    assert code

    sign_in(desk, "siti")
    follow(desk, ticket)
    accessible(desk)
    follow(desk, "Jawab")
    fill(desk, {"Jawaban kepada pelapor": "Timbangan baru datang hari Kamis."})
    choose(desk, "Hasil", "Sudah diselesaikan")
    press(desk, "Jawab")
    expect(desk.get_by_role("status").first).to_contain_text("Tercatat")

    other_phone = open_browser(PHONE)
    other_phone.goto(f"/{VILLAGE}/complaints/status?ticket={ticket}")
    fill(other_phone, {"Kode": code[0].lower()})
    press(other_phone, "Lihat")
    expect(other_phone.locator("main")).to_contain_text("Timbangan baru datang hari Kamis.")
    accessible(other_phone)
    fill(other_phone, {"Apa yang belum selesai": "Kamis sudah lewat, belum ada."})
    press(other_phone, "Buka lagi keluhan ini")
    expect(other_phone.locator("main")).to_contain_text("sudah tercatat")

    desk.reload()
    expect(desk.locator("main")).to_contain_text("Kamis sudah lewat, belum ada.")
    accessible(desk)
