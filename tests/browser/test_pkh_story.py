"""A poor family: what PKH may bring is seen, it is proposed and accepted, and a kader verifies its month on a phone."""

from datetime import date, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from core.api import Household, commit, db, today
from core.testing import VILLAGE, at, make_person
from plugins.pkh.rulebook import stage_of

from .steps import accessible, choose, fill, follow, heading, hire, press, show, sign_in, take_step, tick

pytestmark = pytest.mark.browser


@pytest.fixture
def day(app: Flask, areas: None) -> str:
    """Today, with Enok in decile 2, her small child Dede and the pupil Asep."""
    hire(app, siti="village_staff", yayah="field_worker")
    with at(app, VILLAGE) as area:
        day = today(area.timezone)
        mother = make_person(area.id, "Enok Sumarni", marital_status="Kawin", registry_match="matched")
        db.session.get_one(Household, (area.id, mother.household_id)).decile = 2
        for name, years in (("Dede", 2), ("Asep", 9)):
            born = day - timedelta(days=years * 366)
            child = make_person(area.id, name, birth_date=born, family_role="child", marital_status="Belum kawin")
            child.household_id = mother.household_id
        commit()
    return day.isoformat()


def test_from_the_components_to_a_verified_month(day: str, desk: Page, phone: Page) -> None:
    sign_in(desk, "siti")
    desk.goto(f"/{VILLAGE}/pkh/")
    accessible(desk)
    propose(desk)
    case = desk.url
    send(desk, case)
    take_step(desk, "Catat: Direkomendasikan Dinas Sosial", {"Tanggal": day, "Catatan": "Telepon dari Dinas Sosial."})
    take_step(desk, "Catat: Menjadi KPM PKH", {"Tanggal": day, "Hasil": "Terlihat di SIKS-NG."})

    follow(desk, "Catat sebagai KPM PKH")
    fill(desk, {"KPM sejak": first_day_of_the_stage(day)})
    for name, component in (("Dede", "Anak usia dini"), ("Asep", "Anak SD/MI")):  # as it was proposed
        expect(desk.get_by_role("group", name=name).get_by_label(component)).to_be_checked()
    accessible(desk)
    press(desk, "Simpan")
    heading(desk, "Keluarga PKH: Enok Sumarni")
    expect(desk.locator("main")).to_contain_text("Rp975.000")
    accessible(desk)

    sign_in(phone, "yayah")
    phone.goto(desk.url)
    phone.locator("#checks").get_by_role("link", name="Catat").last.click()
    accessible(phone)
    fill(phone, {"Kunjungan ke Posyandu": "1", "Kehadiran di sekolah": "78"})
    press(phone, "Simpan verifikasi")
    expect(phone.locator("#checks")).to_contain_text("78%")

    desk.goto(case)
    follow(desk, "Warga sudah diberi tahu")
    desk.get_by_label("Kunjungan").check()
    press(desk, "Warga sudah diberi tahu")
    expect(desk.locator("#next")).to_contain_text("Ditutup")


def first_day_of_the_stage(day: str) -> str:
    stage = stage_of(date.fromisoformat(day))
    assert stage
    return stage.first_day.isoformat()


def propose(page: Page) -> None:
    follow(page, "Usulan PKH")
    fill(page, {"Nama, NIK, atau No KK": "enok"})
    page.locator("#found").get_by_role("link", name="Pilih").first.click()
    expect(page.locator("main")).to_contain_text("Anak usia dini (0–6 tahun): Dede")
    choose(page, "Sudah menjadi KPM PKH", "Tidak")
    fill(page, {"Anak di SD/MI": "1", "Keadaan keluarga": "Buruh tani, dua anak.", "Nomor HP": "0812 3456 7890"})
    tick(page, "Warga sudah diberi tahu")
    press(page, "Buka kasus")
    heading(page, "Usulan PKH untuk")
    expect(page.get_by_text("Rp975.000")).to_be_visible()
    accessible(page)


def send(page: Page, case: str) -> None:
    take_step(page, "Mulai penanganan")
    for paper in ("KTP", "Kartu Keluarga (KK)", "Bukti komponen"):
        show(page, paper)
    press(page, "Rujuk ke Dinas Sosial")
    press(page, "Kirim rujukan")
    page.goto(case)
    take_step(page, "Catat: sudah dikirim ke Dinas Sosial")
