"""A plugin that fails leaves a small notice on the page and the rest intact; where it decides, nothing is done."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from core.audit import AuditEntry
from core.cases.catalogue import find_service
from core.cases.models import Case, CaseEvent
from core.database.session import commit, db
from core.people.models import Person
from core.plugins.health import MAX_FAILURES
from core.testing import VILLAGE, SignInAs, at, make_case, make_person
from core.users.permissions import requires
from core.web.panels import MenuItem, Panel, PublicLink, SearchResult

from .conftest import Start, same_person, switch

HOME, CASES, MODULES = f"/{VILLAGE}/", f"/{VILLAGE}/cases", "/32.01/modules/installed"
NOTICE = "Bagian dari modul Si Rusak sedang tidak dapat ditampilkan."


# ---- ways to fail ----


def raises() -> Any:
    raise RuntimeError("broken on purpose")


def runs_bad_sql() -> Any:
    db.session.execute(text("SELECT no_such_column FROM persons"))


def swallows_bad_sql() -> None:
    """Python goes on; the transaction does not."""
    try:
        runs_bad_sql()
    except SQLAlchemyError:
        return


def swallows_a_failed_flush() -> None:
    db.session.add(Person(village_id=1, name="Tanpa tanggal lahir"))
    try:
        db.session.flush()
    except SQLAlchemyError:
        return


def fails_half_way() -> Iterator[Panel]:
    yield panel("homevisit/rows.html", rows=[])
    raise RuntimeError("broken on purpose")


def panel(template: str, **values: Any) -> Panel:
    return Panel(title="Kartu", template=template, permission="area.view", values=values)


def entry(**values: Any) -> list[MenuItem]:
    return [MenuItem(**{"label": "Rusak", "endpoint": "sktm.register", "permission": "area.view", **values})]


class Unreadable(str):
    """As a translated text whose placeholder nobody filled in: it fails when it is shown, not when it is made."""

    __slots__ = ()

    def __str__(self) -> str:
        raise KeyError("name")


WAYS: dict[str, tuple[str, Callable[..., Any]]] = {
    "raises": ("dashboard_cards", raises),
    "runs bad SQL": ("dashboard_cards", runs_bad_sql),
    "swallows bad SQL": ("dashboard_cards", swallows_bad_sql),
    "swallows a failed flush": ("dashboard_cards", swallows_a_failed_flush),
    "fails half way": ("dashboard_cards", fails_half_way),
    "returns no panels": ("dashboard_cards", lambda: 5),
    "has no such template": ("dashboard_cards", lambda: [panel("faulty/missing.html")]),
    "has a broken template": ("dashboard_cards", lambda: [panel("faulty/broken.html")]),
    "has a template that fails": ("dashboard_cards", lambda: [panel("homevisit/rows.html", rows=[{}])]),
    "has a template that is not escaped": ("dashboard_cards", lambda: [panel("faulty/panel.txt")]),
    "menu raises": ("menu_items", raises),
    "menu runs bad SQL": ("menu_items", runs_bad_sql),
    "menu leads nowhere": ("menu_items", lambda: entry(endpoint="sktm.no_such_page")),
    "menu cannot be read": ("menu_items", lambda: entry(label=Unreadable("%(name)s"))),
}


@pytest.fixture
def due_visit(app: Flask, areas: None) -> None:
    """A request for a home visit whose visit is due: there is something to show beside what fails."""
    with at(app, VILLAGE) as area:
        service = find_service("homevisit.request")
        assert service
        make_case(area, service, make_person(area.id, "Enok Sumarni"), reason="elderly", directions="Dekat musala")
        commit()
        db.session.execute(text("UPDATE homevisit_visits SET planned_on = '2026-01-05'"))
        commit()


@pytest.mark.usefixtures("due_visit")
@pytest.mark.parametrize("way", WAYS)
def test_what_fails_on_a_page_leaves_a_notice_and_the_rest(start: Start, sign_in: SignInAs, way: str) -> None:
    hook, function = WAYS[way]
    process = start(faulty={hook: function})
    switch(process, "faulty", on=True)
    staff = same_person(sign_in("village_staff"), process)
    page = staff.get(HOME)
    assert page.status_code == 200
    assert page.text.count(NOTICE) == 1
    assert "Kunjungan yang sudah waktunya" in page.text
    assert page.text.count("Enok Sumarni") >= 2, "in the list of cases and on the card of the other module"
    assert 'href="/32.01.15.2008/homevisit/"' in page.text
    assert "Rusak</span>" not in page.text
    assert staff.get(CASES).status_code == 200
    assert process.extensions["puskesos"].plugins.failures()["faulty"] >= 1


def test_the_panels_of_a_case_and_of_a_person_are_isolated_too(
    start: Start, app: Flask, sign_in: SignInAs, due_visit: None
) -> None:
    process = start(faulty={"case_panels": raises, "person_panels": raises})
    switch(process, "faulty", on=True)
    staff = same_person(sign_in("village_staff"), process)
    with at(app, VILLAGE):
        case = db.session.scalars(select(Case)).one()
        urls = f"/{VILLAGE}/cases/{case.id}", f"/{VILLAGE}/people/{case.person_id}"
    for url in urls:
        page = staff.get(url)
        assert page.status_code == 200
        assert NOTICE in page.text
        assert "Enok Sumarni" in page.text


@pytest.mark.parametrize(
    "answer",
    [raises, runs_bad_sql, lambda: 5, lambda: [PublicLink(label="Rusak", endpoint="sktm.no_such_page")]],
    ids=["raises", "runs bad SQL", "is no link", "leads nowhere"],
)
def test_a_public_link_that_fails_is_left_out(start: Start, areas: None, answer: Callable[..., Any]) -> None:
    process = start(faulty={"public_links": answer})
    switch(process, "faulty", on=True)
    page = process.test_client().get(f"/{VILLAGE}/services")
    assert page.status_code == 200
    assert "Surat Keterangan Tidak Mampu" in page.text
    assert "Rusak" not in page.text
    assert process.extensions["puskesos"].plugins.failures()["faulty"] >= 1


def test_a_public_link_stands_on_the_page_of_services_where_the_plugin_is_on(start: Start, areas: None) -> None:
    links = [PublicLink(label="Ambil nomor <antrean>", endpoint="villages.services")]
    process = start(faulty={"public_links": lambda: links})
    assert "Ambil nomor" not in process.test_client().get(f"/{VILLAGE}/services").text
    switch(process, "faulty", on=True)
    assert "Ambil nomor &lt;antrean&gt;</a>" in process.test_client().get(f"/{VILLAGE}/services").text


SEARCH_WAYS: dict[str, Callable[..., Any]] = {
    "raises": raises,
    "runs bad SQL": runs_bad_sql,
    "returns no results": lambda: [panel("homevisit/rows.html", rows=[])],
    "leads nowhere": lambda: [SearchResult(title="x", endpoint="sktm.no_such_page", permission="area.view")],
    "finds more than a page has room for": lambda: [
        SearchResult(title="x", endpoint="areas.home", permission="area.view") for _number in range(21)
    ],
}


@pytest.mark.parametrize("way", SEARCH_WAYS)
def test_a_search_that_fails_is_told_and_the_others_find_theirs(
    start: Start, sign_in: SignInAs, due_visit: None, way: str
) -> None:
    process = start(faulty={"search_results": SEARCH_WAYS[way]})
    switch(process, "faulty", on=True)
    page = same_person(sign_in("village_staff"), process).get(f"/{VILLAGE}/search?q=sumarni")
    assert page.status_code == 200
    assert "Si Rusak</h2>" in page.text
    assert "Modul ini sedang tidak dapat dicari" in page.text
    assert "Enok Sumarni" in page.text


def test_where_the_plugin_is_off_there_is_no_notice(start: Start, sign_in: SignInAs) -> None:
    process = start(faulty={"dashboard_cards": raises})
    assert NOTICE not in same_person(sign_in("village_staff"), process).get(HOME).text


def test_a_district_is_shown_the_cards_of_what_is_on_in_one_of_its_villages(start: Start, sign_in: SignInAs) -> None:
    process = start(faulty={"overview_cards": raises})
    district = same_person(sign_in("district_admin", "32.01"), process)
    assert NOTICE not in district.get("/32.01/").text
    switch(process, "faulty", on=True)
    page = district.get("/32.01/")
    assert (page.status_code, page.text.count(NOTICE)) == (200, 1)
    assert "Cibadak" in page.text


def test_a_menu_is_asked_for_once_for_several_pages(start: Start, sign_in: SignInAs, due_visit: None) -> None:
    asked: list[int] = []
    process = start(faulty={"menu_items": lambda: asked.append(1)})
    switch(process, "faulty", on=True)
    staff = same_person(sign_in("village_staff"), process)
    for url in (HOME, HOME, CASES):
        staff.get(url)
    assert asked == [1]
    same_person(sign_in("village_head"), process).get(HOME)
    assert asked == [1, 1]


def test_a_menu_that_failed_is_asked_for_again_once_a_page(start: Start, sign_in: SignInAs, due_visit: None) -> None:
    asked: list[int] = []

    def fails_at_first() -> None:
        asked.append(1)
        if len(asked) == 1:
            raise RuntimeError("not yet")

    process = start(faulty={"menu_items": fails_at_first})
    switch(process, "faulty", on=True)
    staff = same_person(sign_in("village_staff"), process)
    assert [NOTICE in staff.get(HOME).text for _time in range(3)] == [True, False, False]
    assert asked == [1, 1]


# ---- what the page itself has to keep ----


def writes_without_committing() -> None:
    db.session.execute(select(Person)).scalars().first().name = "Diubah"  # type: ignore[union-attr]
    db.session.flush()


def adds_and_goes() -> None:
    db.session.add(Person(village_id=1, name="Tanpa tanggal lahir"))


def rolls_back() -> None:
    db.session.rollback()


def commits() -> None:
    db.session.commit()


def closes_the_session() -> None:
    db.session.remove()


def rolls_back_below_the_session() -> None:
    db.session.connection().exec_driver_sql("ROLLBACK")


@pytest.mark.parametrize("hook", ["menu_items", "person_panels"])
@pytest.mark.parametrize(
    "fail",
    [
        raises,
        runs_bad_sql,
        swallows_bad_sql,
        swallows_a_failed_flush,
        writes_without_committing,
        adds_and_goes,
        rolls_back,
        commits,
        closes_the_session,
    ],
)
@pytest.mark.usefixtures("due_visit")
def test_that_somebody_looked_at_a_nik_is_recorded_also_when_a_plugin_breaks_the_transaction(
    start: Start, app: Flask, sign_in: SignInAs, hook: str, fail: Callable[..., Any]
) -> None:
    process = start(faulty={hook: fail})
    switch(process, "faulty", on=True)
    staff = same_person(sign_in("village_staff"), process)
    with at(app, VILLAGE):
        person = db.session.scalars(select(Person)).one()
        url, nik = f"/{VILLAGE}/people/{person.id}/nik", str(person.nik)
    page = staff.post(url)
    assert page.status_code == 200
    assert nik in page.text.replace(" ", "")
    with at(app, VILLAGE):
        assert "people.nik_shown" in db.session.scalars(select(AuditEntry.action)).all()
        assert db.session.scalars(select(Person.name)).all() == ["Enok Sumarni"]


def test_where_a_plugin_rolled_the_record_back_the_nik_is_not_shown(
    start: Start, app: Flask, sign_in: SignInAs, due_visit: None
) -> None:
    process = start(faulty={"person_panels": rolls_back_below_the_session})
    switch(process, "faulty", on=True)
    staff = same_person(sign_in("village_staff"), process)
    with at(app, VILLAGE):
        person = db.session.scalars(select(Person)).one()
        url, nik = f"/{VILLAGE}/people/{person.id}/nik", str(person.nik)
    page = staff.post(url)
    assert page.status_code == 500
    assert nik not in page.text.replace(" ", "")


@pytest.mark.parametrize("fail", [writes_without_committing, adds_and_goes])
def test_what_a_plugin_writes_while_a_page_is_built_is_dropped_and_counts_as_a_failure(
    start: Start, app: Flask, sign_in: SignInAs, due_visit: None, fail: Callable[..., Any]
) -> None:
    process = start(faulty={"dashboard_cards": fail})
    switch(process, "faulty", on=True)
    assert NOTICE in same_person(sign_in("village_staff"), process).get(HOME).text
    with at(app, VILLAGE):
        assert db.session.scalars(select(Person.name)).all() == ["Enok Sumarni"]


# ---- its pages are its own, and only its own ----


def nested_pages() -> Blueprint:
    outer, inner = Blueprint("faulty", "faulty"), Blueprint("inner", "faulty")
    inner.add_url_rule("/<int:number>", "number", requires("area.view")(lambda number: f"number {number}"))
    outer.register_blueprint(inner, url_prefix="/inner")
    return outer


def test_pages_of_a_nested_blueprint_are_not_there_where_the_plugin_is_off(start: Start, sign_in: SignInAs) -> None:
    process = start(faulty={"blueprint": nested_pages})
    staff = same_person(sign_in("village_staff"), process)
    assert staff.get(f"/{VILLAGE}/faulty/inner/7").status_code == 404
    switch(process, "faulty", on=True)
    assert staff.get(f"/{VILLAGE}/faulty/inner/7").text == "number 7"


def test_a_plugin_cannot_put_its_template_in_the_place_of_anothers(start: Start, sign_in: SignInAs) -> None:
    process = start(faulty={})
    assert "faulty/broken.html" in process.jinja_env.list_templates()
    for path in ("homevisit/index.html", "layout.html"):
        process.jinja_env.get_template(path)  # the faulty plugin's own cannot be read


# ---- suspension ----


def test_after_repeated_failure_it_is_suspended_and_the_district_is_told(start: Start, sign_in: SignInAs) -> None:
    calls: list[int] = []

    def dashboard_cards() -> Any:
        calls.append(1)
        raise RuntimeError("broken on purpose")

    process, other = start(faulty={"dashboard_cards": dashboard_cards}), start(faulty={})
    switch(process, "faulty", on=True)
    staff, admin = sign_in("village_staff"), sign_in("district_admin", "32.01")
    assert "dihentikan sementara" not in same_person(admin, process).get(MODULES).text
    for _ in range(MAX_FAILURES + 2):
        page = same_person(staff, process).get(HOME)
        assert page.status_code == 200
        assert NOTICE in page.text
    assert len(calls) == MAX_FAILURES
    assert "Modul Si Rusak berulang kali gagal" in same_person(admin, process).get(MODULES).text
    assert "berulang kali gagal" in same_person(admin, other).get(MODULES).text, "every process tells it"


# ---- decisions ----


@pytest.mark.parametrize("decide", [raises, runs_bad_sql, swallows_bad_sql, lambda: "", lambda: True])
def test_a_decision_that_fails_changes_nothing(
    start: Start, app: Flask, sign_in: SignInAs, due_visit: None, decide: Callable[..., Any]
) -> None:
    process = start(faulty={"case_transition_allowed": decide})
    switch(process, "faulty", on=True)
    staff = same_person(sign_in("village_staff"), process)
    before = everything_kept(app)
    with at(app, VILLAGE):
        case = str(db.session.scalars(select(Case.id)).one())
    assert step(staff, case, "schedule") == 500
    assert everything_kept(app) == before


def test_an_objection_is_shown_to_the_clerk(start: Start, app: Flask, sign_in: SignInAs, due_visit: None) -> None:
    process = start(faulty={"case_transition_allowed": lambda: "Tunggu musdes."})
    switch(process, "faulty", on=True)
    staff = same_person(sign_in("village_staff"), process)
    with at(app, VILLAGE):
        case = str(db.session.scalars(select(Case.id)).one())
    answer = staff.post(f"/{VILLAGE}/cases/{case}/step/schedule", data={"version": version_of(staff, case)})
    assert answer.status_code == 422
    assert "Tunggu musdes." in answer.text


def step(client: FlaskClient, case: str, key: str) -> int:
    return client.post(f"/{VILLAGE}/cases/{case}/step/{key}", data={"version": version_of(client, case)}).status_code


def version_of(client: FlaskClient, case: str) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', client.get(f"/{VILLAGE}/cases/{case}").text)
    assert found
    return found[1]


def everything_kept(app: Flask) -> list[Any]:
    with at(app, VILLAGE):
        return [
            db.session.execute(select(Case.state, Case.version, Case.due_on)).all(),
            db.session.scalars(select(CaseEvent.kind)).all(),
            db.session.scalars(select(AuditEntry.action)).all(),
            db.session.execute(text("SELECT planned_on FROM homevisit_visits")).all(),
        ]
