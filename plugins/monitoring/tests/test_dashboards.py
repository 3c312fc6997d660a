"""Dashboards: a village's own, and those of areas around villages from kept figures; rights, hiding, queries."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import event, text

from core.api import AidReceived, commit, db
from core.testing import (
    FOREIGN,
    SIBLING,
    VILLAGE,
    Clock,
    SignInAs,
    at,
    make_person,
    make_user,
    provision,
    run_waiting,
    switch_off,
)
from core.testing.reading import tagged
from plugins.monitoring.commands import roll_up as roll_up_command
from plugins.monitoring.models import MonitoringMonth
from plugins.monitoring.reading import wide_month
from plugins.monitoring.roll_up import aid_of_month, months_to_make, roll_up

from .conftest import add_case, fill_october, moment

OCTOBER = date(2026, 10, 1)


def rolled_up(app: Flask, *codes: str) -> None:
    for code in codes:
        with at(app, code) as area:
            roll_up(area)


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    seen: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_the_village_sees_its_month_and_the_head_who_has_what(app: Flask, october: None, sign_in: SignInAs) -> None:
    with at(app, VILLAGE) as area:
        clerk = make_user("Bu Siti")
        add_case(area, make_person(area.id), "2026-11-02", assigned_to=clerk.id, due_on=date(2026, 11, 5))
        commit()
    staff, head = sign_in("village_staff"), sign_in("village_head")
    page = tagged(staff.get(f"/{VILLAGE}/monitoring/?month=2026-10").text)
    assert "80,0 % selesai di desa, dari 10 yang selesai" in page
    assert "12 diterima" in page
    assert "Median 3 hari" in page
    assert "Bu Siti" not in page
    mine = tagged(head.get(f"/{VILLAGE}/monitoring/").text)
    assert "Bu Siti 1 terbuka · 1 terlambat" in mine
    assert "Belum ada petugas 2 terbuka" in mine


def test_months_are_made_at_night_and_settled_ones_stay(app: Flask, october: None, clock: Clock) -> None:
    with at(app, VILLAGE) as area:
        add_case(area, make_person(area.id), "2026-08-20", "2026-08-21")
        commit()
        expected = [date(2026, month, 1) for month in (8, 9, 10, 11)]
        assert months_to_make(area) == expected
        roll_up(area)
        assert months_to_make(area) == expected[2:]
        add_case(area, make_person(area.id), "2026-08-22")
        commit()
        roll_up(area)
        rows = db.session.query(MonitoringMonth).order_by(MonitoringMonth.month).all()
        assert [row.month for row in rows] == expected
        assert rows[0].figures["monitoring.received"] == [1, None]  # as it was told
        assert rows[2].figures["monitoring.local"] == [8, 10]


def test_a_district_adds_up_its_villages(app: Flask, october: None, sign_in: SignInAs) -> None:
    fill_october(app, SIBLING, received=4, solved=3, referred=3)
    fill_october(app, FOREIGN, received=40, solved=40, referred=0)
    rolled_up(app, VILLAGE, SIBLING, FOREIGN)
    officer, tksk = sign_in("district_officer", "32.01"), sign_in("kecamatan_supervisor", "32.01.15")
    page = tagged(officer.get("/32.01/monitoring/?month=2026-10").text)
    assert "61,5 % selesai di desa, dari 13 yang selesai" in page  # 8 of 13
    assert "16 diterima" in page
    assert "Dari 2 desa, dihitung antara 12 Nov 2026" in page
    assert "Median 2–3 hari" in page
    villages = tagged(officer.get("/32.01/monitoring/?month=2026-10&by=village&sort=local").text)
    assert re.search(rf"Desa Cibadak {VILLAGE} 12 10 80,0 % 2 .*Desa Cihideung Ilir {SIBLING} 4 3 – 3", villages)
    assert "Siti Aminah" not in villages
    kecamatan = tksk.get("/32.01.15/monitoring/?month=2026-10").text
    assert f'href="/{VILLAGE}/monitoring/?month=2026-10"' in kecamatan
    assert 'href="/32.01/monitoring/' not in kecamatan  # not theirs
    assert 'href="/32.01/monitoring/' in officer.get("/32.01.15/monitoring/?month=2026-10").text
    assert tksk.get("/32.01/monitoring/").status_code == 404
    assert officer.get("/32.02/monitoring/").status_code == 404
    assert sign_in("village_staff").get("/32.01.15/monitoring/").status_code == 404


def test_a_village_that_is_off_is_read_but_not_linked(app: Flask, october: None, sign_in: SignInAs) -> None:
    rolled_up(app, VILLAGE, SIBLING)
    switch_off(app, "monitoring")
    officer = sign_in("district_officer", "32.01")
    assert officer.get(f"/{VILLAGE}/monitoring/").status_code == 404
    page = officer.get("/32.01.15/monitoring/?month=2026-10&by=village").text
    assert "Desa Cibadak" in page
    assert f'href="/{VILLAGE}/monitoring/' not in page


def test_figures_are_made_anew_when_the_district_asks(app: Flask, october: None, sign_in: SignInAs) -> None:
    officer, auditor = sign_in("district_officer", "32.01"), sign_in("auditor", "32.01")
    assert "2 desa belum dihitung" not in officer.get("/32.01/monitoring/?month=2026-10").text
    assert auditor.post("/32.01/monitoring/make").status_code == 403
    answer = officer.post("/32.01/monitoring/make", follow_redirects=True)
    assert "Angka 2 desa sedang dihitung ulang" in answer.text
    run_waiting(app)
    assert "12 diterima" in tagged(officer.get("/32.01/monitoring/?month=2026-10").text)


def test_the_terminal_makes_them_too(app: Flask, october: None) -> None:
    with app.app_context():
        told = CliRunner().invoke(roll_up_command, ["32.01.15"])
    assert told.output.strip() == "2 desa dihitung", told.output


MORE = tuple((f"32.01.15.20{number}", f"Sukamaju {number}", "desa", f"S{number}") for number in range(50, 80))


@pytest.mark.usefixtures("clock")
def test_a_wide_page_costs_the_same_with_three_and_thirty_villages(app: Flask, areas: None, sign_in: SignInAs) -> None:
    officer = sign_in("district_officer", "32.01")
    with app.app_context():
        provision(MORE)
    waited = [["queue.wait", "Tunggu", "minutes"]]
    sections = [{"name": "queue", "title": "Antrean", "failed": False, "figures": waited}]
    figures = {"monitoring.received": [7, None], "queue.wait": [50, 10]}
    month = {"figures": figures, "sections": sections, "made_at": moment("2026-11-12")}
    detail = {"groups": {"sector": {"health": [7, 0, 0, 0]}}, "classes": [0] * 7, "median": None, "most": 2, "aid": {}}
    paths = ("/32.01/monitoring/?month=2026-10&by=village", "/32.01/monitoring/reports?month=2026-10")
    costs = []
    for codes in (MORE[:3], MORE[3:]):
        for code, *_rest in codes:
            with at(app, code) as area:
                db.session.add(MonitoringMonth(village_id=area.id, month=OCTOBER, detail=detail, **month))
                commit()
        for path in paths:
            officer.get(path)
        with statements(app) as seen:
            pages = [officer.get(path) for path in paths]
        assert all(page.status_code == 200 for page in pages)
        assert "5,0 menit menunggu di antrean" in tagged(pages[0].text)
        costs.append(len(seen))
    assert costs[0] == costs[1], costs
    with at(app, "32.01") as district:
        found = wide_month(district, OCTOBER)
        assert found.total.figures["monitoring.received"] == [7 * 30, None]
        assert found.total.groups["sector"]["health"][0] == 7 * 30
    second = re.search(r'href="(/32\.01/monitoring/\?[^"]*after=[^"]*)"', pages[0].text)
    assert second
    assert "Sukamaju" in officer.get(second[1].replace("&amp;", "&")).text


def test_the_row_is_one_a_month(app: Flask, october: None, tmp_path: Path) -> None:
    rolled_up(app, VILLAGE, VILLAGE)
    with at(app, VILLAGE):
        number = db.session.scalar(text("SELECT count(*) FROM monitoring_months WHERE month = '2026-10-01'"))
    assert number == 1


def aid(programme: str, **values: Any) -> AidReceived:
    defaults = {"title": programme.upper(), "state": "paid", "source": "daftar", "permission": "people.read"}
    return AidReceived(programme=programme, **{"person_id": uuid4(), **defaults, **values})


def test_aid_is_of_the_month_in_which_somebody_gets_it() -> None:
    one = uuid4()
    known = [
        aid("pkh", person_id=one, amount=200, first_day=date(2026, 10, 1)),
        aid("pkh", person_id=one, amount=300, first_day=date(2026, 10, 31)),  # the same resident
        aid("pkh", amount=500, first_day=date(2026, 9, 30)),  # still gets it, the money came before
        aid("pkh", amount=900, first_day=date(2026, 11, 1)),  # later
        aid("pkh", last_day=date(2026, 9, 30)),  # over
        aid("pkh", state="expected", amount=1000),  # an estimate is no aid
        aid("pbi_jk", state="decided"),
    ]
    assert aid_of_month(known, OCTOBER) == {"pbi_jk": ["PBI_JK", 1, 0], "pkh": ["PKH", 2, 500]}
