"""The village's search page: residents, open cases, and what its modules find, each for who may see it."""

import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.areas.code import AreaCode
from core.areas.modules import set_module
from core.database.session import commit, scope
from core.testing import SIBLING, VILLAGE, SignInAs, at, make_person
from tests.cases.conftest import Desk


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def search(client: FlaskClient, query: str, area: str = VILLAGE) -> str:
    answer = client.get(f"/{area}/search", query_string={"q": query})
    assert answer.status_code == 200
    return words(answer.text)


@pytest.fixture
def letter(app: Flask, areas: None) -> str:
    """The number of an SKTM of Enok Sumarni, whose case is still open."""
    desk = Desk()
    with at(app, VILLAGE) as area:
        case = desk.at(area, "signed", make_person(area.id, "Enok Sumarni"))
        number = desk.letter(case).reference
        commit()
    return number


def test_residents_open_cases_and_letters_are_found_by_a_piece_of_a_name(staff: FlaskClient, letter: str) -> None:
    page = search(staff, "sumar")
    assert "Warga Semua Warga Enok Sumarni" in page
    assert "Kasus terbuka" in page
    assert f"SKTM {letter}" in page


def test_a_letter_is_found_by_its_number(staff: FlaskClient, letter: str) -> None:
    page = search(staff, letter)
    assert f"SKTM {letter}" in page
    assert "Warga Semua" not in page


@pytest.mark.parametrize("query", ["", "a", " "])
def test_too_few_letters_are_not_searched_for(staff: FlaskClient, letter: str, query: str) -> None:
    assert "Tulis paling sedikit dua huruf" in search(staff, query)


@pytest.mark.parametrize("query", ["%%", "__", "\\\\", "'; --", "<b>x</b>", "x" * 500])
def test_what_means_something_to_a_database_or_a_browser_finds_nothing(
    staff: FlaskClient, letter: str, query: str
) -> None:
    assert "Tidak ditemukan" in search(staff, query)


def test_a_module_that_is_off_is_not_asked(app: Flask, staff: FlaskClient, letter: str) -> None:
    village = AreaCode.parse(VILLAGE)
    with app.app_context(), scope(village):
        set_module(village, "sktm", enabled=False)
        commit()
    assert "Tidak ditemukan" in search(staff, letter)


def test_each_sees_what_the_role_may(sign_in: SignInAs, letter: str) -> None:
    worker = search(sign_in("field_worker"), "sumar")
    assert "Enok Sumarni" in worker
    assert letter not in worker
    assert "Tidak ditemukan" in search(sign_in("district_admin", "32.01"), "sumar")


def test_another_village_finds_nothing_of_it(sign_in: SignInAs, letter: str) -> None:
    assert "Tidak ditemukan" in search(sign_in("village_staff", SIBLING), "sumar", SIBLING)
    assert sign_in("village_staff", SIBLING).get(f"/{VILLAGE}/search?q=sumar").status_code == 404
