"""How many statements each main page takes: a fixed number, whether there are three rows of everything or thirty.

Counted is every statement that reaches the database, without BEGIN, COMMIT, ROLLBACK and the ``SET LOCAL`` of the
scope, which belong to a transaction and not to what a page asks. The numbers are exact, so that a page that begins to
ask more is noticed; who changes one on purpose changes it here.
"""

import importlib.metadata
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from core.actor import Actor
from core.application import build
from core.areas.code import AreaCode
from core.areas.current import CurrentArea
from core.areas.modules import set_module
from core.cases.catalogue import find_service
from core.cases.models import Case, LetterRecord
from core.cases.tasks import add_task
from core.clock import today
from core.database.session import commit, db, scope
from core.database.urls import DatabaseUrls
from core.jobs import enqueue
from core.modules.changes import apply_plan
from core.modules.plans import plan_wish
from core.modules.wishes import Cell, State, Wish
from core.plugins.registry import ENTRY_POINT_GROUP, load_plugins
from core.referrals import sending
from core.referrals.drafting import ReferralInput, create_draft
from core.referrals.organisations import OrganisationInput, find_addressee, register
from core.testing import SIBLING, VILLAGE, SignInAs, at, make_case, make_person, provision, test_config

DISTRICT, KECAMATAN, GROUP = "32.01", "32.01.15", "32.01.16"

# Page → who asks, and how many statements it takes. {person} and {case} are one resident and one case with many rows.
COUNTS = {
    f"/{VILLAGE}/": ("village_staff", 6),
    f"/{VILLAGE}/cases?which=open": ("village_staff", 2),
    f"/{VILLAGE}/cases/{{case}}": ("village_head", 11),
    f"/{VILLAGE}/cases/new?person={{person}}": ("village_staff", 5),
    f"/{VILLAGE}/people": ("village_staff", 2),
    f"/{VILLAGE}/people/{{person}}": ("village_staff", 6),
    f"/{VILLAGE}/letters": ("village_head", 3),
    f"/{VILLAGE}/referrals": ("village_staff", 3),
    f"/{VILLAGE}/sktm/": ("village_head", 3),
    f"/{VILLAGE}/audit": ("village_head", 5),
    f"/{KECAMATAN}/inbox": ("kecamatan_supervisor", 4),
    f"/{DISTRICT}/": ("district_officer", 9),
    f"/{DISTRICT}/referrals": ("district_officer", 3),
    f"/{DISTRICT}/organisations": ("district_admin", 2),
    f"/{DISTRICT}/modules": ("district_admin", 5),
    f"/{DISTRICT}/modules?open={GROUP}": ("district_admin", 5),
    f"/{DISTRICT}/modules?deviating=1": ("district_admin", 5),
    f"/{DISTRICT}/modules/changes": ("district_admin", 3),
    f"/{DISTRICT}/modules/change?cell=3201000000:sktm": ("district_admin", 3),
    f"/{DISTRICT}/rules/sktm": ("district_admin", 2),
    f"/{DISTRICT}/rules/sktm/rule/decile_max": ("district_admin", 2),
    f"/{DISTRICT}/jobs": ("district_admin", 4),
    f"/{DISTRICT}/audit": ("auditor", 4),
}
LETTER = {"person": {"name": "Enok Sumarni", "nik": "3201155507900042"}, "answers": {"purpose": "school"}}
PLACES = {"district": DISTRICT, "kecamatan": KECAMATAN, "auditor": DISTRICT, "village": VILLAGE}


@pytest.fixture(scope="module")
def app(database_urls: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """With SKTM alone: another plugin's cards and panels ask for themselves."""
    sktm = importlib.metadata.EntryPoint("sktm", "plugins.sktm", ENTRY_POINT_GROUP)
    registry = load_plugins(strict=True, disabled=frozenset(), entry_points=[sktm])
    application = build(test_config(tmp_path_factory.mktemp("data")), database_urls.app, registry)
    application.testing = True
    application.config.update(WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    yield application
    with application.app_context():
        db.engine.dispose()


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("SET LOCAL"):
            statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


# ---- as many rows of everything as one likes ----


def fill(app: Flask, rows: int) -> dict[str, str]:
    """The ids of the resident and the case that have most of them."""
    with app.app_context():
        villages = [(f"{GROUP}.{2001 + n}", f"Mekar {n}", "desa", None) for n in range(rows)]
        provision(((GROUP, "Cibungbulang", "kecamatan", None), *villages))
        for number in range(rows):
            register(AreaCode.parse(DISTRICT).id, OrganisationInput(f"Yayasan {number}", "community", "ngo"))
        db.session.commit()
    for code, _name, _kind, _prefix in villages:
        switch_off(app, code)
    with at(app, VILLAGE, Actor(None, "Siti Aminah")) as area:
        return fill_village(area, rows)


def switch_off(app: Flask, code: str) -> None:
    with app.app_context(), scope(AreaCode.parse(code)):
        apply_plan(plan_wish(Wish((Cell(AreaCode.parse(code), "sktm"),), State.OFF)), "Rapat")
        commit()


def fill_village(area: CurrentArea, rows: int) -> dict[str, str]:
    service = find_service("sktm.letter")
    assert service
    person = make_person(area.id, "Enok Sumarni")
    case = make_case(area, service, person)
    for number in range(rows):
        add_task(case, f"Periksa {number}", today())
        refer(area, case)
        letter(case, number)
        make_case(area, service, person)
        other = make_case(area, service, make_person(area.id, f"Warga {number}"))
        add_task(other, "Periksa", today())
        letter(other, rows + number)
        refer(area, other)
        enqueue("imports.check", area, import_id=str(case.id))
    found = {"person": str(person.id), "case": str(case.id)}
    commit()
    return found


def refer(area: CurrentArea, case: Case) -> None:
    organisation = find_addressee(area.interval, "kecamatan")
    assert organisation
    referral = create_draft(area, case, ReferralInput(organisation, "membership", "Mohon dibantu."))
    sending.send(area, referral, case)


def letter(case: Case, number: int) -> None:
    db.session.add(
        LetterRecord(
            village_id=case.village_id,
            case_id=case.id,
            key="statement",
            year=2026,
            number=number + 1,
            reference=f"460/{number + 1:03d}",
            subject="SKTM",
            token=f"token-{number}",
            data=LETTER,
            sha256="0" * 64,
            issued_on=today(),
        )
    )


# ---- the pages ----


@pytest.mark.parametrize("rows", [3, 30])
def test_each_page_takes_its_number_of_statements_however_many_rows_there_are(
    app: Flask, sign_in: SignInAs, rows: int
) -> None:
    ids = fill(app, rows)
    clients: dict[str, FlaskClient] = {}
    found = {}
    for page, (role, _count) in COUNTS.items():
        if role not in clients:
            clients[role] = sign_in(role, PLACES[role.partition("_")[0]])
        clients[role].get(page.format(**ids))  # what a process does once is not the page's
        with counted(app) as statements:
            answer = clients[role].get(page.format(**ids))
        assert answer.status_code == 200, page
        found[page] = (role, len(statements))
    assert found == COUNTS


def test_a_preview_takes_as_many_statements_for_two_villages_as_for_all(app: Flask, sign_in: SignInAs) -> None:
    fill(app, 3)
    admin = sign_in("district_admin", DISTRICT)
    needed = []
    for code in (KECAMATAN, DISTRICT):
        cell = f"{AreaCode.parse(code).id}:sktm"
        with counted(app) as statements:
            page = admin.post(f"/{DISTRICT}/modules/change", data={"wish": "1", "cell": cell, "state": "off"})
        assert "berhenti di" in page.text
        needed.append(len(statements))
    assert needed == [7, 7]


def test_what_is_counted_is_every_statement_of_a_page(app: Flask, sign_in: SignInAs) -> None:
    """What the numbers above rest on: a page that asks once more is noticed."""
    client = sign_in("village_staff", SIBLING)
    with counted(app) as statements:
        client.get(f"/{SIBLING}/people")
    with at(app, SIBLING) as area, counted(app) as more:
        set_module(area.interval, "sktm", enabled=True)
        db.session.rollback()
    assert any("FROM persons" in statement for statement in statements)
    assert any("pg_advisory_xact_lock" in statement for statement in more)
    assert not any("SET LOCAL" in statement for statement in [*statements, *more])
