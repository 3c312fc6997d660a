"""A field worker at the doors with a bad line: what was typed stays on the phone until it is sent, and is sent once."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import text

from core.api import commit
from core.areas.code import AreaCode
from core.database.session import db
from core.testing import VILLAGE, at, make_person
from core.users.accounts import create_user, grant

from .steps import PASSWORD, accessible, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def people(app: Flask, areas: None) -> None:
    with app.app_context():
        for username, name, role in (("yayah", "Yayah", "field_worker"), ("siti", "Siti", "village_staff")):
            user, _password = create_user(username, name, password=PASSWORD)
            grant(user, AreaCode.parse(VILLAGE), role)
        db.session.commit()
    with at(app, VILLAGE) as area:
        make_person(area.id, "Enok Sumarni", nik="3201155507900001")
        commit()


def _kept(page: Page) -> int:
    return page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('kept/')).length")


def _give_area(desk: Page) -> None:
    sign_in(desk, "siti")
    desk.goto(f"/{VILLAGE}/kader/assignments/new")
    accessible(desk)
    desk.get_by_label("Kader", exact=True).select_option("Yayah")
    desk.get_by_label("Posyandu").check()
    desk.get_by_label(re.compile("^RT 002/RW 005")).check()
    desk.get_by_role("button", name="Simpan").click()
    expect(desk.get_by_text("Wilayah tugas tersimpan")).to_be_visible()


def _words_go_at_sign_out(phone: Page) -> None:
    phone.get_by_role("link", name="Laporkan temuan").click()
    accessible(phone)
    phone.get_by_label(re.compile("^Keterangan")).fill("Kata yang tidak boleh tertinggal")
    assert _kept(phone) == 1
    phone.get_by_text("Akun saya").locator("..").click()
    phone.get_by_role("button", name="Keluar").click()
    phone.wait_for_url(re.compile("sign-in|/$"))
    assert _kept(phone) == 0


def test_a_visit_without_a_line_is_sent_once_later(app: Flask, people: None, desk: Page, phone: Page) -> None:
    sign_in(phone, "yayah")
    phone.goto(f"/{VILLAGE}/kader/")
    expect(phone.get_by_text("Anda belum punya wilayah tugas")).to_be_visible()

    _give_area(desk)
    phone.reload()
    phone.get_by_role("link", name=re.compile("Wilayah saya")).click()
    accessible(phone)
    phone.get_by_role("link", name=re.compile("Enok Sumarni")).click()
    accessible(phone)
    home = phone.url
    phone.get_by_role("link", name="Catat kunjungan").click()
    accessible(phone)
    note = phone.get_by_label(re.compile("^Yang ditemukan"))
    note.fill("Ibunya perlu kursi roda")
    phone.get_by_label("Lansia atau penyandang disabilitas").check()
    waiting = phone.get_by_text("Tersimpan di ponsel ini, belum terkirim")
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Kirim").click()
    expect(waiting).to_be_visible()

    phone.context.set_offline(False)
    phone.reload()
    accessible(phone)
    expect(waiting).to_be_visible()
    expect(note).to_have_value("Ibunya perlu kursi roda")
    expect(phone.get_by_label("Lansia atau penyandang disabilitas")).to_be_checked()
    form = phone.url

    # The server takes it, and its answer is lost on the way.
    phone.route(
        "**/visit",
        lambda route: (route.fetch(), route.abort()) if route.request.method == "POST" else route.continue_(),
    )
    phone.get_by_role("button", name="Kirim").click()
    phone.wait_for_timeout(300)
    phone.unroute("**/visit")
    phone.goto(form)
    expect(note).to_have_value("Ibunya perlu kursi roda")
    phone.get_by_role("button", name="Kirim").click()
    expect(phone.get_by_text("Ini sudah tercatat sebelumnya")).to_be_visible()
    assert phone.url == home
    assert _kept(phone) == 0
    with at(app, VILLAGE):
        assert db.session.scalar(text("SELECT count(*) FROM kader_visits")) == 1

    _words_go_at_sign_out(phone)
