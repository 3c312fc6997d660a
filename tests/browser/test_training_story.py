"""The Dinas Sosial plans a training and marks who was there; a clerk has a certificate that anybody can check."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from core.areas.code import AreaCode
from core.clock import today
from core.database.session import db
from core.testing import DISTRICT, VILLAGE
from core.users.accounts import create_user, grant

from .conftest import PHONE, OpenBrowser
from .steps import (
    PASSWORD,
    accessible,
    choose,
    enter,
    fill,
    follow,
    heading,
    hire,
    press,
    set_up_the_second_step,
    sign_in,
    tick,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def people(app: Flask, areas: None) -> None:
    hire(app, wiwin="village_staff")
    with app.app_context():
        user, _password = create_user("rina", "Rina", password=PASSWORD)
        grant(user, AreaCode.parse(DISTRICT), "district_officer")
        db.session.commit()


def test_from_the_plan_to_a_certificate(people: None, desk: Page, open_browser: OpenBrowser) -> None:
    enter(desk, "rina", PASSWORD)
    desk.goto(f"/{DISTRICT}/training/")
    set_up_the_second_step(desk)
    desk.goto(f"/{DISTRICT}/training/")
    accessible(desk)
    plan(desk)
    follow(desk, "Undang peserta")
    choose(desk, "Kecamatan", "Kec. Ciampea")
    press(desk, "Tampilkan")
    accessible(desk)
    tick(desk, "Undang Wiwin")
    press(desk, "Undang yang dicentang")

    clerk = open_browser(PHONE)
    sign_in(clerk, "wiwin")
    clerk.goto(f"/{VILLAGE}/training/")
    accessible(clerk)
    press(clerk, "Saya datang")
    expect(clerk.get_by_text("akan datang")).to_be_visible()

    desk.reload()
    expect(desk.get_by_text("akan datang")).to_be_visible()
    choose(desk, "Kehadiran Wiwin", "hadir dan lulus")
    press(desk, "Simpan dan tutup pelatihan")
    accessible(desk)
    reference = desk.get_by_role("link", name=re.compile("^PLT-")).inner_text()

    clerk.reload()
    accessible(clerk)
    link = clerk.get_by_role("link", name=reference)
    paper = clerk.request.get(link.get_attribute("href") or "")
    assert paper.body().startswith(b"%PDF")


def plan(page: Page) -> None:
    """For today, so that it can be closed today."""
    follow(page, "Rencanakan pelatihan")
    accessible(page)
    fill(page, {"Nama pelatihan": "Dasar pelayanan", "Tempat": "Aula Dinsos", "Pelatih": "Bu Rina"})
    page.get_by_label("Hari").first.fill(area_day())
    page.get_by_label("Mulai").first.fill("00:05")
    page.get_by_label("Selesai").first.fill("00:15")
    press(page, "Simpan")
    heading(page, "Dasar pelayanan")
    accessible(page)


def area_day() -> str:
    return today("Asia/Jakarta").isoformat()
