"""A patient in care whose cover is off rises to the top: at intake, in every list, at the Dinas Sosial."""

import pytest
from flask.testing import FlaskClient

from core.testing import SignInAs

from .conftest import ANSWERS, INTAKE, Desk, days_later, village_url


def intake(desk: Desk, name: str, care: str, client: FlaskClient | None = None) -> str:
    url = village_url(f"cases/new?person={desk.make_person(name)}&service=pbi_jk.reactivation")
    answer = (client or desk.staff).post(url, data={**INTAKE, **ANSWERS, "care": care})
    assert answer.status_code == 302
    return answer.location


@pytest.mark.parametrize(("care", "urgent"), [("emergency", True), ("inpatient", True), ("outpatient", False)])
def test_the_answers_say_at_intake_that_it_cannot_wait(desk: Desk, care: str, urgent: bool) -> None:
    assert ("Kasus mendesak" in desk.staff.get(intake(desk, "Siti", care)).text) is urgent


def test_it_stands_first_on_the_first_page_and_in_the_list(desk: Desk, sign_in: SignInAs) -> None:
    for name, care in (("Aep Saepudin", "outpatient"), ("Cucu Cahyani", "inpatient"), ("Dadang", "routine")):
        intake(desk, name, care)
    with days_later(3, sign_in) as staff:
        intake(desk, "Zaenal Abidin", "emergency", staff)
        page = staff.get(village_url("cases")).text
        places = [page.index(name) for name in ("Cucu Cahyani", "Zaenal Abidin", "Aep Saepudin", "Dadang")]
        assert places == sorted(places)
        page = staff.get(village_url("")).text
        assert page.index("Cucu Cahyani") < page.index("Zaenal Abidin"), "whoever holds them"
        assert "mendesak" in staff.get(village_url("")).text
        only = staff.get(village_url("cases?which=urgent")).text
    assert "Zaenal Abidin" in only
    assert "Aep Saepudin" not in only
    district = sign_in("district_admin", "32.01").get("/32.01/").text
    assert "2 mendesak" in district


def test_when_the_patient_is_admitted_later_the_case_becomes_urgent(desk: Desk) -> None:
    case = desk.open_case(care="outpatient")
    data = {"version": "1", "priority": "normal", **ANSWERS, "care": "inpatient"}
    assert desk.staff.post(village_url("cases", case, "edit"), data=data).status_code == 302
    assert "Kasus mendesak" in desk.page(case)


def test_the_dinas_sosial_sees_that_it_cannot_wait_and_is_to_answer_the_next_day(desk: Desk) -> None:
    urgent, other = (
        desk.send(desk.open_case(name, care=care)) for name, care in (("U", "emergency"), ("O", "routine"))
    )
    assert "Mendesak" in desk.officer.get(desk.inbox(urgent)).text
    assert "Mendesak" not in desk.officer.get(desk.inbox(other)).text
    page = desk.officer.get("/32.01/inbox").text
    assert page.index(urgent) < page.index(other)


def test_its_silence_is_noticed_on_the_next_working_day(desk: Desk, sign_in: SignInAs) -> None:
    desk.send(desk.open_case("Urgen Sekali", care="emergency"))
    desk.send(desk.open_case("Biasa Saja", care="routine"))
    with days_later(6, sign_in) as staff:
        page = staff.get(village_url("cases?which=overdue")).text
    assert "Urgen Sekali" in page
    assert "Biasa Saja" not in page


def test_it_is_due_today(desk: Desk) -> None:
    desk.open_case(care="emergency")
    assert "hari ini" in desk.staff.get(village_url("cases?which=urgent")).text
