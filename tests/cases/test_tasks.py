"""Follow-ups: each with a day, for somebody or for anybody, ticked off and taken back."""

import re
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask

from core.cases import tasks
from core.cases.errors import CaseError
from core.cases.models import CaseEvent, Task
from core.clock import today
from core.database.session import db
from core.database.uuid7 import uuid7
from core.testing import VILLAGE, SignInAs, at, make_person

ME = UUID("019a0000-0000-7000-8000-000000000001")


@pytest.fixture
def opened(app: Flask, areas: None, desk) -> str:
    with at(app, VILLAGE) as area:
        return desk.save(desk.open(area, make_person(area.id, "Nur Aeni")))


def url(case: str, *rest: str) -> str:
    return "/".join([f"/{VILLAGE}/cases/{case}", *rest])


def test_a_task_is_ticked_off_and_the_tick_taken_back(village, desk) -> None:
    case = desk.open(village)
    task = tasks.add_task(case, "Kunjungi rumah", today(), ME)
    db.session.flush()
    assert tasks.set_task_done(case, task.id, done=True)
    assert task.done_at is not None
    assert not tasks.set_task_done(case, task.id, done=True)
    assert tasks.set_task_done(case, task.id, done=False)
    assert task.done_at is None
    kinds = [line.kind for line in db.session.query(CaseEvent).filter(CaseEvent.kind.like("task%"))]
    assert sorted(kinds) == ["task_added", "task_done", "task_reopened"]


def test_open_tasks_come_first_by_their_day(village, desk) -> None:
    case = desk.open(village)
    for title, days in (("later", 5), ("soon", 1), ("done", 0)):
        tasks.add_task(case, title, today() + timedelta(days=days))
    db.session.flush()
    [done] = [task for task in tasks.tasks_of(case) if task.title == "done"]
    tasks.set_task_done(case, done.id, done=True)
    db.session.flush()
    assert [task.title for task in tasks.tasks_of(case)] == ["soon", "later", "done"]


def test_a_day_has_what_is_mine_or_anybodys_and_due(village, desk) -> None:
    case = desk.open(village, make_person(village.id, "Nur Aeni"))
    for title, days, who in (
        ("mine today", 0, ME),
        ("anybody's, late", -3, None),
        ("tomorrow", 1, ME),
        ("a colleague's", 0, uuid7()),
    ):
        tasks.add_task(case, title, today() + timedelta(days=days), who)
    db.session.flush()
    due = tasks.due_tasks(village.id, ME, today())
    assert [row.task.title for row in due] == ["anybody's, late", "mine today"]
    assert {(row.ticket, row.person_name) for row in due} == {(case.ticket, "Nur Aeni")}


def test_a_follow_up_outlives_its_case(village, desk) -> None:
    case = desk.open(village)
    task = tasks.add_task(case, "Cek PBI lagi", today(), ME)
    desk.step(village, case, "cancel")
    assert [row.task.id for row in tasks.due_tasks(village.id, ME, today())] == [task.id]
    assert tasks.set_task_done(case, task.id, done=True)
    with pytest.raises(CaseError, match="sudah ditutup"):
        tasks.add_task(case, "Satu lagi", today())


def test_a_task_of_another_case_cannot_be_ticked_here(village, desk) -> None:
    one, other = desk.open(village), desk.open(village)
    task = tasks.add_task(one, "Kunjungi rumah", today())
    db.session.flush()
    with pytest.raises(CaseError, match="tidak ada lagi"):
        tasks.set_task_done(other, task.id, done=True)


def test_a_reminder_does_not_make_a_colleagues_page_old(village, desk) -> None:
    case = desk.open(village)
    db.session.flush()
    before = case.version
    task = tasks.add_task(case, "Telepon", today())
    db.session.flush()
    tasks.set_task_done(case, task.id, done=True)
    db.session.flush()
    assert case.version == before


# ---- the page ----


def test_a_task_is_added_for_a_colleague_and_ticked_off(app: Flask, opened: str, sign_in: SignInAs) -> None:
    staff, worker = sign_in("village_staff", name="Siti"), sign_in("field_worker", name="Kokom")
    page = staff.get(url(opened)).text
    kokom = re.search(r'<option value="([0-9a-f-]{36})">Kokom</option>', page)
    assert kokom
    data = {"title": "Kunjungi rumah", "due_on": today().isoformat(), "assigned_to": kokom[1]}
    assert staff.post(url(opened, "tasks"), data=data).status_code == 302
    home = worker.get(f"/{VILLAGE}/").text
    assert "Tugas hari ini" in home
    assert "Kunjungi rumah" in home
    assert "Tugas hari ini" not in staff.get(f"/{VILLAGE}/").text
    with at(app, VILLAGE):
        task = db.session.query(Task).one().id
    assert worker.post(url(opened, "tasks", str(task)), data={"done": "1"}).status_code == 302
    assert "Kunjungi rumah" not in worker.get(f"/{VILLAGE}/").text
    assert worker.post(url(opened, "tasks", str(task)), data={"done": "0"}).status_code == 302
    assert "Kunjungi rumah" in worker.get(f"/{VILLAGE}/").text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"due_on": "besok"}, "due_on"),
        ({"due_on": ""}, "due_on"),
        ({"assigned_to": str(uuid7())}, "assigned_to"),
    ],
)
def test_what_is_wrong_with_a_task_is_told_at_its_field(
    app: Flask, opened: str, sign_in: SignInAs, changes: dict[str, str], field: str
) -> None:
    data = {"title": "Kunjungi rumah", "due_on": date(2027, 1, 5).isoformat(), "assigned_to": "", **changes}
    answer = sign_in("village_staff").post(url(opened, "tasks"), data=data)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    with at(app, VILLAGE):
        assert db.session.query(Task).count() == 0


def test_a_task_that_is_not_there_is_told(opened: str, sign_in: SignInAs) -> None:
    answer = sign_in("village_staff").post(url(opened, "tasks", str(uuid7())), data={"done": "1"})
    assert answer.status_code == 422
    assert "Tugas itu tidak ada lagi." in answer.text


# ---- who holds the case ----


def test_a_case_is_handed_to_a_colleague_or_to_nobody(app: Flask, opened: str, sign_in: SignInAs) -> None:
    staff = sign_in("village_staff", name="Siti")
    sign_in("field_worker", name="Kokom")
    page = staff.get(url(opened)).text
    kokom = re.search(r'<option value="([0-9a-f-]{36})">Kokom</option>', page)
    version = re.search(r'name="version" value="(\d+)"', page)
    assert kokom
    assert version
    assert staff.post(url(opened, "assign"), data={"user": kokom[1], "version": version[1]}).status_code == 302
    assert "Dipegang Kokom" in staff.get(url(opened)).text
    stale = staff.post(url(opened, "assign"), data={"user": "", "version": version[1]})
    assert stale.status_code == 409
    assert "Dipegang Kokom" in stale.text


def test_a_case_is_handed_only_to_who_works_here(app: Flask, opened: str, sign_in: SignInAs) -> None:
    staff = sign_in("village_staff")
    stranger = str(uuid7())
    version = re.search(r'name="version" value="(\d+)"', staff.get(url(opened)).text)
    assert version
    answer = staff.post(url(opened, "assign"), data={"user": stranger, "version": version[1]})
    assert answer.status_code == 422
    assert re.search(r'id="user-error">.*tidak bertugas di sini', answer.text, re.DOTALL)
