"""Two districts with villages, as every test finds them, and working in one of them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from flask import Flask
from psycopg import sql
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.pool import NullPool

from core.actor import Actor, acting
from core.areas.code import AreaCode, Level
from core.areas.current import CurrentArea, find_area
from core.areas.models import Area
from core.areas.modules import recompute, set_module, store_settings
from core.config import Config
from core.database.base import Base
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

TABLES = text(
    "SELECT relname, relforcerowsecurity FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
)

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


def clear(owner_engine: Engine) -> None:
    """Empty all tables in which something stands. Row by row: after a test there are few, and TRUNCATE makes each
    table's files anew.

    The row-level rule binds the owner as well: it may read what lies in a scope of everything with every key, and is
    loosened for the length of this transaction where there is something to delete.
    """
    with owner_engine.begin() as connection:
        there = {row.relname: row.relforcerowsecurity for row in connection.execute(TABLES)}
        connection.exec_driver_sql(
            f"SET LOCAL puskesos.lo = '0'; SET LOCAL puskesos.hi = '{2**62}'; SET LOCAL puskesos.keys = '{{*}}'"
        )
        known = [table.name for table in reversed(Base.metadata.sorted_tables) if table.name in there]
        # Of a plugin that a test has taken out of the process: nothing refers to them.
        others = sorted(table for table, forced in there.items() if forced and table not in known)
        full = _in_use(connection, [*others, *known, "procrastinate_jobs"])
        bound = [table for table in full if there.get(table)]
        loosened = [f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY" for table in bound]
        emptied = [f"DELETE FROM {table}" for table in full]  # noqa: S608 - names of tables
        tightened = [f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY" for table in bound]
        if full:
            connection.exec_driver_sql("; ".join([*loosened, *emptied, *tightened]))


def _in_use(connection: Connection, tables: Sequence[str]) -> list[str]:
    """Those of ``tables`` that have rows, in their order; one query."""
    asked = " UNION ALL ".join(
        f"SELECT {place} WHERE EXISTS (SELECT FROM {table})"  # noqa: S608 - names of tables
        for place, table in enumerate(tables)
    )
    return [str(tables[place]) for place in sorted(connection.exec_driver_sql(asked).scalars())]


def in_a_hurry(urls: DatabaseUrls) -> DatabaseUrls:
    """A commit does not wait for the disk: after a power cut, tests are run again."""
    engine = create_engine(urls.owner, poolclass=NullPool)
    with engine.begin() as connection:
        name = sql.Identifier(str(engine.url.database)).as_string(connection.connection.driver_connection)
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET synchronous_commit = off")
    return urls


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
