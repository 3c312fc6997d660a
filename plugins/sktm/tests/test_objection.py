"""No letter about somebody who has died or moved away, however complete the papers are."""

import pytest

from core.api import Person, commit, db
from core.testing import VILLAGE, at

from .conftest import Desk, village_url

OBJECTION = "Warga ini tercatat sudah meninggal atau pindah."


def set_life_status(desk: Desk, status: str) -> None:
    with at(desk.app, VILLAGE):
        db.session.query(Person).one().life_status = status
        commit()


@pytest.mark.parametrize("status", ["dead", "moved"])
def test_a_case_of_somebody_dead_or_moved_is_not_recommended(desk: Desk, status: str) -> None:
    case = desk.open_case(life_status=status)
    assert desk.step(desk.staff, case, "handle")[0] == 302
    code, page = desk.step(desk.staff, case, "recommend")
    assert code == 422
    assert OBJECTION in page


def test_nor_approved_when_it_is_known_later(desk: Desk) -> None:
    case = desk.open_case()
    assert desk.step(desk.staff, case, "handle")[0] == 302
    assert desk.step(desk.staff, case, "recommend")[0] == 302
    set_life_status(desk, "dead")
    code, page = desk.step(desk.head, case, "approve")
    assert code == 422
    assert OBJECTION in page
    set_life_status(desk, "alive")
    assert desk.step(desk.head, case, "approve")[0] == 302


def test_the_case_can_still_be_cancelled(desk: Desk) -> None:
    case = desk.open_case(life_status="dead")
    url = village_url("cases", case, "step", "cancel")
    assert desk.staff.post(url, data={"version": "1", "note": "Warga sudah meninggal"}).status_code in (302, 409)
