"""A plugin's jobs in the queue: asked for within one's area, done in its scope, refused where the plugin is off."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from core.areas.code import AreaCode
from core.areas.current import CurrentArea
from core.areas.modules import set_module
from core.cases.catalogue import find_service
from core.database.session import commit, db, scope
from core.jobs import run_waiting
from core.plugin_jobs import OutsideArea, enqueue_job
from core.plugins.jobs import Job
from core.testing import SIBLING, VILLAGE, SignInAs, at, make_case, make_person
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
