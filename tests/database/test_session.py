"""The session: the scope that its transactions carry, and what waits for its commit."""

from collections.abc import Iterator
from contextlib import ExitStack
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from core.areas.code import AreaCode
from core.areas.current import find_area
from core.database.session import after_commit, commit, current_scope, db, narrow_scope, scope
from core.database.urls import DatabaseUrls
from core.people.models import Person
from core.testing import SIBLING, VILLAGE, at, make_person

HERE, NEXT_DOOR, DISTRICT = (AreaCode.parse(code) for code in (VILLAGE, SIBLING, "32.01"))


@pytest.fixture
def residents(app: Flask, areas: None) -> Iterator[None]:
    """Siti in Cibadak and Ujang next door, and an application context without a scope."""
    for code, name in ((VILLAGE, "Siti"), (SIBLING, "Ujang")):
        with at(app, code) as area:
            make_person(area.id, name)
            commit()
    with app.app_context():
        yield


def names() -> list[str]:
    return list(db.session.scalars(select(Person.name).order_by(Person.name)))


# ---- the scope ----


def test_a_scope_shows_its_area_and_ends_where_it_began(residents: None) -> None:
    assert names() == []
    with scope(DISTRICT):
        assert names() == ["Siti", "Ujang"]
        with scope(HERE):
            assert names() == ["Siti"]
        assert names() == ["Siti", "Ujang"]
    assert names() == []
    assert current_scope.get() is None


def test_a_scope_ends_when_what_is_done_in_it_fails(residents: None) -> None:
    with pytest.raises(ZeroDivisionError), scope(HERE):
        raise ZeroDivisionError
    assert names() == []


def test_every_transaction_of_a_scope_carries_it(residents: None) -> None:
    with scope(HERE):
        for end in (db.session.commit, db.session.rollback):
            assert names() == ["Siti"]
            end()
        assert names() == ["Siti"]


def test_no_row_of_one_scope_is_served_in_another(residents: None) -> None:
    with scope(DISTRICT):
        ujang = db.session.scalars(select(Person).where(Person.name == "Ujang")).one()
        key = (ujang.village_id, ujang.id)
    with scope(HERE):
        assert db.session.get(Person, key) is None


def test_what_was_not_committed_does_not_outlive_the_scope(residents: None) -> None:
    with scope(HERE):
        db.session.scalars(select(Person)).one().name = "Siti Aminah"
        db.session.flush()
    with scope(HERE):
        assert names() == ["Siti"]


def test_a_thread_starts_without_the_scope_of_another(app: Flask, residents: None) -> None:
    seen: list[list[str]] = []

    def look() -> None:
        with app.app_context():
            seen.append(names())

    with scope(HERE):
        thread = Thread(target=look)
        thread.start()
        thread.join()
    assert seen == [[]]


def test_writing_from_a_wide_scope_is_refused_or_does_nothing(residents: None) -> None:
    with scope(DISTRICT):
        assert db.session.connection().execute(text("UPDATE persons SET name = 'x'")).rowcount == 0
        with pytest.raises(DBAPIError, match="row-level security"):
            make_person(HERE.id, "Dedi")


# ---- after the commit ----


def test_what_waits_for_the_commit_is_done_once_and_in_order(residents: None) -> None:
    done: list[str] = []
    after_commit(lambda: done.append("one"))
    after_commit(lambda: done.append("two"))
    db.session.execute(text("SELECT 1"))
    assert done == []
    commit()
    commit()
    assert done == ["one", "two"]


def test_it_may_ask_the_database_and_commit_again(residents: None) -> None:
    done: list[object] = []

    def ask() -> None:
        done.append(db.session.scalar(text("SELECT 1")))
        after_commit(lambda: done.append("later"))
        commit()

    after_commit(ask)
    commit()
    assert done == [1, "later"]


def test_a_savepoint_that_is_rolled_back_takes_along_only_what_was_asked_for_inside_it(residents: None) -> None:
    done: list[str] = []
    after_commit(lambda: done.append("before"))
    savepoint = db.session.begin_nested()
    after_commit(lambda: done.append("inside"))
    inner = db.session.begin_nested()
    after_commit(lambda: done.append("inside the inside"))
    inner.commit()
    savepoint.rollback()
    kept = db.session.begin_nested()
    after_commit(lambda: done.append("in one that is kept"))
    kept.commit()
    after_commit(lambda: done.append("after"))
    commit()
    assert done == ["before", "in one that is kept", "after"]


@pytest.mark.parametrize("end", ["rollback", "close", "remove", "scope"])
def test_without_a_commit_it_is_never_done(residents: None, end: str) -> None:
    done: list[str] = []
    with ExitStack() as stack:
        if end == "scope":
            stack.enter_context(scope(HERE))
        db.session.execute(text("SELECT 1"))
        after_commit(lambda: done.append("never"))
        if end != "scope":
            getattr(db.session, end)()
    db.session.execute(text("SELECT 1"))
    commit()
    assert done == []


# ---- a scope that begins in a running transaction ----


def test_a_scope_may_begin_in_the_transaction_that_found_its_area(residents: None) -> None:
    assert find_area(HERE) is not None
    transaction = db.session.scalar(text("SELECT pg_current_xact_id()"))
    narrow_scope(HERE)
    assert names() == ["Siti"]
    assert db.session.scalar(text("SELECT pg_current_xact_id()")) == transaction
    db.session.rollback()
    assert names() == ["Siti"]
    current_scope.set(None)


def test_it_does_not_where_another_scope_holds_or_rows_were_loaded(residents: None) -> None:
    with scope(NEXT_DOOR):
        ujang = db.session.scalars(select(Person)).one()
        narrow_scope(HERE)
        assert ujang not in db.session
        assert names() == ["Siti"]


# ---- connections ----


def test_a_connection_that_the_server_has_closed_is_left_before_a_request_meets_it(
    residents: None, database_urls: DatabaseUrls
) -> None:
    outside = create_engine(database_urls.app, poolclass=NullPool)
    for _request in range(3):
        pid = db.session.scalar(text("SELECT pg_backend_pid()"))
        db.session.remove()
        with outside.connect() as connection:  # waits until it has ended, at most five seconds
            assert connection.scalar(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        assert db.session.scalar(text("SELECT pg_backend_pid()")) != pid
        db.session.remove()
