"""The district's pages: the list of villages, adding one, its page, suspending and resuming it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from core.areas.code import AreaCode
from core.areas.current import find_area
from core.areas.models import Area, ModuleSetting
from core.areas.modules import set_module
from core.audit import AuditEntry
from core.cases.catalogue import find_service
from core.database.session import commit, db, scope
from core.modules.agreement import Discord, ModulesDisagree, Place
from core.testing import FOREIGN, SIBLING, VILLAGE, SignInAs, at, make_case, make_person, provision
from core.users.accounts import create_user, find_user
from core.users.models import Membership, User
from core.users.passwords import verify_password

DISTRICT = "32.01"
NEW = "32.01.15.2009"
ALL = AreaCode.parse(DISTRICT)


@pytest.fixture
def admin(sign_in: SignInAs) -> FlaskClient:
    return sign_in("district_admin", DISTRICT)


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


# ---- the list ----


@pytest.mark.parametrize("role", ["district_admin", "district_officer", "auditor"])
def test_the_list_shows_the_districts_villages_and_no_others(role: str, sign_in: SignInAs) -> None:
    page = sign_in(role, DISTRICT).get(f"/{DISTRICT}/villages").text
    assert "Desa Cibadak" in page
    assert SIBLING in page
    assert FOREIGN not in page
    assert ("Tambah desa" in page) == (role == "district_admin")


def test_a_supervisor_sees_the_kecamatan(sign_in: SignInAs) -> None:
    client = sign_in("kecamatan_supervisor", "32.01.15")
    assert "Desa Cibadak" in client.get("/32.01.15/villages").text
    assert client.get(f"/{DISTRICT}/villages").status_code == 404
    assert client.get("/32.01.15/villages/new").status_code == 403


@pytest.mark.parametrize("role", ["village_head", "village_staff", "partner_officer"])
def test_others_have_no_list(role: str, sign_in: SignInAs) -> None:
    place = DISTRICT if role == "partner_officer" else VILLAGE
    status = sign_in(role, place).get(f"/{DISTRICT}/villages").status_code
    assert status == (403 if role == "partner_officer" else 404)


@pytest.mark.parametrize(
    ("query", "found", "not_found"),
    [
        ({"q": "CIBAD"}, VILLAGE, SIBLING),
        ({"q": SIBLING}, SIBLING, VILLAGE),
        ({"q": "32.01.15.2010"}, SIBLING, VILLAGE),
        ({"which": "suspended"}, "Tidak ada desa yang ditangguhkan", VILLAGE),
        ({"q": "Xanadu"}, "Tidak ada desa yang cocok", VILLAGE),
        ({"q": "100%"}, "Tidak ada desa yang cocok", VILLAGE),
    ],
)
def test_the_list_is_searched_by_name_and_code(
    query: dict[str, str], found: str, not_found: str, admin: FlaskClient
) -> None:
    page = admin.get(f"/{DISTRICT}/villages", query_string=query).text
    assert found in page
    assert f"villages/{not_found}" not in page


def test_the_list_counts_staff_cases_and_says_when_something_last_happened(
    app: Flask, admin: FlaskClient, sign_in: SignInAs
) -> None:
    sign_in("village_staff", VILLAGE)
    with at(app, VILLAGE) as area:
        service = find_service("sktm.letter")
        assert service
        case = make_case(area, service, make_person(area.id))
        case.due_on = case.due_on.replace(year=2020)
        commit()
    row = row_of(admin.get(f"/{DISTRICT}/villages").text, VILLAGE)
    assert 'data-label="Petugas">1<' in row
    assert '<span class="tag late">1</span>' in row
    assert "belum ada" not in row
    other = row_of(admin.get(f"/{DISTRICT}/villages").text, SIBLING)
    assert '<span class="tag due">0</span>' in other
    assert "belum ada" in other


def row_of(page: str, code: str) -> str:
    return next(row for row in page.split("<tr>") if f"villages/{code}" in row)


def test_a_page_of_many_villages_takes_as_many_queries_as_one_of_few(app: Flask, admin: FlaskClient) -> None:
    with counted(app) as few:
        admin.get(f"/{DISTRICT}/villages")
    with app.app_context():
        provision(tuple((f"32.01.15.3{number:03d}", f"Desa {number}", "desa", None) for number in range(60)))
    with counted(app) as many:
        page = admin.get(f"/{DISTRICT}/villages").text
    assert len(many) == len(few)
    assert page.count("/villages/32.01.15.") == 25
    after = re.search(r'rel="next" href="([^"]+)"', page)
    assert after
    following = admin.get(after[1].replace("&amp;", "&")).text
    assert not set(re.findall(r"villages/(32[\d.]+)", page)) & set(re.findall(r"villages/(32[\d.]+)", following))


def test_a_village_without_staff_leads_to_making_an_account(admin: FlaskClient, sign_in: SignInAs) -> None:
    way = f"/{SIBLING}/users/new"
    assert way in admin.get(f"/{DISTRICT}/villages/{SIBLING}").text
    assert admin.get(way).status_code == 200
    assert way not in sign_in("district_officer", DISTRICT).get(f"/{DISTRICT}/villages/{SIBLING}").text


# ---- adding one ----


MODULES = ["balita", "bansos", "blt_desa", "complaints", "dtsen", "pbi_jk", "pip", "pkh", "sktm", "uhc"]
"""Those that are installed, and that the fixture's province gives."""


def form(**values: object) -> dict[str, object]:
    usual = {
        "add": NEW,
        "rows": "2",
        "ticket": "CHU",
        "modules": MODULES,
        "staff-0-role": "village_head",
        "staff-0-name": "Ade Sopyan",
        "staff-0-username": "kades.cihideung",
        "staff-1-role": "village_staff",
        "staff-1-name": "",
        "staff-1-username": "petugas.cihideung",
    }
    return {**usual, **values}


def add(client: FlaskClient, **values: object):
    return client.post(f"/{DISTRICT}/villages/new", data=form(save="1", **values))


def area(code: str) -> Area | None:
    return db.session.get(Area, AreaCode.parse(code).id)


def test_the_way_leads_from_the_kecamatan_over_the_village_to_the_form(admin: FlaskClient) -> None:
    first = admin.get(f"/{DISTRICT}/villages/new").text
    assert "?in=32.01.15" in first
    second = admin.get(f"/{DISTRICT}/villages/new?in=32.01.15").text
    assert f"?add={NEW}" in second
    assert f"?add={VILLAGE}" not in second, "what is there is not offered"
    third = admin.get(f"/{DISTRICT}/villages/new?add={NEW}").text
    for proposed in ("kades.bojongrangkas", "petugas.bojongrangkas", "kader.bojongrangkas"):
        assert proposed in third
    assert "bawaan: hidup" in third


def test_a_proposed_user_name_that_is_taken_gets_the_codes_last_digits(app: Flask, admin: FlaskClient) -> None:
    with app.app_context():
        create_user("KADES.bojongrangkas", "Orang Lain")
        commit()
    assert "kades.bojongrangkas.2009" in admin.get(f"/{DISTRICT}/villages/new?add={NEW}").text


def test_the_summary_tells_all_and_does_nothing(app: Flask, admin: FlaskClient) -> None:
    page = admin.post(f"/{DISTRICT}/villages/new", data=form(check="1"))
    assert page.status_code == 200
    for told in ("tiket CHU", "Ade Sopyan", "kades.cihideung", "Kepala desa", "hidup, mengikuti bawaan"):
        assert told in page.text
    assert page.text.count("petugas.cihideung") == 1, "a line without a name makes no account"
    with app.app_context():
        assert area(NEW) is None


def test_another_line_is_added_without_losing_what_was_typed(admin: FlaskClient) -> None:
    page = admin.post(f"/{DISTRICT}/villages/new", data=form(add_row="1"))
    assert page.status_code == 200
    assert "staff-2-username" in page.text
    assert "Ade Sopyan" in page.text


def test_a_village_is_added_with_its_modules_staff_and_ticket(app: Flask, admin: FlaskClient) -> None:
    made = add(admin)
    assert made.status_code == 302
    assert made.location == f"/{DISTRICT}/villages/{NEW}"
    with app.app_context():
        found = find_area(AreaCode.parse(NEW))
        assert found
        assert (found.title, found.ticket_prefix, found.enabled) == ("Desa Bojongrangkas", "CHU", set(MODULES))
        # The province gives the module already: nothing deviates, so nothing is stored.
        assert db.session.scalar(
            select(func.count()).select_from(ModuleSetting).where(ModuleSetting.area_id > 0)
        ) == len(MODULES)
        held = db.session.scalars(select(Membership).where(Membership.area_id == found.id)).all()
        assert [(find_user("kades.cihideung").id, "village_head")] == [(row.user_id, row.role) for row in held]
        with scope(ALL):
            entries = db.session.scalars(select(AuditEntry).where(AuditEntry.area_id == ALL.id)).all()
        assert {"tenants.villages_added", "users.created", "users.granted"} <= {entry.action for entry in entries}


def test_a_module_that_deviates_is_stored_at_the_village_alone(app: Flask, admin: FlaskClient) -> None:
    add(admin, modules=[])
    with app.app_context():
        settings = db.session.scalars(select(ModuleSetting).where(ModuleSetting.area_id == AreaCode.parse(NEW).id))
        assert [(setting.module, setting.enabled) for setting in settings] == [(module, False) for module in MODULES]
        assert area(NEW).enabled == []  # pyright: ignore[reportOptionalMemberAccess]
        assert area(VILLAGE).enabled == MODULES  # pyright: ignore[reportOptionalMemberAccess]


def test_what_is_locked_above_is_no_deviation(app: Flask, admin: FlaskClient) -> None:
    with app.app_context(), scope(ALL):
        set_module(ALL, "sktm", enabled=True, locked=True)
        commit()
    assert "dikunci hidup" in admin.get(f"/{DISTRICT}/villages/new?add={NEW}").text
    add(admin, modules=[])
    with app.app_context():
        assert area(NEW).enabled == ["sktm"]  # pyright: ignore[reportOptionalMemberAccess]


def test_the_passwords_are_shown_exactly_once(app: Flask, admin: FlaskClient) -> None:
    made = add(admin, **{"staff-1-name": "Siti"})
    with admin.session_transaction() as session:
        kept = str(dict(session))
    first = admin.get(made.location).text
    passwords = re.findall(r"<code>([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})</code>", first)
    assert len(passwords) == 2
    assert first.count('class="slip"') == 2
    with app.app_context():
        assert verify_password(find_user("kades.cihideung").password_hash, passwords[0])
    assert not any(password in made.location or password in kept for password in passwords)
    again = admin.get(made.location).text
    assert not any(password in again for password in passwords)
    assert "sudah ditampilkan sekali" in again


def test_the_passwords_are_for_nobody_else(app: Flask, admin: FlaskClient, sign_in: SignInAs) -> None:
    add(admin)
    other = sign_in("district_admin", DISTRICT, name="lain")
    with admin.session_transaction() as mine, other.session_transaction() as theirs:
        theirs["accounts_told_once"] = mine["accounts_told_once"]
    assert 'class="slip"' not in other.get(f"/{DISTRICT}/villages/{NEW}").text
    assert 'class="slip"' in admin.get(f"/{DISTRICT}/villages/{NEW}").text


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"staff-0-username": "Ade Sopyan"}, "pakai huruf, angka, titik, atau garis"),
        ({"staff-0-username": ""}, "pakai huruf, angka, titik, atau garis"),
        ({"staff-0-username": "Dipakai"}, "Nama pengguna Dipakai sudah dipakai."),
        ({"staff-1-name": "Siti", "staff-1-username": "KADES.cihideung"}, "disebut dua kali"),
        ({"staff-0-role": "district_admin"}, "staff-0-role-error"),
        ({"staff-0-name": "x" * 121}, "staff-0-name-error"),
        ({"ticket": "CBD"}, f"sudah dipakai desa {VILLAGE}"),
        ({"ticket": "1A"}, "2–6 huruf besar"),
        ({"ticket": "ABCDEFG"}, "ticket-error"),
        ({"modules": ["nosuch"]}, "modules-error"),
    ],
)
@pytest.mark.parametrize("button", ["check", "save"])
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(
    values: dict[str, object], message: str, button: str, app: Flask, admin: FlaskClient
) -> None:
    with app.app_context():
        create_user("dipakai", "Orang Lain")
        commit()
    page = admin.post(f"/{DISTRICT}/villages/new", data=form(**values, **{button: "1"}))
    assert page.status_code == 422
    assert message in page.text
    assert "petugas.cihideung" in page.text or "KADES.cihideung" in page.text
    with app.app_context():
        assert area(NEW) is None


def test_adding_twice_says_that_it_is_there(app: Flask, admin: FlaskClient) -> None:
    add(admin)
    again = admin.post(f"/{DISTRICT}/villages/new", data=form(save="1"), follow_redirects=True)
    assert "Desa Bojongrangkas sudah ada" in again.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(User).where(User.username == "kades.cihideung")) == 1


def test_modules_that_do_not_agree_are_told_beside_their_field(
    app: Flask, admin: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_wanted: object) -> None:
        raise ModulesDisagree([Discord("pip", "pkh", (Place(1, "Desa Bojongrangkas"),), required=True)])

    monkeypatch.setattr("tenants.views.adding.add_villages", refuse)
    page = add(admin)
    assert page.status_code == 422
    assert "yang akan mati di Desa Bojongrangkas. Nyalakan" in page.text
    assert "Ade Sopyan" in page.text


@pytest.mark.parametrize("code", ["", "nonsense", "32.02.11.2001", "32", "32.01.15.9999", "32.01.99"])
def test_what_is_not_of_the_district_is_not_added(code: str, app: Flask, admin: FlaskClient) -> None:
    assert add(admin, add=code).status_code in (302, 422)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Area)) == 8


def test_a_whole_kecamatan_at_once(app: Flask, admin: FlaskClient) -> None:
    page = admin.post(
        f"/{DISTRICT}/villages/new", data={"add": "32.01.15", "rows": "0", "modules": MODULES, "check": "1"}
    )
    assert page.status_code == 200
    assert "tiket" in page.text
    made = admin.post(
        f"/{DISTRICT}/villages/new", data={"add": "32.01.15", "rows": "0", "modules": MODULES, "save": "1"}
    )
    assert made.location == f"/{DISTRICT}/villages"
    with app.app_context():
        rows = db.session.scalars(select(Area).where(Area.parent_id == AreaCode.parse("32.01.15").id)).all()
        assert len(rows) == 13
        assert len({row.ticket_prefix for row in rows}) == 13
        assert all(row.enabled == MODULES for row in rows)
    assert "Semua desa di kecamatan ini" in admin.get(f"/{DISTRICT}/villages/new?in=32.01.15").text


# ---- its page ----


def test_a_villages_page_tells_its_facts(app: Flask, admin: FlaskClient, sign_in: SignInAs) -> None:
    sign_in("village_staff", VILLAGE, name="Siti Petugas")
    page = admin.get(f"/{DISTRICT}/villages/{VILLAGE}").text
    for told in ("Desa Cibadak", "Kec. Ciampea", "Siti Petugas", "Petugas puskesos", "CBD", "Jawa Barat", "Buat arsip"):
        assert told in page
    for part in ("users", "modules"):
        assert f'href="/{VILLAGE}/{part}"' in page
    officer = sign_in("district_officer", DISTRICT).get(f"/{DISTRICT}/villages/{VILLAGE}").text
    for deed in ("Buat arsip", "Tangguhkan", "Ganti awalan"):
        assert deed not in officer


def test_a_village_elsewhere_is_not_there(admin: FlaskClient) -> None:
    for address in ("", "/suspend", "/resume"):
        assert admin.get(f"/{DISTRICT}/villages/{FOREIGN}{address}").status_code == 404
        assert admin.get(f"/{DISTRICT}/villages/{NEW}{address}").status_code == 404


def test_the_ticket_prefix_can_be_changed_until_the_first_case(app: Flask, admin: FlaskClient) -> None:
    address = f"/{DISTRICT}/villages/{VILLAGE}/ticket"
    wrong = admin.post(address, data={"prefix": "CHD"})
    assert (wrong.status_code, f"sudah dipakai desa {SIBLING}" in wrong.text) == (422, True)
    assert admin.post(address, data={"prefix": "cib"}).status_code == 302
    with at(app, VILLAGE) as village:
        assert village.ticket_prefix == "CIB"
        assert db.session.scalar(select(AuditEntry.detail["prefix"].as_string())) == "CIB"
        service = find_service("sktm.letter")
        assert service
        make_case(village, service, make_person(village.id))
        commit()
    refused = admin.post(address, data={"prefix": "CBD"})
    assert (refused.status_code, "sudah punya kasus" in refused.text) == (422, True)
    assert "Ganti awalan" not in admin.get(f"/{DISTRICT}/villages/{VILLAGE}").text


# ---- suspending and resuming ----


def suspend(client: FlaskClient, reason: str = "Serah terima"):
    return client.post(f"/{DISTRICT}/villages/{VILLAGE}/suspend", data={"reason": reason})


def test_the_confirmation_says_what_follows_and_wants_a_reason(app: Flask, admin: FlaskClient) -> None:
    page = admin.get(f"/{DISTRICT}/villages/{VILLAGE}/suspend").text
    assert "tidak dapat menambah atau mengubah" in page
    assert "Halaman untuk warga ditutup" in page
    assert suspend(admin, "  ").status_code == 422
    with at(app, VILLAGE) as village:
        assert not village.suspended


def test_a_suspended_village_tells_its_staff_on_every_page_and_takes_no_form(
    admin: FlaskClient, sign_in: SignInAs
) -> None:
    staff = sign_in("village_staff")
    banner = "Desa Cibadak ditangguhkan."
    assert banner not in staff.get(f"/{VILLAGE}/").text
    assert suspend(admin).status_code == 302
    for address in ("", "cases", "people", "people/new", "referrals", "letters"):
        page = staff.get(f"/{VILLAGE}/{address}")
        assert (page.status_code, banner in page.text) == (200, True), address
    refused = staff.post(f"/{VILLAGE}/people/new", data={"name": "Siti"})
    assert (refused.status_code, "Desa ini ditangguhkan" in refused.text) == (403, True)
    listed = admin.get(f"/{DISTRICT}/villages?which=suspended").text
    assert f"villages/{VILLAGE}" in listed
    assert f"villages/{SIBLING}" not in listed
    assert "Serah terima" in admin.get(f"/{DISTRICT}/villages/{VILLAGE}").text


def test_a_village_that_is_resumed_works_again_and_both_are_in_its_audit(
    app: Flask, admin: FlaskClient, sign_in: SignInAs
) -> None:
    suspend(admin)
    done = admin.post(f"/{DISTRICT}/villages/{VILLAGE}/resume", data={"reason": "Selesai"})
    assert done.status_code == 302
    assert sign_in("village_staff").post(f"/{VILLAGE}/people/new", data={}).status_code == 422
    with at(app, VILLAGE) as village:
        assert not village.suspended
        entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
        told = [(entry.action, entry.detail["reason"]) for entry in entries if entry.action.startswith("tenants.")]
        assert told == [("tenants.suspended", "Serah terima"), ("tenants.resumed", "Selesai")]


def test_suspending_twice_says_so(app: Flask, admin: FlaskClient) -> None:
    suspend(admin)
    again = admin.post(f"/{DISTRICT}/villages/{VILLAGE}/suspend", data={"reason": "x"}, follow_redirects=True)
    assert "sudah ditangguhkan" in again.text
    assert "tidak ditangguhkan" in admin.get(f"/{DISTRICT}/villages/{SIBLING}/resume", follow_redirects=True).text


# ---- at the terminal ----


def test_a_village_is_added_suspended_and_resumed_at_the_terminal(puskesos, app: Flask, areas: None) -> None:
    added = puskesos("tenants", "add", NEW, "--staff", "kades.udik:Ade:village_head", "--module", "sktm=off")
    assert added.exit_code == 0, added.output
    assert re.search(r"kades\.udik  \S+-\S+-\S+  \(Ade\)", added.output)
    assert "sudah ada" in puskesos("tenants", "add", NEW).output
    with app.app_context():
        assert area(NEW).enabled == ["balita", "bansos", "blt_desa", "complaints", "dtsen", "pbi_jk", "pip", "pkh", "uhc"]  # pyright: ignore[reportOptionalMemberAccess]
    assert puskesos("tenants", "suspend", NEW, "--reason", "Serah terima").exit_code == 0
    with at(app, NEW) as village:
        assert village.suspended
    assert "sudah ditangguhkan" in puskesos("tenants", "suspend", NEW, "--reason", "lagi").output
    assert puskesos("tenants", "resume", NEW, "--reason", "Selesai").exit_code == 0
    with at(app, NEW) as village:
        assert not village.suspended
    assert puskesos("tenants", "suspend", DISTRICT, "--reason", "x").exit_code == 1


@pytest.mark.parametrize(
    "words",
    [
        ["add", NEW, "--module", "sktm"],
        ["add", NEW, "--staff", "kades"],
        ["add", NEW, "--staff", "kades:Ade:raja"],
        ["add", "32.01.15", "--ticket", "CBD"],
        ["add", "32"],
        ["suspend", NEW],
    ],
    ids=" ".join,
)
def test_a_wrong_call_is_a_usage_error(puskesos, areas: None, words: list[str]) -> None:
    assert puskesos("tenants", *words).exit_code == 2


def test_the_terminal_says_what_cannot_be_done(puskesos, areas: None) -> None:
    assert puskesos("tenants", "add", NEW, "--module", "nosuch=on").exit_code == 1
    taken = puskesos("tenants", "add", NEW, "--ticket", "CBD")
    assert (taken.exit_code, f"sudah dipakai desa {VILLAGE}" in taken.output) == (1, True)
    assert puskesos("tenants", "suspend", NEW, "--reason", "x").exit_code == 1
