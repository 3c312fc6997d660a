"""Verifying commitments month by month, at the desk and by a kader on the way."""

from typing import Any

import pytest

from core.testing import VILLAGE
from core.testing.reading import words
from plugins.pkh.rulebook import Month

from .conftest import Desk, url


@pytest.fixture
def month(desk: Desk) -> Month:
    """The last that has ended."""
    return Month.before(desk.today())


def listed(desk: Desk) -> str:
    """A family that has long been on the list: its small child Dede, its pupil Asep."""
    year = desk.today().year
    home = desk.make_home(Dede=f"{year - 2}-01-01", Asep=f"{year - 9}-01-01")
    answer = desk.enlist(home, since=f"{year - 1}-01-01", Dede="child", Asep="sd")
    return answer.location.rsplit("/", 1)[-1]


def test_a_kader_writes_down_what_was_seen(desk: Desk, month: Month) -> None:
    family = listed(desk)
    assert "2" in desk.staff.get(url() + "?show=unchecked").text
    assert desk.check(family, month, Asep=("sd", "84"), Dede=("child", "1")).status_code == 302
    rows = desk.rows("SELECT value, excused FROM pkh_checks ORDER BY value")
    assert [tuple(row) for row in rows] == [(1, False), (84, False)]
    page = desk.staff.get(url("families", family) + f"?year={month.year}&stage={(month.number + 2) // 3}").text
    assert "84%" in page
    assert "tidak terpenuhi" in page
    assert "Semua sudah diverifikasi" in desk.staff.get(url() + "?show=unchecked").text


def test_the_first_page_says_who_is_to_be_verified(desk: Desk, month: Month) -> None:
    family = listed(desk)
    assert "belum diverifikasi" in desk.staff.get(f"/{VILLAGE}/").text
    desk.check(family, month, Asep=("sd", "90"), Dede=("child", "1"))
    assert "belum diverifikasi" not in desk.staff.get(f"/{VILLAGE}/").text


def test_blank_is_not_verified_and_takes_back_what_was_said(desk: Desk, month: Month) -> None:
    family = listed(desk)
    desk.check(family, month, Asep=("sd", "90"))
    assert len(desk.rows("SELECT id FROM pkh_checks")) == 1
    desk.check(family, month, Asep=("sd", ""))
    assert not desk.rows("SELECT id FROM pkh_checks")


def test_who_could_not_is_excused_with_a_reason(desk: Desk, month: Month) -> None:
    family = listed(desk)
    prefix = f"m{desk.member('Asep', 'sd')}"
    where = ("checks", month.year, month.number)
    refused = desk.post(family, *where, client=desk.kader, **{f"{prefix}-excused": "y"})
    assert refused.status_code == 422
    assert "Tulis mengapa berhalangan" in refused.text
    said = {f"{prefix}-excused": "y", f"{prefix}-note": "Rawat inap"}
    assert desk.post(family, *where, client=desk.kader, **said).status_code == 302
    assert tuple(desk.row("SELECT value, excused, note FROM pkh_checks")) == (None, True, "Rawat inap")


@pytest.mark.parametrize(("component", "value"), [("sd", "101"), ("sd", "-1"), ("child", "32"), ("sd", "banyak")])
def test_what_cannot_be_is_refused(desk: Desk, month: Month, component: str, value: str) -> None:
    family = listed(desk)
    name = {"sd": "Asep", "child": "Dede"}[component]
    said: dict[str, Any] = {name: (component, value)}
    answer = desk.check(family, month, **said)
    assert answer.status_code == 422
    assert not desk.rows("SELECT id FROM pkh_checks")


def test_a_month_that_has_not_begun_cannot_be_verified(desk: Desk) -> None:
    family, today = listed(desk), desk.today()
    later = Month(today.year + 1, 1)
    answer = desk.post(family, "checks", later.year, later.number, client=desk.kader)
    assert answer.status_code == 422
    assert "belum tiba" in answer.text


def test_two_kader_do_not_overwrite_each_other(desk: Desk, month: Month) -> None:
    family = listed(desk)
    stale = desk.version(family)
    assert desk.check(family, month, Asep=("sd", "90")).status_code == 302
    prefix = f"m{desk.member('Asep', 'sd')}"
    said: dict[str, Any] = {f"{prefix}-value": "70"}
    answer = desk.post(family, "checks", month.year, month.number, version=stale, **said)
    assert answer.status_code == 409
    assert desk.row("SELECT value FROM pkh_checks")[0] == 90


@pytest.mark.parametrize(("kind", "there", "not_there"), [("attendance", "Asep", "Dede"), ("visits", "Dede", "Asep")])
def test_a_form_to_take_along_names_those_of_its_kind(
    desk: Desk, month: Month, kind: str, there: str, not_there: str
) -> None:
    listed(desk)
    said = words(desk.kader.get(url("checks", month.year, month.number, f"{kind}.pdf")))
    assert there in said
    assert not_there not in said
    assert "SDN Cibadak 02" in said


def test_a_form_of_no_kind_or_month_is_not_there(desk: Desk, month: Month) -> None:
    for parts in ((month.year, month.number, "other.pdf"), (month.year, 13, "visits.pdf"), (1999, 1, "visits.pdf")):
        assert desk.kader.get(url("checks", *parts)).status_code == 404
