"""For tests, ours and plugin authors': a real database, two districts with villages, sign-ins, synthetic residents.

A plugin's own project loads it in its ``pyproject.toml``, under ``[tool.pytest.ini_options]``:
``addopts = "-p core.testing"``. Not by ``pytest_plugins`` in a ``conftest.py``: pytest refuses that below
the top folder.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from secrets import token_urlsafe

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from core.actor import Actor, acting
from core.application import build
from core.areas.code import AreaCode, Level
from core.areas.current import CurrentArea, find_area
from core.areas.models import Area
from core.areas.modules import recompute, store_settings
from core.cases.checklist import confirm_seen
from core.cases.intake import Intake, open_case
from core.cases.models import Case
from core.cases.service import Service
from core.clock import now
from core.config import Config
from core.database.base import Base
from core.database.embedded import running
from core.database.session import commit, db, scope
from core.database.urls import DatabaseUrls, given_urls
from core.enablement import Setting
from core.people.duplicates import name_key
from core.people.models import Household, Person
from core.platform import platform
from core.plugins.registry import PluginRegistry
from core.testing.contract import PluginContract, switch_off, with_plugin_tables  # noqa: F401 - for plugins' tests
from core.users.identity import token_hash
from core.users.models import Membership, SecondFactor, SignIn, User
from core.users.signing_in import SIGN_IN_LIFETIME

VILLAGE = "32.01.15.2008"
SIBLING = "32.01.15.2010"
FOREIGN = "32.02.11.2002"

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

# Hashing takes 27 ms by design; hundreds of test users share one hash that no password fits.
UNUSABLE_PASSWORD = "!"  # noqa: S105 - not a password
NO_SECRET = b""  # no code fits it


@pytest.fixture(scope="session")
def database_urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DatabaseUrls]:
    """A database of its own, with core's tables and those of the installed plugins: on the server of
    ``TEST_DATABASE_URL``, else on an embedded one.
    """
    given = os.environ.get("TEST_DATABASE_URL")
    data_dir = tmp_path_factory.mktemp("database")
    if given:
        urls = given_urls(test_config(data_dir, database_url=given))
        assert urls is not None  # noqa: S101 - told to pyright
        yield with_plugin_tables(urls)
        return
    with running(data_dir) as server:
        yield with_plugin_tables(DatabaseUrls(server.owner_url, server.app_url))


@pytest.fixture(scope="session")
def owner_engine(database_urls: DatabaseUrls) -> Iterator[Engine]:
    """Signs in as the owner of the schema: for looking into the catalogue and for clearing tables."""
    engine = create_engine(database_urls.owner, poolclass=NullPool)
    yield engine
    engine.dispose()


def test_config(data_dir: Path, *, database_url: str | None = None) -> Config:  # noqa: PT028 - not a test
    return Config(environment="test", data_dir=data_dir, secret_key="only for tests", database_url=database_url)  # noqa: S106


test_config.__test__ = False  # pyright: ignore[reportFunctionMemberAccess] - not a test, whatever its name


@pytest.fixture(scope="session")
def test_plugins() -> PluginRegistry | None:
    """The plugins to run with; None for those installed. To be overridden by a test of plugins."""
    return None


@pytest.fixture(scope="session")
def more_blueprints() -> tuple[Blueprint, ...]:
    """Pages besides core's own. Overridden where the whole house is tested (``tests/conftest.py``)."""
    return ()


@pytest.fixture(scope="session")
def app(
    database_urls: DatabaseUrls,
    test_plugins: PluginRegistry | None,
    more_blueprints: tuple[Blueprint, ...],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Flask]:
    config = replace(test_config(tmp_path_factory.mktemp("data"), database_url=None), plugins_strict=True)
    application = build(config, database_urls.app, test_plugins, more_blueprints)
    application.testing = True
    application.config["WTF_CSRF_ENABLED"] = False
    application.config["PROPAGATE_EXCEPTIONS"] = False
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture
def areas(app: Flask, owner_engine: Engine) -> Iterator[None]:
    """Two districts with villages in which every installed module is on; all tables are emptied afterwards."""
    with app.app_context():
        provision(AREAS)
    yield
    clear(owner_engine)


def provision(areas: tuple[tuple[str, str, str, str | None], ...]) -> None:
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
    names = ", ".join(table.name for table in Base.metadata.sorted_tables)
    with owner_engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {names}, procrastinate_jobs CASCADE"))


@pytest.fixture
def village(app: Flask, areas: None) -> Iterator[CurrentArea]:  # noqa: ARG001 - areas makes the rows
    """Desa Cibadak, with an application context, its scope and an actor: ready for domain functions."""
    with at(app, VILLAGE) as area:
        yield area


@contextmanager
def at(app: Flask, code: str, actor: Actor | None = None) -> Iterator[CurrentArea]:
    """Work in an area as a request would."""
    with app.test_request_context():
        area = find_area(AreaCode.parse(code))
        if area is None:
            raise LookupError(f"{code} is not provisioned")
        with scope(area), acting(actor or Actor(None, "uji")):
            yield area


SignInAs = Callable[..., FlaskClient]


@pytest.fixture
def sign_in(app: Flask, areas: None) -> SignInAs:  # noqa: ARG001
    """``sign_in("village_staff")``: a client signed in with a role, in Cibadak unless told otherwise.

    The second step counts as done, for roles of which it is demanded too.
    """

    def make(role: str, area: str = VILLAGE, *, name: str | None = None, until: date | None = None) -> FlaskClient:
        client = app.test_client()
        with app.app_context():
            user = make_user(name or role)
            db.session.add(SecondFactor(user_id=user.id, secret=NO_SECRET))
            db.session.add(Membership(user_id=user.id, area_id=AreaCode.parse(area).id, role=role, until=until))
            token = token_urlsafe(16)
            db.session.add(SignIn(token_hash=token_hash(token), user_id=user.id, expires_at=now() + SIGN_IN_LIFETIME))
            db.session.commit()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = token, True
        return client

    return make


def make_user(name: str) -> User:
    user = User(
        username=f"{name}-{token_urlsafe(4)}",
        name=name,
        password_hash=UNUSABLE_PASSWORD,
        must_change_password=False,
    )
    db.session.add(user)
    db.session.flush()
    return user


def make_person(village_id: int, name: str = "Siti Aminah", **values: object) -> Person:
    """A synthetic resident with a household; NIK and No KK are made from a counter. The caller commits."""
    number = next(_numbers)
    household = Household(village_id=village_id, kk_number=f"320115010120{number:04d}", rt="002", rw="005")
    db.session.add(household)
    db.session.flush()
    defaults = {
        "sex": "P",
        "birth_date": date(1990, 7, 15),
        "nik": f"320115550790{number:04d}",
        "family_role": "head",
    }
    person = Person(
        village_id=village_id, name=name, name_key=name_key(name), household_id=household.id, **{**defaults, **values}
    )
    db.session.add(person)
    db.session.flush()
    return person


_numbers = iter(range(1, 10_000))


def make_case(area: CurrentArea, service: Service, person: Person, **answers: object) -> Case:
    """An open case with every answer given; the caller commits."""
    return open_case(area, service, person, Intake(channel="desk", answers=answers, privacy_notice_given=True))


def settle_papers(case: Case, service: Service) -> None:
    for requirement in service.requirements:
        confirm_seen(case, requirement.key)


def days_ago(days: int) -> date:
    return now().date() - timedelta(days=days)
