"""A month is looked at, reported, sent and amended; and what anybody may read."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from core.api import Area, Case, area_today, commit, db, now
from core.testing import VILLAGE, at, make_person
from plugins.monitoring.months import first_of, months_before

from .conftest import DESK, OpenBrowser
from .steps import accessible, hire, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def last_month(app: Flask, areas: None) -> None:
    """Six cases of last month, five of them solved."""
    hire(app, siti="village_staff")
    with at(app, VILLAGE) as area:
        add_cases(area)
        commit()


def add_cases(area: Area) -> None:
    person = make_person(area.id)
    month = months_before(first_of(area_today()), 1)
    ago = timedelta(days=(area_today() - month).days - 10)
    for number in range(6):
        opened = now() - ago
        closed = opened + timedelta(days=2) if number else None
        values = {
            "ticket": f"CBD-26-{number:04d}",
            "service": "sktm.letter",
            "state": "done" if closed else "handling",
            "channel": "desk",
            "due_on": area_today(),
            "opened_at": opened,
            "closed_at": closed,
        }
        db.session.add(Case(village_id=area.id, person_id=person.id, household_id=person.household_id, **values))


def test_a_month_is_reported_and_amended(last_month: None, desk: Page, open_browser: OpenBrowser) -> None:
    sign_in(desk, "siti")
    desk.goto(f"/{VILLAGE}/monitoring/")
    accessible(desk)
    desk.get_by_role("link", name="Laporan bulanan").first.click()
    desk.get_by_role("button", name=re.compile("^Susun laporan")).nth(1).click()
    accessible(desk)
    expect(desk.get_by_role("row", name=re.compile("^Selesai di desa 100,0 %"))).to_contain_text("5 dari 5")
    desk.get_by_role("button", name="Kirim ke Dinas Sosial").click()
    expect(desk.get_by_text("Angkanya tidak berubah lagi.").first).to_be_visible()

    desk.get_by_role("link", name="Buat perubahan").click()
    desk.get_by_label("Alasan perubahan").fill("Memperbaiki satu kasus")
    desk.get_by_role("button", name="Susun perubahan").click()
    expect(desk.get_by_text("Tidak ada angka yang berubah.")).to_be_visible()
    expect(desk.get_by_role("link", name="Versi 1")).to_be_visible()
    desk.get_by_role("button", name="Kirim ke Dinas Sosial").click()

    anybody = open_browser(DESK)
    anybody.goto("/32.01/monitoring/open")
    expect(anybody.get_by_text("Belum ada desa yang menerbitkan datanya")).to_be_visible()
