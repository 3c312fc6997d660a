"""A morning at the desk: a booking from home, numbers at the door, a board on the wall that survives a lost line."""

import json
import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import text

from core.api import commit
from core.areas.code import AreaCode
from core.database.session import db
from core.database.uuid7 import uuid7
from core.testing import VILLAGE, at
from core.users.accounts import create_user, grant
from plugins.queue.models import QueueCounter, QueueService

from .conftest import DESK, PHONE, OpenBrowser
from .steps import PASSWORD, accessible, sign_in

pytestmark = pytest.mark.browser

HOURS = {str(day): ["00:00-23:59"] for day in range(7)}
QUEUE = f"/{VILLAGE}/queue"


@pytest.fixture
def furnished(app: Flask, areas: None) -> None:
    with app.app_context():
        user, _password = create_user("siti", "Siti", password=PASSWORD)
        grant(user, AreaCode.parse(VILLAGE), "village_staff")
        db.session.commit()
    with at(app, VILLAGE) as area:
        db.session.add(QueueService(village_id=area.id, name="Surat", prefix="A", minutes=10, bring="KTP"))
        db.session.add(QueueCounter(village_id=area.id, name="Loket 1"))
        db.session.execute(
            text("INSERT INTO village_profiles (village_id, id, hours) VALUES (:village, :id, CAST(:hours AS jsonb))"),
            {"village": area.id, "id": uuid7(), "hours": json.dumps(HOURS)},
        )
        commit()


def give_number(desk: Page) -> None:
    desk.get_by_label("A · Surat").check()
    desk.get_by_role("button", name="Beri nomor").click()


def test_the_board_follows_the_desk_and_outlives_a_lost_line(
    furnished: None, desk: Page, open_browser: OpenBrowser
) -> None:
    home = open_browser(PHONE)
    home.goto(f"{QUEUE}/book")
    accessible(home)
    home.locator("#day").select_option(index=1)  # tomorrow: the page comes anew with its hours
    home.wait_for_url("**day=*")
    home.get_by_label("09.00").check()
    home.get_by_label("Nama", exact=True).fill("Bu Yati")
    home.get_by_label(re.compile("^Nomor HP")).fill("0812-3456-7890")
    home.get_by_role("button", name="Buat janji").click()
    expect(home.get_by_role("heading", level=1)).to_have_text("Janji Anda tercatat")
    accessible(home)

    board = open_browser(DESK)
    board.goto(f"{QUEUE}/board")
    expect(board.get_by_text("Belum ada nomor yang dipanggil")).to_be_visible()

    sign_in(desk, "siti")
    desk.goto(f"{QUEUE}/")
    give_number(desk)
    expect(desk.get_by_text("Nomor A-001")).to_be_visible()
    give_number(desk)
    accessible(desk)
    desk.get_by_role("button", name="Panggil berikutnya").click()
    expect(board.locator(".number")).to_have_text("A-001")  # by itself
    expect(board.get_by_text("Loket 1")).to_be_visible()
    expect(board.get_by_text("1 menunggu")).to_be_visible()
    accessible(board)

    board.context.set_offline(True)
    expect(board.get_by_text(re.compile(r"Sambungan terputus sejak \d\d\.\d\d"))).to_be_visible()
    expect(board.locator(".number")).to_have_text("A-001")
    desk.get_by_role("button", name="Selesai A-001").click()
    desk.get_by_role("button", name="Panggil berikutnya").click()
    expect(desk.get_by_role("button", name="Selesai A-002")).to_be_visible()
    board.context.set_offline(False)
    expect(board.locator(".number")).to_have_text("A-002")
    expect(board.get_by_text("Sambungan terputus")).not_to_be_visible()
