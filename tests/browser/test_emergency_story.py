"""A night call on a phone: from the first page to the handover and the case that follows, with few fills and taps."""

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from core.api import commit
from core.areas.code import AreaCode
from core.database.session import db
from core.testing import VILLAGE, at, make_person
from core.users.accounts import create_user, grant

from .conftest import PHONE, OpenBrowser
from .steps import PASSWORD, accessible, sign_in

pytestmark = pytest.mark.browser


@dataclass
class Hand:
    """One hand on a phone, which counts what it does."""

    page: Page
    fills: int = 0
    taps: int = 0

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(re.compile(f"^{re.escape(label)}")).first.fill(text)
        self.fills += 1

    def tap(self, role: str, name: str) -> None:
        self.page.get_by_role(role, name=name).first.click()  # pyright: ignore[reportArgumentType] - a name of ARIA
        self.taps += 1

    def tick(self, label: str) -> None:
        self.page.get_by_label(label, exact=True).first.check()
        self.taps += 1


@pytest.fixture
def people(app: Flask, areas: None) -> None:
    with app.app_context():
        for username, name, role in (("yayah", "Yayah", "field_worker"), ("dedi", "Dedi", "field_worker")):
            user, _password = create_user(username, name, password=PASSWORD)
            grant(user, AreaCode.parse(VILLAGE), role)
        db.session.commit()
    with at(app, VILLAGE) as area:
        make_person(area.id, "Enok Sumarni", nik="3201155507900001")
        commit()


def test_a_patient_is_brought_in_with_few_taps(people: None, phone: Page, open_browser: OpenBrowser) -> None:
    sign_in(phone, "yayah")
    hand = Hand(phone)
    hand.tap("link", "Panggilan darurat baru")
    accessible(phone)
    hand.fill("Di mana pasiennya", "Kp. Pasir RT 02/RW 05")
    hand.fill("Keadaannya", "Tidak sadar")
    hand.tick("Tidak punya")
    hand.tap("button", "Catat panggilan")
    assert (hand.fills, hand.taps) == (2, 3)  # the call is written down
    accessible(phone)

    other = open_browser(PHONE)  # a second phone has the page open
    sign_in(other, "dedi")
    other.goto(phone.url)
    hand.tap("button", "Berangkat sekarang")
    expect(phone.get_by_role("button", name="Tiba sekarang")).to_be_visible()
    other.get_by_role("button", name="Berangkat sekarang").click()
    expect(other.get_by_role("alert")).to_contain_text("sudah dicatat Yayah pukul")

    hand.tap("button", "Tiba sekarang")
    hand.fill("Puskesmas atau rumah sakit", "RSUD Leuwiliang")
    hand.fill("Yang menerima", "Ns. Rini")
    hand.tap("button", "Serah terima sekarang")
    expect(phone.get_by_text("Sudah diserahkan").first).to_be_visible()
    assert (hand.fills, hand.taps) == (4, 6)  # the patient is handed over

    hand.tap("link", "Cari warganya")
    hand.fill("Nama, NIK, atau No. KK", "enok")
    hand.tap("button", "Cari")
    accessible(phone)
    hand.tap("button", "Pilih Enok Sumarni")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Enok Sumarni")
    hand.tap("link", "Buka kasus susulan")
    expect(phone.get_by_label("Rumah sakit, puskesmas, atau klinik")).to_have_value("RSUD Leuwiliang")
    accessible(phone)
    hand.fill("Nomor HP yang dapat dihubungi", "0812-3456-7890")
    hand.tick("Warga atau keluarganya sudah diberi tahu untuk apa datanya dipakai")
    hand.tap("button", "Buka kasus")
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Enok Sumarni")
    expect(phone.get_by_text("Mendesak").first).to_be_visible()
    assert (hand.fills, hand.taps) == (6, 12)
