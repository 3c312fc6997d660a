"""What somebody who manages accounts sees and does on the pages of an area, and what is refused there."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from core.areas.code import AreaCode
from core.audit import AuditEntry
from core.clock import now, today
from core.database.session import commit, db, scope
from core.testing import FOREIGN, SIBLING, VILLAGE, SignInAs
from core.users.accounts import create_user, end_account, find_user, grant
from core.users.identity import load_identity
from core.users.models import Membership, SecondFactor, User

NewAccount = Callable[..., str]
Enter = Callable[..., TestResponse]
DISTRICT = "32.01"
LOCKED = '<span class="tag late">terkunci</span>'
ABOVE_OR_OUTSIDE = "di luar wilayah atau di atas kewenangan"


@pytest.fixture
def admin(sign_in: SignInAs) -> FlaskClient:
    return sign_in("district_admin", DISTRICT, name="Rina")


@pytest.fixture
def head(sign_in: SignInAs) -> FlaskClient:
    return sign_in("village_head", name="Ade")


Make = Callable[..., str]


@pytest.fixture
def make(app: Flask, areas: None) -> Make:
    """``make("siti", (VILLAGE, "village_staff"), …)``: an account with these roles; answers with its id."""

    def account(username: str, *posts: tuple[str, str], name: str = "", until: date | None = None) -> str:
        with app.app_context():
            user, _password = create_user(username, name or username.title())
            for code, role in posts or ((VILLAGE, "village_staff"),):
                grant(user, AreaCode.parse(code), role, until)
            user_id = str(user.id)
            commit()
        return user_id

    return account


@contextmanager
def looking_at(app: Flask, username: str) -> Iterator[User]:
    with app.app_context():
        yield find_user(username)


def held(app: Flask, username: str) -> set[tuple[str, str]]:
    """What somebody holds today."""
    with looking_at(app, username) as user:
        rows = db.session.scalars(select(Membership).where(Membership.user_id == user.id, Membership.holds_on(today())))
        return {(str(AreaCode.from_id(row.area_id)), row.role) for row in rows}


def membership_id(app: Flask, username: str, code: str = VILLAGE) -> str:
    with looking_at(app, username) as user:
        area_id = AreaCode.parse(code).id
        query = select(Membership.id).where(Membership.user_id == user.id, Membership.area_id == area_id)
        return str(db.session.scalars(query).first())


def trail(app: Flask, area: str) -> list[tuple[str, str, dict]]:
    """What was recorded in an area itself: who, what, details."""
    code = AreaCode.parse(area)
    with app.app_context(), scope(code):
        rows = db.session.scalars(select(AuditEntry).where(AuditEntry.area_id == code.id).order_by(AuditEntry.seq))
        return [(row.user_name, row.action, row.detail) for row in rows]


def form(**values: str) -> dict[str, str]:
    defaults = {
        "id": str(uuid4()),
        "invitation": str(uuid4()),
        "name": "Siti Aminah",
        "username": "siti",
        "role": "village_staff",
        "area": VILLAGE,
        "first": "password",
    }
    return {**defaults, **values}


def password_on(page: str) -> str:
    found = re.search(r'class="ticket"><code>([^<]+)</code>', page)
    assert found, page
    return found[1]


# ---- the list ----


def test_the_list_shows_who_belongs_here_and_below_and_nobody_else(
    admin: FlaskClient, head: FlaskClient, make: Make
) -> None:
    make("siti")
    make("neng", (SIBLING, "village_staff"))
    make("orang", (FOREIGN, "village_staff"))
    district, village = admin.get(f"/{DISTRICT}/users").text, head.get(f"/{VILLAGE}/users").text
    assert "Siti" in district
    assert "Neng" in district
    assert "Orang" not in district
    assert "Siti" in village
    assert "Neng" not in village
    assert "Rina" not in village, "who stands above the village is not of the village"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=sit", {"Siti"}),
        ("q=BUDI", {"Budi"}),
        ("q=%25", set()),
        ("role=village_head", {"Ade", "Budi"}),
        ("role=field_worker", set()),
        ("state=ended", {"Ended"}),
        ("state=locked", {"Locked"}),
        ("state=must_change", {"Siti", "Budi", "Locked"}),
        ("state=two_step", {"Ade", "Rina"}),
        ("state=active", {"Siti", "Budi", "Ade", "Rina", "Locked"}),
        ("state=nosuch", {"Siti", "Budi", "Ade", "Rina", "Locked", "Ended"}),
    ],
)
def test_the_list_is_searched_and_filtered(
    query: str, found: set[str], app: Flask, admin: FlaskClient, head: FlaskClient, make: Make
) -> None:
    make("siti")
    make("budi", (VILLAGE, "village_head"))
    make("ended")
    make("locked")
    with app.app_context():
        end_account(find_user("ended"))
        find_user("locked").locked_until = now() + timedelta(minutes=5)
        commit()
    page = admin.get(f"/{DISTRICT}/users?{query}").text
    rows = set(re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>', page))
    assert rows == found
    assert ("Tidak ada akun yang cocok" in page) == (not found)


def test_the_list_goes_on_where_the_page_ended_and_asks_the_same_number_of_questions(
    app: Flask, admin: FlaskClient, make: Make
) -> None:
    make("a0")
    few = queries_of(app, lambda: admin.get(f"/{DISTRICT}/users"))
    with app.app_context():
        for number in range(60):
            user = User(username=f"u{number}", name=f"Orang {number % 7}", password_hash="!")
            db.session.add(user)
            db.session.flush()
            grant(user, AreaCode.parse(VILLAGE), "village_staff")
        commit()
    assert queries_of(app, lambda: admin.get(f"/{DISTRICT}/users")) == few
    seen: list[str] = []
    address = f"/{DISTRICT}/users?role=village_staff"
    while address:
        page = admin.get(address).text
        seen += re.findall(r"<small>(\w+)</small></th>", page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == 61


def queries_of(app: Flask, work: Callable[[], object]) -> int:
    statements: list[str] = []
    with app.app_context():
        engine = db.engine

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        work()
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return len(statements)


def test_who_asks_is_still_one_question(app: Flask, account: NewAccount, enter: Enter) -> None:
    account("siti")
    client = app.test_client()
    enter("siti", client=client)
    with client.session_transaction() as session:
        token = session["_user_id"]
    with app.app_context():
        assert queries_of(app, lambda: load_identity(token, demo_allowed=True)) == 1


def test_an_auditor_reads_the_list_and_the_rights_and_opens_no_account(sign_in: SignInAs, make: Make) -> None:
    siti = make("siti")
    auditor = sign_in("auditor", DISTRICT)
    page = auditor.get(f"/{DISTRICT}/users").text
    assert "Siti" in page
    assert siti not in page
    assert "Buat akun" not in page
    assert auditor.get(f"/{DISTRICT}/users/{siti}").status_code == 403
    assert auditor.post(f"/{DISTRICT}/users/{siti}/reset").status_code == 403


# ---- a new account ----


def test_a_new_account_comes_with_a_password_that_is_shown_once(app: Flask, admin: FlaskClient, enter: Enter) -> None:
    values = form(until=str(today() + timedelta(days=30)))
    answer = admin.post(f"/{DISTRICT}/users/new", data=values)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    password = password_on(answer.text)
    assert password not in str(answer.headers), "neither an address nor a cookie holds it"
    assert held(app, "siti") == {(VILLAGE, "village_staff")}
    again = admin.post(f"/{DISTRICT}/users/new", data=values)
    assert again.location == f"/{DISTRICT}/users/{values['id']}"
    page = admin.get(again.location).text
    assert password not in page
    assert "hanya ditampilkan sekali" in page
    assert enter("siti", password).location == "/password"


def test_what_was_done_stands_in_the_audit_of_the_village(app: Flask, admin: FlaskClient) -> None:
    admin.post(f"/{DISTRICT}/users/new", data=form())
    assert [(who, what) for who, what, _detail in trail(app, VILLAGE)] == [
        ("Rina", "users.created"),
        ("Rina", "users.granted"),
    ]
    assert trail(app, DISTRICT) == []


@pytest.mark.parametrize(
    ("values", "field", "told"),
    [
        ({"name": ""}, "name", "Wajib diisi"),
        ({"username": ""}, "username", "Wajib diisi"),
        ({"username": "siti aminah"}, "username", "Pakai huruf, angka"),
        ({"username": "ADE-TAKEN"}, "username", "sudah dipakai"),
        ({"username": "x" * 65}, "username", "64"),
        ({"role": ""}, "role", "Pilih peran"),
        ({"role": "camat"}, "role", "Pilih peran"),
        ({"area": ""}, "area", "Pilih wilayah"),
        ({"area": "32.01.15.0000"}, "area", "Pilih wilayah"),
        ({"area": "32.01", "role": "village_head"}, "role", "tidak dapat diberikan"),
        ({"until": "kemarin"}, "until", ""),
        ({"until": "2020-01-01"}, "until", "sebelum hari pertama"),
        ({"first": "surat"}, "first", ""),
        ({"id": "x"}, "id", "Muat ulang"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    values: dict[str, str], field: str, told: str, app: Flask, admin: FlaskClient, make: Make
) -> None:
    make("ade-taken")
    answer = admin.post(f"/{DISTRICT}/users/new", data=form(**{"name": "Nama Panjang", **values}))
    assert answer.status_code == 422
    assert told in answer.text
    assert f'id="{field}-error"' in answer.text or field == "id"
    if "name" not in values:
        assert 'value="Nama Panjang"' in answer.text
    with app.app_context():
        assert db.session.scalar(select(User).where(User.name == "Nama Panjang")) is None


@pytest.mark.parametrize(
    ("role", "area"),
    [("village_head", VILLAGE), ("auditor", VILLAGE), ("partner_officer", VILLAGE), ("village_staff", SIBLING)],
)
def test_a_village_head_makes_only_staff_and_field_workers_of_the_own_village(
    role: str, area: str, app: Flask, head: FlaskClient
) -> None:
    page = head.get(f"/{VILLAGE}/users/new").text
    assert re.findall(r'<option value="(\w+)">', page) == ["village_staff", "field_worker"]
    refused = head.post(f"/{VILLAGE}/users/new", data=form(role=role, area=area))
    assert refused.status_code == 403
    assert "tidak dapat Anda beri" in refused.text
    with app.app_context():
        assert db.session.scalar(select(User).where(User.username == "siti")) is None
    assert head.post(f"/{VILLAGE}/users/new", data=form(role="field_worker")).status_code == 200


def test_an_area_that_is_not_provisioned_gives_no_role(app: Flask, admin: FlaskClient) -> None:
    answer = admin.post(f"/{DISTRICT}/users/new", data=form(area="32.01.15.2009"))
    assert answer.status_code == 422
    assert "Pilih wilayah" in answer.text


# ---- one account ----


def test_the_page_of_an_account_shows_what_lies_here_and_hides_the_rest(
    admin: FlaskClient, head: FlaskClient, make: Make
) -> None:
    both = make("both", (VILLAGE, "village_staff"), (SIBLING, "village_staff"))
    page = head.get(f"/{VILLAGE}/users/{both}").text
    assert "Desa Cibadak" in page
    assert "Cihideung" not in page
    assert ABOVE_OR_OUTSIDE in page
    assert "Beri kata sandi sekali pakai" not in page
    assert "Cihideung" in admin.get(f"/{DISTRICT}/users/{both}").text


def test_whoever_never_belonged_here_does_not_exist(admin: FlaskClient, head: FlaskClient, make: Make) -> None:
    stranger, nobody = make("orang", (FOREIGN, "village_staff")), str(uuid4())
    for client, place in ((admin, DISTRICT), (head, VILLAGE)):
        for user_id in (stranger, nobody):
            for path in DEEDS:
                method = "GET" if path == "" else "POST"
                address = f"/{place}/users/{user_id}{path.format(id=uuid4())}"
                assert client.open(address, method=method).status_code == 404, address


DEEDS = (
    "",
    "/name",
    "/reset",
    "/invite",
    "/invitation/revoke",
    "/unlock",
    "/two-step/reset",
    "/end",
    "/reopen",
    "/sessions/end",
    "/sessions/{id}/end",
    "/roles/new",
    "/roles/{id}/move",
    "/roles/{id}/until",
    "/roles/{id}/take",
)
WHOLE = [path for path in DEEDS if path and "/roles/{id}" not in path]


@pytest.mark.parametrize("path", WHOLE)
@pytest.mark.parametrize("more", [(SIBLING, "village_staff"), (VILLAGE, "village_head"), (DISTRICT, "auditor")])
def test_who_also_belongs_elsewhere_or_higher_is_not_changed_as_a_whole(
    path: str, more: tuple[str, str], app: Flask, head: FlaskClient, make: Make
) -> None:
    user_id = make("both", (VILLAGE, "village_staff"), more)
    answer = head.post(f"/{VILLAGE}/users/{user_id}{path.format(id=uuid4())}", data={"name": "Lain", "version": "x"})
    assert answer.status_code == 403
    assert ABOVE_OR_OUTSIDE in answer.text
    with looking_at(app, "both") as user:
        assert (user.name, user.ended_at) == ("Both", None)


def test_of_such_a_person_the_role_inside_is_taken_and_shortened_and_nothing_else(
    app: Flask, head: FlaskClient, make: Make
) -> None:
    user_id = make("both", (VILLAGE, "village_staff"), (SIBLING, "village_staff"))
    roles = f"/{VILLAGE}/users/{user_id}/roles"
    inside, outside = membership_id(app, "both"), membership_id(app, "both", SIBLING)
    assert head.post(f"{roles}/{outside}/take").status_code == 404
    assert head.post(f"{roles}/{inside}/move", data={}).status_code == 403
    day = today() + timedelta(days=9)
    assert head.post(f"{roles}/{inside}/until", data={"until": str(day)}).status_code == 302
    assert head.post(f"{roles}/{inside}/until", data={"until": ""}).status_code == 403, "longer is given anew"
    assert head.post(f"{roles}/{inside}/take").status_code == 302
    assert held(app, "both") == {(SIBLING, "village_staff")}


def test_a_role_above_ones_own_is_not_taken(app: Flask, head: FlaskClient, make: Make) -> None:
    other = make("other", (VILLAGE, "village_head"))
    answer = head.post(f"/{VILLAGE}/users/{other}/roles/{membership_id(app, 'other')}/take")
    assert answer.status_code == 403
    assert held(app, "other") == {(VILLAGE, "village_head")}


def own_id(app: Flask, name: str) -> str:
    with app.app_context():
        return str(db.session.scalars(select(User.id).where(User.name == name)).one())


@pytest.mark.parametrize("path", [path for path in DEEDS if path])
def test_nobody_changes_the_own_account_from_here(path: str, app: Flask, admin: FlaskClient, make: Make) -> None:
    make("second", (DISTRICT, "district_admin"))
    user_id = own_id(app, "Rina")
    with app.app_context():
        own = str(db.session.scalars(select(Membership.id).where(Membership.user_id == UUID(user_id))).one())
    answer = admin.post(f"/{DISTRICT}/users/{user_id}{path.format(id=own)}", data={"until": "2099-01-01"})
    assert answer.status_code == 403
    assert "sendiri tidak dapat diubah" in answer.text
    page = admin.get(f"/{DISTRICT}/users/{user_id}").text
    assert "Ini akun Anda sendiri" in page
    assert "Cabut" not in page


# ---- the last admin ----


def test_the_last_admin_of_a_district_is_neither_ended_nor_demoted(app: Flask, sign_in: SignInAs, make: Make) -> None:
    """By a province's admin; below, nobody could."""
    with app.app_context():
        grant(create_user("prov", "Prov")[0], AreaCode.parse("32.01"), "auditor")
        commit()
    last = make("last", (DISTRICT, "district_admin"))
    make("leaving", (DISTRICT, "district_admin"), until=today() + timedelta(days=3))
    make("village-admin", (VILLAGE, "district_admin"))
    above = promoted(app, sign_in)
    account, role = f"/{DISTRICT}/users/{last}", membership_id(app, "last", DISTRICT)
    deeds = {
        f"{account}/end": {},
        f"{account}/roles/{role}/take": {},
        f"{account}/roles/{role}/until": {"until": str(today() + timedelta(days=1))},
        f"{account}/roles/{role}/move": {"role": "auditor", "area": DISTRICT, "since": str(today())},
    }
    for address, data in deeds.items():
        refused = above.post(address, data=data)
        assert refused.status_code == 403, address
        assert "admin kabupaten terakhir" in refused.text
    make("other", (DISTRICT, "district_admin"))
    assert above.post(f"{account}/end").status_code == 302


def promoted(app: Flask, sign_in: SignInAs) -> FlaskClient:
    """Somebody who manages the whole province, where no district's admin is counted."""
    client = sign_in("auditor", "32", name="Prov2")
    with app.app_context():
        user = db.session.scalars(select(User).where(User.name == "Prov2")).one()
        db.session.add(Membership(user_id=user.id, area_id=AreaCode.parse("32").id, role="district_admin"))
        commit()
    return client


# ---- passwords, locks, the phone ----


def version_on(page: str) -> str:
    found = re.search(r'name="version" value="(\w+)"', page)
    assert found
    return found[1]


def test_a_reset_password_is_shown_once(app: Flask, head: FlaskClient, make: Make, enter: Enter) -> None:
    account = f"/{VILLAGE}/users/{make('siti')}"
    data = {"version": version_on(head.get(account).text)}
    answer = head.post(f"{account}/reset", data=data)
    password = password_on(answer.text)
    assert password not in str(answer.headers)
    again = head.post(f"{account}/reset", data=data)
    assert again.location == account, "a reload makes no second password"
    assert "hanya ditampilkan sekali" in head.get(account).text
    assert enter("siti", password).location == "/password"
    assert trail(app, VILLAGE)[-1][:2] == ("Ade", "users.reset")


def test_a_lock_is_lifted_for_strangers_for_known_browsers_and_for_codes(
    app: Flask, head: FlaskClient, account: NewAccount, enter: Enter
) -> None:
    account("siti")
    known = app.test_client()
    enter("siti", client=known)
    for client in (known, app.test_client()):
        client.post("/sign-out")
        for _ in range(5):
            enter("siti", "bukan ini", client=client)
        assert enter("siti", client=client).status_code == 401
    with looking_at(app, "siti") as user:
        page = f"/{VILLAGE}/users/{user.id}"
    assert LOCKED in head.get(page).text
    assert head.post(f"{page}/unlock").location == page
    assert LOCKED not in head.get(page).text
    assert enter("siti", client=known).status_code == 302
    assert enter("siti").status_code == 302


def test_the_second_step_of_a_lost_phone_is_removed_and_recorded(app: Flask, head: FlaskClient, make: Make) -> None:
    account = f"/{VILLAGE}/users/{make('siti')}"
    with looking_at(app, "siti") as user:
        db.session.add(SecondFactor(user_id=user.id, secret=b"x"))
        commit()
    assert "Ponselnya hilang" in head.get(account).text
    assert head.post(f"{account}/two-step/reset").location == account
    assert "Ponselnya hilang" not in head.get(account).text
    assert trail(app, VILLAGE)[-1][:2] == ("Ade", "users.two_step_reset")


# ---- the account's life ----


def test_an_account_is_ended_and_opened_again_with_the_old_password(
    app: Flask, head: FlaskClient, account: NewAccount, enter: Enter
) -> None:
    account("siti")
    with looking_at(app, "siti") as user:
        page = f"/{VILLAGE}/users/{user.id}"
    assert head.post(f"{page}/end").location == page
    assert enter("siti").status_code == 401
    ended = head.get(page).text
    assert "diakhiri" in ended
    assert "Beri kata sandi sekali pakai" not in ended
    refused = head.post(f"{page}/reset", data={"version": "x"})
    assert "Buka lagi dulu" in head.get(refused.location).text
    assert head.post(f"{page}/reopen").location == page
    assert enter("siti").status_code == 302
    assert [what for _who, what, _detail in trail(app, VILLAGE)] == ["users.ended", "users.reopened"]


def test_a_name_is_changed_and_an_older_page_does_not_overwrite_it(app: Flask, head: FlaskClient, make: Make) -> None:
    page = f"/{VILLAGE}/users/{make('siti')}/name"
    assert 'value="Siti"' in head.get(page).text
    assert head.post(page, data={"before": "Siti", "name": ""}).status_code == 422
    assert head.post(page, data={"before": "Siti", "name": "Siti Aminah"}).status_code == 302
    assert head.post(page, data={"before": "Siti", "name": "Siti Lama"}).status_code == 409
    with looking_at(app, "siti") as user:
        assert user.name == "Siti Aminah"
    assert trail(app, VILLAGE)[-1] == ("Ade", "users.renamed", {"before": "Siti", "name": "Siti Aminah"})


def test_one_more_role_is_given_once(app: Flask, admin: FlaskClient, make: Make) -> None:
    page = f"/{DISTRICT}/users/{make('siti')}/roles/new"
    wanted = {"role": "field_worker", "area": SIBLING}
    assert admin.post(page, data=wanted).status_code == 302
    assert held(app, "siti") == {(VILLAGE, "village_staff"), (SIBLING, "field_worker")}
    again = admin.post(page, data=wanted)
    assert again.status_code == 422
    assert "sudah dipegang" in again.text
    assert trail(app, SIBLING)[-1][1] == "users.granted"


def test_a_role_that_is_taken_stays_in_the_history_and_is_given_again(
    app: Flask, head: FlaskClient, make: Make
) -> None:
    user_id = make("siti")
    take = f"/{VILLAGE}/users/{user_id}/roles/{membership_id(app, 'siti')}/take"
    assert head.post(take).status_code == 302
    assert held(app, "siti") == set()
    assert "berakhir" in head.get(f"/{VILLAGE}/users/{user_id}").text
    assert head.post(take).status_code == 409, "the page from which it was sent is old"
    give = {"role": "village_staff", "area": VILLAGE}
    assert head.post(f"/{VILLAGE}/users/{user_id}/roles/new", data=give).status_code == 302
    assert held(app, "siti") == {(VILLAGE, "village_staff")}


@pytest.mark.parametrize("days", [0, 5])
def test_a_move_ends_one_role_the_day_before_the_other_begins(
    days: int, app: Flask, admin: FlaskClient, account: NewAccount, enter: Enter, clock: Any
) -> None:
    account("siti")
    client = app.test_client()
    with looking_at(app, "siti") as user:
        user_id = user.id
    first = today() + timedelta(days=days)
    page = f"/{DISTRICT}/users/{user_id}/roles/{membership_id(app, 'siti')}/move"
    data = {"role": "village_head", "area": SIBLING, "since": str(first)}
    assert admin.post(page, data=data).status_code == 302
    for _ in range(days):
        enter("siti", client=client)
        assert client.get(f"/{VILLAGE}/").status_code == 200
        assert client.get(f"/{SIBLING}/").status_code == 404
        clock.move(days=1)
    enter("siti", client=client)
    assert client.get(f"/{VILLAGE}/").status_code == 404
    assert client.get(f"/{SIBLING}/").status_code == 200
    assert held(app, "siti") == {(SIBLING, "village_head")}
    _who, what, detail = trail(app, VILLAGE)[-1]
    assert what == "users.moved"
    assert (detail["before_area"], detail["area"], detail["since"]) == (VILLAGE, SIBLING, str(first))


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"since": ""}, "Wajib diisi"),
        ({"since": "2020-01-01"}, "paling cepat hari ini"),
        ({"since": "99999-01-01"}, ""),
        ({"until": "2020-01-01"}, "sebelum hari pertama"),
        ({"area": VILLAGE}, "sudah dipegang"),
        ({"role": "x"}, "Pilih peran"),
    ],
)
def test_a_move_that_cannot_be_is_refused_beside_its_field(
    values: dict[str, str], told: str, app: Flask, admin: FlaskClient, make: Make
) -> None:
    user_id = make("siti")
    page = f"/{DISTRICT}/users/{user_id}/roles/{membership_id(app, 'siti')}/move"
    data = {"role": "village_staff", "area": SIBLING, "since": str(today()), **values}
    answer = admin.post(page, data=data)
    assert answer.status_code == 422
    assert told in answer.text
    assert held(app, "siti") == {(VILLAGE, "village_staff")}


def test_a_village_head_moves_nobody_out_of_the_village(app: Flask, head: FlaskClient, make: Make) -> None:
    user_id = make("siti")
    page = f"/{VILLAGE}/users/{user_id}/roles/{membership_id(app, 'siti')}/move"
    data = {"role": "village_staff", "area": SIBLING, "since": str(today())}
    assert head.post(page, data=data).status_code == 403
    assert head.post(page, data={**data, "role": "field_worker", "area": VILLAGE}).status_code == 302


def test_after_a_move_the_old_village_knows_that_somebody_was_there_and_not_where_they_are(
    app: Flask, admin: FlaskClient, head: FlaskClient, make: Make
) -> None:
    user_id = make("siti")
    page = f"/{DISTRICT}/users/{user_id}/roles/{membership_id(app, 'siti')}/move"
    admin.post(page, data={"role": "village_staff", "area": SIBLING, "since": str(today())})
    seen = head.get(f"/{VILLAGE}/users/{user_id}")
    assert seen.status_code == 200
    assert "berakhir" in seen.text
    assert "Cihideung" not in seen.text
    assert head.post(f"/{VILLAGE}/users/{user_id}/end").status_code == 403


# ---- what happened to it ----


def test_the_page_tells_what_happened_to_the_account(
    app: Flask, head: FlaskClient, account: NewAccount, enter: Enter
) -> None:
    account("siti")
    enter("siti")
    with looking_at(app, "siti") as user:
        page = f"/{VILLAGE}/users/{user.id}"
    head.post(f"{page}/unlock")
    told = head.get(page).text
    assert "<b>Siti</b> masuk" in told
    assert "<b>Ade</b> membuka kunci akun Siti" in told


def test_a_suspended_village_changes_nothing(app: Flask, head: FlaskClient, make: Make) -> None:
    user_id = make("siti")
    with app.app_context():
        db.session.connection().exec_driver_sql(f"UPDATE areas SET suspended_at = now() WHERE code = '{VILLAGE}'")
        commit()
    assert head.get(f"/{VILLAGE}/users/{user_id}").status_code == 200
    assert head.post(f"/{VILLAGE}/users/{user_id}/end").status_code == 403
