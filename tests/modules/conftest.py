"""An installation with SKTM and four plugins that only have names; "alms" runs only where "pantry" does."""

import importlib.metadata
import sys
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest
from flask import Flask

from core.application import build
from core.areas.code import AreaCode
from core.areas.modules import set_module
from core.database.session import commit, db, scope
from core.database.urls import DatabaseUrls
from core.plugins.manifest import Plugin
from core.plugins.registry import ENTRY_POINT_GROUP, PluginRegistry, load_plugins
from core.testing import test_config

SKTM = importlib.metadata.EntryPoint("sktm", "plugins.sktm", ENTRY_POINT_GROUP)
NAMED = {"alms": ("pantry",), "pantry": (), "school": (), "visits": ()}


def registry() -> PluginRegistry:
    entry_points = [SKTM]
    for name, requires in NAMED.items():
        module = ModuleType(f"named_{name}")
        vars(module)["plugin"] = Plugin(
            name=name, title=f"Modul {name.title()}", summary="-", version="1", api="1", requires=requires
        )
        sys.modules[module.__name__] = module
        entry_points.append(importlib.metadata.EntryPoint(name, module.__name__, ENTRY_POINT_GROUP))
    return load_plugins(strict=True, disabled=frozenset(), entry_points=entry_points)


Start = Callable[[], Flask]


@pytest.fixture(scope="module")
def start(database_urls: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """``start()`` is one more process of the installation, on the same database."""
    started: list[Flask] = []
    data_dir = tmp_path_factory.mktemp("data")

    def start() -> Flask:
        application = build(test_config(data_dir), database_urls.app, registry())
        application.testing = True
        application.config.update(WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
        started.append(application)
        return application

    yield start
    for application in started:
        with application.app_context():
            db.engine.dispose()


@pytest.fixture(scope="module")
def app(start: Start) -> Flask:
    """The installation's first process."""
    return start()


Put = Callable[..., None]


@pytest.fixture
def put(app: Flask, areas: None) -> Put:
    """``put("32.01.15.2008", "school", False)``: a setting that stands there already; None for none."""

    def put(code: str, module: str, enabled: bool | None, *, locked: bool = False) -> None:
        area = AreaCode.parse(code)
        with app.app_context(), scope(area):
            set_module(area, module, enabled=enabled, locked=locked)
            commit()

    return put
