"""BLT Dana Desa is not for families with PKH: told wherever somebody decides, and nothing is stopped."""

import html
import re
from collections.abc import Iterable
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.actor import Actor, acting
from core.aid.exclusions import clashes_of_cases
from core.areas.code import AreaCode
from core.cases.catalogue import find_service
from core.cases.models import Case
from core.cases.service import Service
from core.clock import today
from core.database.session import commit, db, scope
from core.people.models import Person
from core.rules.changing import NewOverride, hold_overrides, set_override
from core.rules.rulebook import books_of
from core.testing import VILLAGE, at, make_case
from plugins.blt_desa.tests.conftest import ANSWERS
from tests.aid.conftest import Home, make_home, make_kpm
from tests.aid.test_aid_pages import tell
from tests.web.test_query_counts import counted

SAYS = "BLT Dana Desa tidak untuk penerima PKH."


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def service(name: str) -> Service:
    found = find_service(name)
    assert found
    return found


def open_case(app: Flask, home: Home, name: str = "blt_desa.aid") -> str:
    with at(app, VILLAGE) as area:
        case = make_case(area, service(name), db.session.get_one(Person, (area.id, UUID(home.head))), **ANSWERS)
        case_id = str(case.id)
        commit()
    return case_id


def pages(home: Home, case_id: str) -> Iterable[str]:
    yield f"/{VILLAGE}/cases/{case_id}"
    yield f"/{VILLAGE}/cases/new?person={home.head}"
    yield f"/{VILLAGE}/cases/new?person={home.head}&service=blt_desa.aid"
    yield f"/{VILLAGE}/cases/new?person={home.child}&service=blt_desa.aid"


def test_the_warning_says_what_since_when_from_where_and_by_which_rule(
    app: Flask, staff: FlaskClient, home: Home
) -> None:
    case_id = open_case(app, home)
    for page in pages(home, case_id):
        assert SAYS not in words(staff.get(page).text)
    make_kpm(app, home)
    for page in pages(home, case_id):
        found = words(staff.get(page).text)
        assert f"{SAYS} Tercatat mendapat PKH sejak" in found
        assert "(daftar KPM desa)." in found
        assert "Permendesa PDT 16/2025" in found


def test_it_stands_on_the_other_side_too(app: Flask, staff: FlaskClient, home: Home) -> None:
    """Who is on a decree of BLT and asks for PKH has to give one of them up."""
    assert tell(staff, home.head, programme="blt_desa", last_day="", title="") == 302
    found = words(staff.get(f"/{VILLAGE}/cases/new?person={home.head}&service=pkh.proposal").text)
    assert f"{SAYS} Tercatat mendapat BLT Dana Desa sejak 5 Januari 2026 (daftar resmi: Daftar Baznas" in found
    assert SAYS not in staff.get(f"/{VILLAGE}/cases/new?person={home.head}&service=sktm.letter").text


@pytest.mark.parametrize(
    ("told", "warned"),
    [
        ({"programme": "pkh", "last_day": ""}, True),
        ({"programme": "pkh", "last_day": "2026-01-31"}, False),  # over by now
        ({"programme": "bansos", "last_day": ""}, False),
        ({"programme": "", "last_day": ""}, False),
    ],
)
def test_what_was_told_counts_while_it_lasts(
    staff: FlaskClient, home: Home, told: dict[str, str], *, warned: bool
) -> None:
    tell(staff, home.child, **told, title="Bantuan")
    page = staff.get(f"/{VILLAGE}/cases/new?person={home.head}&service=blt_desa.aid").text
    assert (SAYS in page) is warned


def test_nothing_is_stopped_and_a_closed_case_is_left_alone(app: Flask, staff: FlaskClient, home: Home) -> None:
    make_kpm(app, home)
    case_id = open_case(app, home)
    address = f"/{VILLAGE}/cases/{case_id}"
    with at(app, VILLAGE) as area:
        version = db.session.get_one(Case, (area.id, UUID(case_id))).version
    answer = staff.post(f"{address}/step/cancel", data={"version": version, "note": "Memilih PKH"})
    assert answer.status_code == 302
    assert SAYS not in words(staff.get(address).text)


def test_an_area_that_sets_another_list_is_believed(app: Flask, staff: FlaskClient, home: Home) -> None:
    """The warning goes, and so does the question of it among the criteria."""
    make_kpm(app, home)
    page = f"/{VILLAGE}/cases/new?person={home.head}&service=blt_desa.aid"
    assert "Tidak menerima PKH" in staff.get(page).text
    set_excludes(app, ["bansos"])
    found = staff.get(page).text
    assert SAYS not in found
    assert "Tidak menerima PKH" not in found


def set_excludes(app: Flask, programmes: list[str]) -> None:
    district = AreaCode.parse("32.01")
    with app.app_context(), scope(district), acting(Actor(None, "Rina")):
        hold_overrides()
        wanted = NewOverride(tuple(programmes), today(), None, "Perbup 12/2026", "verified")
        set_override(district, books_of("blt_desa")[0], "excludes", wanted)
        commit()


def test_many_cases_are_asked_for_at_once(app: Flask, areas: None) -> None:
    """What a meeting asks: the same number of statements for one family and for six."""
    homes = [make_home(app, f"Warga {n}", nik=None) for n in range(6)]
    make_kpm(app, homes[0])
    ids = [open_case(app, home) for home in homes]
    counts = []
    for some in (ids[:1], ids):
        with at(app, VILLAGE) as area:
            cases = [db.session.get_one(Case, (area.id, UUID(case_id))) for case_id in some]
            for case in cases:
                assert case.person.household
            with counted(app) as statements:
                found = clashes_of_cases(area, service("blt_desa.aid"), cases, {"pkh.read"})
            counts.append(len(statements))
            assert {str(case_id) for case_id, clashes in found.items() if clashes} == {ids[0]}
            assert clashes_of_cases(area, service("blt_desa.aid"), cases, set()) == {key: [] for key in found}
    assert counts[0] == counts[1]
