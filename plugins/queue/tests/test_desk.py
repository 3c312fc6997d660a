"""The clerk's day: numbers, calls, bookings that arrive, papers, and the end of the day."""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.api import commit, offered, report_of
from core.testing import SIBLING, VILLAGE, at, make_case, make_person, switch_off
from core.testing.examples import example_answers
from plugins.queue.commands import day as day_command
from plugins.queue.commands import report as report_command

from .conftest import COMPLAINTS, COUNTER, LETTERS, DeskSite, url


def give(site: DeskSite, **values: Any) -> TestResponse:
    data = {"draft": str(uuid4()), "service": str(LETTERS), "priority": "", "whom": "", **values}
    return site.clerk.post(url("arrive"), data=data)


def do(site: DeskSite, number: int, deed: str, client: FlaskClient | None = None, **data: Any) -> TestResponse:
    ticket_id, version = site.row("SELECT id, version FROM queue_tickets WHERE number = :number", number=number)
    values = {"version": version, "counter": str(COUNTER), **data}
    return (client or site.clerk).post(url("tickets", ticket_id, deed), data=values)


def states(site: DeskSite) -> list[tuple[int, str]]:
    return [tuple(row) for row in site.rows("SELECT number, state FROM queue_tickets ORDER BY number")]


def case_of(app: Flask, name: str = "Bu Imas") -> tuple[str, UUID]:
    """An open case with papers that are missing: its ticket and id."""
    with at(app, VILLAGE) as area:
        service = offered(area)["sktm.letter"]
        case = make_case(area, service, make_person(area.id, name), **example_answers(service.form))
        told = case.ticket, case.id
        commit()
    return told


def test_a_number_is_called_served_and_ended(site: DeskSite) -> None:
    draft = str(uuid4())
    assert give(site, draft=draft).status_code == give(site, draft=draft).status_code == 302
    give(site, priority="disabled")
    page = site.clerk.get(url()).text
    assert page.index("A-002") < page.index("A-001")
    site.clerk.post(url("next"), data={"counter": str(COUNTER)})
    assert states(site) == [(1, "waiting"), (2, "called")]
    stale = site.row("SELECT version FROM queue_tickets WHERE number = 2")[0] - 1
    late = do(site, 2, "finish", version=stale)
    assert late.status_code == 409
    assert "Orang lain baru saja mengubah nomor ini" in late.text
    assert do(site, 1, "start").status_code == 422
    for deed in ("skip", "call", "start", "finish"):
        assert do(site, 2, deed).status_code == 302, deed
    assert states(site) == [(1, "waiting"), (2, "done")]
    do(site, 2, "undo")
    assert states(site) == [(1, "waiting"), (2, "serving")]
    do(site, 1, "leave")
    assert states(site) == [(1, "left"), (2, "serving")]


def test_a_ticket_goes_to_another_queue_and_to_a_case(site: DeskSite) -> None:
    ticket, case_id = case_of(site.app)
    give(site)
    do(site, 1, "transfer", service=str(COMPLAINTS), ahead="y")
    assert site.row("SELECT waits_for_id, rank, number FROM queue_tickets") == (COMPLAINTS, 0, 1)
    assert do(site, 1, "case", ticket="TIDAK-ADA").status_code == 422
    assert do(site, 1, "case", ticket=ticket.lower()).status_code == 302
    ticket_id, linked = site.row("SELECT id, case_id FROM queue_tickets")
    assert linked == case_id
    page = site.clerk.get(url("tickets", ticket_id)).text
    assert ticket in page
    assert "A-001" in site.clerk.get(f"/{VILLAGE}/cases/{case_id}").text
    assert "A-001" in site.clerk.get(f"/{VILLAGE}/search?q=a-1").text
    assert "A-001" in site.clerk.get(url("tickets", ticket_id, "slip")).text
    assert site.clerk.get(f"/{SIBLING}/queue/tickets/{ticket_id}").status_code == 404


def test_what_is_wrong_is_said_and_nothing_is_lost(site: DeskSite) -> None:
    for values, message in (
        ({"service": ""}, "Pilih layanannya"),
        ({"service": str(uuid4())}, "Layanan"),
        ({"whom": "3201155507900009"}, "Tidak ada warga dengan NIK itu"),
        ({"whom": "3201153502900001"}, "tanggal lahir"),
        ({"whom": "3201155507900000"}, "nomor urut mulai dari 0001"),
        ({"whom": "XYZ-26-9999"}, "Tidak ada kasus dengan tiket itu"),
        ({"person": str(uuid4())}, "Warga itu tidak ada di desa ini"),
        ({"draft": "bukan uuid"}, "Formulir ini rusak"),
    ):
        answer = give(site, priority="pregnant", **values)
        assert answer.status_code == 422, values
        assert message in answer.text, values
        assert 'value="pregnant" selected' in answer.text or 'selected value="pregnant"' in answer.text
    assert site.row("SELECT count(*) FROM queue_tickets")[0] == 0
    assert site.kader.post(url("next")).status_code == 403


def test_who_finds_the_day_full_is_counted(site: DeskSite) -> None:
    page = site.clerk.get(url("setup", "services", LETTERS)).text
    assert "Nomor paling banyak sehari" in page
    form = {"name": "Surat", "prefix": "A", "minutes": 10, "position": 0, "day_limit": 1, "slot_minutes": 60}
    form |= {"slot_capacity": 2, "walk_in_percent": 50, "bring": "", "active": "y", "accepts_bookings": "y"}
    assert site.clerk.post(url("setup", "services", LETTERS), data={**form, "version": 1}).status_code == 302
    stale = site.clerk.post(url("setup", "services", LETTERS), data={**form, "version": 1, "minutes": 33})
    assert stale.status_code == 409
    assert "33" in stale.text
    taken = site.clerk.post(url("setup", "services", LETTERS), data={**form, "version": 2, "prefix": "B"})
    assert taken.status_code == 422
    give(site)
    full = give(site)
    assert full.status_code == 409
    assert "sudah habis" in full.text
    site.clerk.post(url("turned-away"), data={"people": 3, "service": "", "reason": "closing"})
    assert site.rows("SELECT reason, people FROM queue_turned_away ORDER BY people") == [("full", 1), ("closing", 3)]


def test_the_end_of_the_day_and_the_month_in_figures(site: DeskSite, tmp_path: Path) -> None:
    for _ in range(3):
        give(site)
    site.clock.move(minutes=15)
    site.clerk.post(url("next"))
    site.clock.move(minutes=5)
    do(site, 1, "finish")
    assert "3" in site.clerk.get(url("close")).text
    site.clerk.post(url("close"))
    site.clerk.post(url("turned-away"), data={"people": 9, "service": str(LETTERS), "reason": "closing"})
    with at(site.app, VILLAGE) as area:
        [section] = [each for each in report_of(area, date(2026, 11, 1)) if each.name == "queue"]
    figures = {figure.key: (round(figure.amount, 1), figure.of) for figure in section.figures}
    assert figures["queue.wait"] == (15, 1)
    assert figures["queue.tickets"] == (3, None)
    assert figures["queue.turned_away"] == (11, None)
    [point] = section.points
    assert "11 warga" in str(point.text)
    page = site.clerk.get(url("report") + "?month=2026-11").text
    assert "Kamis, 12 November 2026" in page
    overseer = site.sign_in("district_officer", "32.01")
    assert "3 di 1 desa" in overseer.get("/32.01/").text
    assert overseer.get(url("report")).status_code == 200
    assert overseer.get(url()).status_code == 403
    sheet = site.clerk.get(url("day.xlsx") + "?day=2026-11-12")
    assert sheet.data[:2] == b"PK"
    with site.app.app_context():
        told = CliRunner().invoke(report_command, [VILLAGE, "--month", "2026-11"])
        kept = CliRunner().invoke(day_command, [VILLAGE, "2026-11-12", str(tmp_path / "hari.xlsx")])
    assert "12-11-2026  3 nomor, 1 dilayani, menunggu 15 menit, 11 belum terlayani" in told.output
    assert (kept.exit_code, (tmp_path / "hari.xlsx").read_bytes()[:2]) == (0, b"PK")


def test_the_live_part_answers_nothing_when_nothing_has_changed(site: DeskSite) -> None:
    give(site)
    for client, path in ((site.clerk, "live"), (site.stranger, "board/live")):
        first = client.get(url(path))
        tag = first.headers["ETag"]
        assert client.get(url(path), headers={"If-None-Match": tag}).status_code == 304
        give(site)
        changed = client.get(url(path), headers={"If-None-Match": tag})
        assert changed.status_code == 200
        assert changed.headers["ETag"] != tag


def test_the_board_shows_numbers_and_never_names(site: DeskSite) -> None:
    with at(site.app, VILLAGE) as area:
        make_person(area.id, "Mak Icih Rahasia")
        commit()
    person = site.row("SELECT id FROM persons")[0]
    assert "Untuk Mak Icih" in site.clerk.get(url() + f"?person={person}").text
    give(site, person=str(person))
    site.clerk.post(url("next"))
    assert "A-001" in site.clerk.get(f"/{VILLAGE}/people/{person}").text
    page = site.stranger.get(url("board"))
    assert "A-001" in page.text
    assert "Loket 1" in page.text
    assert "Icih" not in page.text
    assert "Icih" in site.clerk.get(url()).text
    address = f"/{VILLAGE}/settings/queue"
    fingerprint = site.clerk.get(address).text.split('name="fingerprint" value="')[1].split('"')[0]
    key = {"board_key": "kunci-papan-rahasia", "fingerprint": fingerprint}
    numbers = {"days_ahead": 14, "no_show_minutes": 60, "kept_days": 30, "many_turned_away": 10}
    assert site.clerk.post(address, data={**numbers, **key}).status_code == 302
    assert site.stranger.get(url("board")).status_code == 404
    assert site.stranger.get(url("board/live") + "?key=salah").status_code == 404
    assert site.stranger.get(url("board") + "?key=kunci-papan-rahasia").status_code == 200
    assert "key=kunci-papan-rahasia" in site.clerk.get(url()).text


def test_days_off_and_counters_are_kept(site: DeskSite) -> None:
    site.clerk.post(url("setup", "days-off"), data={"day": "2026-11-13", "counter": "", "reason": "Musdes"})
    assert "Musdes" in site.clerk.get(url("setup")).text
    assert "Jumat, 13 November 2026" not in site.stranger.get(url("book")).text
    off = site.row("SELECT id FROM queue_days_off")[0]
    assert site.clerk.post(url("setup", "days-off"), data={"day": "2026-11-01", "counter": ""}).status_code == 422
    site.clerk.post(url("setup", "days-off", off, "remove"))
    assert "Jumat, 13 November 2026" in site.stranger.get(url("book")).text
    made = {"name": "Loket 2", "staff_id": "", "position": 1, "services": [str(COMPLAINTS)], "active": "y"}
    assert site.clerk.post(url("setup", "counters", "new"), data=made).status_code == 302
    assert site.clerk.post(url("setup", "counters", "new"), data=made).status_code == 422
    counter = site.row("SELECT id FROM queue_counters WHERE name = 'Loket 2'")[0]
    give(site)
    site.clerk.post(url("next"), data={"counter": str(counter)})
    assert states(site) == [(1, "waiting")]
    switch_off(site.app, "queue")
    assert site.clerk.get(url()).status_code == 404
    assert site.stranger.get(url("board")).status_code == 404
