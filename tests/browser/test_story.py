"""The story of the first release: from the sign-in to a closed case, and a stranger who checks the letter.

Staff signs in, imports residents, opens an SKTM case, uploads a document, prints the letter; the kepala desa approves
and signs; anyone verifies the QR code; the case is closed.
"""

import os
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from pypdf import PdfReader

import core.people
from core.areas.code import AreaCode
from core.config import ROOT
from core.database.session import db
from core.jobs import run_waiting
from core.testing import VILLAGE
from core.users.accounts import create_user, grant

from .conftest import PHONE, OpenBrowser
from .steps import PASSWORD, accessible, show, sign_in, take_step, upload

pytestmark = pytest.mark.browser

SAMPLE = Path(core.people.__file__).parent / "sample" / "penduduk-contoh.xlsx"


@pytest.fixture
def accounts(app: Flask, areas: None) -> None:
    """A clerk and a kepala desa, with passwords that need not be changed."""
    with app.app_context():
        for username, name, role in (("siti", "Siti", "village_staff"), ("kades", "Pak Kades", "village_head")):
            user, _password = create_user(username, name, password=PASSWORD)
            grant(user, AreaCode.parse(VILLAGE), role)
        db.session.commit()


@pytest.fixture
def keep() -> Callable[[Page, str], None]:
    """Keep a picture for the README when WRITE_SCREENSHOTS=1 asks for it."""

    def shoot(page: Page, name: str) -> None:
        if os.environ.get("WRITE_SCREENSHOTS") == "1":
            page.evaluate("window.scrollTo(0, 0)")
            page.screenshot(path=ROOT / "docs" / "images" / f"{name}.png")

    return shoot


def test_from_the_sign_in_to_a_closed_case(
    app: Flask, accounts: None, desk: Page, open_browser: OpenBrowser, keep: Callable[[Page, str], None]
) -> None:
    sign_in(desk, "siti")
    accessible(desk)
    import_residents(app, desk)
    resident = open_case(desk)
    upload_papers(desk)
    keep(desk, "case")
    accessible(desk)
    take_step(desk, "Ajukan ke kepala desa")

    head = open_browser(PHONE)
    sign_in(head, "kades")
    head.goto(desk.url)
    accessible(head)
    take_step(head, "Setujui")

    desk.reload()
    desk.get_by_role("button", name="Buat surat").click()
    letter = desk.locator("#letters")
    expect(letter).to_contain_text("menunggu tanda tangan kepala desa")
    pdf = desk.request.get(letter.get_by_role("link", name="Cetak").get_attribute("href") or "")
    assert pdf.ok
    assert pdf.body().startswith(b"%PDF-")

    head.reload()
    head.get_by_role("button", name="Saya tanda tangani").click()
    expect(head.locator("#letters")).to_contain_text("ditandatangani Pak Kades")

    verify(open_browser(PHONE), verify_address(pdf.body()), resident)
    desk.reload()
    take_step(desk, "Serahkan surat")
    expect(desk.get_by_text("ditutup")).to_be_visible()
    accessible(desk)
    desk.goto(f"/{VILLAGE}/")
    accessible(desk)
    desk.goto(f"/{VILLAGE}/people")
    keep(desk, "people")
    accessible(desk)


def import_residents(app: Flask, page: Page) -> None:
    page.get_by_role("navigation", name="Navigasi utama").first.get_by_role("link", name="Impor").click()
    page.get_by_role("link", name="Unggah berkas").first.click()
    page.get_by_label("Berkas", exact=True).set_input_files(SAMPLE)
    page.get_by_role("button", name="Unggah dan periksa").click()
    run_waiting(app)
    page.reload()
    expect(page.get_by_text("Tidak ada kesalahan.")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name=re.compile("^Terapkan")).click()
    run_waiting(app)
    page.reload()
    expect(page.get_by_role("link", name="Urungkan impor ini")).to_be_visible()


def open_case(page: Page) -> str:
    """Find a resident by a piece of the name as one types it; answers with the name."""
    page.goto(f"/{VILLAGE}/")
    page.get_by_role("link", name="Kasus baru").first.click()
    page.get_by_label("Nama, NIK, atau No KK").press_sequentially("a", delay=20)
    first = page.locator("#found").get_by_role("link", name=re.compile("^Pilih")).first
    expect(first).to_be_visible()
    name = page.locator("#found b").first.inner_text()
    first.click()
    accessible(page)
    page.locator("a[href*='service=sktm.letter']").first.click()
    page.get_by_label("Ditujukan kepada").fill("SDN Cibadak 01")
    page.get_by_label("Keadaan keluarga").fill("Buruh harian, tiga anak sekolah.")
    page.get_by_label("Saksi pertama").fill("Ujang")
    page.get_by_label("Saksi kedua").fill("Oom")
    page.get_by_label("Warga sudah diberi tahu").check()
    page.get_by_role("button", name="Buka kasus").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    return name


def upload_papers(page: Page) -> None:
    take_step(page, "Mulai penanganan")
    upload(page, "Surat pengantar RT/RW")
    for paper in ("KTP", "Kartu Keluarga (KK)"):
        show(page, paper)
    expect(page.locator("#papers")).to_contain_text("3 dari 4")


def verify_address(pdf: bytes) -> str:
    """Where the QR code leads, as it is also printed beside it."""
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).replace("\n", "")
    found = re.search(rf"/{re.escape(VILLAGE)}/verify/[\w-]{{32}}", text)
    assert found, text
    return found[0]


def verify(stranger: Page, address: str, resident: str) -> None:
    """Anyone: a browser that never signed in."""
    stranger.goto(address)
    expect(stranger.get_by_text("Surat ini berlaku.")).to_be_visible()
    expect(stranger.get_by_text(resident)).to_be_visible()
    accessible(stranger)
    stranger.goto(address[:-4] + "AAAA")
    expect(stranger.get_by_text("tidak ada di register")).to_be_visible()


def test_a_resident_finds_the_village_without_signing_in(phone: Page) -> None:
    page = phone
    page.goto("/sign-in")
    page.get_by_role("link", name="lihat layanan, jam buka, dan kontak desa").click()
    page.get_by_role("link", name="Kabupaten Bogor").click()
    accessible(page)
    page.get_by_role("link", name="Desa Cibadak").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Layanan Desa Cibadak")
    accessible(page)
    page.get_by_role("link", name="English").click()
    expect(heading).to_have_text("Services of Desa Cibadak")  # although the other one may be kept for minutes
    page.locator("h2 a").first.click()
    accessible(page)
