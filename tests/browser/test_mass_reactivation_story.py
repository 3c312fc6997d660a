"""Many members are switched off at once: the village imports the list, calls, opens a case, and writes one letter."""

import re
from io import BytesIO

import pytest
import xlsxwriter
from flask import Flask
from playwright.sync_api import FilePayload, Page, expect
from pypdf import PdfReader

from core.areas.code import AreaCode
from core.database.session import commit, db
from core.jobs import run_waiting
from core.testing import VILLAGE, at, make_person
from core.users.accounts import create_user, grant

from .conftest import PHONE, OpenBrowser
from .steps import PASSWORD, accessible, fill, follow, heading, press, sign_in, tick

pytestmark = pytest.mark.browser

PATIENT, NEIGHBOUR, OTHER = "Enok Sumarni", "Asep Hidayat", "Dede Kurnia"
HEADERS = ("No", "NOMOR PENDUDUK", "NAMA PESERTA", "NOKA", "TMT NONAKTIF")


@pytest.fixture
def members(app: Flask, areas: None) -> FilePayload:
    """Three residents, a clerk and a kader; the file that names them, and a stranger."""
    with app.app_context():
        for username, name, role in (("siti", "Siti", "village_staff"), ("bu.kader", "Bu Kader", "field_worker")):
            user, _password = create_user(username, name, password=PASSWORD)
            grant(user, AreaCode.parse(VILLAGE), role)
        db.session.commit()
    with at(app, VILLAGE) as area:
        people = [make_person(area.id, name, phone="0812 0000 0042") for name in (PATIENT, NEIGHBOUR, OTHER)]
        rows = [(str(n), p.nik or "", p.name.upper(), f"000123456789{n}", "01-02-2026") for n, p in enumerate(people)]
        commit()
    rows[2] = (*rows[2][:2], "SITI ORANG LAIN", *rows[2][3:])
    rows.append(("4", "3201150101800001", "WARGA TIDAK TERDATA", "", ""))
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate([HEADERS, *rows]):
            for place, text in enumerate(row):
                sheet.write_string(number, place, text)
    return {
        "name": "nonaktif-februari.xlsx",
        "mimeType": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "buffer": target.getvalue(),
    }


def test_from_a_list_of_the_switched_off_to_one_letter(
    app: Flask, desk: Page, open_browser: OpenBrowser, members: FilePayload
) -> None:
    sign_in(desk, "siti")
    follow(desk, "PBI nonaktif")
    bring_in(app, desk, members)

    kader = open_browser(PHONE)
    sign_in(kader, "bu.kader")
    kader.goto(desk.url)
    accessible(kader)
    record_call(kader, NEIGHBOUR, "Ingin diaktifkan lagi")
    record_call(desk, PATIENT, "Sedang dirawat atau gawat darurat")

    heading(desk, f"Reaktivasi PBI-JK untuk {PATIENT}")
    expect(desk.get_by_label("Nomor kartu BPJS")).to_have_value("0001234567890")
    expect(desk.get_by_label("Keperluan berobat")).to_have_value("inpatient")
    open_case(desk)
    expect(desk.get_by_text("mendesak").first).to_be_visible()

    desk.goto(f"/{VILLAGE}/pbi_jk/?show=wants")
    follow(desk, f"Buka kasus {NEIGHBOUR.upper()}")
    desk.get_by_label("Keperluan berobat").select_option("routine")
    open_case(desk)
    write_letter(desk)


def bring_in(app: Flask, page: Page, members: FilePayload) -> None:
    follow(page, "Unggah berkas")
    page.get_by_label("Berkas", exact=True).set_input_files(members)
    press(page, "Unggah dan periksa")
    run_waiting(app)
    follow(page, "Pilih kolom")
    accessible(page)
    page.get_by_label("NIK", exact=True).select_option("NOMOR PENDUDUK")
    press(page, "Periksa dengan kolom ini")
    run_waiting(app)
    expect(page.get_by_text(f"Di data warga NIK ini milik {OTHER}.")).to_be_visible()
    accessible(page)
    press(page, "Terapkan 4 baris")
    run_waiting(app)
    expect(page.get_by_role("link", name="Urungkan impor ini")).to_be_visible()
    page.goto(f"/{VILLAGE}/pbi_jk/")


def record_call(page: Page, name: str, result: str) -> None:
    page.goto(f"/{VILLAGE}/pbi_jk/")
    follow(page, name.upper())
    tick(page, result)
    press(page, "Simpan hasil")
    expect(page.get_by_role("status").first).to_contain_text("Hasil panggilan dicatat")


def open_case(page: Page) -> None:
    fill(page, {"Rumah sakit, puskesmas, atau klinik": "RSUD Leuwiliang"})
    tick(page, "Warga sudah diberi tahu")
    press(page, "Buka kasus")
    expect(page.get_by_role("status").first).to_contain_text("dibuka")


def write_letter(page: Page) -> None:
    page.goto(f"/{VILLAGE}/pbi_jk/?show=cases")
    accessible(page)
    for name in (PATIENT, NEIGHBOUR):
        page.get_by_label(f"Pilih {name.upper()}").check()
    press(page, "Surat kolektif ke Dinas Sosial")
    expect(page.get_by_role("status").first).to_contain_text("siap dicetak")
    accessible(page)
    pdf = page.request.get(page.get_by_role("link", name=re.compile("^Cetak")).first.get_attribute("href") or "")
    annex = PdfReader(BytesIO(pdf.body())).pages[1].extract_text()
    assert PATIENT in annex
    assert NEIGHBOUR in annex
