"""Two districts with villages, as every test finds them, and working in one of them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path

from flask import Flask
from psycopg import sql
from sqlalchemy import URL, Connection, Engine, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from core.actor import Actor, acting
from core.areas.code import AreaCode, Level
from core.areas.current import CurrentArea, find_area
from core.areas.models import Area
from core.areas.modules import recompute, set_module, store_settings
from core.config import Config
from core.database.base import Base
from core.database.embedded import EmbeddedServer
from core.database.session import commit, db, scope
from core.database.upgrade import upgrade
from core.database.urls import DatabaseUrls
from core.enablement import Setting
from core.platform import platform
from core.plugins.registry import load_plugins

VILLAGE = "32.01.15.2008"
SIBLING = "32.01.15.2010"
DISTRICT = VILLAGE[:5]
FOREIGN = "32.02.11.2002"

TABLES = text("""
SELECT relname, relforcerowsecurity AS forced,
       EXISTS (SELECT FROM pg_constraint WHERE conrelid = pg_class.oid AND contype = 'f') AS refers
FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
""")

EVERYTHING = f"SET LOCAL puskesos.lo = '0'; SET LOCAL puskesos.hi = '{2**62}'; SET LOCAL puskesos.keys = '{{*}}'"

# code, name, kind, ticket prefix
AREAS = (
    ("32", "Jawa Barat", "provinsi", None),
    ("32.01", "Kabupaten Bogor", "kabupaten", None),
    ("32.01.15", "Ciampea", "kecamatan", None),
    (VILLAGE, "Cibadak", "desa", "CBD"),
    (SIBLING, "Cihideung Ilir", "desa", "CHD"),
    ("32.02", "Kabupaten Sukabumi", "kabupaten", None),
    ("32.02.11", "Cibadak", "kecamatan", None),
    (FOREIGN, "Sekarwangi", "desa", "SKW"),
)


def test_config(data_dir: Path, *, database_url: str | None = None) -> Config:  # noqa: PT028 - not a test
    return Config(environment="test", data_dir=data_dir, secret_key="only for tests", database_url=database_url)  # noqa: S106


test_config.__test__ = False  # pyright: ignore[reportFunctionMemberAccess] - not a test, whatever its name


def strict(config: Config) -> Config:
    return replace(config, plugins_strict=True)


def with_plugin_tables(urls: DatabaseUrls) -> DatabaseUrls:
    """A test database in which the migrations of the installed plugins have run as well."""
    upgrade(urls, load_plugins(strict=True, disabled=frozenset()).migration_directories())
    return urls


def provision(areas: tuple[tuple[str, str, str, str | None], ...]) -> None:
    """Make areas in which every installed module is on."""
    for code_text, name, kind, prefix in areas:
        code = AreaCode.parse(code_text)
        parent = code.parent
        db.session.add(
            Area(
                id=code.id,
                hi=code.hi,
                level=code.level,
                code=code_text,
                name=name,
                kind=kind,
                ticket_prefix=prefix,
                parent_id=parent.id if parent and parent.level != Level.NATION else None,
            )
        )
    db.session.flush()
    provinces = {AreaCode.parse(code[:2]) for code, *_rest in areas}
    for province in provinces:
        store_settings([Setting(province.id, module, True) for module in platform().plugins.plugins])
        recompute(province)
    commit()
    db.session.remove()


def provision_again(app: Flask, owner_engine: Engine) -> None:
    """As :func:`provision` with `AREAS`: what it wrote the first time is written again, by an installation that still
    has the same modules, and they are not told of it again.
    """
    modules = tuple(app.extensions["puskesos"].plugins.plugins)
    kept: dict[tuple[str, ...], dict[str, str]] = app.extensions.setdefault("puskesos.testing", {})
    with owner_engine.begin() as connection:
        connection.exec_driver_sql(EVERYTHING)
        for table, rows in kept.get(modules, {}).items():
            restored = f"INSERT INTO {table} SELECT * FROM jsonb_populate_recordset(NULL::{table}, (:rows)::jsonb)"  # noqa: S608
            connection.execute(text(restored), {"rows": rows})
        if modules in kept:
            return
        empty = not _in_use(connection, _ours(connection))
    with app.app_context():
        provision(AREAS)
    if empty:
        kept[modules] = _rows(owner_engine)


def _rows(owner_engine: Engine) -> dict[str, str]:
    """All that stands in the tables, as JSON by table, those first that others refer to."""
    with owner_engine.begin() as connection:
        connection.exec_driver_sql(EVERYTHING)
        asked = "SELECT jsonb_agg(to_jsonb(t))::text FROM {} t"
        full = reversed(_in_use(connection, _ours(connection)))
        return {table: connection.exec_driver_sql(asked.format(table)).scalar_one() for table in full}


def _ours(connection: Connection) -> list[str]:
    """The tables that have a model, those first that refer to others."""
    there = {row.relname for row in connection.execute(TABLES)}
    return [name for name in _in_order(tuple(Base.metadata.tables)) if name in there]


@cache
def _in_order(_names: tuple[str, ...]) -> list[str]:
    """Asked for before and after each test; sorting them takes longer than all else."""
    return [table.name for table in reversed(Base.metadata.sorted_tables)]


def clear(owner_engine: Engine) -> None:
    """Empty all tables in which something stands. Row by row: after a test there are few, and TRUNCATE makes each
    table's files anew.

    On a server of ours nothing holds back who does it. Elsewhere the row-level rule binds the owner as well, who may
    read what lies in a scope of everything with every key; for deleting, the rule is loosened for the length of this
    transaction.
    """
    unbound = _unbound.get(owner_engine.url)
    with (unbound or owner_engine).begin() as connection:
        connection.exec_driver_sql(EVERYTHING)
        there = {row.relname: row for row in connection.execute(TABLES)}
        known = [name for name in _in_order(tuple(Base.metadata.tables)) if name in there]
        # Of a plugin that a test has taken out of the process: nothing refers to them.
        others = sorted(
            name
            for name, row in there.items()
            if (row.forced or row.refers) and name not in known and not name.startswith("procrastinate_")
        )
        full = _in_use(connection, [*others, *known, "procrastinate_jobs"])
        has_jobs = "procrastinate_jobs" in full
        emptied = [f"DELETE FROM {table}" for table in full if table != "procrastinate_jobs"]  # noqa: S608 - names of tables
        bound = [] if unbound else [table for table in full if there[table].forced]
        loosened = [f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY" for table in bound]
        tightened = [f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in bound]
        if emptied:
            connection.exec_driver_sql("; ".join([*loosened, *emptied, *tightened]))
    if has_jobs:
        with owner_engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM procrastinate_jobs")  # its triggers see to what hangs on a job


def _in_use(connection: Connection, tables: Sequence[str]) -> list[str]:
    """Those of ``tables`` that have rows, in their order; one query.

    It is prepared, once a connection: to plan it takes ten times as long as to do it. The driver would only do so for
    what is asked five times without a rollback in between.
    """
    asked = " UNION ALL ".join(
        f"SELECT {place} WHERE EXISTS (SELECT FROM {table})"  # noqa: S608 - names of tables
        for place, table in enumerate(tables)
    )
    prepared: dict[str, str] = connection.info.setdefault("in_use", {})
    if asked not in prepared:
        name = f"in_use_{len(prepared)}"
        connection.exec_driver_sql(f"PREPARE {name} AS {asked}")
        prepared[asked] = name
    places = connection.exec_driver_sql(f"EXECUTE {prepared[asked]}").scalars()
    return [str(tables[place]) for place in sorted(places)]


def in_a_hurry(urls: DatabaseUrls) -> DatabaseUrls:
    """A commit does not wait for the disk: after a power cut, tests are run again."""
    engine = create_engine(urls.owner, poolclass=NullPool)
    with engine.begin() as connection:
        name = sql.Identifier(str(engine.url.database)).as_string(connection.connection.driver_connection)
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET synchronous_commit = off")
    return urls


_unbound: dict[URL, Engine] = {}
"""By the owner's address: who empties tables there past the row-level rule and without a look at what refers to them,
which takes longer than all else."""


@contextmanager
def emptied_at_once(server: EmbeddedServer) -> Iterator[None]:
    """On this server :func:`clear` need not keep to the owner's rights."""
    at_once = {"prepare_threshold": None, "options": "-c session_replication_role=replica"}
    engine = create_engine(server.url("postgres"), pool_size=1, connect_args=at_once)
    _unbound[make_url(server.owner_url)] = engine
    try:
        yield
    finally:
        del _unbound[make_url(server.owner_url)]
        engine.dispose()


@contextmanager
def at(app: Flask, code: str, actor: Actor | None = None) -> Iterator[CurrentArea]:
    """Work in an area as a request would."""
    with app.test_request_context():
        area = find_area(AreaCode.parse(code))
        if area is None:
            raise LookupError(f"{code} is not provisioned")
        with scope(area), acting(actor or Actor(None, "uji")):
            yield area


def switch(app: Flask, plugin: str, *, on: bool, village: str = VILLAGE) -> None:
    """As ``puskesos modules set`` does, in a process of its own."""
    code = AreaCode.parse(village)
    with app.app_context(), scope(code):
        set_module(code, plugin, enabled=on)
        commit()


def switch_off(app: Flask, plugin: str) -> None:
    """In the village of the tests."""
    switch(app, plugin, on=False)
