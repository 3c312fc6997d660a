"""What plugins have to do with a resident's rights: all are asked, also where they are off, and none can be skipped."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from core.api import commit, db, hookimpl
from core.areas.code import AreaCode
from core.areas.modules import set_module
from core.exports import Export
from core.jobs import run_waiting
from core.people.search import find_person
from core.personal_data.copying import personal_data
from core.plugins.dispatch import VillageHooks
from core.plugins.guard import GUARDS
from core.plugins.health import Memory, PluginHealth
from core.plugins.prepared import PreparedHooks
from core.testing import VILLAGE, SignInAs, at

from .conftest import NAME, Held, Resident
from .test_erasing import form, url


@contextmanager
def one_more(app: Flask, **hooks: Any) -> Iterator[None]:
    """As if a further plugin, made of these functions, were loaded; it is on in no village."""
    registry = app.extensions["puskesos"].plugins
    module = ModuleType("further")
    for name, function in hooks.items():
        vars(module)[name] = hookimpl(function)
    modules = {**{name: registry.loaded(name).module for name in registry.plugins}, "zz": module}
    health = PluginHealth()
    health.equip(db.session.rollback, GUARDS, Memory())
    all_of_them = VillageHooks(PreparedHooks(modules), frozenset(modules), health)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "hooks_of_all", lambda: all_of_them)
        yield


@pytest.fixture
def head(sign_in: SignInAs) -> FlaskClient:
    return sign_in("village_head")


def breaks(person: Any) -> None:
    raise RuntimeError("the partner does not answer")


def test_an_erasure_in_which_a_plugin_fails_does_not_happen(
    app: Flask, resident: Resident, head: FlaskClient, held: Held
) -> None:
    with one_more(app, personal_data_erase=breaks):
        assert head.post(url(resident.id), data=form(head, resident.id)).status_code == 500
    assert "persons" in held(NAME)
    assert resident.paper.exists()


def test_a_plugin_says_why_a_resident_stays_and_what_others_did_is_taken_back(
    app: Flask, resident: Resident, head: FlaskClient, held: Held
) -> None:
    def objects(person: Any) -> str:
        db.session.execute(text("UPDATE persons SET phone = 'terhapus'"))
        return "Masih ada angsuran."

    with one_more(app, personal_data_erase=objects):
        answer = head.post(url(resident.id), data=form(head, resident.id))
    assert answer.status_code == 409
    assert "Masih ada angsuran." in answer.text
    assert held("terhapus") == []
    assert "persons" in held(NAME)


def test_a_plugin_that_commits_in_the_middle_stops_the_erasure(
    app: Flask, resident: Resident, head: FlaskClient, held: Held
) -> None:
    def commits(person: Any) -> None:
        person.phone = "0811"
        commit()

    with one_more(app, personal_data_erase=commits):
        assert head.post(url(resident.id), data=form(head, resident.id)).status_code == 500
    assert "persons" in held(NAME)


def test_an_erasure_in_which_a_plugin_hangs_does_not_happen(
    app: Flask, resident: Resident, head: FlaskClient, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.plugins.guard.DECISION_SECONDS", 0.3)

    def hangs(person: Any) -> None:
        db.session.execute(text("UPDATE persons SET phone = 'terhapus'"))
        db.session.execute(text("SELECT pg_sleep(3600)"))

    with one_more(app, personal_data_erase=hangs):
        answer = head.post(url(resident.id), data=form(head, resident.id))
    assert answer.status_code == 503
    assert "tidak ada yang berubah" in answer.text
    assert held("terhapus") == []
    assert "persons" in held(NAME)
    assert resident.paper.exists()
    assert head.get(f"/{VILLAGE}/people/{resident.id}").status_code == 200


def test_a_copy_in_which_a_plugin_fails_is_not_made(app: Flask, resident: Resident, head: FlaskClient) -> None:
    with one_more(app, personal_data_export=breaks):
        assert head.post(f"/{VILLAGE}/people/{resident.id}/copy").status_code == 302
        run_waiting(app)
    with at(app, VILLAGE):
        assert db.session.query(Export).one().state == "failed"


def test_a_plugin_is_asked_where_it_is_switched_off(app: Flask, resident: Resident, held: Held) -> None:
    village = AreaCode.parse(VILLAGE)
    asked: list[str] = []
    with at(app, VILLAGE):
        for name in app.extensions["puskesos"].plugins.plugins:
            set_module(village, name, enabled=False)
        commit()
    with one_more(app, personal_data_export=lambda person: asked.append(person.name)), at(app, VILLAGE) as area:
        person = find_person(area.id, resident.id)
        assert person
        assert personal_data(area, person)["Kasus"][0]["layanan"]
    assert asked == [NAME]


def test_what_an_absent_plugin_holds_stops_the_erasure_and_stands_in_the_copy(
    app: Flask, resident: Resident, head: FlaskClient, held: Held, owner_engine: Engine
) -> None:
    with owner_engine.begin() as owner:
        owner.execute(
            text(
                "CREATE TABLE gone_visits (village_id bigint, id uuid, person_id uuid, finding text,"
                " PRIMARY KEY (village_id, id),"
                " FOREIGN KEY (village_id, person_id) REFERENCES persons (village_id, id))"
            )
        )
        owner.execute(text("GRANT SELECT, UPDATE ON gone_visits TO PUBLIC"))
        owner.execute(
            text("INSERT INTO gone_visits VALUES (:v, :p, :p, 'Sendiri di rumah')"),
            {"v": AreaCode.parse(VILLAGE).id, "p": resident.id},
        )
    try:
        answer = head.post(url(resident.id), data=form(head, resident.id))
        assert answer.status_code == 409
        assert "gone_visits" in answer.text
        assert "persons" in held(NAME)
        with at(app, VILLAGE) as area:
            person = find_person(area.id, resident.id)
            assert person
            assert "Sendiri di rumah" in str(personal_data(area, person)["Modul"]["gone_visits"])
    finally:
        with owner_engine.begin() as owner:
            owner.execute(text("DROP TABLE gone_visits"))
