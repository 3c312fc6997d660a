"""A monthly meeting: planned and recorded by the desk, answered by the partner by phone, closed by the kepala desa."""

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import text

from core.api import AreaCode, Organisation, commit, db
from core.testing import VILLAGE, at
from core.users.accounts import create_user, grant

from .conftest import DESK, PHONE, OpenBrowser
from .steps import PASSWORD, accessible, enter, hire, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def people(app: Flask, areas: None) -> None:
    """Siti at the desk, the kepala desa, and dr. Rini, who answers for the village's Puskesmas."""
    hire(app, siti="village_staff", kades="village_head")
    with at(app, VILLAGE) as area:
        db.session.add(Organisation(area_id=area.id, name="Puskesmas Ciampea", kind="government", sector="puskesmas"))
        commit()
    with app.app_context():
        user, _password = create_user("rini", "dr. Rini", password=PASSWORD)
        grant(user, AreaCode.parse(VILLAGE), "partner_officer")
        db.session.flush()
        appoint = (
            "UPDATE memberships SET organisation_id = (SELECT id FROM organisations) WHERE role = 'partner_officer'"
        )
        db.session.execute(text(appoint))
        db.session.commit()


def test_a_meeting_is_planned_answered_recorded_and_closed(
    people: None, phone: Page, open_browser: OpenBrowser
) -> None:
    desk = open_browser(DESK)
    sign_in(desk, "siti")
    desk.goto(re.sub(r"/[^/]*$", "/", desk.url))
    desk.get_by_role("link", name="Kemitraan").first.click()
    desk.get_by_role("link", name="Mitra baru").first.click()
    desk.get_by_label("Lembaga yang menerima rujukan").select_option(label="Puskesmas Ciampea")
    accessible(desk)
    desk.get_by_role("button", name="Simpan").click()
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Puskesmas Ciampea")
    desk.get_by_role("link", name="Catat hambatan").click()
    desk.get_by_label("Apa yang menghambat").fill("Jawaban datang terlambat")
    desk.get_by_role("button", name="Simpan").click()

    desk.get_by_role("link", name="Kemitraan").first.click()
    desk.get_by_role("link", name="Pertemuan", exact=True).click()
    desk.get_by_role("link", name="Rencanakan pertemuan").first.click()
    desk.get_by_label("Tempat").fill("Balai desa")
    desk.get_by_role("button", name="Simpan").click()
    expect(desk.get_by_text("Jawaban datang terlambat")).to_be_visible()
    meeting = desk.url

    enter(phone, "rini", PASSWORD)
    expect(phone.get_by_role("heading", level=1)).to_have_text("Rujukan masuk")
    phone.goto(re.sub(r"/meetings/.*", "/own", meeting))
    phone.get_by_role("link", name=re.compile("Cibadak")).last.click()
    accessible(phone)
    phone.get_by_role("button", name="Kami hadir").click()
    expect(phone.get_by_text("Akan hadir")).to_be_visible()

    desk.goto(meeting)
    expect(desk.get_by_text("Akan hadir")).to_be_visible()
    desk.get_by_label(re.compile("^Pembahasan: Hambatan")).fill("Menjawab dalam lima hari.")
    desk.get_by_label("Kehadiran Puskesmas Ciampea").select_option("yes")
    accessible(desk)
    desk.get_by_role("button", name="Simpan notulen").click()

    head = open_browser(PHONE)
    sign_in(head, "kades")
    head.goto(meeting)
    accessible(head)
    head.get_by_role("button", name="Tutup notulen").click()
    expect(head.get_by_text("tidak dapat diubah lagi")).to_be_visible()
    expect(head.get_by_text("Menjawab dalam lima hari.")).to_be_visible()
    expect(head.get_by_role("button", name="Simpan notulen")).to_have_count(0)
    head.goto(re.sub(r"/meetings/.*", "/scorecard", meeting))
    accessible(head)
