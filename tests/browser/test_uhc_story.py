"""A patient lies in hospital without cover: the proposal goes out at once, the papers follow, and the card works."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from core.api import commit, today
from core.testing import VILLAGE, at, make_person

from .steps import accessible, choose, fill, follow, heading, hire, press, show, sign_in, take_step, tick

pytestmark = pytest.mark.browser

PAPERS = ("KTP", "Kartu Keluarga (KK)", "SKTM", "Surat Puskesmas")


@pytest.fixture
def day(app: Flask, areas: None) -> str:
    """Today, on which Enok lies in hospital."""
    hire(app, yayah="field_worker", siti="village_staff")
    with at(app, VILLAGE) as area:
        make_person(area.id, "Enok Sumarni", insurance="none", registry_match="matched")
        commit()
        return today(area.timezone).isoformat()


def test_from_the_bed_to_a_card_that_works(day: str, desk: Page, phone: Page) -> None:
    sign_in(phone, "yayah")
    tell_of_the_patient(phone)
    case = phone.url

    sign_in(desk, "siti")
    desk.goto(case)
    take_step(desk, "Mulai penanganan")
    press(desk, "Rujuk ke Dinas Sosial")
    press(desk, "Kirim rujukan")
    desk.goto(case)
    take_step(desk, "Catat: sudah dikirim ke Dinas Sosial")
    for paper in PAPERS:
        expect(desk.locator("#tasks")).to_contain_text(f"Lengkapi berkas: {paper}")
    accessible(desk)

    phone.goto(f"/{VILLAGE}/")
    phone.get_by_role("link", name="Enok Sumarni").first.click()
    for paper in PAPERS:
        show(phone, paper)
    press(phone, "Selesai Lengkapi berkas: KTP")
    expect(phone.locator("#tasks")).to_contain_text("selesai")
    expect(phone.locator("#papers")).to_contain_text("4 dari 4")
    accessible(phone)

    desk.reload()
    take_step(desk, "Catat: Direkomendasikan Dinas Sosial", {"Tanggal": day, "Catatan": "Surat rekomendasi terbit."})
    follow(desk, "Ubah")
    fill(desk, {"Nomor kartu BPJS": "0001 2345 67890"})
    press(desk, "Simpan")
    take_step(desk, "Catat: Kepesertaan aktif", {"Tanggal": day, "Hasil": "Aktif di Mobile JKN."})
    tell_the_patient(desk)


def tell_of_the_patient(page: Page) -> None:
    """From the corridor of the hospital, without a paper at hand."""
    page.goto(f"/{VILLAGE}/cases/new?service=uhc.enrolment")
    fill(page, {"Nama, NIK, atau No KK": "enok"})
    page.locator("#found").get_by_role("link", name="Pilih").first.click()
    choose(page, "Keperluan berobat", "Sedang dirawat inap")
    fill(page, {"Rumah sakit": "RSUD Leuwiliang", "Nomor HP": "0812 3456 7890"})
    choose(page, "Jaminan kesehatan sekarang", "Belum pernah punya")
    tick(page, "Warga sudah diberi tahu")
    accessible(page)
    press(page, "Buka kasus")
    heading(page, "Pendaftaran UHC (PBPU Pemda) untuk Enok Sumarni")
    expect(page.get_by_text("berkas yang belum ada menjadi tugas")).to_be_visible()


def tell_the_patient(page: Page) -> None:
    expect(page.locator("#tasks")).to_contain_text("Tanyakan apakah kartu UHC sudah dapat dipakai")
    follow(page, "Warga sudah diberi tahu")
    page.get_by_label("Telepon").check()
    press(page, "Warga sudah diberi tahu")
    expect(page.locator("#next")).to_contain_text("Ditutup")
    page.get_by_role("link", name="Buka data warga").click()
    expect(page.locator("main")).to_contain_text("BPJS dibayar daerah (PBPU Pemda)")
