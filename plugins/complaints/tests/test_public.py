"""What anyone may do from the village's public pages, and what nobody learns there."""

import re
from io import BytesIO
from uuid import uuid4

import pytest
from flask import Flask

from core.api import commit
from core.testing import SIBLING, VILLAGE, Clock, at, make_person, switch_off
from plugins.complaints.codes import ALPHABET

from .conftest import NAMED, PNG, SAID, SECRET, Desk, Sent, url

NIK = "3201155507901234"


def test_who_gives_no_name_gets_a_ticket_and_a_code_once(desk: Desk) -> None:
    draft = str(uuid4())
    answer = desk.send(draft=draft, name="Yang Sempat Ditulis", phone="081200000000", nik=NIK)
    assert answer.headers["Cache-Control"] == "no-store"
    ticket = re.search(r"ADU-\w{6}", answer.text)
    assert ticket
    assert set(ticket[0][4:]) <= set(ALPHABET)
    again = desk.send(draft=draft)
    assert again.status_code == 200
    assert "sudah diterima sebelumnya" in again.text
    assert "ADU-" not in again.text
    assert desk.row("SELECT count(*), count(reporter_id) FROM complaints_complaints") == (1, 0)
    assert desk.row("SELECT count(*) FROM complaints_reporters") == (0,)
    kept = desk.row("SELECT code_hash FROM complaints_complaints")[0]
    assert len(kept) == 64


def test_no_trace_says_from_where_somebody_complained(desk: Desk) -> None:
    sent = desk.sent()
    desk.answer(sent)
    desk.reopen(sent)
    rows = desk.row(
        "SELECT count(*), count(address) FROM audit_entries WHERE user_id IS NULL AND action LIKE 'complaints%'"
    )
    assert rows == (2, 0)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"sector": ""}, "Bidang"),
        ({"sector": "space"}, "Bidang"),
        ({"description": "pendek"}, "Ceritakan"),
        ({"description": "x" * 3001}, "Ceritakan"),
        ({"kind": "inspection"}, "Yang ingin disampaikan"),
        ({**NAMED, "name": " "}, "Tanpa nama"),
        ({**NAMED, "nik": "123"}, "16 angka"),
        ({**NAMED, "phone": "halo"}, "0812-3456-7890"),
        ({"website": "http://spam"}, "Kosongkan isian ini"),
        ({"draft": "bukan uuid"}, "Kirim sekali lagi"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(desk: Desk, said: dict[str, str], message: str) -> None:
    answer = desk.send(**{"place": "Gang Mawar", **said})
    assert answer.status_code == 422
    assert message in answer.text
    assert "Gang Mawar" in answer.text
    assert desk.row("SELECT count(*) FROM complaints_complaints") == (0,)


def test_a_photo_comes_along_and_another_file_does_not(desk: Desk) -> None:
    refused = desk.send(photo=(BytesIO(b"MZ program"), "foto.png"))
    assert refused.status_code == 422
    assert "Jenis berkas ini tidak diterima" in refused.text
    sent = desk.sent(photo=(BytesIO(PNG), "foto.png"))
    link = re.search(r'href="([^"]+/photos/[^"]+)"', desk.page(sent).text)
    assert link
    with desk.staff.get(link[1]) as photo:
        assert photo.data == PNG
        assert photo.headers["Cache-Control"] == "no-store"
    assert desk.stranger.get(link[1]).status_code == 302


def test_the_answer_is_read_with_the_code_and_without_what_the_desk_notes(desk: Desk) -> None:
    sent = desk.sent()
    assert "Belum ada jawaban" in desk.ask(sent).text
    desk.do(sent, "note", text="Kader lupa memesan.")
    desk.answer(sent)
    page = desk.ask(Sent(sent.ticket.lower(), sent.code.lower().replace("-", " "))).text
    assert "Timbangannya datang besok." in page
    assert "Kader lupa" not in page
    assert "Posyandu belum" not in page


def message(page: str) -> str:
    """The page without what the asker typed and without the random parts."""
    return re.sub(r"kode \w+", "", re.sub(r'value="[^"]*"', "", page))


def test_a_wrong_ticket_and_a_wrong_code_cannot_be_told_apart(desk: Desk) -> None:
    sent = desk.sent()
    code, ticket = desk.ask(sent, "AAAAA-AAAAA"), desk.ask(Sent("ADU-AAAAAA", sent.code))
    assert {code.status_code, ticket.status_code} == {404}
    assert message(code.text) == message(ticket.text)
    there = desk.stranger.post(f"/{SIBLING}/complaints/status", data={"ticket": sent.ticket, "code": sent.code})
    assert there.status_code == 404
    for change in (desk.rate(Sent(sent.ticket, "AAAAA"), "solved"), desk.reopen(Sent(sent.ticket, "AAAAA"))):
        assert change.status_code == 404


def test_no_answer_tells_whether_a_nik_is_known(desk: Desk, app: Flask) -> None:
    with at(app, VILLAGE) as area:
        make_person(area.id, "Nur Aeni", nik=NIK)
        commit()
    known, unknown = desk.sent(**NAMED, nik=NIK), desk.sent(**NAMED, nik="3201155507904321")
    assert message(desk.ask(known, "1234").text) == message(desk.ask(unknown, "4321").text).replace(
        unknown.ticket, known.ticket
    )
    assert desk.ask(known, "4321").status_code == 404
    assert desk.row("SELECT count(person_id) FROM complaints_reporters") == (0,)
    assert "belum dicocokkan" in desk.page(known).text


def test_in_confidence_only_the_code_opens_the_answer(desk: Desk) -> None:
    sent = desk.sent(**SECRET, nik=NIK)
    assert desk.ask(sent, "1234").status_code == 404
    assert desk.ask(sent).status_code == 200


def test_the_reporter_says_whether_it_is_solved(desk: Desk) -> None:
    sent = desk.sent()
    assert desk.rate(sent, "solved").status_code == 422
    desk.answer(sent)
    assert desk.rate(sent, "perfect").status_code == 422
    assert "sudah tercatat" in desk.rate(sent, "solved").text
    assert desk.row("SELECT state, rating FROM complaints_complaints") == ("closed", "solved")
    assert desk.reopen(sent).status_code == 422


def test_what_did_not_settle_it_is_opened_again_within_ten_days(desk: Desk, clock: Clock) -> None:
    sent = desk.sent()
    assert desk.reopen(sent).status_code == 422
    desk.answer(sent)
    clock.move(days=10)
    assert desk.reopen(sent, "").status_code == 422
    assert desk.reopen(sent).status_code == 200
    state = desk.row("SELECT state, reopened, due_on - received_on FROM complaints_complaints")
    assert state == ("open", 1, 24)
    assert "Belum ada timbangannya." in desk.page(sent).text
    desk.answer(sent)
    clock.move(days=11)
    late = desk.reopen(sent)
    assert late.status_code == 422
    assert "sudah lewat" in late.text
    assert "Ditutup" in desk.ask(sent).text


def test_where_the_module_is_off_there_is_no_page(desk: Desk, app: Flask) -> None:
    switch_off(app, "complaints")
    for page in ("send", "status", "counts"):
        assert desk.stranger.get(url(page)).status_code == 404
    assert desk.send().status_code == 404


def test_small_counts_are_not_published(desk: Desk) -> None:
    for _number in range(4):
        desk.sent()
    assert "Kurang dari 5 keluhan" in desk.stranger.get(url("counts")).text
    for _number in range(2):
        desk.sent(sector="education")
    page = desk.stranger.get(url("counts")).text
    assert "<dd>6</dd>" in page
    assert "Kesehatan" not in page
    desk.sent()
    assert "Kesehatan" in desk.stranger.get(url("counts")).text
    assert "Pendidikan" not in desk.stranger.get(url("counts")).text


def test_the_village_s_services_lead_to_it(desk: Desk, app: Flask) -> None:
    services = f"/{VILLAGE}/services"
    assert url("send") in desk.stranger.get(services).text
    switch_off(app, "complaints")
    assert url("send") not in app.test_client().get(services).text


# ---- guessing and flooding ----


def test_an_address_may_send_twenty_an_hour_and_guess_ten_times(desk: Desk, limited: Flask) -> None:
    client = limited.test_client()
    wrong = [client.post(url("send"), data={**SAID, "description": ""}).status_code for _ in range(21)]
    assert wrong == [422] * 21
    sent = [client.post(url("send"), data={**SAID, "draft": str(uuid4())}).status_code for _ in range(21)]
    assert sent == [200] * 20 + [429]
    guesses = [
        client.post(url("status"), data={"ticket": f"ADU-{n:06d}", "code": "AAAAA"}).status_code for n in range(11)
    ]
    assert guesses == [404] * 10 + [429]
    assert desk.row("SELECT count(*) FROM complaints_complaints") == (20,)


def test_many_addresses_may_not_guess_the_code_of_one(desk: Desk, limited: Flask) -> None:
    sent, answers = desk.sent(), []
    for number in range(21):
        client = limited.test_client()
        client.environ_base["REMOTE_ADDR"] = f"10.0.0.{number}"
        answers.append(client.post(url("status"), data={"ticket": sent.ticket, "code": f"{number}"}).status_code)
    assert answers == [404] * 20 + [429]
