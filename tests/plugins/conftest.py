"""An installation with an outside plugin: its wheel is built, unpacked and found as pip would leave it behind."""

import importlib.metadata
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from core.application import build
from core.areas.code import AreaCode
from core.areas.modules import set_module
from core.database.base import Base
from core.database.session import commit, db, scope
from core.database.urls import DatabaseUrls
from core.hookspecs import hookimpl
from core.plugins.manifest import Plugin
from core.plugins.registry import ENTRY_POINT_GROUP
from core.testing import VILLAGE, test_config, with_plugin_tables

# A project of its own, with tests that run where it is installed: see test_outside_wheel.py.
collect_ignore = ["guests"]

GUEST = Path(__file__).parent / "guests" / "puskesos-homevisit"
SKTM = importlib.metadata.EntryPoint("sktm", "plugins.sktm", ENTRY_POINT_GROUP)


@pytest.fixture(scope="session")
def guest_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, since building leaves files behind."""
    return Path(shutil.copytree(GUEST, tmp_path_factory.mktemp("project") / GUEST.name))


@pytest.fixture(scope="session")
def guest_site(guest_project: Path) -> Path:
    """A folder with the outside plugin's wheel in it, unpacked."""
    build_wheel = "import sys, setuptools.build_meta as b; b.build_wheel(sys.argv[1])"
    subprocess.run(
        [sys.executable, "-c", build_wheel, str(guest_project / "dist")],
        cwd=guest_project,
        check=True,
        capture_output=True,
        timeout=120,
    )
    [wheel] = (guest_project / "dist").glob("*.whl")
    site = guest_project / "site"
    with ZipFile(wheel) as archive:
        archive.extractall(site)
    return site


@pytest.fixture(scope="session")
def homevisit(guest_site: Path) -> importlib.metadata.EntryPoint:
    """The outside plugin's entry point, with its module imported."""
    [distribution] = importlib.metadata.distributions(path=[str(guest_site)])
    [entry_point] = distribution.entry_points
    with pytest.MonkeyPatch.context() as patch:  # left on the path, it would be installed for all other tests as well
        patch.syspath_prepend(str(guest_site))
        module = entry_point.load()
    # In other tests' databases there is no such table, and they empty all tables that the metadata names.
    Base.metadata.remove(module.visits.Visit.__table__)
    return entry_point


@pytest.fixture(scope="module")
def homevisit_tables(
    database_urls: DatabaseUrls, owner_engine: Engine, homevisit: importlib.metadata.EntryPoint
) -> Iterator[DatabaseUrls]:
    """The database with the outside plugin's table, which is gone afterwards."""
    with installed(homevisit):
        yield with_plugin_tables(database_urls)
    with owner_engine.begin() as connection:
        connection.execute(text("DROP TABLE homevisit_visits, homevisit_version"))


Start = Callable[..., Flask]


@pytest.fixture(scope="module")
def processes() -> list[Flask]:
    """Those that a module has started; they stay until its end."""
    return []


@pytest.fixture(autouse=True)
def connections_given_back(processes: list[Flask]) -> Iterator[None]:
    """By every process after each test: a module starts more than the server has connections for."""
    yield
    for app in processes:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="module")
def start(
    homevisit_tables: DatabaseUrls,
    homevisit: importlib.metadata.EntryPoint,
    tmp_path_factory: pytest.TempPathFactory,
    processes: list[Flask],
) -> Iterator[Start]:
    """``start()`` is one more process of the installation: its own plugins, hooks and health, the same database.

    ``start(faulty={"menu_items": function})`` has a further plugin, made of functions; ``others`` are entry points of
    more; ``guest=False`` lacks the outside wheel. Other arguments are settings.
    """
    data_dir = tmp_path_factory.mktemp("data")

    def start(
        *,
        faulty: Mapping[str, Any] | None = None,
        others: Sequence[importlib.metadata.EntryPoint] = (),
        guest: bool = True,
        **settings: Any,
    ) -> Flask:
        entry_points = [SKTM, *([homevisit] if guest else []), *others]
        if faulty is not None:
            entry_points.append(made_of(faulty, tmp_path_factory.mktemp("faulty")))
        config = replace(test_config(data_dir), **settings)
        with installed(*entry_points):
            app = build(config, homevisit_tables.app)
        app.testing = True
        app.config.update(WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
        processes.append(app)
        return app

    yield start
    sys.modules.pop("fake_faulty", None)


@pytest.fixture(scope="module")
def app(start: Start) -> Flask:
    """The installation's first process. In this folder it has the outside plugin and SKTM."""
    return start(plugins_strict=True)


@contextmanager
def installed(*entry_points: importlib.metadata.EntryPoint) -> Iterator[None]:
    """As if exactly these plugins were installed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(importlib.metadata, "entry_points", lambda **_group: list(entry_points))
        yield


TEMPLATES = {
    "faulty/broken.html": "{% if %}",
    "faulty/letter.typ": '#import "letterhead.typ": letter, data\n#eval(data.values.answers.reason, mode: "markup")',
    "homevisit/index.html": "{% if %}",
    "layout.html": "{% if %}",
}


def made_of(hooks: Mapping[str, Any], folder: Path) -> importlib.metadata.EntryPoint:
    """A plugin "faulty" made of functions. Its pages cannot be read, and some have names that are others'; its letter
    takes what a clerk typed for source."""
    module = ModuleType("fake_faulty")
    vars(module)["plugin"] = Plugin(name="faulty", title="Si Rusak", summary="-", version="1", api="1")
    for hook, function in hooks.items():
        vars(module)[hook] = hookimpl(function)
    module.__path__ = [str(folder)]
    for path, source in TEMPLATES.items():
        template = folder / "templates" / path
        template.parent.mkdir(parents=True, exist_ok=True)
        template.write_text(source)
    sys.modules[module.__name__] = module
    return importlib.metadata.EntryPoint("faulty", module.__name__, ENTRY_POINT_GROUP)


def switch(app: Flask, plugin: str, *, on: bool, village: str = VILLAGE) -> None:
    """As `puskesos modules set` does, in a process of its own."""
    code = AreaCode.parse(village)
    with app.app_context(), scope(code):
        set_module(code, plugin, enabled=on)
        commit()


def same_person(client: FlaskClient, app: Flask) -> FlaskClient:
    """The same signed-in browser, served by another process."""
    other = app.test_client()
    with client.session_transaction() as session:
        kept = dict(session)
    with other.session_transaction() as session:
        session.update(kept)
    return other
