"""Posyandu day: the kader types what the scales say on a phone, sees the curve, and refers who does not gain weight."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from core.api import commit, today
from core.areas.code import AreaCode
from core.referrals.organisations import OrganisationInput, register
from core.testing import VILLAGE, at, make_person
from plugins.balita.measurements import measure
from plugins.balita.values import Values

from .steps import accessible, fill, follow, heading, hire, press, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def day(app: Flask, areas: None) -> str:
    """Today, with a Puskesmas, and two children; what Dede weighed a month and two months ago did not rise."""
    hire(app, yayah="field_worker")
    with app.app_context():
        register(AreaCode.parse(VILLAGE[:8]).id, OrganisationInput("Puskesmas Ciampea", "government", "puskesmas", ""))
        commit()
    with at(app, VILLAGE) as area:
        day = today(area.timezone)
        dede, _neng = (
            make_person(area.id, name, sex="L", birth_date=day - timedelta(days=400), family_role="child")
            for name in ("Dede Rukmana", "Neng Ayu")
        )
        for ago, grams in ((62, 9400), (31, 9300)):
            measure(dede, Values(day - timedelta(days=ago), grams, 752, measured_by="Yayah"), day, by=None)
        commit()
        return day.isoformat()


def test_from_the_scales_to_the_puskesmas(day: str, phone: Page) -> None:
    sign_in(phone, "yayah")
    follow(phone, "Belum diukur bulan ini")
    expect(phone.locator("table.rows")).to_contain_text("Neng Ayu")
    accessible(phone)

    follow(phone, "Dede Rukmana")
    follow(phone, "Catat hasil ukur")
    fill(phone, {"Berat badan (kg)": "92,5", "Panjang atau tinggi badan (cm)": "75,4"})
    press(phone, "Simpan hasil ukur")
    expect(phone.get_by_role("alert").first).to_contain_text("tidak mungkin")
    accessible(phone)
    fill(phone, {"Berat badan (kg)": "9,25"})
    press(phone, "Simpan hasil ukur")

    heading(phone, "Dede Rukmana")
    expect(phone.locator("#measurements")).to_contain_text("9,25 kg, 75,4 cm")
    expect(phone.get_by_role("img", name="Berat menurut umur").locator("circle")).to_have_count(3)
    expect(phone.locator("main")).to_contain_text("berat tidak naik 2 kali berturut-turut")
    accessible(phone)

    phone.goto(f"/{VILLAGE}/balita/?show=refer")
    expect(phone.locator("table.rows")).not_to_contain_text("Neng Ayu")
    follow(phone, "Dede Rukmana")
    follow(phone, "Rujuk ke Puskesmas")
    accessible(phone)
    phone.get_by_label("Berat badan tidak naik").check()
    fill(phone, {"Tanggal ukur terakhir": day, "Hasil ukur terakhir": "berat 9,25 kg, panjang 75,4 cm"})
    fill(phone, {"Diantar oleh": "Kader Yayah"})
    phone.get_by_label("Warga sudah diberi tahu").check()
    press(phone, "Buka kasus")
    press(phone, "Rujuk ke Puskesmas")
    expect(phone.locator("#shared")).to_contain_text("berat 9,25 kg")
    accessible(phone)
    press(phone, "Kirim rujukan")
    expect(phone.get_by_role("status").first).to_contain_text("Puskesmas Ciampea")
