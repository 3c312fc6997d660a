"""Switching modules on and off at any level: every area's stored set is always what its settings say."""

import importlib.metadata
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, select, text

from core.application import build
from core.areas.code import AreaCode, Level
from core.areas.current import CurrentArea, find_areas, villages_in
from core.areas.models import Area, ModuleSetting
from core.areas.modules import ModuleUse, UnknownModule, origins, recompute, set_module, usage
from core.database.session import commit, db
from core.database.urls import DatabaseUrls
from core.enablement import Origin, Setting, effective_sets
from core.hookspecs import hookimpl
from core.plugins.manifest import Plugin
from core.plugins.registry import ENTRY_POINT_GROUP, PluginRegistry, load_plugins
from core.testing import AREAS, FOREIGN, SIBLING, VILLAGE, provision, test_config

NAMES = ("blt", "pip", "queue")
REQUIRES = {"blt": ("queue",)}

PROVINCE, DISTRICT, KECAMATAN = (AreaCode.parse(code) for code in ("32", "32.01", "32.01.15"))
HERE = AreaCode.parse(VILLAGE)
NEXT_DOOR = AreaCode.parse(SIBLING)

Told = list[tuple[str, str, list[str]]]


@pytest.fixture(scope="module")
def everything_told() -> Told:
    return []


@pytest.fixture(scope="module")
def registry(everything_told: Told) -> PluginRegistry:
    """Three plugins that write down what they are told; blt runs only where queue does."""

    def listener(happened: str, plugin: str) -> Callable[..., None]:
        def hook(areas: Sequence[CurrentArea]) -> None:
            everything_told.append((happened, plugin, [area.code for area in areas]))

        return hookimpl(hook)

    entry_points = []
    for name in NAMES:
        module = ModuleType(f"listening_{name}")
        vars(module).update(
            plugin=Plugin(name=name, title=name, summary="-", version="1", api="1", requires=REQUIRES.get(name, ())),
            village_enabled=listener("on", name),
            village_disabled=listener("off", name),
        )
        sys.modules[module.__name__] = module
        entry_points.append(importlib.metadata.EntryPoint(name, module.__name__, ENTRY_POINT_GROUP))
    return load_plugins(strict=True, disabled=frozenset(), entry_points=entry_points)


@pytest.fixture(scope="module")
def app(
    database_urls: DatabaseUrls, registry: PluginRegistry, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Flask]:
    application = build(test_config(tmp_path_factory.mktemp("data")), database_urls.app, registry)
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture
def told(app: Flask, areas: None, everything_told: Told) -> Iterator[Told]:
    """In Jawa Barat all three are on; what was told of that is forgotten."""
    everything_told.clear()
    with app.app_context():
        yield everything_told
        db.session.rollback()


def stored() -> dict[int, frozenset[str]]:
    return {row.id: frozenset(row.enabled) for row in db.session.execute(select(Area.id, Area.enabled))}


def derived() -> dict[int, frozenset[str]]:
    """What all settings together say, worked out from nothing."""
    parents = {row.id: row.parent_id for row in db.session.execute(select(Area.id, Area.parent_id))}
    found = db.session.scalars(select(ModuleSetting))
    return effective_sets(parents, [Setting(s.area_id, s.module, s.enabled, s.locked) for s in found])


# ---- the stored sets ----


@st.composite
def changes(draw: st.DrawFn) -> tuple[AreaCode, str, bool | None, bool]:
    area = AreaCode.parse(draw(st.sampled_from([code for code, *_rest in AREAS])))
    enabled = draw(st.sampled_from([True, False, None]))
    return area, draw(st.sampled_from(NAMES)), enabled, draw(st.booleans())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(changes(), min_size=1, max_size=5))
def test_after_any_changes_each_area_has_what_its_settings_say(
    told: Told, wanted: list[tuple[AreaCode, str, bool | None, bool]]
) -> None:
    for area, module, enabled, locked in wanted:
        before = stored()
        changed = set_module(area, module, enabled=enabled, locked=locked)
        after = stored()
        assert after == derived()
        assert changed == sum(before[area_id] != after[area_id] for area_id in after)
    db.session.rollback()


def test_recomputing_what_is_right_changes_nothing(told: Told) -> None:
    assert [recompute(area) for area in (PROVINCE, DISTRICT, KECAMATAN, HERE)] == [0, 0, 0, 0]


def test_a_setting_removed_is_inherited_again(told: Told) -> None:
    set_module(HERE, "pip", enabled=False)
    assert "pip" not in stored()[HERE.id]
    set_module(HERE, "pip", enabled=None)
    assert "pip" in stored()[HERE.id]
    assert origins(HERE)["pip"] == Origin(True, PROVINCE.id)


def test_a_lock_above_holds_and_is_named(told: Told) -> None:
    set_module(DISTRICT, "pip", enabled=False, locked=True)
    assert set_module(HERE, "pip", enabled=True) == 0
    assert origins(HERE)["pip"] == Origin(False, DISTRICT.id, locked_by=DISTRICT.id)


def test_a_module_that_is_not_installed_is_refused_with_those_that_are(told: Told) -> None:
    with pytest.raises(UnknownModule, match="blt, pip, queue"):
        set_module(HERE, "bansos", enabled=True)


def test_use_is_counted_in_villages(told: Told) -> None:
    set_module(HERE, "pip", enabled=False)
    [district] = find_areas([DISTRICT.id])
    assert usage(district) == {"blt": ModuleUse(2, 2), "pip": ModuleUse(1, 2), "queue": ModuleUse(2, 2)}


def test_of_two_changes_at_once_the_later_sees_the_earlier(app: Flask, told: Told, owner_engine: Engine) -> None:
    """The district switches pip off while the village keeps it: both hold, whoever commits first."""

    def keep_in_the_village() -> None:
        with app.app_context():
            set_module(HERE, "pip", enabled=True)
            commit()

    village = threading.Thread(target=keep_in_the_village)
    set_module(DISTRICT, "pip", enabled=False)
    village.start()
    with owner_engine.connect() as connection:
        while village.is_alive() and not connection.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
            village.join(0.01)
    commit()
    village.join()
    assert stored() == derived()
    assert "pip" in stored()[HERE.id]
    assert "pip" not in stored()[NEXT_DOOR.id]


# ---- what plugins are told ----


def test_a_plugin_is_told_once_of_all_its_villages_and_only_after_the_commit(told: Told) -> None:
    set_module(DISTRICT, "pip", enabled=False)
    assert told == []
    commit()
    assert told == [("off", "pip", [VILLAGE, SIBLING])]
    set_module(HERE, "pip", enabled=True)
    commit()
    assert told[1:] == [("on", "pip", [VILLAGE])]


def test_of_what_was_rolled_back_nobody_is_told(told: Told) -> None:
    set_module(DISTRICT, "pip", enabled=False)
    db.session.rollback()
    set_module(PROVINCE, "queue", enabled=True)  # as it was
    commit()
    assert told == []


def test_any_commit_tells(told: Told) -> None:
    set_module(HERE, "pip", enabled=False)
    db.session.commit()
    assert told == [("off", "pip", [VILLAGE])]


def test_a_plugin_starts_and_stops_with_what_it_requires(told: Told) -> None:
    set_module(HERE, "queue", enabled=False)
    commit()
    assert told == [("off", "blt", [VILLAGE]), ("off", "queue", [VILLAGE])]
    told.clear()
    set_module(HERE, "blt", enabled=False)
    commit()
    assert told == [], "it did not run any more"
    set_module(HERE, "blt", enabled=None)
    set_module(HERE, "queue", enabled=None)
    commit()
    assert told == [("on", "blt", [VILLAGE]), ("on", "queue", [VILLAGE])]


def test_where_no_plugin_listens_no_village_is_looked_up(
    app: Flask, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = ModuleType("silent_pip")
    vars(silent)["plugin"] = Plugin(name="pip", title="PIP", summary="-", version="1", api="1")
    monkeypatch.setitem(sys.modules, "silent_pip", silent)
    entry_point = importlib.metadata.EntryPoint("pip", "silent_pip", ENTRY_POINT_GROUP)
    registry = load_plugins(strict=True, disabled=frozenset(), entry_points=[entry_point])
    monkeypatch.setattr(app.extensions["puskesos"], "plugins", registry)
    set_module(DISTRICT, "pip", enabled=False)
    with counted() as statements:
        commit()
    assert not any("FROM areas" in statement for statement in statements)
    assert told == []


# ---- many villages ----


@contextmanager
def counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def test_fifty_villages_take_as_many_queries_as_one(told: Told) -> None:
    few = [("32.03.01", "Satu", "kecamatan", None), ("32.03.01.2001", "Desa", "desa", None)]
    many = [
        ("32.03.02", "Banyak", "kecamatan", None),
        *((f"32.03.02.{2001 + n}", f"Desa {n}", "desa", None) for n in range(50)),
    ]
    provision((("32.03", "Kabupaten Cianjur", "kabupaten", None), *few, *many))
    told.clear()
    needed = []
    for kecamatan in ("32.03.01", "32.03.02"):
        with counted() as statements:
            set_module(AreaCode.parse(kecamatan), "pip", enabled=False)
            commit()
        needed.append(len(statements))
    assert needed[0] == needed[1]
    assert [len(villages) for _event, _plugin, villages in told] == [1, 50]


def test_more_areas_than_a_statement_has_parameters_are_found_in_one_query(told: Told) -> None:
    with counted() as statements:
        found = find_areas([NEXT_DOOR.id, HERE.id, *range(1, 70_000)])
    assert [area.code for area in found] == [VILLAGE, SIBLING]
    assert found[0].path == "Kec. Ciampea · Kabupaten Bogor"
    assert len(statements) == 1


def test_only_villages_are_told_of(told: Told) -> None:
    assert set_module(AreaCode.parse("32.02"), "pip", enabled=False) == 3
    commit()
    assert told == [("off", "pip", [FOREIGN])]
    assert AreaCode.parse(FOREIGN).level is Level.VILLAGE


def test_the_villages_of_an_area_come_by_one_query(told: Told) -> None:
    with counted() as statements:
        found = [[area.code for area in villages_in(AreaCode.parse(code))] for code in ("32.01", VILLAGE)]
    assert found == [[VILLAGE, SIBLING], [VILLAGE]]
    assert len(statements) == 2
