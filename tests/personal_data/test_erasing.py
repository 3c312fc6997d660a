"""Erasing a resident: what goes, what stays without a name, and who and what may stop it."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update

from core.audit import AuditEntry
from core.cases.letters import find_letter_by_token
from core.cases.models import Case, CaseEvent, Document, LetterRecord
from core.database.session import commit, db
from core.people.models import ERASED, Household, Person
from core.testing import FOREIGN, SIBLING, VILLAGE, SignInAs, at, make_person

from .conftest import NAME, NIK, SECRET, Held, Resident, make_resident


def url(person_id: object, village: str = VILLAGE) -> str:
    return f"/{village}/people/{person_id}/erase"


def form(client: FlaskClient, person_id: object, **changes: str) -> dict[str, str]:
    """What a browser would send back of the page, with the name typed."""
    found = re.search(r'name="version"[^>]*value="(\d+)"', client.get(url(person_id)).text)
    assert found, "the page has no version"
    return {"version": found[1], "name": NAME, **changes}


@pytest.fixture
def head(sign_in: SignInAs) -> FlaskClient:
    return sign_in("village_head")


@pytest.fixture
def erased(app: Flask, resident: Resident, head: FlaskClient) -> Resident:
    answer = head.post(url(resident.id), data=form(head, resident.id))
    assert answer.status_code == 302, answer.text
    return resident


# ---- what goes ----


def test_before_it_is_everywhere(resident: Resident, held: Held) -> None:
    everywhere = {"persons", "households", "cases", "case_events", "documents", "letters", "referrals", "tasks"}
    assert everywhere <= set(held(SECRET))
    assert {"import_changes"} <= set(held(SECRET))
    assert {"persons", "letters", "referrals", "imports", "import_findings"} <= set(held(NAME))


def test_no_table_of_the_village_holds_a_word_of_it_any_more(erased: Resident, held: Held) -> None:
    for word in (SECRET, NAME, NIK):
        assert held(word) == []


def test_cases_that_whoever_erases_may_not_see_are_erased_as_well(
    app: Flask, resident: Resident, head: FlaskClient, held: Held
) -> None:
    with at(app, VILLAGE):
        db.session.execute(update(Case).values(readers=["nobody.may"]))
        commit()
    assert head.post(url(resident.id), data=form(head, resident.id)).status_code == 302
    for word in (SECRET, NAME, NIK):
        assert held(word) == []


def test_a_restricted_case_that_is_open_stands_in_the_way_and_is_not_named(
    app: Flask, areas: None, head: FlaskClient
) -> None:
    resident = make_resident(app, done=False)
    with at(app, VILLAGE):
        db.session.execute(update(Case).values(readers=["nobody.may"]))
        ticket = db.session.scalars(select(Case.ticket)).one()
        commit()
    answer = head.post(url(resident.id), data=form(head, resident.id))
    assert "Ada urusan yang belum selesai" in answer.text
    assert ticket not in answer.text


def test_the_files_are_gone_with_the_commit(erased: Resident) -> None:
    assert not erased.paper.exists()
    assert not erased.letter.exists()


def test_what_stays_is_counted_and_numbered_without_a_name(app: Flask, erased: Resident) -> None:
    with at(app, VILLAGE):
        person = db.session.scalars(select(Person)).one()
        assert (person.name, person.nik, person.life_status) == ("Data dihapus", None, ERASED)
        assert (person.sex, person.birth_date.isoformat(), person.household_id) == ("P", "1990-01-01", None)
        case = db.session.scalars(select(Case)).one()
        assert (case.service, case.state, case.data, case.household_id) == ("sktm.letter", "done", {}, None)
        letter = db.session.scalars(select(LetterRecord)).one()
        assert letter.number == 1
        assert letter.signed_at is not None
        assert find_letter_by_token(letter.village_id, letter.token) is letter
        assert db.session.scalars(select(CaseEvent.kind)).all().count("moved") == 4
        assert db.session.scalars(select(Document)).all() == []


def test_the_audit_tells_of_it_without_the_data(app: Flask, erased: Resident) -> None:
    with at(app, VILLAGE):
        entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "people.erased")).one()
        assert entry.object_id == str(erased.id)
        assert entry.detail["rows"]["cases"] == 1
        assert entry.detail["files"] == 2


def test_the_pages_of_what_stays_still_open(erased: Resident, head: FlaskClient) -> None:
    for page in (
        f"people/{erased.id}",
        f"cases/{erased.case_id}",
        "letters",
        "referrals",
        "cases?which=closed",
        "audit",
    ):
        answer = head.get(f"/{VILLAGE}/{page}")
        assert answer.status_code == 200, page
    assert "sudah dihapus" in head.get(f"/{VILLAGE}/people/{erased.id}").text
    assert str(erased.id) not in head.get(f"/{VILLAGE}/people").text


def test_a_case_of_an_erased_resident_is_not_opened_again(app: Flask, erased: Resident, head: FlaskClient) -> None:
    page = head.get(f"/{VILLAGE}/cases/{erased.case_id}").text
    assert "/step/" not in page
    with at(app, VILLAGE) as area:
        version = db.session.get_one(Case, (area.id, erased.case_id)).version
    answer = head.post(f"/{VILLAGE}/cases/{erased.case_id}/step/reopen", data={"version": version, "note": "x"})
    assert answer.status_code in (409, 422)


def test_the_page_of_a_letter_says_why_its_pdf_is_gone(app: Flask, erased: Resident, head: FlaskClient) -> None:
    with at(app, VILLAGE):
        letter = db.session.scalars(select(LetterRecord)).one()
        address, token = f"/{VILLAGE}/letters/{letter.id}.pdf", letter.token
    answer = head.get(address)
    assert answer.status_code == 404
    assert "dihapus bersama data pribadi" in answer.text
    assert "Surat ini berlaku" in app.test_client().get(f"/{VILLAGE}/verify/{token}").text


def test_nobody_is_entered_in_the_place_of_an_erased_resident(erased: Resident, head: FlaskClient) -> None:
    for page in ("edit", "move", "erase"):
        assert head.get(f"/{VILLAGE}/people/{erased.id}/{page}").status_code == 404
        assert head.post(f"/{VILLAGE}/people/{erased.id}/{page}").status_code == 404
    assert head.post(f"/{VILLAGE}/people/{erased.id}/copy").status_code == 404


def test_the_public_status_no_longer_knows_the_case(app: Flask, erased: Resident, head: FlaskClient) -> None:
    with at(app, VILLAGE):
        ticket = db.session.scalars(select(Case.ticket)).one()
    for digits in (NIK[-4:], "0101"):
        answer = app.test_client().post(f"/{VILLAGE}/status", data={"ticket": ticket, "digits": digits})
        assert answer.status_code == 404


# ---- the family, and others ----


def test_the_family_stays_for_its_other_members(app: Flask, resident: Resident, head: FlaskClient, held: Held) -> None:
    with at(app, VILLAGE) as area:
        other = make_person(area.id, "Odah")
        other.household_id = db.session.get_one(Person, (area.id, resident.id)).household_id
        commit()
    assert head.post(url(resident.id), data=form(head, resident.id)).status_code == 302
    assert held(SECRET) == ["households"], "the address is the other member's as well"
    assert held(NAME) == []
    assert "persons" in held("Odah")


def test_with_its_last_member_a_family_is_erased(app: Flask, erased: Resident) -> None:
    with at(app, VILLAGE):
        household = db.session.scalars(select(Household)).one()
        assert (household.kk_number, household.address, household.rt) == (None, "", "")


# ---- who may, and what stops it ----


@pytest.mark.parametrize("role", ["village_staff", "field_worker", "district_officer", "district_admin", "auditor"])
def test_only_the_head_of_the_village_erases(role: str, resident: Resident, sign_in: SignInAs, held: Held) -> None:
    client = sign_in(role, VILLAGE if role in ("village_staff", "field_worker") else "32.01")
    assert client.get(url(resident.id)).status_code == 403
    assert client.post(url(resident.id), data={"name": NAME, "version": "1"}).status_code == 403
    assert "persons" in held(NAME)


@pytest.mark.parametrize("village", [SIBLING, FOREIGN])
def test_a_resident_of_another_village_is_not_there(
    village: str, resident: Resident, sign_in: SignInAs, held: Held
) -> None:
    stranger = sign_in("village_head", village)
    assert stranger.get(url(resident.id, village)).status_code == 404
    assert stranger.post(url(resident.id, village), data={"name": NAME, "version": "1"}).status_code == 404
    assert "persons" in held(NAME)


def test_a_wrong_name_erases_nothing(resident: Resident, head: FlaskClient, held: Held) -> None:
    answer = head.post(url(resident.id), data=form(head, resident.id, name="Enok"))
    assert answer.status_code == 422
    assert "Nama yang diketik tidak sama" in answer.text
    assert "persons" in held(NAME)


def test_capitals_and_spaces_of_the_name_do_not_matter(resident: Resident, head: FlaskClient) -> None:
    data = form(head, resident.id, name="  enok   ROHAETI ")
    assert head.post(url(resident.id), data=data).status_code == 302


def test_a_page_that_is_stale_erases_nothing(app: Flask, resident: Resident, head: FlaskClient, held: Held) -> None:
    data = form(head, resident.id)
    with at(app, VILLAGE) as area:
        db.session.get_one(Person, (area.id, resident.id)).phone = "0811"
        commit()
    answer = head.post(url(resident.id), data=data)
    assert answer.status_code == 409
    assert "baru saja diubah" in answer.text
    assert "persons" in held(NAME)
    assert head.post(url(resident.id), data=form(head, resident.id)).status_code == 302


def test_an_open_case_is_finished_first(app: Flask, areas: None, head: FlaskClient, held: Held) -> None:
    resident = make_resident(app, done=False)
    page = head.get(url(resident.id)).text
    assert "Masih ada kasus terbuka: CBD-" in page
    assert 'name="name"' not in page
    with at(app, VILLAGE) as area:
        version = db.session.get_one(Person, (area.id, resident.id)).version
    answer = head.post(url(resident.id), data={"name": NAME, "version": str(version)})
    assert answer.status_code == 409
    assert "persons" in held(NAME)
    assert resident.paper.exists()


def test_a_referral_without_an_answer_comes_back_first(app: Flask, resident: Resident, head: FlaskClient) -> None:
    with at(app, VILLAGE):
        db.session.execute(text("UPDATE referrals SET state = 'sent'"))
        commit()
    assert "rujukan yang belum dijawab" in head.get(url(resident.id)).text
