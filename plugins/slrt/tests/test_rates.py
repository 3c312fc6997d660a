"""Answers and what is solved in the village: counted each night, added up, and no rate of a few."""

from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

from click.testing import CliRunner
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import event

from core.api import db, report_of
from core.testing import SIBLING, VILLAGE, Clock, SignInAs, at
from plugins.slrt.commands import rates, sheet
from plugins.slrt.counting import count_village, months_back

from .conftest import DISTRICT, KECAMATAN, ROOT, House

HOME = f"/{VILLAGE}/"


def count(app: Flask, village: str = VILLAGE) -> None:
    with at(app, village) as area:
        count_village(area)


def close(house: House, cases: list, village: str = VILLAGE) -> None:
    """At a moment that is November already where the village is, and October in UTC."""
    moment = datetime(2026, 10, 31, 18, tzinfo=UTC)
    for case in cases:
        house.write("UPDATE cases SET closed_at = :moment WHERE id = :id", village, id=case, moment=moment)


def test_a_month_is_the_villages_own_and_a_case_is_local_when_nothing_was_sent(house: House, clock: Clock) -> None:
    cases = [house.case(name=f"Warga {n}", nik=f"32011555079{n:05d}") for n in range(6)]
    referred = house.refer(cases[0])
    close(house, cases)
    house.write(
        "UPDATE referrals SET sent_at = '2026-11-01 02:00+00', back_at = '2026-11-05 01:00+00', state = 'done',"
        " decision = 'done' WHERE id = :id",
        id=referred,
    )
    for _twice in range(2):
        count(house.app)
    row = house.ask("SELECT * FROM slrt_months WHERE month = '2026-11-01'")
    assert (row.sector, row.opened, row.closed, row.local) == ("socio_economic", 6, 6, 5)
    assert (row.sent, row.answered, row.answer_days, row.overdue) == (1, 1, 3, 0)
    assert len(house.rows("SELECT 1 FROM slrt_months")) == 1
    page = house.admin.get(f"{ROOT}/rates?by=villages").text
    assert "83,3 %" in page
    assert "Dihitung" in page
    with at(house.app, VILLAGE) as area:
        (section,) = [each for each in report_of(area, date(2026, 11, 1)) if each.name == "slrt"]
        assert {figure.key: figure.shown for figure in section.figures}["slrt.local"] == "83,3 %"
    home = house.desk.get(HOME).text
    assert "Rujukan ke atas" in home
    assert "Dijawab, 30 hari" in home
    assert "Selesai di desa, 12 bulan" in house.officer.get(f"/{DISTRICT}/").text


def test_a_rate_of_a_few_is_not_shown_and_counts_are(house: House, sign_in: SignInAs, clock: Clock) -> None:
    mine = [house.case(name=f"Warga {n}", nik=f"32011555079{n:05d}") for n in range(4)]
    close(house, mine)
    count(house.app)
    for by in ("kecamatan", "villages", "sectors", "months"):
        page = " ".join(house.admin.get(f"{ROOT}/rates?by={by}").text.split())
        assert "100,0 %" not in page
        assert "<span>–<small>4</small></span>" in page
    theirs = [house.case(SIBLING, f"Tetangga {n}", f"32011555080{n:05d}") for n in range(2)]
    close(house, theirs, SIBLING)
    count(house.app, SIBLING)
    assert "100,0 %" in house.admin.get(f"{ROOT}/rates?by=kecamatan").text
    assert "100,0 %" not in house.admin.get(f"{ROOT}/rates?by=villages").text.partition("<table")[2]
    assert "Belum ada angka" in house.admin.get(f"{ROOT}/rates?month=2026-03").text
    assert house.admin.get(f"{ROOT}/rates?month=junk&by=junk").status_code == 200
    tksk = sign_in("kecamatan_supervisor", KECAMATAN)
    assert "Cihideung Ilir" in tksk.get(f"/{KECAMATAN}/slrt/rates").text
    book = CalamineWorkbook.from_filelike(BytesIO(tksk.get(f"/{KECAMATAN}/slrt/rates.xlsx").data))
    lines = book.get_sheet_by_name("Desa").to_python()
    assert [line[4:6] for line in lines[1:4]] == [[4.0, ""], [2.0, ""], [6.0, 100.0]]


def test_the_terminal_tells_and_writes_the_same(house: House, tmp_path: Path, clock: Clock) -> None:
    close(house, [house.case(name=f"Warga {n}", nik=f"32011555079{n:05d}") for n in range(5)])
    runner, target = CliRunner(), tmp_path / "angka.xlsx"
    with house.app.app_context():
        assert "Belum dihitung" in runner.invoke(rates, [DISTRICT]).output
    count(house.app)
    with house.app.app_context():
        output = runner.invoke(rates, [DISTRICT, "--month", "2026-11"]).output
        assert f"{VILLAGE}  5 dari 5 kasus selesai di desa (100,0 %)" in output
        assert "0 desa" in runner.invoke(rates, [DISTRICT, "--month", "2026-09"]).output
        assert runner.invoke(sheet, [VILLAGE, str(target)]).exit_code == 0
    assert CalamineWorkbook.from_path(str(target)).sheet_names == ["Bulan", "Bidang", "Kecamatan", "Desa"]


def test_months_go_back_over_the_turn_of_a_year() -> None:
    assert months_back(date(2026, 3, 31), 1) == date(2026, 3, 1)
    assert months_back(date(2026, 3, 31), 4) == date(2025, 12, 1)
    assert months_back(date(2026, 1, 1), 13) == date(2025, 1, 1)


def test_pages_ask_as_often_for_many_villages_as_for_one(house: House, clock: Clock) -> None:
    def asked(address: str) -> int:
        found: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
            found.append(statement)

        house.officer.get(address)
        with house.app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            assert house.officer.get(address).status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(found)

    pages = (f"{ROOT}/", f"{ROOT}/rates?by=villages", f"{ROOT}/deliveries")
    sent = house.sent()
    count(house.app)
    before = [asked(page) for page in pages]
    close(house, [house.case(SIBLING, f"Tetangga {n}", f"32011555080{n:05d}") for n in range(3)], SIBLING)
    count(house.app, SIBLING)
    house.copy(sent, 20)
    assert [asked(page) for page in pages] == before
