"""An outside plugin in a running installation: switched on, used, switched off, and back with all its data."""

import re

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from core.cases.catalogue import find_service
from core.cases.models import Case
from core.database.session import commit, db
from core.testing import SIBLING, VILLAGE, SignInAs, at, days_ago, make_case, make_person

from .conftest import Start, same_person, switch

ANSWERS = {"reason": "elderly", "directions": "Di belakang musala"}
MENU_ENTRY = f'href="/{VILLAGE}/homevisit/"'


@pytest.fixture
def person(app: Flask, areas: None) -> str:
    """The id of a resident of Cibadak."""
    with at(app, VILLAGE) as area:
        made = make_person(area.id, "Enok Sumarni")
        commit()
        return str(made.id)


@pytest.fixture
def case(app: Flask, areas: None) -> str:
    """The id of an open request for a home visit; its event has planned the visit."""
    with at(app, VILLAGE) as area:
        service = find_service("homevisit.request")
        assert service
        made = make_case(area, service, make_person(area.id, "Enok Sumarni"), **ANSWERS)
        commit()
        return str(made.id)


def url(*parts: str) -> str:
    return "/".join([f"/{VILLAGE}", *parts])


def write_down(client: FlaskClient, person: str, finding: str) -> None:
    form = {"visited_on": days_ago(1).isoformat(), "finding": finding}
    assert client.post(url(f"homevisit/new?person={person}"), data=form).status_code == 302


def take_step(client: FlaskClient, case: str, key: str, note: str = "") -> int:
    form = client.get(url("cases", case, "step", key))
    version = re.search(r'name="version"[^>]*value="(\d+)"', form.text)
    data = {"version": version[1] if version else "", "note": note}
    return client.post(url("cases", case, "step", key), data=data).status_code


# ---- its pages ----


def test_its_pages_open_for_who_has_the_permission(sign_in: SignInAs, person: str) -> None:
    worker = sign_in("field_worker")
    assert worker.get(url("homevisit/")).status_code == 200
    assert "Enok Sumarni" in worker.get(url(f"homevisit/new?person={person}")).text
    write_down(worker, person, "Atap bocor")
    assert "Atap bocor" in worker.get(url("homevisit/")).text


def test_a_damaged_address_of_a_page_shows_the_first(sign_in: SignInAs) -> None:
    for cursor in ("x", "W10", "WyJ4Il0"):
        assert sign_in("field_worker").get(url(f"homevisit/?after={cursor}")).status_code == 200


def test_its_pages_are_closed_to_who_lacks_the_permission(sign_in: SignInAs, person: str) -> None:
    auditor, partner = sign_in("auditor", "32.01"), sign_in("partner_officer", "32.01")
    assert auditor.get(url("homevisit/")).status_code == 200
    assert auditor.post(url(f"homevisit/new?person={person}")).status_code == 403
    assert partner.get(url("homevisit/")).status_code == 403


def test_its_pages_are_not_there_where_it_is_off(app: Flask, sign_in: SignInAs) -> None:
    switch(app, "homevisit", on=False)
    here, next_door = sign_in("village_staff"), sign_in("village_staff", SIBLING)
    assert here.get(url("homevisit/")).status_code == 404
    assert next_door.get(f"/{SIBLING}/homevisit/").status_code == 200


def test_its_pages_are_not_there_for_somebody_from_elsewhere(sign_in: SignInAs) -> None:
    assert sign_in("village_staff", SIBLING).get(url("homevisit/")).status_code == 404


def test_it_speaks_english_to_who_reads_english(sign_in: SignInAs) -> None:
    staff = sign_in("village_staff")
    with staff.session_transaction() as session:
        session["language"] = "en"
    staff.get("/language/en")
    assert "No visits yet" in staff.get(url("homevisit/")).text


# ---- switched on and off, as every process sees it at once ----


def test_switched_on_in_one_process_it_is_there_in_the_next_request_of_another(
    app: Flask, start: Start, sign_in: SignInAs, person: str
) -> None:
    switch(app, "homevisit", on=False)
    staff = same_person(sign_in("village_staff"), start())
    choice = url(f"cases/new?person={person}")
    assert MENU_ENTRY not in staff.get(url("")).text
    assert "Permintaan kunjungan rumah" not in staff.get(choice).text
    switch(app, "homevisit", on=True)
    assert MENU_ENTRY in staff.get(url("")).text
    assert "Permintaan kunjungan rumah" in staff.get(choice).text
    assert staff.get(url("homevisit/")).status_code == 200


def test_switched_off_it_leaves_every_page_in_every_process(
    app: Flask, start: Start, sign_in: SignInAs, person: str
) -> None:
    here = sign_in("village_staff")
    there = same_person(here, start())
    write_down(here, person, "Atap bocor")
    assert MENU_ENTRY in there.get(url("")).text
    assert "Kunjungan ke rumahnya" in there.get(url("people", person)).text
    switch(app, "homevisit", on=False)
    for client in (here, there):
        assert MENU_ENTRY not in client.get(url("")).text
        assert "Kunjungan ke rumahnya" not in client.get(url("people", person)).text
        assert "Permintaan kunjungan rumah" not in client.get(url(f"cases/new?person={person}")).text
        assert client.get(url("homevisit/")).status_code == 404


def test_its_data_are_kept_while_it_is_off_and_back_when_it_is_on_again(
    app: Flask, sign_in: SignInAs, person: str
) -> None:
    staff = sign_in("village_staff")
    write_down(staff, person, "Atap bocor")
    switch(app, "homevisit", on=False)
    switch(app, "homevisit", on=True)
    assert "Atap bocor" in staff.get(url("homevisit/")).text


# ---- cases of a module that is off, or gone ----


def test_an_open_case_can_be_read_and_finished_while_the_module_is_off(
    app: Flask, sign_in: SignInAs, case: str
) -> None:
    staff = sign_in("village_staff")
    switch(app, "homevisit", on=False)
    page = staff.get(url("cases", case)).text
    assert "sudah dimatikan" in page
    assert "Di belakang musala" in page
    assert take_step(staff, case, "schedule") == 302
    assert take_step(staff, case, "finish") == 302
    with at(app, VILLAGE):
        closed = db.session.scalars(select(Case)).one()
        assert (closed.state, closed.closed_at is None) == ("done", False)


def test_a_case_can_be_read_when_the_wheel_is_gone(start: Start, sign_in: SignInAs, case: str) -> None:
    staff = same_person(sign_in("village_staff"), start(guest=False))
    page = staff.get(url("cases", case))
    assert page.status_code == 200
    assert "tidak lagi terpasang" in page.text
    assert "Enok Sumarni" in page.text
    for path in ("", "cases", "letters"):
        assert staff.get(url(path)).status_code == 200
    assert staff.get(url("homevisit/")).status_code == 404


# ---- what it decides, and what it is told ----


def test_its_objection_stops_the_step_and_says_what_to_do(sign_in: SignInAs, case: str) -> None:
    staff = sign_in("village_staff")
    write_down(staff, person_of_panel(staff, case), "Atap bocor")
    answer = take_step(staff, case, "cancel", note="salah catat")
    assert answer == 422
    assert take_step(staff, case, "schedule") == 302
    assert take_step(staff, case, "finish") == 302


def person_of_panel(client: FlaskClient, case: str) -> str:
    """The panel on the case's page leads to the form for its resident."""
    found = re.search(rf"/{VILLAGE}/homevisit/new\?person=([0-9a-f-]+)", client.get(url("cases", case)).text)
    assert found
    return found[1]


def test_its_card_is_on_the_first_page_when_a_visit_is_due(app: Flask, sign_in: SignInAs, case: str) -> None:
    staff = sign_in("village_staff")
    assert "Kunjungan yang sudah waktunya" not in staff.get(url("")).text
    with at(app, VILLAGE):
        db.session.execute(text("UPDATE homevisit_visits SET planned_on = '2026-01-05'"))
        commit()
    assert "Kunjungan yang sudah waktunya" in staff.get(url("")).text
    assert "Kunjungan yang sudah waktunya" not in sign_in("village_staff", SIBLING).get(f"/{SIBLING}/").text


def test_its_command_runs_in_the_village_that_it_names(app: Flask, case: str) -> None:
    [command] = [command for owner, command in app.extensions["puskesos"].plugins.commands() if owner == "homevisit"]
    with at(app, VILLAGE):
        db.session.execute(text("UPDATE homevisit_visits SET planned_on = '2026-01-05'"))
        commit()
    with app.app_context():
        answers = {code: CliRunner().invoke(command, [code]).output for code in (VILLAGE, SIBLING)}
    assert answers == {VILLAGE: "1 kunjungan terlambat\n", SIBLING: "0 kunjungan terlambat\n"}
