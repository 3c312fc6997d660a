"""Consent on a phone at the resident's page, its end, and the text for the village's group."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from core.api import commit
from core.testing import VILLAGE, at, make_person

from .steps import accessible, fill, follow, hire, press, sign_in, tick

pytestmark = pytest.mark.browser


def test_a_resident_agrees_and_stops_and_the_group_gets_a_text(app: Flask, areas: None, phone: Page) -> None:
    hire(app, siti="village_staff")
    with at(app, VILLAGE) as area:
        person = make_person(area.id, "Enok Sumarni", phone="0812-3456-7890").id
        commit()
    sign_in(phone, "siti")
    phone.goto(f"/{VILLAGE}/people/{person}")
    expect(phone.get_by_text("Belum ada izin: warga ini tidak dikirimi pesan.")).to_be_visible()
    follow(phone, "Catat izin")
    expect(phone.get_by_label("Nomor WhatsApp")).to_have_value("0812-3456-7890")
    press(phone, "Catat izin")
    accessible(phone)  # with what is missing
    fill(phone, {"Nomor WhatsApp": "0812 3456 7890"})
    tick(phone, "di meja layanan")
    press(phone, "Catat izin")
    expect(phone.get_by_text("+62812•••••890")).to_be_visible()
    accessible(phone)
    press(phone, "Hentikan")
    expect(phone.get_by_text("sudah berhenti")).to_be_visible()

    phone.goto(f"/{VILLAGE}/whatsapp/")
    accessible(phone)
    follow(phone, "Teks untuk grup")
    expect(phone.get_by_label("Teksnya")).to_contain_text("Puskesos Desa Cibadak")
    accessible(phone)
    phone.goto(f"/{VILLAGE}/whatsapp/consents?show=all")
    accessible(phone)
