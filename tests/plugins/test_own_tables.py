"""A plugin's tables: made by migrations of its own, under the rule of every village table, left alone by core."""

from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from core.areas.code import AreaCode
from core.cases.catalogue import find_service
from core.database.session import commit
from core.database.upgrade import PluginMigrations, PluginMigrationsFailed, upgrade
from core.database.urls import DatabaseUrls
from core.plugins.tables import table_faults
from core.testing import SIBLING, VILLAGE, at, make_case, make_person

TABLE = "homevisit_visits"


@pytest.fixture
def as_app(database_urls: DatabaseUrls, app: Flask) -> Iterator[Connection]:
    """The application's own sign-in, without the application."""
    engine = create_engine(database_urls.app, poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def visit(app: Flask, areas: None) -> None:
    """One planned visit in Cibadak, none next door."""
    with at(app, VILLAGE) as area:
        service = find_service("homevisit.request")
        assert service
        make_case(area, service, make_person(area.id), reason="elderly", directions="Dekat musala")
        commit()


def enter(connection: Connection, code: str) -> None:
    area = AreaCode.parse(code)
    connection.exec_driver_sql(f"SET LOCAL puskesos.lo = '{area.id}'; SET LOCAL puskesos.hi = '{area.hi}'")


def count(connection: Connection, code: str | None) -> int:
    with connection.begin():
        if code:
            enter(connection, code)
        return connection.scalar(text(f"SELECT count(*) FROM {TABLE}")) or 0


def plan_visit(connection: Connection, scope: str, village: str, person: UUID) -> None:
    """Insert a row of ``village`` from ``scope``."""
    insert = f"INSERT INTO {TABLE} (village_id, id, person_id, planned_on) VALUES (:village, :id, :person, now())"
    with connection.begin():
        enter(connection, scope)
        values = {"village": AreaCode.parse(village).id, "id": uuid4(), "person": person}
        connection.execute(text(insert), values)


def versions(owner_engine: Engine, table: str) -> list[str]:
    with owner_engine.connect() as connection:
        return list(connection.scalars(text(f"SELECT version_num FROM {table}")))


# ---- whose rows they are ----


def test_a_village_sees_its_own_rows_the_district_sees_all_and_nobody_else_any(as_app: Connection, visit: None) -> None:
    seen = {code: count(as_app, code) for code in (VILLAGE, SIBLING, "32.01", "32.02")}
    assert seen == {VILLAGE: 1, SIBLING: 0, "32.01": 1, "32.02": 0}
    assert count(as_app, None) == 0


@pytest.mark.parametrize("scope", [SIBLING, "32.01"])
def test_nobody_writes_from_outside_the_village(as_app: Connection, visit: None, scope: str) -> None:
    with as_app.begin():
        enter(as_app, scope)
        assert as_app.execute(text(f"UPDATE {TABLE} SET finding = 'x'")).rowcount == 0
        assert as_app.execute(text(f"DELETE FROM {TABLE}")).rowcount == 0
    with pytest.raises(DatabaseError, match="row-level security"):
        plan_visit(as_app, scope, VILLAGE, uuid4())


def test_a_row_cannot_refer_to_a_resident_of_another_village(app: Flask, as_app: Connection, areas: None) -> None:
    with at(app, SIBLING) as area:
        stranger = make_person(area.id).id
        commit()
    with pytest.raises(DatabaseError, match="foreign key"):
        plan_visit(as_app, VILLAGE, VILLAGE, stranger)


# ---- their migrations ----


def test_a_plugin_has_a_version_table_of_its_own(app: Flask, owner_engine: Engine) -> None:
    assert versions(owner_engine, "homevisit_version") == ["homevisit_0001"]
    assert "homevisit_0001" not in versions(owner_engine, "core_version")


def test_upgrading_again_changes_nothing(app: Flask, database_urls: DatabaseUrls, owner_engine: Engine) -> None:
    registry = app.extensions["puskesos"].plugins
    upgrade(database_urls, registry.migration_directories())
    assert versions(owner_engine, "homevisit_version") == ["homevisit_0001"]


def test_core_upgrades_when_the_wheel_is_gone_and_leaves_its_rows(
    database_urls: DatabaseUrls, owner_engine: Engine, as_app: Connection, visit: None
) -> None:
    core = versions(owner_engine, "core_version")
    upgrade(database_urls)
    assert versions(owner_engine, "core_version") == core
    assert versions(owner_engine, "homevisit_version") == ["homevisit_0001"]
    assert count(as_app, VILLAGE) == 1


def test_the_web_process_cannot_change_a_plugins_version(as_app: Connection) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), as_app.begin():
        as_app.execute(text("UPDATE homevisit_version SET version_num = 'x'"))


def test_a_migration_that_fails_leaves_nothing_of_itself(
    app: Flask, database_urls: DatabaseUrls, owner_engine: Engine, tmp_path: Path
) -> None:
    migration = """
        from alembic import op
        revision, down_revision = "faulty_0001", None

        def upgrade():
            op.execute("CREATE TABLE faulty_rows (village_id bigint)")
            op.execute("SELECT no_such_column")
    """
    (tmp_path / "versions").mkdir()
    (tmp_path / "versions" / "0001.py").write_text(dedent(migration))
    (tmp_path / "env.py").write_text("from core.api import run_migrations\n\nrun_migrations()\n")
    with pytest.raises(PluginMigrationsFailed, match="no_such_column"):
        upgrade(database_urls, [PluginMigrations("faulty", tmp_path)])
    with owner_engine.connect() as connection:
        left = connection.scalars(text("SELECT tablename FROM pg_tables WHERE tablename LIKE 'faulty%'")).all()
    assert list(left) == []
    upgrade(database_urls)


# ---- the rules of the house, as the contract's test checks them ----


def test_the_outside_plugins_tables_keep_to_the_rules(app: Flask, owner_engine: Engine) -> None:
    with owner_engine.connect() as connection:
        assert table_faults(connection, "homevisit", "puskesos_homevisit") == []


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("CREATE TABLE homevisit_x (id uuid PRIMARY KEY)", "primary key must be (village_id, id)"),
        ("CREATE TABLE homevisit_x (village_id bigint, id uuid, PRIMARY KEY (village_id, id))", "not on"),
        ("ALTER TABLE homevisit_visits NO FORCE ROW LEVEL SECURITY", "not on"),
        ("CREATE UNIQUE INDEX ON homevisit_visits (finding)", "add village_id to ['finding']"),
        ("CREATE POLICY everything ON homevisit_visits FOR ALL USING (true)", "one policy for each command"),
        ("DROP POLICY homevisit_visits_select ON homevisit_visits", "one policy for each command"),
        ("ALTER TABLE homevisit_visits ADD by_user uuid REFERENCES users (id)", "may not refer to users"),
        ("ALTER TABLE homevisit_visits ADD UNIQUE (village_id, case_id), ADD again uuid", "again: the model and the"),
        (
            "ALTER TABLE homevisit_visits ADD FOREIGN KEY (village_id, case_id)"
            " REFERENCES cases (village_id, id) ON DELETE SET NULL",
            "may not be ON DELETE SET",
        ),
        (
            "CREATE TRIGGER later BEFORE UPDATE ON homevisit_visits"
            " FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
            "may have no trigger (later)",
        ),
        ("ALTER TABLE homevisit_visits ALTER finding DROP NOT NULL", "finding: the model and the migrations differ"),
        ("DROP TABLE homevisit_visits", "no migration makes this table"),
    ],
)
def test_a_table_that_breaks_a_rule_is_found(app: Flask, owner_engine: Engine, statement: str, fault: str) -> None:
    with owner_engine.connect() as connection:
        connection.execute(text(statement))
        faults = table_faults(connection, "homevisit", "puskesos_homevisit")
        connection.rollback()
    assert any(fault in found for found in faults), faults
