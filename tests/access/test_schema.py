"""What the schema must be for the boundary to hold, read from PostgreSQL's own catalogue; and what the application's
role may not do to it."""

from collections.abc import Iterator, Sequence

import pytest
from sqlalchemy import Connection, Engine, Row, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from core.database.upgrade import APPEND_ONLY, BLANKABLE
from core.database.urls import DatabaseUrls


@pytest.fixture
def owner(owner_engine: Engine) -> Iterator[Connection]:
    with owner_engine.connect() as connection:
        yield connection


@pytest.fixture
def application(database_urls: DatabaseUrls) -> Iterator[Connection]:
    engine = create_engine(database_urls.app, poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()


def asked(connection: Connection, query: str, **values: object) -> Sequence[Row]:
    return connection.execute(text(query), values).all()


# ---- tables that belong to villages ----


def test_every_such_table_has_one_policy_a_command_even_for_its_owner(
    owner: Connection, village_tables: list[str]
) -> None:
    for table in [*village_tables, "audit_entries"]:
        [secured] = asked(
            owner, "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = (:t)::regclass", t=table
        )
        assert secured == (True, True), table
        policies = asked(owner, "SELECT cmd, permissive, roles FROM pg_policies WHERE tablename = :t", t=table)
        wanted = ["INSERT", "SELECT"] if table in APPEND_ONLY else ["DELETE", "INSERT", "SELECT", "UPDATE"]
        # A policy FOR ALL would be OR-ed into every read, and a second one for a command would widen it.
        wanted += ["UPDATE"] if table in BLANKABLE else []
        assert sorted(policy.cmd for policy in policies) == wanted, table
        assert {(policy.permissive, tuple(policy.roles)) for policy in policies} == {("PERMISSIVE", ("public",))}


def test_every_key_contains_the_village(owner: Connection, village_tables: list[str]) -> None:
    keys = asked(
        owner,
        """
        SELECT i.indexrelid::regclass::text AS key, a.attname IS NOT NULL AS has_village
        FROM pg_index i LEFT JOIN pg_attribute a
             ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey) AND a.attname = 'village_id'
        WHERE i.indisunique AND i.indrelid = ANY ((:tables)::regclass[])
        """,
        tables=village_tables,
    )
    assert len(keys) > len(village_tables)
    assert [key.key for key in keys if not key.has_village] == []


def test_every_primary_key_is_village_and_id(owner: Connection, village_tables: list[str]) -> None:
    for table in village_tables:
        [key] = asked(
            owner,
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'p' AND conrelid = (:t)::regclass",
            t=table,
        )
        assert key[0] == "PRIMARY KEY (village_id, id)", table


def test_every_reference_carries_the_village_and_nothing_shared_points_into_one(
    owner: Connection, village_tables: list[str]
) -> None:
    references = asked(
        owner,
        """
        SELECT conrelid::regclass::text AS origin, confrelid::regclass::text AS target, confdeltype AS on_delete,
               pg_get_constraintdef(oid) AS definition
        FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace
        """,
    )
    into_villages = [r for r in references if r.target in village_tables]
    assert len(into_villages) > 10
    for reference in into_villages:
        assert reference.origin in village_tables, reference.definition
        assert reference.definition.startswith("FOREIGN KEY (village_id, "), reference.definition
        assert "(village_id, id)" in reference.definition
        # SET NULL would empty village_id as well; only what is worked out from the register goes with its rows.
        assert reference.on_delete == ("c" if reference.origin == "screening_findings" else "a"), reference.definition


def test_no_trigger_works_behind_the_back_of_the_code(owner: Connection, village_tables: list[str]) -> None:
    triggers = asked(
        owner,
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = ANY ((:tables)::regclass[])",
        tables=village_tables,
    )
    assert triggers == []


def test_no_view_and_no_function_reads_with_the_owners_eyes(owner: Connection) -> None:
    views = asked(
        owner,
        """
        SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = 'public'::regnamespace
        AND NOT coalesce(reloptions, '{}') @> '{security_invoker=true}'
        """,
    )
    functions = asked(owner, "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace")
    assert (views, functions) == ([], [])


# ---- the application's role ----


def test_the_application_is_no_more_than_a_visitor(application: Connection) -> None:
    [role] = asked(
        application,
        """
        SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles
        WHERE rolname = current_user
        """,
    )
    assert not any(role)
    memberships = asked(application, "SELECT 1 FROM pg_auth_members WHERE member = current_user::regrole")
    assert memberships == []


def test_the_application_owns_nothing(application: Connection) -> None:
    owned = asked(
        application,
        """
        SELECT relname FROM pg_class WHERE relowner = current_user::regrole
        UNION ALL SELECT proname FROM pg_proc WHERE proowner = current_user::regrole
        UNION ALL SELECT typname FROM pg_type WHERE typowner = current_user::regrole
        UNION ALL SELECT nspname FROM pg_namespace WHERE nspowner = current_user::regrole
        UNION ALL SELECT datname FROM pg_database WHERE datdba = current_user::regrole
        """,
    )
    assert owned == []


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE {table} ADD COLUMN extra_column text",
        "DROP POLICY {table}_select ON {table}",
        "CREATE POLICY open_door ON {table} USING (true)",
        "CREATE TRIGGER spy BEFORE INSERT ON {table} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "DROP TABLE {table}",
        "TRUNCATE {table}",
        "LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE",
    ],
)
def test_the_application_does_not_change_a_table(
    statement: str, application: Connection, village_tables: list[str]
) -> None:
    for table in [*village_tables, "audit_entries"]:
        if "LOCK" in statement and table not in APPEND_ONLY:
            continue  # whoever may UPDATE may lock
        with pytest.raises(DBAPIError, match=r"must be owner|permission denied"), application.begin_nested():
            application.execute(text(statement.format(table=table)))


def test_the_application_makes_no_table_and_no_function(application: Connection) -> None:
    for statement in (
        "CREATE TABLE public.mine (id int)",
        "CREATE FUNCTION public.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE SCHEMA mine",
    ):
        with pytest.raises(DBAPIError, match="permission denied"), application.begin_nested():
            application.execute(text(statement))


def test_the_application_becomes_nobody_else(application: Connection, database_urls: DatabaseUrls) -> None:
    owner = make_url(database_urls.owner).username
    for statement in (f"SET ROLE {owner}", f"SET SESSION AUTHORIZATION {owner}", f"GRANT {owner} TO CURRENT_USER"):
        with pytest.raises(DBAPIError, match=r"permission denied|must have"), application.begin_nested():
            application.execute(text(statement))


def test_row_security_cannot_be_turned_off(application: Connection, village_tables: list[str]) -> None:
    application.execute(text("SET LOCAL row_security = off"))
    for table in [*village_tables, "audit_entries"]:
        with pytest.raises(DBAPIError, match="affected by row-level security"), application.begin_nested():
            application.execute(text(f"SELECT FROM {table}"))


def test_the_application_does_not_see_the_versions_of_the_schema(application: Connection, owner: Connection) -> None:
    tables = asked(owner, "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE '%\\_version'")
    assert tables
    for table in tables:
        with pytest.raises(DBAPIError, match="permission denied"), application.begin_nested():
            application.execute(text(f"SELECT FROM {table.relname}"))
