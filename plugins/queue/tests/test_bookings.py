"""Bookings by strangers, kaders and staff, papers before the day, requests at night, and what the night tidies."""

import re
from datetime import date
from typing import Any
from uuid import uuid4

from flask import Flask
from werkzeug.test import TestResponse

from core.api import Notice, db, now
from core.testing import SIBLING, VILLAGE, at, make_person
from plugins.queue import bookings as domain
from plugins.queue import nightly
from plugins.queue.bookings import Booker
from plugins.queue.models import QueueService
from plugins.queue.personal_data import unfinished

from .conftest import LETTERS, DeskSite, local, url
from .test_desk import case_of

SLOT = "2026-11-13T09:00:00+07:00"


def told(monkeypatch: Any) -> list[Notice]:
    """What the residents are told, as the messengers get it."""
    heard: list[Notice] = []
    monkeypatch.setattr("plugins.queue.bookings.tell", lambda _area, notice: heard.append(notice))
    monkeypatch.setattr("plugins.queue.views.requests.tell", lambda _area, notice: heard.append(notice))
    return heard


def book(site: DeskSite, **values: Any) -> TestResponse:
    data = {"draft": str(uuid4()), "slot": SLOT, "name": "Bu Yati", "phone": "0812-3456-7890", "priority": "", **values}
    return site.stranger.post(url("book") + f"?service={LETTERS}&day=2026-11-13", data=data)


def code_in(answer: TestResponse) -> str:
    assert answer.status_code == 200, answer.text
    found = re.search(r'class="ticket">([2-9A-Z]{8})<', answer.text)
    assert found, answer.text
    return found[1]


def test_a_resident_books_looks_it_up_and_cancels(site: DeskSite, monkeypatch: Any) -> None:
    heard = told(monkeypatch)
    draft = str(uuid4())
    first = book(site, draft=draft)
    code = code_in(first)
    assert "KTP" in first.text
    assert code_in(book(site, draft=draft)) == code
    assert [notice.kind for notice in heard] == ["queue.booked"]
    assert "Jumat, 13 November 2026 pukul 09.00" in heard[0].text
    full = book(site, name="Pak Oman")
    assert full.status_code == 409
    assert "baru saja diambil orang lain" in full.text
    assert "Pak Oman" in full.text
    page = site.stranger.post(url("mine"), data={"code": f"{code[:4].lower()} {code[4:]}"})
    assert "akan datang" in page.text
    assert "Yati" not in page.text
    assert site.stranger.post(f"/{SIBLING}/queue/mine", data={"code": code}).status_code == 404
    assert "dibatalkan" in site.stranger.post(url("mine", "cancel"), data={"code": code}).text
    assert site.stranger.post(url("mine", "cancel"), data={"code": code}).status_code == 409
    assert site.row("SELECT taken FROM queue_slots")[0] == 0
    assert code_in(book(site)) != code
    assert [notice.kind for notice in heard] == ["queue.booked", "queue.cancelled", "queue.booked"]


def test_what_is_wrong_in_a_booking_is_said(site: DeskSite) -> None:
    for values, message in (
        ({"slot": ""}, "Pilih jamnya"),
        ({"slot": "2026-11-13T23:00:00+07:00"}, "tidak ada lagi"),
        ({"slot": "2026-11-14T09:00:00+07:00"}, "tidak ada lagi"),
        ({"name": ""}, "Nama"),
        ({"phone": "halo"}, "0812-3456-7890"),
        ({"website": "http://spam"}, "Kosongkan isian ini"),
    ):
        answer = book(site, **values)
        assert answer.status_code == 422, values
        assert message in answer.text, values
    assert site.row("SELECT count(*) FROM queue_bookings")[0] == 0
    page = site.stranger.get(url("book") + "?day=2026-11-14&service=x").text
    assert "Sabtu" not in page
    assert "14.00" not in page.replace("2026-11-13T14:00", "")


def test_a_stranger_may_not_guess_codes_nor_flood(site: DeskSite, limited: Flask) -> None:
    client = limited.test_client()
    guesses = [client.post(url("mine"), data={"code": f"AAAA{n:04d}"}).status_code for n in range(11)]
    assert guesses == [404] * 10 + [429]
    data = {"wish": "Perlu surat keterangan", "name": "Bu Yati", "phone": "081234567890"}
    sent = [client.post(url("ask"), data={**data, "draft": str(uuid4())}).status_code for _ in range(11)]
    assert sent == [200] * 10 + [429]


def test_a_kader_books_with_a_case_and_checks_its_papers(site: DeskSite, monkeypatch: Any) -> None:
    heard = told(monkeypatch)
    ticket, case_id = case_of(site.app)
    data = {"draft": str(uuid4()), "slot": SLOT, "whom": ticket, "name": "", "phone": "", "priority": "", "note": ""}
    address = url("bookings", "new") + f"?service={LETTERS}&day=2026-11-13"
    assert site.kader.post(address, data={**data, "whom": ""}).status_code == 422
    answer = site.kader.post(address, data=data)
    assert answer.status_code == 302
    booking_id, channel, linked = site.row("SELECT id, channel, case_id FROM queue_bookings")
    assert (channel, linked) == ("kader", case_id)
    page = site.kader.get(url("checks")).text
    assert ticket in page
    assert "kurang:" in page
    form = site.kader.get(url("bookings", booking_id, "papers")).text
    keys = re.findall(r'name="seen"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="seen"', form)
    seen = [one or other for one, other in keys]
    assert len(seen) > 1
    assert site.kader.post(url("bookings", booking_id, "papers"), data={"seen": ["bukan"]}).status_code == 422
    first = {"seen": seen[:1], "note": "KK menyusul"}
    assert site.kader.post(url("bookings", booking_id, "papers"), data=first).status_code == 302
    assert heard[-1].kind == "queue.missing_papers"
    assert "berkas sudah dicek oleh field_worker" in site.kader.get(url("checks")).text
    site.kader.post(url("bookings", booking_id, "papers"), data={"seen": seen[1:]})
    site.later(days=1, hours=-1)
    assert "berkas lengkap" in site.clerk.get(url()).text
    assert site.clerk.post(url("check-in", booking_id)).status_code == 302
    assert site.clerk.post(url("check-in", booking_id)).status_code == 409
    origin, papers, number = site.row("SELECT origin, papers_ready, number FROM queue_tickets")
    assert (origin, papers, number) == ("booking", True, 1)


def test_a_clerk_cancels_and_is_told_when_somebody_was_faster(site: DeskSite) -> None:
    book(site)
    booking_id, version = site.row("SELECT id, version FROM queue_bookings")
    address = url("bookings", booking_id, "cancel")
    assert site.clerk.post(address, data={"version": version + 1}).status_code == 409
    assert site.clerk.post(address, data={"version": version}).status_code == 302
    assert site.clerk.post(address, data={"version": version + 1}).status_code == 422
    assert site.clerk.post(url("check-in", booking_id)).status_code == 409
    assert "dibatalkan" in site.clerk.get(url("bookings") + "?day=2026-11-13").text


def test_what_comes_at_night_is_sorted_in_the_morning(site: DeskSite, monkeypatch: Any) -> None:
    heard = told(monkeypatch)
    asked = {"wish": "Surat untuk rumah sakit", "name": "Bu Neneng", "phone": "081234567890"}
    codes = []
    for hours in (0, 12, 0):
        site.later(hours=hours)
        codes.append(code_in(site.stranger.post(url("ask"), data={**asked, "draft": str(uuid4())})))
    assert site.rows("SELECT outside, count(*) FROM queue_requests GROUP BY 1 ORDER BY 1") == [(False, 1), (True, 2)]
    ids = {row[1]: row[0] for row in site.rows("SELECT id, code FROM queue_requests")}
    first, second, third = (ids[code] for code in codes)
    assert "Bu Neneng" in site.clerk.get(url("requests")).text
    assert site.clerk.post(url("requests", first, "book"), data={"version": 9, "service": LETTERS}).status_code == 409
    site.clerk.post(url("requests", first, "book"), data={"version": 1, "service": str(LETTERS)})
    assert site.row("SELECT slot_start, channel FROM queue_bookings")[1] == "request"
    assert heard[-1].kind == "queue.booked"
    emergency = site.clerk.post(url("requests", second, "emergency"), data={"version": 1})
    assert emergency.location == f"/{VILLAGE}/emergency/call"
    site.clerk.post(url("requests", third, "answer"), data={"version": 1, "text": "Datang besok pukul delapan."})
    assert heard[-1].kind == "queue.answered"
    assert "Datang besok" in site.stranger.post(url("mine"), data={"code": codes[2]}).text
    assert site.clerk.post(url("requests", third, "answer"), data={"version": 2, "text": "Lagi"}).status_code == 422
    assert "Tidak ada permintaan yang menunggu" in site.clerk.get(url("requests")).text
    site.clerk.post(url("requests", "new"), data={**asked, "draft": str(uuid4())})
    assert site.row("SELECT count(*) FROM queue_requests WHERE channel = 'desk'")[0] == 1


def test_the_night_reminds_ends_and_forgets(site: DeskSite, monkeypatch: Any) -> None:
    heard = told(monkeypatch)
    book(site)
    site.clerk.post(url("arrive"), data={"draft": str(uuid4()), "service": str(LETTERS), "priority": "", "whom": ""})
    heard.clear()
    for _ in range(2):
        with at(site.app, VILLAGE) as area:
            nightly.tidy(area)
    assert [notice.kind for notice in heard] == ["queue.reminder"]
    assert site.row("SELECT state FROM queue_tickets")[0] == "waiting"
    site.clock.move(days=2)
    with at(site.app, VILLAGE) as area:
        nightly.tidy(area)
    assert site.row("SELECT state, name FROM queue_bookings") == ("no_show", "Bu Yati")
    assert site.row("SELECT state FROM queue_tickets")[0] == "turned_away"
    site.clock.move(days=40)
    with at(site.app, VILLAGE) as area:
        nightly.tidy(area)
    assert site.row("SELECT name, phone FROM queue_bookings") == ("", "")


def test_who_has_a_booking_is_not_erased_before_it_is_cancelled(site: DeskSite) -> None:
    with at(site.app, VILLAGE) as area:
        person = make_person(area.id)
        assert unfinished(person) is None
        service = db.session.get_one(QueueService, (area.id, LETTERS))
        booking = domain.book(area, service, local(area, date(2026, 11, 13), 9), Booker("desk", person=person), now())
        assert "masih punya janji" in str(unfinished(person))
        domain.cancel(area, booking, service, now(), by=None)
        db.session.flush()
        assert unfinished(person) is None
        db.session.rollback()
