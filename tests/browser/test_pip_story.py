"""Money for a pupil: proposed, signed on a phone, brought to the school, and the account is active in time."""

from datetime import date, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from core.api import commit, today
from core.testing import VILLAGE, at, make_person

from .steps import accessible, choose, fill, follow, heading, hire, press, show, sign_in, take_step, tick

pytestmark = pytest.mark.browser

PAPERS = ("Kartu Keluarga (KK)", "KTP orang tua atau wali", "NISN", "Surat keterangan dari sekolah")


@pytest.fixture
def day(app: Flask, areas: None) -> date:
    """Today, on which Dewi is twelve."""
    hire(app, siti="village_staff", kades="village_head")
    with at(app, VILLAGE) as area:
        day = today(area.timezone)
        make_person(area.id, "Dewi Lestari", birth_date=day - timedelta(days=4600), family_role="child")
        commit()
    return day


def test_from_the_proposal_to_the_money(day: date, desk: Page, phone: Page) -> None:
    sign_in(desk, "siti")
    propose(desk)
    case = desk.url
    take_step(desk, "Mulai penanganan")
    for paper in PAPERS:
        show(desk, paper)
    press(desk, "Buat surat")

    sign_in(phone, "kades")
    phone.goto(case)
    accessible(phone)
    press(phone, "Sudah saya tanda tangani")

    desk.reload()
    take_step(desk, "Catat: surat sudah disampaikan ke sekolah", {"Catatan": "Diterima TU sekolah."})
    seen = {"Tanggal": day.isoformat(), "Catatan": "Dilihat di laman PIP."}
    last_day = (day + timedelta(days=12)).isoformat()
    take_step(desk, "Catat: Masuk nominasi", {**seen, "Batas aktivasi rekening": last_day})
    expect(desk.get_by_text("aktifkan paling lambat")).to_be_visible()
    expect(desk.get_by_text("Bawa ke bank BRI")).to_be_visible()
    accessible(desk)

    desk.goto(f"/{VILLAGE}/")
    warning = desk.locator("section.card", has=desk.get_by_role("heading", name="Bantuan sekolah"))
    expect(warning).to_contain_text("batas aktivasi rekening")
    expect(warning).to_contain_text("12 hari lagi")
    warning.get_by_role("link", name="Dewi Lestari").click()
    for step in ("Rekening diaktifkan", "SK terbit"):
        take_step(desk, f"Catat: {step}", seen)
    take_step(desk, "Catat: Dana cair", {"Tanggal": day.isoformat(), "Hasil": "Rp750.000 masuk rekening SimPel."})
    follow(desk, "Warga sudah diberi tahu")
    desk.get_by_label("Telepon").check()
    press(desk, "Warga sudah diberi tahu")
    expect(desk.locator("#next")).to_contain_text("Ditutup")
    follow(desk, "Bantuan yang diterima keluarga ini")
    expect(desk.locator("main")).to_contain_text("disalurkan")


def propose(page: Page) -> None:
    page.goto(f"/{VILLAGE}/cases/new?service=pip.school")
    fill(page, {"Nama, NIK, atau No KK": "dewi"})
    page.locator("#found").get_by_role("link", name="Pilih").first.click()
    choose(page, "Jenis sekolah", "Sekolah (Kemendikdasmen)")
    choose(page, "Kelas", "Kelas 8 SMP, MTs, atau Paket B")
    choose(page, "Keadaan sekolahnya", "Bersekolah di kelas itu")
    fill(page, {"Nama sekolah": "SMPN 1 Ciampea", "NISN": "012 345 6789", "Nomor HP": "0812 3456 7890"})
    tick(page, "Pemegang KIP")
    tick(page, "Warga sudah diberi tahu")
    accessible(page)
    press(page, "Buka kasus")
    heading(page, "Usulan PIP untuk Dewi Lestari")
    expect(page.get_by_text("Rp750.000 setahun penuh")).to_be_visible()
