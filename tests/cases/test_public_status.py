"""How far a case is, for whoever has its ticket and the last four digits of the NIK; nothing for anybody else."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.cases.standing import next_step
from core.database.session import commit
from core.testing import SIBLING, VILLAGE, at, make_person

NIK = "3201155507901234"


@pytest.fixture
def ticket(app: Flask, areas: None, desk) -> str:
    with at(app, VILLAGE) as area:
        found = desk.at(area, "handling", make_person(area.id, "Nur Aeni", nik=NIK)).ticket
        commit()
        return found


def ask(client: FlaskClient, ticket: str, digits: str, village: str = VILLAGE):
    return client.post(f"/{village}/status", data={"ticket": ticket, "digits": digits})


def test_ticket_and_four_digits_show_the_state_the_papers_and_the_promise(app: Flask, ticket: str) -> None:
    page = ask(app.test_client(), ticket, "1234")
    assert page.status_code == 200
    for words in (
        ticket,
        "Surat Keterangan Tidak Mampu",
        "Penanganan",
        "Masih perlu dibawa",
        "KTP",
        "Dijanjikan selesai",
    ):
        assert words in page.text


def test_nothing_personal_stands_there(app: Flask, ticket: str) -> None:
    page = ask(app.test_client(), ticket, "1234").text
    for secret in ("Nur", "Aeni", NIK, "1234", "Buruh harian", "SDN", "Ujang", "RT "):
        assert secret not in page


def test_the_form_works_over_https_with_its_token(app: Flask, ticket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    client, base = app.test_client(), "https://puskesos.test"
    page = client.get(f"/{VILLAGE}/status/{ticket}", base_url=base)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token
    assert page.headers["Referrer-Policy"] == "same-origin"
    answer = client.post(
        f"/{VILLAGE}/status",
        base_url=base,
        data={"ticket": ticket, "digits": "1234", "csrf_token": token[1]},
        headers={"Referer": f"{base}/{VILLAGE}/status/{ticket}"},
    )
    assert answer.status_code == 200


def test_a_ticket_is_read_however_it_is_typed(app: Flask, ticket: str) -> None:
    assert ask(app.test_client(), f" {ticket.lower()} ", " 1234 ").status_code == 200


def test_whoever_waits_is_told_for_whom(app: Flask, areas: None, desk) -> None:
    with at(app, VILLAGE) as area:
        case = desk.at(area, "recommended", make_person(area.id, nik=NIK))
        assert next_step(case, desk.service, (), {}) == "Menunggu keputusan kepala desa"
        ticket = case.ticket
        commit()
    assert "keputusan kepala desa" in ask(app.test_client(), ticket, "1234").text


def test_a_closed_case_promises_nothing_any_more(app: Flask, areas: None, desk) -> None:
    with at(app, VILLAGE) as area:
        ticket = desk.at(area, "done", make_person(area.id, nik=NIK)).ticket
        commit()
    page = ask(app.test_client(), ticket, "1234").text
    assert "Selesai" in page
    assert "Dijanjikan" not in page


def test_without_a_nik_day_and_month_of_birth_are_asked(app: Flask, areas: None, desk) -> None:
    with at(app, VILLAGE) as area:
        ticket = desk.open(area, make_person(area.id, nik=None)).ticket
        commit()
    assert ask(app.test_client(), ticket, "1507").status_code == 200
    assert ask(app.test_client(), ticket, "0715").status_code == 404


# ---- for anybody else ----


def message(page: str) -> str:
    """The page without what the asker typed and without the random parts."""
    page = re.sub(r'value="[^"]*"', "", page)
    return re.sub(r"kode \w+", "", page)


def test_a_wrong_ticket_and_wrong_digits_cannot_be_told_apart(app: Flask, ticket: str) -> None:
    wrong = {
        "digits": ask(app.test_client(), ticket, "9999"),
        "ticket": ask(app.test_client(), "CBD-26-9999", "1234"),
        "village": ask(app.test_client(), ticket, "1234", village=SIBLING),
    }
    assert {answer.status_code for answer in wrong.values()} == {404}
    assert message(wrong["digits"].text) == message(wrong["ticket"].text)
    assert "tidak cocok" in wrong["village"].text


@pytest.mark.parametrize("digits", ["", "   ", "12", "12345", "123四", "%", "1234 OR 1=1"])
def test_what_are_not_the_four_digits_opens_nothing(app: Flask, ticket: str, digits: str) -> None:
    assert ask(app.test_client(), ticket, digits).status_code in (404, 422)


def test_the_receipts_address_asks_for_the_digits_first(app: Flask, ticket: str) -> None:
    page = app.test_client().get(f"/{VILLAGE}/status/{ticket}")
    assert page.status_code == 200
    assert ticket in page.text
    assert "Penanganan" not in page.text
    assert "noindex" in page.headers["X-Robots-Tag"]


# ---- guessing ----


def test_one_address_may_guess_ten_times(limited: Flask, ticket: str) -> None:
    client = limited.test_client()
    answers = [ask(client, f"CBD-26-{number:04d}", "0000").status_code for number in range(12)]
    assert answers == [404] * 10 + [429] * 2


def test_many_addresses_may_not_guess_one_ticket_for_longer(limited: Flask, ticket: str) -> None:
    answers = []
    for number in range(23):
        client = limited.test_client()
        client.environ_base["REMOTE_ADDR"] = f"10.0.0.{number}"
        answers.append(ask(client, ticket, f"{number:04d}").status_code)
    assert answers == [404] * 20 + [429] * 3


def test_looking_at_ones_own_case_uses_up_nobodys_guesses(limited: Flask, ticket: str) -> None:
    for number in range(25):
        client = limited.test_client()
        client.environ_base["REMOTE_ADDR"] = f"10.0.1.{number}"
        assert ask(client, ticket, "1234").status_code == 200
