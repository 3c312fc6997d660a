"""Accounts and what they hold: names, memberships and their last day, several areas, the demonstration's accounts."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.application import build
from core.areas.code import AreaCode
from core.database.session import commit, db
from core.database.urls import DatabaseUrls
from core.testing import FOREIGN, SIBLING, VILLAGE, test_config
from core.users.accounts import AccountError, create_user, find_user, grant, reset_password, revoke
from core.users.identity import Identity, load_identity, token_hash
from core.users.models import Membership, SecondFactor, SignIn, User

NewAccount = Callable[..., str]
Enter = Callable[..., TestResponse]
HERE = AreaCode.parse(VILLAGE)


@pytest.fixture
def desk(app: Flask, areas: None) -> Iterator[None]:
    """A request's context, to call the functions themselves."""
    with app.test_request_context():
        yield
        db.session.rollback()


# ---- names ----


@pytest.mark.parametrize("username", ["siti", "Siti.Aminah", "siti_2", "a", "x" * 64, " siti "])
def test_a_name_of_plain_letters_is_taken(desk: None, username: str) -> None:
    user, password = create_user(username, "Siti Aminah")
    assert user.username == username.strip()
    assert user.must_change_password
    assert len(password) == 14


@pytest.mark.parametrize(
    "username", ["", "  ", "siti aminah", "siti@desa", "x" * 65, "İrfan", "ﬁtri", "siti/1", "s\x00"]
)
def test_a_name_that_could_not_be_typed_again_is_refused(desk: None, username: str) -> None:
    with pytest.raises(AccountError, match="pakai huruf, angka"):
        create_user(username, "Siti")


def test_two_names_differ_in_more_than_capitals(desk: None) -> None:
    create_user("Siti", "Siti Aminah")
    with pytest.raises(AccountError, match="sudah dipakai"):
        create_user("sITI", "Siti Nurhasanah")


def test_an_account_is_found_by_its_name_or_refused_with_advice(desk: None) -> None:
    user, _password = create_user("Siti", "Siti Aminah")
    assert find_user(" siti") is user
    with pytest.raises(AccountError, match="puskesos users list"):
        find_user("sit")


def test_a_given_password_is_kept_and_a_made_one_must_be_changed(desk: None) -> None:
    given, password = create_user("demo", "Demo", password="cibadak-berdaya")
    assert (password, given.must_change_password) == ("cibadak-berdaya", False)
    assert reset_password(given) != password
    assert given.must_change_password


# ---- memberships ----


def test_a_role_is_given_once_and_its_last_day_can_move(desk: None) -> None:
    user, _password = create_user("siti", "Siti")
    day = date(2026, 12, 31)
    assert grant(user, HERE, "village_staff")
    db.session.flush()
    assert not grant(user, HERE, "village_staff")
    assert grant(user, HERE, "village_staff", day)
    assert not grant(user, HERE, "village_staff", day)
    assert db.session.scalars(select(Membership.until)).all() == [day]


def test_a_role_is_taken_away_once(desk: None) -> None:
    user, _password = create_user("siti", "Siti")
    grant(user, HERE, "village_staff")
    db.session.flush()
    assert not revoke(user, AreaCode.parse(SIBLING), "village_staff")
    assert not revoke(user, HERE, "village_head")
    assert revoke(user, HERE, "village_staff")
    assert not revoke(user, HERE, "village_staff")


def test_a_role_of_a_village_is_not_held_above_it(desk: None) -> None:
    user, _password = create_user("siti", "Siti")
    with pytest.raises(AccountError, match=r"tidak dapat diberikan untuk wilayah 32\.01"):
        grant(user, AreaCode.parse("32.01"), "village_head")
    with pytest.raises(AccountError, match="tidak dikenal"):
        grant(user, HERE, "camat")


def test_a_membership_holds_through_its_last_day_and_never_again(
    app: Flask, account: NewAccount, enter: Enter, clock: Any
) -> None:
    """The day is the one in the village: it ends at midnight in Cibadak, 17.00 in Greenwich."""
    account("siti")
    with app.app_context():
        grant(find_user("siti"), HERE, "village_staff", date(2026, 11, 12))
        commit()
    client = app.test_client()
    enter("siti", client=client)
    clock.move(hours=11)
    assert client.get(f"/{VILLAGE}/").status_code == 200
    for hours in (4, 24, 24 * 366):
        clock.move(hours=hours)
        enter("siti", client=client)
        assert client.get(f"/{VILLAGE}/").status_code == 404
        page = client.get("/", follow_redirects=True)
        assert "Belum ada wilayah" in page.text


def test_a_role_taken_away_is_gone_with_the_next_page(app: Flask, account: NewAccount, enter: Enter) -> None:
    account("siti")
    client = app.test_client()
    enter("siti", client=client)
    assert client.get(f"/{VILLAGE}/").status_code == 200
    with app.app_context():
        revoke(find_user("siti"), HERE, "village_staff")
        commit()
    assert client.get(f"/{VILLAGE}/").status_code == 404


# ---- several areas ----


def test_one_area_opens_at_once_and_two_are_chosen_from(app: Flask, account: NewAccount, enter: Enter) -> None:
    account("siti")
    client = app.test_client()
    enter("siti", client=client)
    assert client.get("/").location == f"/{VILLAGE}/"
    with app.app_context():
        grant(user := find_user("siti"), AreaCode.parse(SIBLING), "village_head")
        db.session.add(SecondFactor(user_id=user.id, secret=b""))
        commit()
    assert client.get("/").location == "/areas"
    choice = client.get("/areas").text
    for code, name, role in ((VILLAGE, "Cibadak", "Petugas puskesos"), (SIBLING, "Cihideung Ilir", "Kepala desa")):
        assert f'href="/{code}/"' in choice
        assert name in choice
        assert role in choice
        assert client.get(f"/{code}/").status_code == 200
    assert FOREIGN not in choice
    assert "/areas" in client.get(f"/{VILLAGE}/").text, "the way to switch"


def test_each_area_has_the_permissions_of_its_own_role_only(app: Flask, account: NewAccount, enter: Enter) -> None:
    account("siti")
    client = app.test_client()
    enter("siti", client=client)
    with app.app_context():
        grant(user := find_user("siti"), AreaCode.parse(SIBLING), "partner_officer")
        db.session.add(SecondFactor(user_id=user.id, secret=b""))
        commit()
    assert client.get(f"/{VILLAGE}/people").status_code == 200
    assert client.get(f"/{SIBLING}/people").status_code == 403


def test_the_way_to_switch_is_not_shown_to_who_has_one_area(app: Flask, account: NewAccount, enter: Enter) -> None:
    account("siti")
    client = app.test_client()
    enter("siti", client=client)
    assert 'href="/areas"' not in client.get(f"/{VILLAGE}/").text
    assert "lebih dari satu wilayah" not in client.get("/areas").text


# ---- the identity ----


def test_who_asks_comes_with_areas_and_roles_from_one_query(desk: None) -> None:
    user, _password = create_user("siti", "Siti")
    grant(user, HERE, "village_staff")
    grant(user, HERE, "village_head")
    grant(user, AreaCode.parse("32.02"), "auditor", date(2020, 1, 1))
    db.session.add(SignIn(token_hash=token_hash("t"), user_id=user.id, expires_at=date(9999, 1, 1)))
    db.session.flush()
    found = load_identity("t", demo_allowed=True)
    assert isinstance(found, Identity)
    assert found.roles_at(HERE) == ("village_head", "village_staff")
    assert found.home() == HERE
    assert not found.covers(AreaCode.parse("32.02.11"))
    assert load_identity("u", demo_allowed=True) is None


# ---- the demonstration ----


@pytest.fixture
def production(database_urls: DatabaseUrls, tmp_path: Path) -> Iterator[FlaskClient]:
    application = build(replace(test_config(tmp_path), environment="production"), database_urls.app)
    application.config.update(WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    yield application.test_client()
    with application.app_context():
        db.engine.dispose()


def test_a_demonstration_account_is_refused_in_production(
    app: Flask, account: NewAccount, enter: Enter, production: FlaskClient
) -> None:
    account("petugas", is_demo=True)
    account("siti")
    assert enter("petugas").status_code == 302
    refused = enter("petugas", client=production)
    assert refused.status_code == 401
    assert "Akun contoh tidak dapat dipakai di sini." in refused.text
    assert enter("petugas", "bukan ini saja", client=production).text != refused.text
    assert enter("siti", client=production).status_code == 302


def test_a_sign_in_of_a_demonstration_account_opens_nothing_in_production(desk: None) -> None:
    user, _password = create_user("petugas", "Petugas", password="cibadak-berdaya", is_demo=True)
    db.session.add(SignIn(token_hash=token_hash("t"), user_id=user.id, expires_at=date(9999, 1, 1)))
    db.session.flush()
    assert load_identity("t", demo_allowed=True)
    assert load_identity("t", demo_allowed=False) is None
    assert isinstance(user, User)
