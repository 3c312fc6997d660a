"""An invitation: a link that is shown once, works once and for a week, and can be taken back."""

import re
import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from core.database.session import commit, db
from core.testing import VILLAGE, SignInAs
from core.users import invitations
from core.users.accounts import AccountError, end_account, find_user, reset_password
from core.users.models import Invitation

Enter = Callable[..., TestResponse]
NEW = "hujan turun di sawah"


@pytest.fixture
def head(sign_in: SignInAs) -> FlaskClient:
    return sign_in("village_head", name="Ade")


def form(**values: str) -> dict[str, str]:
    return {
        "id": str(uuid4()),
        "invitation": str(uuid4()),
        "name": "Siti Aminah",
        "username": "siti",
        "role": "village_staff",
        "area": VILLAGE,
        "first": "link",
        **values,
    }


def link_on(page: str) -> str:
    found = re.search(r"http://localhost(/invitation/[\w-]{43})", page)
    assert found, page
    return found[1]


@pytest.fixture
def link(head: FlaskClient, clock: Any) -> str:
    """The link with which Siti was invited."""
    return link_on(head.post(f"/{VILLAGE}/users/new", data=form()).text)


def page_of(app: Flask) -> str:
    with app.app_context():
        return f"/{VILLAGE}/users/{find_user('siti').id}"


def accept(app: Flask, link: str, new: str = NEW, again: str | None = None) -> TestResponse:
    return app.test_client().post(link, data={"new": new, "again": new if again is None else again})


def test_the_invited_person_sets_the_own_password_and_signs_in(app: Flask, link: str, enter: Enter) -> None:
    client = app.test_client()
    page = client.get(link)
    assert page.status_code == 200
    assert "Siti Aminah" in page.text
    assert client.get(link).status_code == 200, "a messenger's preview uses nothing up"
    assert client.post(link, data={"new": NEW, "again": NEW}).location == "/sign-in"
    assert enter("siti", NEW).location == "/", "there is no password left to change"


def test_the_link_is_shown_once_and_kept_as_a_hash(app: Flask, head: FlaskClient) -> None:
    values = form()
    answer = head.post(f"/{VILLAGE}/users/new", data=values)
    token = link_on(answer.text).rpartition("/")[2]
    assert token not in str(answer.headers)
    again = head.post(f"/{VILLAGE}/users/new", data=values)
    page = head.get(again.location).text
    assert token not in page
    assert "hanya ditampilkan sekali" in page
    assert "diundang" in page
    with app.app_context():
        [kept] = db.session.scalars(select(Invitation.token_hash))
        assert len(kept) == 32
        assert token.encode() not in kept


def void(answer: TestResponse) -> str:
    assert answer.status_code == 404
    assert "tidak berlaku lagi" in answer.text
    assert "Siti" not in answer.text
    return re.sub(r'value="[^"]+"|href="/language/[^"]+"', "", answer.text)


def test_it_works_once(app: Flask, link: str, enter: Enter) -> None:
    accept(app, link)
    void(app.test_client().get(link))
    void(accept(app, link, "kata sandi orang lain"))
    assert enter("siti", NEW).status_code == 302


def test_of_two_at_the_same_moment_one_is_too_late(app: Flask, link: str) -> None:
    token, done = link.rpartition("/")[2], []

    def take(number: int) -> None:
        with app.test_request_context():
            try:
                invitations.accept(token, f"kata sandi nomor {number}")
                commit()
                done.append(number)
            except AccountError:
                db.session.rollback()

    threads = [threading.Thread(target=copy_context().run, args=(take, number)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 1


def test_after_a_week_it_is_void(app: Flask, link: str, clock: Any) -> None:
    clock.move(days=6, hours=23)
    assert app.test_client().get(link).status_code == 200
    clock.move(hours=2)
    void(accept(app, link))


def test_it_is_taken_back(app: Flask, head: FlaskClient, link: str) -> None:
    page = page_of(app)
    assert "Tarik kembali tautan" in head.get(page).text
    assert head.post(f"{page}/invitation/revoke").location == page
    void(accept(app, link))


def test_a_newer_link_voids_the_older_and_a_reload_makes_none(app: Flask, head: FlaskClient, link: str) -> None:
    page, once = page_of(app), str(uuid4())
    newer = link_on(head.post(f"{page}/invite", data={"once": once}).text)
    assert head.post(f"{page}/invite", data={"once": once}).location == page
    void(app.test_client().get(link))
    assert accept(app, newer).location == "/sign-in"


@pytest.mark.parametrize("deed", [reset_password, end_account])
def test_a_reset_or_ended_account_opens_by_no_older_link(app: Flask, link: str, deed: Callable[[Any], object]) -> None:
    with app.app_context():
        deed(find_user("siti"))
        commit()
    void(accept(app, link))


def test_every_link_that_does_not_work_gives_the_same_answer(app: Flask, link: str) -> None:
    client = app.test_client()
    accept(app, link)
    pages = {void(client.get(path)) for path in (link, link[:-1], "/invitation/x", "/invitation/é")}
    assert len(pages) == 1


@pytest.mark.parametrize(
    ("new", "again", "told"),
    [
        ("pendek", None, "paling sedikit 10 huruf"),
        ("siti siti siti", None, "mudah ditebak"),
        (NEW, NEW + "!", "belum sama"),
        ("", "", "Wajib diisi"),
        ("x" * 201, None, "200"),
    ],
)
def test_a_bad_password_uses_nothing_up(app: Flask, link: str, new: str, again: str | None, told: str) -> None:
    answer = accept(app, link, new, again)
    assert answer.status_code == 422
    assert told in answer.text
    assert accept(app, link).location == "/sign-in"


def test_the_invited_who_reach_far_still_set_up_the_second_step(app: Flask, sign_in: SignInAs, enter: Enter) -> None:
    admin = sign_in("district_admin", "32.01")
    values = form(role="district_officer", area="32.01")
    accept(app, link_on(admin.post("/32.01/users/new", data=values).text))
    client = app.test_client()
    enter("siti", NEW, client=client)
    assert client.get("/32.01/").location == "/account/two-step"


def test_looking_for_links_is_limited(limited: Flask) -> None:
    client = limited.test_client()
    answers = [client.get(f"/invitation/{number}").status_code for number in range(31)]
    assert answers == [404] * 30 + [429]
