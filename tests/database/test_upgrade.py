"""Bringing the schema up to date, and the two roles that sign in to it."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import Connection, Engine, create_engine, inspect, make_url, text
from sqlalchemy.pool import NullPool

from core.database.upgrade import MIGRATIONS, PluginMigrations, PluginMigrationsFailed, ensure_app_role, upgrade
from core.database.urls import DatabaseUrls, given_urls
from core.testing import test_config

SERVER = "postgresql+psycopg://owner:pw@db.example:5433/puskesos"


# ---- addresses ----


def urls(tmp_path: Path, **settings: str | None) -> DatabaseUrls | None:
    return given_urls(replace(test_config(tmp_path), **settings))  # pyright: ignore[reportArgumentType]


def test_without_an_address_there_is_none_and_the_embedded_server_is_wanted(tmp_path: Path) -> None:
    assert urls(tmp_path) is None


def test_the_applications_role_follows_from_the_owners_address_and_the_secret(tmp_path: Path) -> None:
    found, again = urls(tmp_path, database_url=SERVER), urls(tmp_path, database_url=SERVER)
    assert found
    assert found == again
    assert found.owner == SERVER
    app = make_url(found.app)
    assert (app.username, app.host, app.port, app.database) == ("puskesos_app", "db.example", 5433, "puskesos")
    assert len(found.app_password or "") == 64
    other = urls(tmp_path, database_url=SERVER, secret_key="another")
    assert other
    assert other.app_password != found.app_password


def test_an_address_of_its_own_is_taken_as_it_is(tmp_path: Path) -> None:
    own = "postgresql+psycopg://visitor:p%40ss@db.example/puskesos"
    found = urls(tmp_path, database_url=SERVER, app_database_url=own)
    assert found
    assert (found.app_role, found.app_password) == ("visitor", "p@ss")


def test_an_address_without_a_role_is_refused_with_an_example() -> None:
    nameless = DatabaseUrls(SERVER, "postgresql+psycopg://db.example/puskesos")
    with pytest.raises(ValueError, match="postgresql://user:password@host/name"):
        _ = nameless.app_role


# ---- the upgrade ----


def snapshot(engine: Engine) -> list[tuple[object, ...]]:
    query = """
        SELECT relname, relacl::text, ARRAY(SELECT polname FROM pg_policy WHERE polrelid = c.oid ORDER BY polname)::text
        FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S', 'i') ORDER BY relname
    """
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_a_second_upgrade_changes_nothing_and_two_at_once_wait(
    database_urls: DatabaseUrls, owner_engine: Engine
) -> None:
    before = snapshot(owner_engine)
    failed: list[Exception] = []

    def run() -> None:
        try:
            upgrade(database_urls)
        except Exception as error:
            failed.append(error)

    threads = [Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert snapshot(owner_engine) == before


def migrations(folder: Path, plugin: str, statement: str) -> PluginMigrations:
    """A plugin's folder with one migration."""
    shutil.copytree(MIGRATIONS, folder / plugin, ignore=shutil.ignore_patterns("00*"))
    script = f"from alembic import op\nrevision, down_revision = '1', None\ndef upgrade(): op.execute({statement!r})\n"
    (folder / plugin / "versions" / "0001_first.py").write_text(script)
    return PluginMigrations(plugin, folder / plugin)


@pytest.fixture
def odd_tables(owner_engine: Engine) -> Iterator[None]:
    yield
    with owner_engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS fine_things, fine_version, worse_version, wrong_version"))


def test_plugins_that_fail_are_named_at_the_end_and_keep_nothing_else_from_working(
    database_urls: DatabaseUrls, owner_engine: Engine, tmp_path: Path, odd_tables: None
) -> None:
    plugins = [
        migrations(tmp_path, "wrong", "CREATE TABLE wrong_things (id int); SELECT nothing FROM nowhere"),
        migrations(tmp_path, "fine", "CREATE TABLE fine_things (id int)"),
        migrations(tmp_path, "worse", "THIS IS NOT SQL"),
    ]
    with pytest.raises(PluginMigrationsFailed, match="wrong, worse") as failed:
        upgrade(database_urls, plugins)
    assert list(failed.value.failures) == ["wrong", "worse"]
    with owner_engine.connect() as connection:
        tables = inspect(connection).get_table_names()
    assert "fine_things" in tables
    assert "wrong_things" not in tables
    app = create_engine(database_urls.app, poolclass=NullPool)
    with app.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM fine_things")) == 0
    app.dispose()


@pytest.fixture
def administrator(database_urls: DatabaseUrls) -> Iterator[Connection]:
    """Somebody who may make roles: a given server's owner, or the superuser of the embedded one."""
    url = make_url(database_urls.owner)
    engine = create_engine(url if url.password else url.set(username="postgres"), poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
        connection.rollback()
        connection.execute(text("DROP ROLE IF EXISTS odd_app"))
        connection.commit()
    engine.dispose()


@pytest.mark.parametrize("password", ["plain", "50%", "%s%(x)s", "it's", 'a"b', "a\\b", "a:b@c/d"])
def test_any_password_of_the_application_is_set_as_it_is_and_can_be_changed(
    administrator: Connection, password: str
) -> None:
    app = make_url(SERVER).set(username="odd_app", password="before").render_as_string(hide_password=False)
    ensure_app_role(administrator, DatabaseUrls(SERVER, app))
    stored = "SELECT rolpassword FROM pg_authid WHERE rolname = 'odd_app'"
    administrator.execute(text("SET password_encryption = 'md5'"))
    app = make_url(SERVER).set(username="odd_app", password=password).render_as_string(hide_password=False)
    ensure_app_role(administrator, DatabaseUrls(SERVER, app))
    wanted = administrator.scalar(text("SELECT 'md5' || md5(:password || 'odd_app')"), {"password": password})
    assert administrator.scalar(text(stored)) == wanted
    attributes = "SELECT rolcanlogin, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = 'odd_app'"
    assert administrator.execute(text(attributes)).one() == (True, False, False)
