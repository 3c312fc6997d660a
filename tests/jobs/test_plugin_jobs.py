"""A plugin's jobs in the queue: asked for within one's area, done in its scope, refused where the plugin is off."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from time import sleep

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from core.areas.code import AreaCode
from core.areas.current import CurrentArea
from core.areas.modules import set_module
from core.cases.catalogue import find_service
from core.clock import now
from core.database.session import commit, db, scope
from core.jobs import run_waiting
from core.plugin_jobs import OutsideArea, ask_for_nightly_jobs, enqueue_job
from core.plugins.jobs import Job
from core.plugins.registry import PluginRegistry
from core.testing import SIBLING, VILLAGE, Clock, SignInAs, at, make_case, make_person
from plugins.pbi_jk.membership import CATCH_UP

JOBS = "/32.01/jobs"


@pytest.fixture(autouse=True)
def empty_queue(owner_engine: Engine, areas: None) -> Iterator[None]:
    yield
    with owner_engine.begin() as owner:
        owner.execute(text("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE"))


def behind(area: CurrentArea) -> None:
    """A case whose membership became active without anybody noting it."""
    service = find_service("pbi_jk.enrolment")
    assert service
    case = make_case(area, service, make_person(area.id, insurance="none"))
    db.session.flush()
    db.session.execute(text("UPDATE cases SET state = 'approved' WHERE id = :id"), {"id": case.id})


def insured(app: Flask, code: str) -> str:
    with at(app, code):
        return db.session.execute(text("SELECT insurance FROM persons")).scalar_one()


def turn(app: Flask, *, on: bool) -> None:
    with app.app_context(), scope(AreaCode.parse(VILLAGE)):
        set_module(AreaCode.parse(VILLAGE), "pbi_jk", enabled=on)
        commit()


def test_it_is_done_in_its_village_and_nowhere_else(app: Flask) -> None:
    for code in (VILLAGE, SIBLING):
        with at(app, code) as area:
            behind(area)
            commit()
    with at(app, VILLAGE) as area:
        enqueue_job(area, CATCH_UP)
        commit()
    run_waiting(app)
    assert (insured(app, VILLAGE), insured(app, SIBLING)) == ("pbi", "none")


def test_what_is_rolled_back_is_never_done(app: Flask) -> None:
    with at(app, VILLAGE) as area:
        behind(area)
        commit()
        enqueue_job(area, CATCH_UP)
        db.session.rollback()
    run_waiting(app)
    assert insured(app, VILLAGE) == "none"


def test_it_is_refused_where_the_module_is_off_and_can_be_done_again(app: Flask, sign_in: SignInAs) -> None:
    with at(app, VILLAGE) as area:
        behind(area)
        enqueue_job(area, CATCH_UP)
        commit()
    admin = sign_in("district_admin", "32.01")
    assert "Mencatat kepesertaan PBI-JK yang terlewat" in admin.get(JOBS).text
    turn(app, on=False)
    run_waiting(app)
    assert insured(app, VILLAGE) == "none"
    page = admin.get(f"{JOBS}?state=failed").text
    assert "Mencatat kepesertaan PBI-JK yang terlewat" in page
    assert "OffHere: pbi_jk is off in 32.01.15.2008" in page
    turn(app, on=True)
    [link] = re.findall(r'action="([^"]+/retry)"', page)
    assert admin.post(link).status_code == 302
    run_waiting(app)
    assert insured(app, VILLAGE) == "pbi"


def test_one_that_never_ends_is_stopped_and_the_next_is_done(
    app: Flask, sign_in: SignInAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forever(area: CurrentArea) -> None:
        db.session.execute(text("UPDATE persons SET insurance = 'regional'"))
        while True:
            sleep(0.01)

    endless = Job("pbi_jk.endless", "Tidak pernah selesai", forever, seconds=0.3)
    declared = {**app.extensions["puskesos"].plugins.jobs, endless.name: endless}
    monkeypatch.setattr(PluginRegistry, "jobs", declared)
    with at(app, VILLAGE) as area:
        behind(area)
        enqueue_job(area, endless)
        enqueue_job(area, CATCH_UP)
        commit()
    run_waiting(app)
    assert insured(app, VILLAGE) == "pbi"
    page = sign_in("district_admin", "32.01").get(f"{JOBS}?state=failed").text
    assert "Tidak pernah selesai" in page
    assert "TooSlow: no answer within 0.3 s" in page


def test_it_can_be_asked_for_in_ones_own_area_alone(app: Flask) -> None:
    with at(app, VILLAGE), pytest.raises(OutsideArea):
        enqueue_job(AreaCode.parse(SIBLING), CATCH_UP)
    with app.app_context(), pytest.raises(OutsideArea):
        enqueue_job(AreaCode.parse(VILLAGE), CATCH_UP)
    with app.app_context(), scope(AreaCode.parse("32.01")):
        enqueue_job(AreaCode.parse(SIBLING), CATCH_UP)


def test_only_what_a_plugin_declares_can_be_asked_for(app: Flask) -> None:
    for name in ("pbi_jk.catch_up", "imports.apply"):
        with at(app, VILLAGE) as area, pytest.raises(LookupError, match="no loaded plugin"):
            enqueue_job(area, Job(name, "Tiruan", print))


def test_one_that_waits_for_its_hour_does_not_hold_up_the_others(app: Flask, sign_in: SignInAs) -> None:
    with at(app, VILLAGE) as area:
        behind(area)
        enqueue_job(area, CATCH_UP, at=now() + timedelta(hours=1))
        commit()
    run_waiting(app)
    assert insured(app, VILLAGE) == "none"
    page = sign_in("district_admin", "32.01").get(f"{JOBS}?state=todo").text
    assert "Mencatat kepesertaan PBI-JK yang terlewat" in page
    with at(app, VILLAGE) as area:
        enqueue_job(area, CATCH_UP, at=now() - timedelta(seconds=1))
        commit()
    run_waiting(app)
    assert insured(app, VILLAGE) == "pbi"


@pytest.mark.parametrize(("hour", "done"), [(1, "none"), (2, "pbi"), (3, "none")])
def test_a_nightly_one_is_asked_for_once_at_its_hour_in_the_villages_own_time(
    app: Flask, monkeypatch: pytest.MonkeyPatch, clock: Clock, hour: int, done: str
) -> None:
    nightly = replace(CATCH_UP, nightly=True)
    monkeypatch.setattr(PluginRegistry, "jobs", {nightly.name: nightly})
    with at(app, VILLAGE) as area:
        behind(area)
        db.session.execute(text("UPDATE areas SET timezone = 'Asia/Jayapura' WHERE id = :id"), {"id": area.id})
        commit()
    clock.move(hours=hour - 12)  # 10.00 in Cibadak is 12.00 in Jayapura
    with app.app_context():
        ask_for_nightly_jobs()
    run_waiting(app)
    assert insured(app, VILLAGE) == done


def test_a_nightly_one_is_not_asked_for_where_its_module_is_off(
    app: Flask, monkeypatch: pytest.MonkeyPatch, clock: Clock, areas: None
) -> None:
    nightly = replace(CATCH_UP, nightly=True)
    monkeypatch.setattr(PluginRegistry, "jobs", {nightly.name: nightly})
    turn(app, on=False)
    clock.move(hours=-8)
    with app.app_context():
        ask_for_nightly_jobs()
        waiting = db.session.scalars(text("SELECT args->>'area_id' FROM procrastinate_jobs ORDER BY 1")).all()
    assert str(AreaCode.parse(VILLAGE).id) not in waiting
    assert str(AreaCode.parse(SIBLING).id) in waiting
