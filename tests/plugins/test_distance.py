"""How far away other plugins are: a page does the same work, call by call, however many are installed beside those that
run in the village. What that is in time, ``make bench`` measures."""

import cProfile
import importlib.metadata
import pstats
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from bench.synthetic_plugins import write_plugins
from core.application import build
from core.areas.code import AreaCode
from core.areas.modules import recompute, store_settings
from core.database.session import commit, db, scope
from core.database.urls import DatabaseUrls
from core.enablement import Setting
from core.plugins.registry import load_plugins
from core.testing import VILLAGE, SignInAs, test_config

from .conftest import same_person

FEW, MANY = 10, 80
PAGES = ("/", "/cases", "/people")


@pytest.fixture(scope="module")
def apps(database_urls: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Flask]]:
    """Two processes on one database: with exactly the ten plugins that are on, and with many more."""
    folder = tmp_path_factory.mktemp("plugins")
    write_plugins(folder, MANY)
    [distribution] = importlib.metadata.distributions(path=[str(folder)])
    entry_points = sorted(distribution.entry_points, key=lambda entry_point: entry_point.name)
    made = []
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        for count in (FEW, MANY):
            registry = load_plugins(strict=True, disabled=frozenset(), entry_points=entry_points[:count])
            app = build(test_config(Path(folder, "data")), database_urls.app, registry)
            app.testing = True
            app.config["WTF_CSRF_ENABLED"] = False
            made.append(app)
    yield made
    for app in made:
        with app.app_context():
            db.engine.dispose()
    for entry_point in entry_points:
        sys.modules.pop(entry_point.value, None)


@pytest.fixture
def visitors(app: Flask, apps: list[Flask], sign_in: SignInAs) -> list[FlaskClient]:
    village = AreaCode.parse(VILLAGE)
    with apps[0].app_context(), scope(village):
        store_settings([Setting(village.id, f"synthetic{number:03}", True) for number in range(1, FEW + 1)])
        recompute(village)
        commit()
    staff = sign_in("village_staff")
    return [same_person(staff, other) for other in apps]


def calls(client: FlaskClient, path: str) -> int:
    """How many functions are called for a page that was seen before, Python's and C's."""
    for _warm_up in range(3):
        assert client.get(f"/{VILLAGE}{path}").status_code == 200
    profile = cProfile.Profile()
    profile.enable()
    client.get(f"/{VILLAGE}{path}")
    profile.disable()
    return pstats.Stats(profile).total_calls  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_does_the_same_work_however_many_plugins_are_installed(visitors: list[FlaskClient], path: str) -> None:
    few, many = (calls(client, path) for client in visitors)
    assert abs(many - few) < FEW, "a single look at each of the others would be more"


def test_the_plugins_that_are_on_show_themselves_and_the_others_do_not(visitors: list[FlaskClient]) -> None:
    for client in visitors:
        page = client.get(f"/{VILLAGE}/").text
        assert {int(number) for number in re.findall(r"Program (\d+)", page)} == set(range(1, FEW + 1))
        assert client.get(f"/{VILLAGE}/synthetic001/").status_code == 200
        assert client.get(f"/{VILLAGE}/synthetic{FEW + 1:03}/").status_code == 404
