"""A proposal for Sembako goes by the Dinas Sosial; a card takes a signed letter and is asked about later."""

import re
from uuid import UUID

import pytest

from core.api import commit, find_case
from core.testing import VILLAGE, SignInAs, at
from core.testing.reading import tagged, words
from plugins.bansos.services import card, food

from .conftest import Desk

PROPOSAL = {
    "member": "no",
    "account_state": "none",
    "card_number": "",
    "account_number": "",
    "mother_name": "Rukmini",
    "situation": "Buruh tani.",
}
LOST = {
    "trouble": "lost",
    "since": "2026-11-01",
    "listed": "yes",
    "bank": "bri",
    "card_number": "",
    "account_number": "",
    "mother_name": "",
    "police_letter": "no",
    "unpaid": "",
    "explanation": "Hilang di pasar.",
}


def test_a_proposal_waits_for_its_referral_and_says_what_is_not_confirmed(desk: Desk) -> None:
    case = desk.open_case(food, PROPOSAL)
    page = tagged(desk.staff.get(f"/{VILLAGE}/cases/{case}").text)
    assert "Rp200.000 sebulan" in page
    assert "3 bulan sekaligus: Rp600.000" in page
    assert "belum dipastikan: batas desil, besaran" in page
    assert desk.step(case, "handle").status_code == 302
    refused = desk.step(case, "send")
    assert refused.status_code == 422  # it goes by the planned referral, and not without it
    made = desk.letter(case, "proposal", follow_redirects=True)
    assert "Surat Pengantar Usulan Sembako" in made.text


def test_a_card_that_works_again_is_asked_about_later(desk: Desk, sign_in: SignInAs) -> None:
    case = desk.open_case(card, LOST)
    assert "Diurus di bank penyalur" in desk.staff.get(f"/{VILLAGE}/cases/{case}").text
    desk.step(case, "handle")
    assert desk.step(case, "send", note="Ke BRI").status_code == 422  # no letter yet
    answer = desk.letter(case, "introduction")
    assert answer.status_code == 302, answer.text
    [[letter, version]] = desk.rows("SELECT l.id, c.version FROM letters l JOIN cases c ON c.id = l.case_id")
    paper = words(desk.staff.get(f"/{VILLAGE}/letters/{letter}.pdf"))
    assert "Kartu hilang" in paper
    head = sign_in("village_head")
    signed = head.post(f"/{VILLAGE}/cases/{case}/letters/{letter}/sign", data={"version": str(version)})
    assert signed.status_code == 302, signed.text
    assert desk.step(case, "send", note="Ke BRI").status_code == 302
    assert desk.step(case, "approve", on=desk.form()["first_day"], outcome="Kartu baru").status_code == 302
    tasks = desk.rows("SELECT title FROM tasks")
    assert tasks == [("Tanyakan apakah bantuan berikutnya masuk ke KKS",)]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"trouble": "zero"}, "Tulis bantuan masa mana yang tidak masuk."),
        ({"since": "2027-01-01"}, "Tanggal ini belum tiba."),
        ({"card_number": "1234"}, "Nomor kartu terdiri dari 16 angka."),
    ],
)
def test_what_a_card_form_refuses(desk: Desk, wrong: dict[str, str], told: str) -> None:
    [person] = desk.people("Enok Sumarni")
    data = {**LOST, **wrong, "channel": "desk", "privacy_notice_given": "y", "reporter_phone": "081200000000"}
    answer = desk.staff.post(f"/{VILLAGE}/cases/new?service=bansos.card&person={person}", data=data)
    assert answer.status_code == 422
    assert told in answer.text


def test_where_the_village_wants_it_a_proposal_passes_the_musdes_first(desk: Desk, sign_in: SignInAs) -> None:
    head = sign_in("village_head")
    page = head.get(f"/{VILLAGE}/settings/bansos").text
    [fingerprint] = re.findall(r'name="fingerprint" value="(\w+)"', page)
    wanted = {"musdes": "required", "photo": "optional", "fingerprint": fingerprint}
    answer = head.post(f"/{VILLAGE}/settings/bansos", data=wanted)
    assert answer.status_code == 302, answer.text
    case = desk.open_case(food, PROPOSAL)
    draft = desk.staff.post(f"/{VILLAGE}/cases/{case}/refer/planned").location
    assert "Di desa ini usulan dibahas musdes lebih dulu" in desk.send(draft)
    desk.step(case, "handle")
    assert desk.step(case, "send").status_code == 422
    assert "Di desa ini usulan dibahas musdes lebih dulu" in desk.send(draft)
    assert desk.step(case, "to_meeting").status_code == 302
    assert "setelah kasusnya sampai di" in desk.send(draft)
    page = tagged(desk.staff.get(f"/{VILLAGE}/cases/{case}").text)
    assert "Menunggu musyawarah desa" in page
    assert desk.step(case, "agree").status_code == 403  # the meeting decides, and the desk does not
    with at(desk.app, VILLAGE) as area:
        found = find_case(area.id, UUID(case))
        assert found
        found.state, found.waiting = "agreed", False  # as its meeting leaves it
        commit()
    assert "Rujukan dikirim ke" in desk.send(draft)
