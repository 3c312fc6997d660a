"""What a service wants to be done later is a task by itself, and stays one when the case is closed by then."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask

from core.areas.current import CurrentArea
from core.cases import progress, tasks
from core.cases.models import Case, CaseEvent
from core.cases.own_cases import follow_ups_due
from core.cases.service import FollowUp, Service, ServiceStandard
from core.cases.workflow import village_decision
from core.clock import today
from core.database.session import commit, db
from core.database.uuid7 import uuid7
from core.people.family import Family
from core.testing import make_case, make_person
from core.web.forms import ServiceForm

MAY = frozenset({"cases.write", "cases.decide"})
WAIT = timedelta(days=100)


class NoForm(ServiceForm):
    pass


def look_again(case: Case, family: Family, day: date) -> Iterator[FollowUp]:
    if case.state == "done":
        yield FollowUp(f"Cek lagi keluarga {family.size} orang", day + WAIT)


def service(follow_up: object = look_again) -> Service:
    return Service(
        name="sktm.aid",
        title="Bantuan contoh",
        form=NoForm,
        workflow=village_decision(time_days=1, letter=None),
        standard=ServiceStandard(time_days=1, product="Bantuan"),
        follow_up=follow_up,  # pyright: ignore[reportArgumentType]
    )


def take(village: CurrentArea, case: Case, service: Service, *keys: str) -> None:
    for key in keys:
        progress.take_step(village, case, service, key, MAY, progress.Answer("alasannya"))
    commit()


@pytest.fixture
def case(village: CurrentArea) -> Case:
    made = make_case(village, service(), make_person(village.id, "Nur Aeni"))
    commit()
    return made


def test_the_task_is_there_with_its_day_and_outlives_the_case(village: CurrentArea, case: Case) -> None:
    take(village, case, service(), "handle", "recommend", "approve")
    assert tasks.tasks_of(case) == []
    take(village, case, service(), "finish")
    due = today(village.timezone) + WAIT
    assert case.closed_at is not None
    assert [(task.title, task.due_on) for task in tasks.tasks_of(case)] == [("Cek lagi keluarga 1 orang", due)]
    assert tasks.due_tasks(village.id, uuid7(), due - timedelta(days=1)) == []
    [found] = tasks.due_tasks(village.id, uuid7(), due)
    assert (found.person_name, found.ticket) == ("Nur Aeni", case.ticket)
    assert tasks.set_task_done(case, found.task.id, done=True)


def test_the_timeline_says_that_it_was_made(village: CurrentArea, case: Case) -> None:
    take(village, case, service(), "handle", "recommend", "approve", "finish")
    kinds = db.session.query(CaseEvent.kind).filter_by(case_id=case.id).order_by(CaseEvent.id.desc()).all()
    assert kinds[0].kind == "task_added"


def test_a_rule_that_fails_stops_the_step(app: Flask, village: CurrentArea, case: Case) -> None:
    """A promise to look again that was lost unnoticed would be worse than an error page."""

    def fails(case: Case, family: Family, day: date) -> Iterator[FollowUp]:
        raise RuntimeError("no rule for this day")

    with pytest.raises(RuntimeError):
        take(village, case, service(fails), "handle")
    db.session.rollback()
    assert case.state == "registered"


def test_a_plugin_finds_those_of_its_own_services(village: CurrentArea, case: Case) -> None:
    take(village, case, service(), "handle", "recommend", "approve", "finish")
    due = today(village.timezone) + WAIT
    assert len(follow_ups_due(village.id, ["sktm.aid"], due)) == 1
    assert follow_ups_due(village.id, ["sktm.letter"], due) == []
    assert follow_ups_due(village.id, ["sktm.aid"], due - timedelta(days=1)) == []
