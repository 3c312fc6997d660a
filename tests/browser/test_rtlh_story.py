"""A roof for one: from the decree to the keys, with photos taken by the kader on a phone and receipts at the desk."""

import pytest
from flask import Flask
from playwright.sync_api import FilePayload, Page, expect

from core.api import commit
from core.areas.code import AreaCode
from core.database.session import db
from core.testing import VILLAGE, at, make_case, make_person, settle_papers
from core.users.accounts import create_user, grant
from plugins.rtlh.services import repair

from .steps import PASSWORD, accessible, fill, press, sign_in

pytestmark = pytest.mark.browser

PHOTO: FilePayload = {"name": "rumah.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\nsynthetic"}


@pytest.fixture
def decreed(app: Flask, areas: None) -> str:
    """A case of which the decree is there."""
    with app.app_context():
        for username, name, role in (("siti", "Siti", "village_staff"), ("yayah", "Yayah", "field_worker")):
            user, _password = create_user(username, name, password=PASSWORD)
            grant(user, AreaCode.parse(VILLAGE), role)
        db.session.commit()
    with at(app, VILLAGE) as area:
        answers = {"owner": "yes", "land": "yes", "only_house": "yes", "aided": "no", "roof": "unfit"}
        case = make_case(area, repair, make_person(area.id, "Enok Sumarni"), **answers)
        settle_papers(case, repair)
        case.state, case.waiting = "decreed", True
        commit()
        return str(case.id)


def test_from_the_decree_to_the_keys(decreed: str, desk: Page, phone: Page) -> None:
    sign_in(desk, "siti")
    desk.goto(f"/{VILLAGE}/rtlh/")
    accessible(desk)
    desk.get_by_role("link", name="Catat mulai").click()
    fill(
        desk,
        {"Sumber dana": "APBD Kabupaten 2026", "Nomor SK penerima": "648/12/2026", "Dikerjakan oleh": "Pokmas Cibadak"},
    )
    expect(desk.get_by_label("Anggaran bahan (Rp)")).to_have_value("17500000")
    press(desk, "Simpan")

    sign_in(phone, "yayah")
    for percent in (0, 100):
        phone.goto(desk.url)
        phone.get_by_role("link", name="Catat kemajuan").first.click()
        phone.get_by_label(f"{percent} persen", exact=True).check()
        phone.get_by_label("Foto").set_input_files(PHOTO)
        press(phone, "Catat kemajuan")
    expect(phone.locator("#stages")).to_contain_text("100 persen")
    accessible(phone)

    desk.get_by_role("link", name="Catat kuitansi").first.click()
    fill(desk, {"Dibelanjakan untuk": "60 sak semen", "Jumlah (Rp)": "4200000", "Dibayar kepada": "TB Maju"})
    accessible(desk)
    press(desk, "Simpan kuitansi")
    expect(desk.locator("#budget")).to_contain_text("Rp13.300.000")
    desk.get_by_role("link", name="Serah terima").click()
    fill(desk, {"Catatan serah terima": "Dihadiri ketua RT"})
    press(desk, "Catat serah terima")
    expect(desk.get_by_text("Dihadiri ketua RT")).to_be_visible()
    accessible(desk)
    paper = desk.request.get(desk.get_by_role("link", name="Laporan akhir").get_attribute("href") or "")
    assert paper.body().startswith(b"%PDF-")
    desk.goto(f"/{VILLAGE}/cases/{decreed}")
    expect(desk.get_by_text("Rumah diserahterimakan").first).to_be_visible()
