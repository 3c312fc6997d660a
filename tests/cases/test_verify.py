"""Anyone who holds a letter sees whether it holds, and nothing else."""

from datetime import timedelta

import pytest
from flask import Flask

from core.areas.models import Area
from core.cases import letters
from core.clock import today
from core.database.session import commit, db
from core.testing import FOREIGN, SIBLING, VILLAGE, at, make_person

SENTENCES = {
    "issued": "belum ditandatangani kepala desa, jadi belum berlaku",
    "signed": "Surat ini berlaku.",
    "revoked": "sudah dicabut dan tidak berlaku",
    "expired": "Masa berlaku surat ini sudah lewat",
}


def token_of(app: Flask, desk, kind: str) -> str:
    with at(app, VILLAGE) as area:
        person = make_person(area.id, "Aminah", birth_place="Bogor")
        case = desk.at(area, "issued" if kind == "issued" else "signed", person)
        letter = desk.letter(case)
        if kind == "revoked":
            letters.revoke_letter(case, letter, "Rahasia keluarga")
        if kind == "expired":
            letter.valid_until = today() - timedelta(days=1)
        token = letter.token
        commit()
        return token


@pytest.mark.parametrize("kind", SENTENCES)
def test_the_page_says_in_one_sentence_whether_the_letter_holds(app: Flask, areas: None, desk, kind: str) -> None:
    answer = app.test_client().get(f"/{VILLAGE}/verify/{token_of(app, desk, kind)}")
    assert answer.status_code == 200
    assert [other for other, sentence in SENTENCES.items() if sentence in answer.text] == [kind]


def test_it_shows_what_stands_on_the_paper_and_nothing_else_of_the_resident(app: Flask, areas: None, desk) -> None:
    page = app.test_client().get(f"/{VILLAGE}/verify/{token_of(app, desk, 'revoked')}").text
    assert "460/001/CBD" in page
    assert "Aminah" in page
    for secret in ("3201", "Buruh harian", "SDN Cibadak", "Rahasia keluarga", "Bogor,", "CBD-26"):
        assert secret not in page.replace(f"/{VILLAGE}/", "")


@pytest.mark.parametrize("token", ["nichts", "A" * 32, "%00", "x" * 3000])
def test_an_unknown_code_warns_whoever_holds_the_paper(app: Flask, areas: None, token: str) -> None:
    answer = app.test_client().get(f"/{VILLAGE}/verify/{token}")
    assert answer.status_code in (400, 404)
    if answer.status_code == 404:
        assert "tidak ada di register desa ini" in answer.text


@pytest.mark.parametrize("elsewhere", [SIBLING, FOREIGN])
def test_a_letter_is_verified_by_its_own_village_alone(app: Flask, areas: None, desk, elsewhere: str) -> None:
    assert app.test_client().get(f"/{elsewhere}/verify/{token_of(app, desk, 'signed')}").status_code == 404


def test_the_answer_is_neither_kept_nor_listed(app: Flask, areas: None, desk) -> None:
    headers = app.test_client().get(f"/{VILLAGE}/verify/{token_of(app, desk, 'signed')}").headers
    assert headers["Cache-Control"] == "no-store"
    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["Referrer-Policy"] == "same-origin"


def test_a_token_cannot_be_guessed_from_another(app: Flask, areas: None, desk) -> None:
    one, other = token_of(app, desk, "signed"), token_of(app, desk, "signed")
    assert len(one) >= 32
    assert one[:8] != other[:8]


def test_a_letter_outlives_its_module(app: Flask, areas: None, desk) -> None:
    token = token_of(app, desk, "signed")
    with app.app_context():
        db.session.query(Area).filter_by(code=VILLAGE).update({"enabled": []})
        db.session.commit()
    assert "Surat ini berlaku." in app.test_client().get(f"/{VILLAGE}/verify/{token}").text
