"""What a district and a village set about the letter, and what the letter makes of it."""

from datetime import timedelta

from flask.testing import FlaskClient

from core.api import area_today, long_date
from core.testing import VILLAGE, SignInAs

from .conftest import Desk
from .test_letter import text_of


def save(client: FlaskClient, area: str, **values: str) -> None:
    address = f"/{area}/settings/sktm"
    page = client.get(address).text
    fingerprint = page.split('name="fingerprint" value="')[1].split('"')[0]
    answer = client.post(address, data={"fingerprint": fingerprint, **values})
    assert answer.status_code == 302, answer.text


def issued(desk: Desk) -> str:
    case = desk.open_case()
    desk.approve(case)
    return text_of(desk, desk.issue(case))


def until(desk: Desk, days: int) -> str:
    with desk.app.test_request_context():
        return long_date(area_today() + timedelta(days=days), "id")


def test_a_letter_holds_as_long_as_the_rules_say_where_nobody_set_anything(desk: Desk) -> None:
    assert f"berlaku sampai dengan {until(desk, 30)}" in issued(desk)


def test_a_district_sets_the_validity_and_a_paragraph_for_all_its_villages(desk: Desk, sign_in: SignInAs) -> None:
    admin = sign_in("district_admin", "32.01")
    save(admin, "32.01", valid_days="14", closing="Berdasarkan Perbup Bogor *60/2023*.")
    text = issued(desk)
    assert f"berlaku sampai dengan {until(desk, 14)}" in text
    assert "Berdasarkan Perbup Bogor *60/2023*. Demikian surat" in text


def test_a_village_head_sets_another_validity_for_the_own_village(desk: Desk, sign_in: SignInAs) -> None:
    save(sign_in("district_admin", "32.01"), "32.01", valid_days="14", closing="")
    save(desk.head, VILLAGE, valid_days="7", closing="")
    assert f"berlaku sampai dengan {until(desk, 7)}" in issued(desk)
