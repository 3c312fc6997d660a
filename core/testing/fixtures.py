"""The fixtures, as pytest finds them: thin, since pytest reads this module in every project of the environment.

Nothing of ours is imported before a test asks for one of them.
"""

# ruff: noqa: PLC0415 - see above

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from flask import Blueprint, Flask
    from flask.testing import FlaskClient
    from sqlalchemy import Engine

    from core.areas.current import CurrentArea
    from core.cases.models import Case
    from core.database.urls import DatabaseUrls
    from core.plugins.registry import PluginRegistry
    from core.testing.moved_clock import Clock

SignInAs = Callable[..., "FlaskClient"]
ClientAs = Callable[[str], "FlaskClient"]


@pytest.fixture(scope="session")
def database_urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator["DatabaseUrls"]:
    """A database of its own, with core's tables and those of the installed plugins: on the server of
    ``TEST_DATABASE_URL``, else on an embedded one.
    """
    from core.database.embedded import running
    from core.database.urls import DatabaseUrls, given_urls
    from core.testing.villages import emptied_at_once, in_a_hurry, test_config, with_plugin_tables

    given = os.environ.get("TEST_DATABASE_URL")
    data_dir = tmp_path_factory.mktemp("database")
    if given:
        urls = given_urls(test_config(data_dir, database_url=given))
        assert urls is not None  # noqa: S101 - told to pyright
        yield in_a_hurry(with_plugin_tables(urls))
        return
    with running(data_dir) as server, emptied_at_once(server):
        yield in_a_hurry(with_plugin_tables(DatabaseUrls(server.owner_url, server.app_url)))


@pytest.fixture(scope="session")
def owner_engine(database_urls: "DatabaseUrls") -> Iterator["Engine"]:
    """Signs in as the owner of the schema: for looking into the catalogue and for clearing tables.

    One connection stays: a new one would have to learn all tables again, for each test. The driver prepares nothing on
    it, and so throws away nothing that was prepared by hand.
    """
    from sqlalchemy import create_engine

    engine = create_engine(database_urls.owner, pool_size=1, connect_args={"prepare_threshold": None})
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def test_plugins() -> "PluginRegistry | None":
    """The plugins to run with; None for those installed. To be overridden by a test of plugins."""
    return None


@pytest.fixture(scope="session")
def more_blueprints() -> "tuple[Blueprint, ...]":
    """Pages besides core's own. Overridden where the whole house is tested (``tests/conftest.py``)."""
    return ()


@pytest.fixture(scope="session")
def app(
    database_urls: "DatabaseUrls",
    test_plugins: "PluginRegistry | None",
    more_blueprints: "tuple[Blueprint, ...]",
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator["Flask"]:
    """The site, with every installed plugin; one that is broken ends the tests with its reason."""
    from core.testing.sites import site, taken_down
    from core.testing.villages import strict, test_config

    config = strict(test_config(tmp_path_factory.mktemp("data")))
    application = site(config, database_urls, test_plugins, more_blueprints)
    yield application
    taken_down(application)


@pytest.fixture
def areas(app: "Flask", owner_engine: "Engine") -> Iterator[None]:
    """Two districts with villages in which every installed module is on; all tables are emptied afterwards."""
    from core.testing.villages import clear, provision_again

    provision_again(app, owner_engine)
    yield
    clear(owner_engine)


@pytest.fixture
def village(app: "Flask", areas: None) -> Iterator["CurrentArea"]:  # noqa: ARG001 - areas makes the rows
    """Desa Cibadak, with an application context, its scope and an actor: ready for domain functions."""
    from core.testing.villages import VILLAGE, at

    with at(app, VILLAGE) as area:
        yield area


@pytest.fixture
def other_village(app: "Flask", areas: None) -> "CurrentArea":  # noqa: ARG001
    """Desa Cihideung Ilir, of the same kecamatan. To work in it: ``with at(app, other_village.code):``."""
    from core.testing.villages import SIBLING, at

    with at(app, SIBLING) as area:
        return area


@pytest.fixture
def case(village: "CurrentArea") -> "Case":
    """An open case of the first service that is on in the village, of a synthetic resident; committed."""
    from core.cases.models import Case
    from core.database.session import commit, db
    from core.platform import platform
    from core.testing.examples import example_answers
    from core.testing.residents import make_case, make_person

    service = next(iter(platform().hooks_for(village.enabled).services.values()), None)
    if service is None:
        raise LookupError("no module that is on in the village declares a service, so there can be no case")
    made = make_case(village, service, make_person(village.id), **example_answers(service.form))
    case_id = made.id
    commit()  # which tells the modules, and each of them leaves a session without rows
    return db.session.get_one(Case, (village.id, case_id))


@pytest.fixture
def sign_in(app: "Flask", areas: None) -> SignInAs:  # noqa: ARG001
    """``sign_in("village_staff")``: a client signed in with a role, in Cibadak unless told otherwise.

    The second step counts as done, for roles of which it is demanded too.
    """
    from functools import partial

    from core.testing import residents

    return partial(residents.sign_in, app)


@pytest.fixture
def client_as(sign_in: SignInAs) -> ClientAs:
    """``client_as("auditor")``: a client signed in with a role, in the area around Cibadak in which it may be held."""
    from core.testing.standings import place_of

    return lambda role: sign_in(role, place_of(role))


@pytest.fixture
def staff(client_as: ClientAs) -> "FlaskClient":
    """A signed-in client of the village's staff."""
    return client_as("village_staff")


@pytest.fixture
def limited(
    areas: None,  # noqa: ARG001 - among others the first application, which switches the limits off
    database_urls: "DatabaseUrls",
    test_plugins: "PluginRegistry | None",
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator["Flask"]:
    """The site with its rate limits on, which the tests of everything else run without."""
    from dataclasses import replace

    from core.application import build
    from core.database.session import db
    from core.testing.villages import test_config
    from core.web.limits import limiter

    monkeypatch.setattr(limiter, "enabled", True)
    application = build(replace(test_config(tmp_path), environment="development"), database_urls.app, test_plugins)
    application.config["WTF_CSRF_ENABLED"] = False
    yield application
    limiter.reset()
    with application.app_context():
        db.engine.dispose()


@pytest.fixture
def clock() -> Iterator["Clock"]:
    """Thursday, 12 November 2026, 10.00 in Cibadak, until the test moves it: ``clock.move(days=3)``."""
    from core.testing.moved_clock import moved_clock

    with moved_clock() as made:
        yield made
