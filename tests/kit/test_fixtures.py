"""The fixtures that plugin authors get."""

from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from core.areas.current import CurrentArea
from core.cases.models import Case
from core.clock import now, today
from core.testing import SIBLING, VILLAGE, ClientAs, Clock


def test_the_staff_work_in_the_village_and_find_no_other(
    staff: FlaskClient, village: CurrentArea, other_village: CurrentArea
) -> None:
    assert (village.code, other_village.code) == (VILLAGE, SIBLING)
    assert staff.get(f"/{village.code}/").status_code == 200
    assert staff.get(f"/{other_village.code}/").status_code == 404


@pytest.mark.parametrize(
    ("role", "page"),
    [
        ("village_head", f"/{VILLAGE}/cases"),
        ("kecamatan_supervisor", "/32.01.15/"),
        ("district_admin", "/32.01/modules"),
    ],
)
def test_a_role_is_held_where_it_may_be(client_as: ClientAs, role: str, page: str) -> None:
    assert client_as(role).get(page).status_code == 200


def test_an_unknown_role_is_told_the_known_ones(client_as: ClientAs) -> None:
    with pytest.raises(LookupError, match=r"no role is called 'lurah'; there are .*village_staff"):
        client_as("lurah")


def test_a_case_can_be_opened_by_the_staff(case: Case, staff: FlaskClient) -> None:
    assert case.ticket in staff.get(f"/{VILLAGE}/cases/{case.id}").text


def test_time_stands_still_until_it_is_moved(clock: Clock, staff: FlaskClient) -> None:
    assert str(today()) == "2026-11-12"
    clock.move(days=3)
    assert str(today()) == "2026-11-15"
    clock.set(datetime(2026, 12, 31, 18, 0, tzinfo=UTC))
    assert str(today()) == "2027-01-01", "01.00 in Cibadak"
    assert staff.get(f"/{VILLAGE}/").status_code == 302, "a sign-in ends after its hours"


def test_a_moment_without_a_time_zone_is_refused(clock: Clock) -> None:
    with pytest.raises(ValueError, match="time zone"):
        clock.set(datetime(2026, 12, 31))  # noqa: DTZ001 - on purpose


def test_without_the_fixture_it_is_now() -> None:
    assert abs((now() - datetime.now(UTC)).total_seconds()) < 60
