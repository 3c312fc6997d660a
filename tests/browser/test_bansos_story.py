"""Rice for four: a list comes in, the kader hands over with a photo on a phone, and the desk sees who has not come."""

import re
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import FilePayload, Page, expect

from core.api import commit
from core.areas.code import AreaCode
from core.database.session import db
from core.jobs import run_waiting
from core.testing import VILLAGE, at, make_person
from core.users.accounts import create_user, grant

from .steps import PASSWORD, accessible, fill, press, sign_in

pytestmark = pytest.mark.browser

PEOPLE = {
    "Enok Sumarni": "3201155507900001",
    "Asep Saepudin": "3201151507900002",
    "Iis Aisyah": "3201155507900003",
    "Dadang Suhendar": "3201151507900004",
}
PHOTO: FilePayload = {"name": "foto.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\nsynthetic"}


@pytest.fixture
def people(app: Flask, areas: None) -> None:
    with app.app_context():
        for username, name, role in (("siti", "Siti", "village_staff"), ("yayah", "Yayah", "field_worker")):
            user, _password = create_user(username, name, password=PASSWORD)
            grant(user, AreaCode.parse(VILLAGE), role)
        db.session.commit()
    with at(app, VILLAGE) as area:
        for name, nik in PEOPLE.items():
            make_person(area.id, name, nik=nik)
        commit()


def test_from_a_list_to_who_has_not_come(app: Flask, people: None, desk: Page, phone: Page, tmp_path: Path) -> None:
    sign_in(desk, "siti")
    announce(desk)
    bring_in(app, desk, tmp_path)
    accessible(desk)

    sign_in(phone, "yayah")
    phone.goto(desk.url)
    phone.get_by_role("link", name="Serahkan Enok Sumarni").click()
    accessible(phone)
    phone.get_by_label("Foto penyerahan").set_input_files(PHOTO)
    press(phone, "Catat penyerahan")
    expect(phone.locator("#handovers")).to_contain_text("kepada Enok Sumarni (penerima sendiri), oleh Yayah")
    expect(phone.get_by_role("link", name="Foto")).to_have_count(0)  # taken by the kader, seen by the desk alone
    accessible(phone)

    desk.get_by_role("link", name=re.compile("^Belum mengambil")).click()
    expect(desk.locator("table.rows")).to_contain_text("Asep Saepudin")
    expect(desk.locator("table.rows")).not_to_contain_text("Enok Sumarni")
    paper = desk.request.get(desk.get_by_role("link", name="Cetak yang belum").get_attribute("href") or "")
    assert paper.body().startswith(b"%PDF-")


def announce(page: Page) -> None:
    page.goto(f"/{VILLAGE}/bansos/")
    page.get_by_role("link", name="Penyaluran baru").first.click()
    fill(
        page,
        {"Nama bantuan": "Beras Bulog", "Untuk masa": "November 2026", "Barang": "10 kg beras", "Tempat": "Balai desa"},
    )
    page.get_by_label("Dari").select_option(label="Cadangan pangan pemerintah (Bulog)")
    press(page, "Simpan")


def bring_in(app: Flask, page: Page, folder: Path) -> None:
    """One row of five is of a stranger: it is told, and left out."""
    file = folder / "penerima.csv"
    rows = [*PEOPLE.items(), ("Orang Asing", "3201151507900077")]
    file.write_text("Nama KPM;NIK\n" + "".join(f"{name};{nik}\n" for name, nik in rows), encoding="utf-8")
    page.get_by_role("link", name="Unggah daftar").first.click()
    page.get_by_label("Berkas", exact=True).set_input_files(file)
    press(page, "Unggah dan periksa")
    run_waiting(app)
    expect(page.get_by_text("tidak ada di data warga desa ini")).to_be_visible()
    accessible(page)
    press(page, "Terapkan 4 baris")
    run_waiting(app)
    expect(page.get_by_role("link", name="Urungkan impor ini")).to_be_visible()
    page.get_by_role("link", name="Beras Bulog").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Beras Bulog")
