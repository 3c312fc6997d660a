"""A finished case is rated at the desk's tablet, which is signed in nowhere; the desk answers the comment."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from core.api import area_today, commit, db, now, offered
from core.testing import VILLAGE, at, make_case, make_person
from plugins.feedback.models import ELEMENTS, FeedbackAnswer
from plugins.feedback.periods import last_ended

from .conftest import OpenBrowser
from .steps import accessible, fill, hire, press, sign_in

pytestmark = pytest.mark.browser
TABLET = (800, 1280)


@pytest.fixture
def finished(app: Flask, areas: None) -> str:
    """The page of a finished case, and five that were rated in the last quarter."""
    hire(app, siti="village_staff")
    with at(app, VILLAGE) as area:
        made = make_case(area, offered(area)["sktm.letter"], make_person(area.id, "Enok Sumarni"), purpose="school")
        made.closed_at = now()
        month = last_ended("quarter", area_today()).first
        for _respondent in range(5):
            marks = {**dict.fromkeys(ELEMENTS, 4), "u3": 2}
            db.session.add(
                FeedbackAnswer(village_id=area.id, month=month, service="sktm.letter", channel="qr", **marks)
            )
        case_id = made.id
        commit()
    return f"/{VILLAGE}/cases/{case_id}"


def test_a_resident_rates_at_the_tablet_and_reads_the_answer(
    finished: str, desk: Page, open_browser: OpenBrowser
) -> None:
    sign_in(desk, "siti")
    desk.goto(finished)
    desk.get_by_role("link", name="Minta penilaian").click()
    accessible(desk)
    press(desk, "Buat kode")
    accessible(desk)
    code = desk.locator(".ticket").inner_text()

    tablet = open_browser(TABLET)
    tablet.goto(f"/{VILLAGE}/feedback/kiosk")
    accessible(tablet)
    fill(tablet, {"Kode penilaian": code})
    press(tablet, "Mulai menilai")
    expect(tablet.get_by_role("radio")).to_have_count(36)
    expect(tablet.get_by_text("Enok")).to_have_count(0)
    for number in range(1, 9):
        tablet.locator(f"#u{number} input[value='3']").check()
    fill(tablet, {"Komentar atau saran": "Antrenya lama, hubungi 0812-0000-0001."})
    press(tablet, "Kirim penilaian")
    expect(tablet.get_by_role("alert")).to_contain_text("kesembilannya dijawab")  # the ninth is missing
    accessible(tablet)
    expect(tablet.get_by_label("Komentar atau saran")).to_have_value("Antrenya lama, hubungi 0812-0000-0001.")
    tablet.locator("#u9 input[value='4']").check()
    press(tablet, "Kirim penilaian")
    expect(tablet.get_by_role("heading", level=1)).to_contain_text("Terima kasih")
    tablet.get_by_role("link", name="Selesai").click()
    expect(tablet.get_by_label("Kode penilaian")).to_have_value("")

    desk.goto(finished)
    expect(desk.get_by_text("Sudah dinilai.")).to_be_visible()
    desk.goto(f"/{VILLAGE}/feedback/comments")
    desk.get_by_role("link", name="Antrenya lama").click()
    fill(desk, {"Jawaban desa": "Meja kedua dibuka hari Jumat."})
    accessible(desk)
    press(desk, "Simpan")
    desk.goto(f"/{VILLAGE}/feedback/actions/new")
    expect(desk.get_by_label("Unsur")).to_have_value("3")
    fill(desk, {"Apa yang dilakukan": "Buka meja kedua", "Siapa yang mengerjakan": "Kasi Pelayanan"})
    fill(desk, {"Sampai kapan": in_a_month()})
    accessible(desk)
    press(desk, "Simpan")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Buka meja kedua")
    desk.goto(f"/{VILLAGE}/feedback/")
    expect(desk.get_by_text("94,44").first).to_be_visible()
    accessible(desk)

    tablet.goto(f"/{VILLAGE}/feedback/results")
    for words in ("94,44", "Buka meja kedua", "“Antrenya lama, hubungi •••.”", "Meja kedua dibuka hari Jumat."):
        expect(tablet.get_by_text(words).first).to_be_visible()
    accessible(tablet)


def in_a_month() -> str:
    return (now().date() + timedelta(days=30)).isoformat()
