"""Letters of a village that belong to no case: in the same register, checked, signed and revoked alike."""

from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from core.areas.current import CurrentArea
from core.cases.errors import CaseError
from core.cases.letter_register import register_page
from core.cases.letters import find_letter_by_token, letter_state, sign_letter
from core.cases.models import LetterRecord
from core.cases.service import Letter
from core.cases.village_letters import (
    find_village_letter,
    issue_village_letter,
    letters_about,
    revoke_village_letter,
    sign_village_letter,
)
from core.clock import today
from core.database.session import commit, db
from core.files import FileStore
from core.platform import platform
from core.testing import SIBLING, VILLAGE, SignInAs, at

LETTER = Letter("statement", "Keputusan", "sktm/letter.typ", classification="140")
VALUES = {
    "person": dict.fromkeys(("name", "nik", "birth", "sex", "religion", "occupation"), "–"),
    "household": dict.fromkeys(("kk_number", "head", "address"), "–"),
    "answers": dict.fromkeys(("reason", "purpose", "addressee", "witness_1", "witness_2"), "–"),
}


def issue(area: CurrentArea, about: UUID | None = None) -> LetterRecord:
    """A letter about something of the plugin whose template it has."""
    return issue_village_letter(area, LETTER, about or uuid4(), about="BLT 2026", values=VALUES)


def test_it_takes_the_next_number_of_the_villages_one_series(village: CurrentArea, desk) -> None:
    desk.letter(desk.at(village, "issued"))
    made = issue(village)
    assert (made.number, made.case_id, made.plugin) == (2, None, "sktm")
    assert made.reference.startswith("140/002/CBD/")
    assert made.subject == "Keputusan – BLT 2026"
    page, _years = register_page(village.id, today().year)
    assert [(row.letter.number, row.ticket is None) for row in page.rows] == [(2, True), (1, False)]


def test_a_search_finds_it_and_a_services_own_register_does_not(village: CurrentArea) -> None:
    issue(village)
    page, _years = register_page(village.id, today().year, "blt")
    assert len(page.rows) == 1
    page, _years = register_page(village.id, today().year, service="sktm.letter")
    assert page.rows == []


def test_one_of_a_kind_holds_at_a_time(village: CurrentArea) -> None:
    about = uuid4()
    made = issue(village, about)
    with pytest.raises(CaseError, match="sudah dibuat"):
        issue(village, about)
    revoke_village_letter(made, "Salah tulis")
    assert issue(village, about).number == 2
    assert [letter.number for letter in letters_about(village.id, "sktm", about)] == [2, 1]


def test_the_database_too_keeps_two_clerks_from_printing_it_twice(village: CurrentArea) -> None:
    issue(village, uuid4())
    db.session.flush()
    columns = "key, year, reference, subject, sha256, issued_on, plugin, object_id"
    again = f"INSERT INTO letters (village_id, id, number, token, {columns})"
    with pytest.raises(IntegrityError, match="uq_letters_of_plugin"):
        db.session.execute(text(f"{again} SELECT village_id, gen_random_uuid(), 9, 'x', {columns} FROM letters"))


@pytest.mark.parametrize("owner", ["plugin = NULL, object_id = NULL", "object_id = NULL", "plugin = NULL"])
def test_a_letter_always_belongs_to_something(village: CurrentArea, owner: str) -> None:
    issue(village)
    with pytest.raises(IntegrityError, match="ck_letters_owner"):
        db.session.execute(text(f"UPDATE letters SET {owner}"))


def test_it_holds_once_signed_until_it_is_revoked(village: CurrentArea) -> None:
    made = issue(village)
    assert letter_state(made, today()) == "unsigned"
    sign_village_letter(made)
    assert letter_state(made, today()) == "valid"
    with pytest.raises(CaseError, match="sudah ditandatangani"):
        sign_village_letter(made)
    with pytest.raises(CaseError, match="alasan"):
        revoke_village_letter(made, "  ")
    revoke_village_letter(made, "Salah")
    assert letter_state(made, today()) == "revoked"
    with pytest.raises(CaseError, match="sudah dicabut"):
        sign_village_letter(made)


def test_a_cases_letter_is_no_villages_letter_and_the_other_way_round(village: CurrentArea, desk) -> None:
    case = desk.at(village, "issued")
    with pytest.raises(ValueError, match="timeline would miss it"):
        sign_village_letter(desk.letter(case))
    with pytest.raises(CaseError, match="bukan milik kasus ini"):
        sign_letter(case, issue(village))


def test_it_is_found_by_its_own_plugin_and_village(app: Flask, areas: None) -> None:
    with at(app, VILLAGE) as area:
        letter_id, token = (made := issue(area)).id, made.token
        commit()
        assert find_village_letter(area.id, "sktm", letter_id)
        assert find_village_letter(area.id, "blt_desa", letter_id) is None
        assert find_letter_by_token(area.id, token)
    with at(app, SIBLING) as area:
        assert find_village_letter(area.id, "sktm", letter_id) is None


def test_each_deed_is_on_record(app: Flask, areas: None) -> None:
    with at(app, VILLAGE) as area:
        made = issue(area)
        sign_village_letter(made)
        revoke_village_letter(made, "Salah")
        commit()
        query = text("SELECT action FROM audit_entries WHERE action LIKE 'letters.%' ORDER BY at")
        assert list(db.session.scalars(query)) == ["letters.issued", "letters.signed", "letters.revoked"]


def test_the_register_names_the_module_and_opens_the_pdf(app: Flask, areas: None, sign_in: SignInAs) -> None:
    with at(app, VILLAGE) as area:
        letter_id, sha256 = (made := issue(area)).id, made.sha256
        commit()
    staff = sign_in("village_staff")
    page = staff.get(f"/{VILLAGE}/letters").text
    assert "Keputusan – BLT 2026" in page
    assert 'data-label="Asal">SKTM</td>' in page, "sktm has no page for a letter of its own"
    address = f"/{VILLAGE}/letters/{letter_id}.pdf"
    with staff.get(address) as answer:
        assert answer.mimetype == "application/pdf"
    with app.app_context():
        FileStore(platform().config.files_dir, area.id).path(sha256).unlink()
    answer = staff.get(address)
    assert answer.status_code == 404
    assert "tidak ada lagi di penyimpanan" in answer.text
    assert "Register surat" in answer.text
