"""A change holds from the next request on, in every process, without a restart; and nobody loses work by it."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.cases.catalogue import find_service
from core.cases.models import Case
from core.database.session import commit, db
from core.testing import VILLAGE, SignInAs, at, make_case, make_person, settle_papers

from .conftest import Start
from .test_module_pages import DISTRICT, apply, cell

REGISTER = f"/{VILLAGE}/sktm/"


def same_person(client: FlaskClient, app: Flask) -> FlaskClient:
    """The same signed-in browser, served by another process."""
    other = app.test_client()
    with client.session_transaction() as session:
        kept = dict(session)
    with other.session_transaction() as session:
        session.update(kept)
    return other


@pytest.fixture
def person(app: Flask, areas: None) -> str:
    with at(app, VILLAGE) as area:
        made = make_person(area.id, "Enok Sumarni")
        commit()
        return str(made.id)


@pytest.fixture
def case(app: Flask, areas: None) -> str:
    """The id of a case with all its papers."""
    with at(app, VILLAGE) as area:
        service = find_service("sktm.letter")
        assert service
        made = make_case(area, service, make_person(area.id, "Enok Sumarni"), purpose="Beasiswa")
        settle_papers(made, service)
        commit()
        return str(made.id)


@pytest.fixture
def admin(sign_in: SignInAs) -> FlaskClient:
    return sign_in("district_admin", DISTRICT)


@pytest.fixture
def head(sign_in: SignInAs, start: Start) -> FlaskClient:
    """The village's head, served by a second process."""
    return same_person(sign_in("village_head"), start())


def test_what_one_process_switches_off_is_gone_in_the_next_request_of_another_and_back_again(
    admin: FlaskClient, head: FlaskClient, person: str
) -> None:
    intake = f"/{VILLAGE}/cases/new?person={person}"

    def seen() -> tuple[int, bool, bool]:
        menu = f'href="{REGISTER}"' in head.get(f"/{VILLAGE}/").text
        return head.get(REGISTER).status_code, menu, "service=sktm.letter" in head.get(intake).text

    assert seen() == (200, True, True)
    answer = apply(admin, cell(DISTRICT, "sktm"), state="off")
    assert seen() == (404, False, False)
    assert admin.post(f"{answer.location}/undo").status_code == 302
    assert seen() == (200, True, True)


def test_an_open_case_is_read_and_finished_to_its_end_while_the_module_is_off(
    app: Flask, admin: FlaskClient, head: FlaskClient, case: str
) -> None:
    apply(admin, cell(VILLAGE, "sktm"), state="off")
    address = f"/{VILLAGE}/cases/{case}"
    page = head.get(address).text
    assert "Enok Sumarni" in page
    assert "sudah dimatikan" in page
    for step in ("handle", "recommend", "approve"):
        assert take(head, address, step) == 302, step
    issued = head.post(f"{address}/letters/statement", data={"version": version_of(head, address)})
    assert issued.status_code == 302
    letter = re.search(rf'action="({address}/letters/[0-9a-f-]+/sign)"', head.get(address).text)
    assert letter
    assert head.post(letter[1]).status_code == 302
    assert take(head, address, "finish") == 302
    assert "selesai" in head.get(address).text.lower()
    with at(app, VILLAGE):
        assert db.session.scalars(select(Case.state)).one() == "done"


def version_of(client: FlaskClient, address: str) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', client.get(address).text)
    assert found
    return found[1]


def take(client: FlaskClient, address: str, step: str) -> int:
    page = f"{address}/step/{step}"
    return client.post(page, data={"version": version_of(client, page)}).status_code


def test_its_data_are_back_when_it_is_on_again(admin: FlaskClient, head: FlaskClient, case: str) -> None:
    before = head.get(REGISTER).text.count("Enok Sumarni")
    answer = apply(admin, cell(VILLAGE, "sktm"), state="off")
    admin.post(f"{answer.location}/undo")
    assert head.get(REGISTER).text.count("Enok Sumarni") == before
    assert "Enok Sumarni" in head.get(f"/{VILLAGE}/cases").text


def test_a_form_that_is_sent_too_late_says_so_and_shows_what_was_typed(
    admin: FlaskClient, head: FlaskClient, person: str
) -> None:
    intake = f"/{VILLAGE}/cases/new?person={person}&service=sktm.letter"
    assert head.get(intake).status_code == 200
    apply(admin, cell(VILLAGE, "sktm"), state="off")
    answer = head.post(intake, data={"purpose": "Beasiswa kuliah anak", "channel": "desk"})
    assert answer.status_code == 404
    for words in ("Modul SKTM mati di sini", "belum tersimpan", "Beasiswa kuliah anak", "Data"):
        assert words in answer.text, words


def test_a_page_of_the_module_says_that_it_is_off_and_not_that_it_never_was(
    app: Flask, admin: FlaskClient, head: FlaskClient
) -> None:
    apply(admin, cell(VILLAGE, "sktm"), state="off")
    page = head.get(REGISTER)
    assert page.status_code == 404
    assert "Modul SKTM sedang dimatikan di Desa Cibadak." in page.text
    assert "belum tersimpan" not in page.text
    assert "SKTM" not in app.test_client().get(REGISTER, follow_redirects=True).text


def test_a_service_that_never_was_leads_to_the_choice_of_those_that_are(head: FlaskClient, person: str) -> None:
    answer = head.post(f"/{VILLAGE}/cases/new?person={person}&service=nosuch.service")
    assert answer.status_code == 200
    assert "service=sktm.letter" in answer.text
