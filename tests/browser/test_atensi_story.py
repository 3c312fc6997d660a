"""A child's case that only the clerk with the right sees; others find it nowhere, until it is opened to one by name."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from core.areas.code import AreaCode
from core.cases.catalogue import find_service
from core.database.session import commit, db
from core.testing import VILLAGE, at, make_case, make_person
from core.users.accounts import create_user, grant

from .conftest import PHONE, OpenBrowser
from .steps import PASSWORD, accessible, choose, fill, follow, heading, press, sign_in

pytestmark = pytest.mark.browser

ANSWERS = {
    "safe": "yes",
    "situation": "Diasuh nenek, perlu perlengkapan sekolah.",
    "supports": ["living", "care"],
    "parents": "relatives",
    "companion": "Nenek",
}
NOWHERE = ("", "cases?which=open", "search?q=Dewi", "referrals", "search?q={ticket}")


@pytest.fixture
def ticket(app: Flask, areas: None) -> str:
    with app.app_context():
        for username, name, role in (("siti", "Siti", "village_staff"), ("euis", "Kader Euis", "field_worker")):
            user, _password = create_user(username, name, password=PASSWORD)
            grant(user, AreaCode.parse(VILLAGE), role)
        db.session.commit()
    with at(app, VILLAGE) as area:
        service = find_service("atensi.child")
        assert service
        made = make_case(area, service, make_person(area.id, "Dewi Lestari"), **ANSWERS).ticket
        commit()
        return made


def test_a_case_is_seen_by_who_may_and_found_nowhere_by_others(
    ticket: str, desk: Page, open_browser: OpenBrowser
) -> None:
    sign_in(desk, "siti")
    desk.goto(f"/{VILLAGE}/atensi/")
    heading(desk, "ATENSI")
    expect(desk.locator("main")).not_to_contain_text("Dewi")
    accessible(desk)
    follow(desk, "D. L.")
    heading(desk, "Dewi Lestari")
    expect(desk.locator("#access")).to_contain_text("Kasus ini hanya terlihat oleh")
    accessible(desk)
    case = desk.url

    euis = open_browser(PHONE)
    sign_in(euis, "euis")
    for path in NOWHERE:
        euis.goto(f"/{VILLAGE}/{path.format(ticket=ticket)}")
        expect(euis.locator(f"main a[href*='{case.rpartition('/')[2]}']")).to_have_count(0)
        expect(euis.locator("main")).not_to_contain_text("D. L.")
    answer = euis.goto(case)
    assert answer
    assert answer.status == 404

    choose(desk, "Buka untuk rekan", "Kader Euis")
    press(desk, "Buka untuk rekan")
    expect(desk.locator("#access")).to_contain_text("dibuka khusus untuknya")
    accessible(desk)

    euis.goto(case)
    heading(euis, "Dewi Lestari")
    accessible(euis)
    follow(euis, "Catat kunjungan")
    fill(euis, {"Keadaan dan tindak lanjut": "Sehat, sekolah lagi."})
    accessible(euis)
    press(euis, "Simpan kunjungan")
    expect(euis.locator("main")).to_contain_text("Sehat, sekolah lagi.")

    desk.reload()
    follow(desk, "Tambah dukungan")
    choose(desk, "Dukungan", "Kebutuhan hidup layak")
    accessible(desk)
    press(desk, "Simpan")
    expect(desk.locator("main")).to_contain_text("Direncanakan")
    desk.goto(f"/{VILLAGE}/atensi/report")
    expect(desk.locator("main")).to_contain_text("kurang dari 5")
    accessible(desk)
