"""The register: on the screen with masked NIK, as a sheet for who may see more, and every download on record."""

import re
from collections.abc import Sequence
from io import BytesIO
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import text

from core.api import Case, IssuedLetter, area_today, commit, db
from core.testing import SIBLING, VILLAGE, SignInAs, at

from .conftest import Desk, village_url

NIK, MASKED = "3201155507900001", "3201 •••• •••• 0001"
REGISTER, SHEET = village_url("sktm/"), village_url("sktm/register.xlsx")


@pytest.fixture
def letter(desk: Desk) -> str:
    """A case whose letter was made, and not signed yet."""
    case = desk.open_case("Enok Sumarni", nik=NIK)
    desk.approve(case)
    desk.issue(case)
    return case


def rows(client: FlaskClient) -> Sequence[Sequence[object]]:
    answer = client.get(SHEET)
    assert answer.status_code == 200
    return CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python()


def test_an_empty_register_says_what_to_do(desk: Desk) -> None:
    page = desk.staff.get(REGISTER).text
    assert "Belum ada SKTM" in page
    assert "register.xlsx" not in page


def test_the_register_lists_letters_with_masked_nik(desk: Desk, letter: str) -> None:
    page = desk.staff.get(REGISTER).text
    assert re.search(r"460/001/CBD/[IVX]+/\d{4}", page)
    assert "Enok Sumarni" in page
    assert MASKED in page
    assert NIK not in page
    assert "menunggu" in page
    desk.sign(letter)
    assert "ditandatangani" in desk.staff.get(REGISTER).text


@pytest.mark.usefixtures("letter")
def test_it_is_of_one_year(desk: Desk) -> None:
    year = area_today_of(desk)
    assert "Enok Sumarni" in desk.staff.get(f"{REGISTER}?year={year}").text
    assert "Enok Sumarni" not in desk.staff.get(f"{REGISTER}?year={year - 1}").text
    for nonsense in ("x", "-5", "99999999999999"):
        assert desk.staff.get(f"{REGISTER}?year={nonsense}").status_code == 200


def area_today_of(desk: Desk) -> int:
    with at(desk.app, VILLAGE):
        return area_today().year


@pytest.mark.usefixtures("letter")
def test_it_is_of_one_village_and_for_readers_only(sign_in: SignInAs) -> None:
    assert "Enok Sumarni" not in sign_in("village_staff", SIBLING).get(f"/{SIBLING}/sktm/").text
    assert sign_in("village_staff", SIBLING).get(REGISTER).status_code == 404
    assert sign_in("field_worker").get(REGISTER).status_code == 403
    assert sign_in("field_worker").get(SHEET).status_code == 403
    assert "Enok Sumarni" in sign_in("kecamatan_supervisor", "32.01.15").get(REGISTER).text


def test_a_letter_to_be_signed_is_on_the_first_page_until_it_is(desk: Desk, letter: str, sign_in: SignInAs) -> None:
    assert "SKTM menunggu tanda tangan" in desk.head.get(village_url("")).text
    worker = sign_in("field_worker").get(village_url("")).text
    assert "SKTM menunggu tanda tangan" not in worker, "who may not read letters"
    assert "Register SKTM" not in worker
    desk.sign(letter)
    assert "SKTM menunggu tanda tangan" not in desk.head.get(village_url("")).text


def test_a_residents_page_shows_the_letters_that_there_were(desk: Desk, letter: str) -> None:
    person = re.search(rf"/{VILLAGE}/people/[0-9a-f-]{{36}}", desk.staff.get(village_url("cases", letter)).text)
    assert person
    assert "SKTM yang pernah dibuat" in desk.staff.get(person[0]).text


# ---- the sheet ----


@pytest.mark.usefixtures("letter")
def test_the_sheet_has_the_nik_in_full_and_as_text_for_who_may_see_it(desk: Desk) -> None:
    head, line = rows(desk.staff)
    assert head == ["Nomor", "Tanggal", "Nama", "NIK", "Keperluan", "Keadaan"]
    assert line[2:4] == ["Enok Sumarni", NIK]
    assert line[5] == "menunggu"


@pytest.mark.usefixtures("letter")
@pytest.mark.parametrize(("role", "area"), [("kecamatan_supervisor", "32.01.15"), ("auditor", "32.01")])
def test_for_others_the_sheet_has_it_masked(sign_in: SignInAs, role: str, area: str) -> None:
    answer = sign_in(role, area).get(SHEET)
    [_head, line] = CalamineWorkbook.from_filelike(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert line[3] == MASKED


def test_the_sheet_is_in_the_order_of_the_numbers_and_goes_beyond_one_page(desk: Desk) -> None:
    for number in range(27):
        case = desk.open_case(f"Warga {number:02d}")
        with at(desk.app, VILLAGE) as area:
            insert_letter(area.id, case, number + 1)
    names = [row[2] for row in rows(desk.staff)[1:]]
    assert names == [f"Warga {number:02d}" for number in range(27)]


def insert_letter(village_id: int, case: str, number: int) -> None:
    """A letter's row without its PDF: 27 of these would take their time."""
    found = db.session.get_one(Case, (village_id, UUID(case)))
    db.session.add(
        IssuedLetter(
            village_id=village_id,
            case_id=found.id,
            key="statement",
            year=area_today().year,
            number=number,
            reference=f"{number:03d}/CBD",
            subject="-",
            token=f"token-{number}",
            sha256="0" * 64,
            issued_on=area_today(),
            data={"person": {"name": found.person.name, "nik": "-"}, "answers": {"purpose": "-"}},
        )
    )
    commit()


def test_nothing_that_was_typed_becomes_a_formula(desk: Desk) -> None:
    case = desk.open_case("=HYPERLINK(0)")
    desk.approve(case)
    desk.issue(case)
    assert rows(desk.staff)[1][2] == "=HYPERLINK(0)"


@pytest.mark.usefixtures("letter")
def test_every_download_is_on_record(desk: Desk, sign_in: SignInAs) -> None:
    rows(desk.staff)
    sign_in("auditor", "32.01").get(SHEET)
    with at(desk.app, VILLAGE):
        entries = db.session.execute(
            text("SELECT detail FROM audit_entries WHERE action = 'sktm.register_downloaded' ORDER BY at")
        )
        details = [row.detail for row in entries]
    assert details == [{"letters": 1, "full_nik": True}, {"letters": 1, "full_nik": False}]
