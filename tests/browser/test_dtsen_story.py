"""A new list of deciles: what would move is seen before anything is, then who moved, and what was keyed for them."""

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from core.api import Household, commit
from core.areas.code import AreaCode
from core.database.session import db
from core.jobs import run_waiting
from core.testing import VILLAGE, at, make_person
from core.users.accounts import create_user, grant

from .steps import PASSWORD, accessible, choose, fill, follow, heading, press, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def kk_numbers(app: Flask, areas: None) -> list[str]:
    """Of Enok, in decile 4, and of Asep, in decile 3."""
    with app.app_context():
        user, _password = create_user("siti", "Siti", password=PASSWORD)
        grant(user, AreaCode.parse(VILLAGE), "village_staff")
        db.session.commit()
    numbers = []
    with at(app, VILLAGE) as area:
        for name, decile in (("Enok Sumarni", 4), ("Asep Saepudin", 3)):
            home = db.session.get_one(Household, (area.id, make_person(area.id, name).household_id))
            home.decile = decile
            numbers.append(home.kk_number or "")
        commit()
    return numbers


def test_from_a_list_of_deciles_to_what_was_keyed(
    app: Flask, kk_numbers: list[str], desk: Page, tmp_path: Path
) -> None:
    file = tmp_path / "desil.csv"
    rows = [*zip(kk_numbers, (6, 3), strict=True), ("3201150101209999", 1)]
    file.write_text("No KK;Desil\n" + "".join(f"'{kk};{decile}\n" for kk, decile in rows), encoding="utf-8")
    sign_in(desk, "siti")
    desk.goto(f"/{VILLAGE}/dtsen/")
    accessible(desk)

    follow(desk, "Impor desil")
    desk.get_by_label("Berkas").set_input_files(file)
    fill(desk, {"Desil per tanggal": "2026-11-01", "Sumber": "SIKS-NG"})
    press(desk, "Unggah dan periksa")
    run_waiting(app)
    desk.reload()
    expect(desk.get_by_text("tidak ada di data warga desa ini")).to_be_visible()
    follow(desk, "Perlu dilihat")
    expect(desk.get_by_text("Keluar batas").first).to_contain_text("Sembako (≤ 4)")
    accessible(desk)
    press(desk, "Terapkan 2 baris")
    run_waiting(app)

    desk.goto(f"/{VILLAGE}/dtsen/deciles")
    heading(desk, "Desil yang berubah")
    expect(desk.locator("table.rows")).to_contain_text("Enok Sumarni")
    expect(desk.locator("table.rows")).not_to_contain_text("Asep Saepudin")
    accessible(desk)

    follow(desk, "Enok Sumarni")
    follow(desk, "Catat isian SIKS-NG")
    choose(desk, "Yang dimasukkan", "Rumah, aset, atau pekerjaan berubah")
    fill(desk, {"Status di SIKS-NG": "Menunggu musdes/muskel"})
    accessible(desk)
    press(desk, "Simpan catatan")
    heading(desk, "Enok Sumarni")
    desk.goto(f"/{VILLAGE}/dtsen/log")
    expect(desk.locator("table.rows")).to_contain_text("Menunggu musdes/muskel")
    accessible(desk)
    desk.goto(f"/{VILLAGE}/dtsen/nik?show=unchecked")
    desk.get_by_label("Enok Sumarni").first.check()
    choose(desk, "Hasil", "Padan")
    accessible(desk)
    press(desk, "Catat hasil")
    expect(desk.get_by_text("1 NIK dicatat.")).to_be_visible()
