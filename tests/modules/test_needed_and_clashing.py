""" "alms" requires "pantry"; "pantry" and "rival" must not run together. What pages and the plan make of it."""

import importlib.metadata
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.application import build
from core.areas.code import AreaCode
from core.database.session import db
from core.database.urls import DatabaseUrls
from core.modules.plans import plan_wish
from core.modules.wishes import Cell, State, Wish
from core.platform import Platform
from core.plugins.manifest import Plugin
from core.plugins.registry import ENTRY_POINT_GROUP, load_plugins
from core.testing import SIBLING, VILLAGE, SignInAs, at, test_config

from .conftest import Put
from .test_module_pages import apply, cell, enabled, preview, row_of

DISTRICT, KECAMATAN = "32.01", "32.01.15"
MANIFESTS = {
    "alms": {"requires": ("pantry >=1",)},
    "pantry": {},
    "rival": {"conflicts": ("pantry <3",)},
    "zakat": {"requires": ("alms",)},
}


@pytest.fixture(scope="module")
def app(database_urls: DatabaseUrls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    entry_points = []
    for name, manifest in MANIFESTS.items():
        module = ModuleType(f"agreeing_{name}")
        vars(module)["plugin"] = Plugin(
            name=name, title=f"Modul {name.title()}", summary="-", version="1.5", api="1", **manifest
        )
        sys.modules[module.__name__] = module
        entry_points.append(importlib.metadata.EntryPoint(name, module.__name__, ENTRY_POINT_GROUP))
    registry = load_plugins(strict=True, disabled=frozenset(), entry_points=entry_points)
    application = build(test_config(tmp_path_factory.mktemp("data")), database_urls.app, registry)
    application.testing = True
    application.config.update(WTF_CSRF_ENABLED=False, PROPAGATE_EXCEPTIONS=False)
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture
def admin(sign_in: SignInAs) -> FlaskClient:
    return sign_in("district_admin", DISTRICT)


@pytest.fixture
def all_off(put: Put) -> None:
    for name in MANIFESTS:
        put("32", name, False)


def runs(app: Flask, code: str) -> set[str]:
    """Whose pages and hooks are there, which is what events, previews and the matrix go by too."""
    platform: Platform = app.extensions["puskesos"]
    found = platform.hooks_for(frozenset(enabled(app, code))).plugins
    assert found == platform.plugins.effective(enabled(app, code))
    return set(found)


# ---- what came about before anybody could refuse it ----


def test_where_both_are_on_the_later_by_name_is_left_out_and_the_page_says_why(app: Flask, admin: FlaskClient) -> None:
    assert enabled(app, VILLAGE) == {"alms", "pantry", "rival", "zakat"}
    assert runs(app, VILLAGE) == {"alms", "pantry", "zakat"}
    page = admin.get(f"/{DISTRICT}/modules?module=rival&open={KECAMATAN}").text
    assert "tidak berjalan karena tidak boleh bersama Modul Pantry" in row_of(page, "Desa Cibadak")


# ---- clashes are refused ----


@pytest.mark.usefixtures("all_off")
def test_switching_on_what_does_not_agree_is_refused_with_both_named(app: Flask, admin: FlaskClient, put: Put) -> None:
    put(DISTRICT, "pantry", True)
    answer = preview(admin, cell(DISTRICT, "rival"), state="on")
    assert answer.status_code == 422
    assert "Modul Pantry dan Modul Rival tidak boleh menyala bersama" in answer.text
    assert "Desa Cibadak, Desa Cihideung Ilir" in answer.text
    assert apply(admin, cell(DISTRICT, "rival"), state="on").status_code == 422
    assert enabled(app, VILLAGE) == {"pantry"}


@pytest.mark.usefixtures("all_off")
def test_a_clash_that_comes_about_by_inheritance_is_refused_too(app: Flask, admin: FlaskClient, put: Put) -> None:
    put(VILLAGE, "rival", True)
    answer = preview(admin, cell(DISTRICT, "pantry"), state="on")
    assert answer.status_code == 422
    assert "akan terjadi di Desa Cibadak. Matikan" in answer.text
    put(VILLAGE, "pantry", False)
    assert apply(admin, cell(DISTRICT, "pantry"), state="on").status_code == 302
    assert runs(app, VILLAGE) == {"rival"}
    assert runs(app, SIBLING) == {"pantry"}


@pytest.mark.usefixtures("all_off")
def test_what_clashed_already_does_not_forbid_other_changes(app: Flask, admin: FlaskClient, put: Put) -> None:
    put(DISTRICT, "pantry", True)
    put(DISTRICT, "rival", True)
    assert apply(admin, cell(DISTRICT, "alms"), state="on").status_code == 302
    assert runs(app, VILLAGE) == {"alms", "pantry"}


@pytest.mark.usefixtures("all_off")
def test_switching_one_off_lets_the_other_start_and_says_so(admin: FlaskClient, put: Put) -> None:
    put(DISTRICT, "pantry", True)
    put(DISTRICT, "rival", True)
    page = preview(admin, cell(DISTRICT, "pantry"), state="off").text
    assert "ikut berubah karena tidak boleh berjalan bersama modul lain" in page


# ---- what is needed is offered, and what depends is named ----


@pytest.mark.usefixtures("all_off")
def test_switching_on_offers_what_is_needed_at_the_same_area(app: Flask, admin: FlaskClient) -> None:
    page = preview(admin, cell(KECAMATAN, "zakat"), state="on").text
    assert "Nyalakan juga Modul Alms, Modul Pantry" in page
    assert f'name="cell" value="{cell(KECAMATAN, "alms")}"' in page
    together = [cell(KECAMATAN, name) for name in ("zakat", "alms", "pantry")]
    assert "Nyalakan juga" not in preview(admin, *together, state="on").text
    assert apply(admin, *together, state="on").status_code == 302
    assert runs(app, VILLAGE) == {"zakat", "alms", "pantry"}


@pytest.mark.usefixtures("all_off")
def test_what_runs_already_is_not_offered(app: Flask, put: Put) -> None:
    put(DISTRICT, "pantry", True)
    with at(app, DISTRICT):
        plan = plan_wish(Wish((Cell(AreaCode.parse(VILLAGE), "zakat"),), State.ON))
    assert plan.needed == (Cell(AreaCode.parse(VILLAGE), "alms"),)


def test_switching_off_names_what_depends_on_it(admin: FlaskClient) -> None:
    page = preview(admin, cell(DISTRICT, "pantry"), state="off").text
    assert page.count("ikut berubah karena bergantung pada Modul Pantry") == 2
    assert "Nyalakan juga" not in page
