"""What cannot wait: by the clerk's word or the answers', due today, first in every list, asked about the next day."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from wtforms import BooleanField

from core.areas.code import AreaCode
from core.areas.current import CurrentArea, find_area
from core.cases import progress
from core.cases.deadlines import working_days_after
from core.cases.intake import Intake, open_case
from core.cases.lists import CaseFilter, cases_page, next_cases, village_figures
from core.cases.models import Case
from core.cases.outside_decision import outside_decision
from core.cases.oversight import district_figures, urgent_villages, villages_page
from core.cases.service import Service, ServiceStandard
from core.clock import today
from core.database.session import commit, scope
from core.database.uuid7 import uuid7
from core.testing import FOREIGN, SIBLING, VILLAGE, SignInAs, at, make_person
from core.web.forms import ServiceForm
from core.web.paging import write_cursor

STALE = 30
MAY = frozenset({"cases.read", "cases.write", "cases.decide"})
NEWS = progress.Answer("Terlihat di laman.", "SK 1", today() - timedelta(days=1), "desk")


class CareForm(ServiceForm):
    in_care = BooleanField("Sedang dirawat")


def in_care(answers: Mapping[str, Any]) -> bool:
    return bool(answers.get("in_care"))


SERVICE = Service(
    name="sktm.care",
    title="Jaminan contoh",
    form=CareForm,
    workflow=outside_decision(stale_after_days=STALE, tell_days=5),
    standard=ServiceStandard(time_days=10, product="Usulan"),
    urgent_when=in_care,
)


@pytest.fixture(autouse=True)
def installed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    plugins = app.extensions["puskesos"].plugins
    monkeypatch.setattr(plugins, "all_services", {**plugins.all_services, SERVICE.name: SERVICE})


def opened(area: CurrentArea, name: str = "Siti Aminah", *, priority: str = "normal", **answers: object) -> Case:
    case = open_case(area, SERVICE, make_person(area.id, name), Intake("desk", answers, priority=priority))
    commit()
    return case


def take(area: CurrentArea, case: Case, *keys: str) -> None:
    for key in keys:
        progress.take_step(area, case, SERVICE, key, MAY, NEWS)
    commit()


@pytest.mark.parametrize(
    ("priority", "answers", "urgent"),
    [
        ("normal", {}, False),
        ("normal", {"in_care": True}, True),
        ("urgent", {}, True),
        ("urgent", {"in_care": True}, True),
    ],
)
def test_the_clerk_or_the_answers_say_so_and_it_is_due_today(
    village: CurrentArea, priority: str, answers: dict[str, Any], urgent: bool
) -> None:
    case = opened(village, priority=priority, **answers)
    day = today(village.timezone)
    assert case.urgent is urgent
    assert case.due_on == (day if urgent else working_days_after(day, 10))


@pytest.mark.parametrize(("urgent", "days"), [(True, 0), (False, 5)])
def test_at_the_desk_it_is_due_on_the_day_of_each_step(village: CurrentArea, urgent: bool, days: int) -> None:
    case = opened(village, in_care=urgent)
    take(village, case, "handle", "send", "approve")
    assert case.due_on == working_days_after(today(village.timezone), days)


@pytest.mark.parametrize("urgent", [True, False])
def test_silence_outside_is_noticed_sooner(village: CurrentArea, urgent: bool) -> None:
    case = opened(village, in_care=urgent)
    take(village, case, "handle", "send")
    day = today(village.timezone)
    assert case.due_on == (working_days_after(day, 1) if urgent else day + timedelta(days=STALE))


@pytest.mark.parametrize(("urgent", "days"), [(True, 0), (False, 10)])
def test_what_comes_back_to_the_desk_is_promised_anew(village: CurrentArea, urgent: bool, days: int) -> None:
    case = opened(village, in_care=urgent)
    take(village, case, "handle", "send", "return")
    assert case.due_on == working_days_after(today(village.timezone), days)


def edit(village: CurrentArea, case: Case, priority: str = "normal", **answers: object) -> None:
    progress.save_answers(village, case, SERVICE, progress.Edit(answers, "", priority))
    commit()


def test_an_answer_that_changes_makes_it_urgent_and_due_today(village: CurrentArea) -> None:
    case = opened(village)
    edit(village, case, in_care=True)
    assert (case.urgent, case.due_on) == (True, today(village.timezone))


def test_it_is_not_put_off_while_its_answers_say_that_it_cannot_wait(village: CurrentArea) -> None:
    case = opened(village, in_care=True)
    edit(village, case, priority="normal", in_care=True)
    assert case.urgent
    edit(village, case, priority="normal", in_care=False)
    assert not case.urgent


def test_what_others_have_to_move_is_not_made_late_by_an_edit(village: CurrentArea) -> None:
    case = opened(village)
    take(village, case, "handle", "send")
    due = case.due_on
    edit(village, case, in_care=True)
    assert (case.urgent, case.due_on) == (True, due)


# ---- lists ----


def names(village: CurrentArea, which: str = "open", cursor: str | None = None) -> list[str]:
    page = cases_page(village.id, uuid7(), today(), CaseFilter(which=which), cursor, permissions=MAY)
    return [row.subject for row in page.rows]


def test_it_stands_first_whatever_is_overdue(village: CurrentArea) -> None:
    late, urgent = opened(village, "Terlambat"), opened(village, "Mendesak", in_care=True)
    late.due_on, urgent.due_on = today() - timedelta(days=40), today() + timedelta(days=2)
    commit()
    assert names(village) == names(village, "todo") == ["Mendesak", "Terlambat"]
    assert [row.subject for row in next_cases(village.id, uuid7(), today(), MAY, limit=5)] == ["Mendesak", "Terlambat"]
    assert names(village, "urgent") == ["Mendesak"]


def test_a_page_that_ends_among_the_urgent_goes_on_with_the_others(village: CurrentArea) -> None:
    expected = []
    for number in range(60):
        urgent = number % 2 == 0
        case = opened(village, f"{number:02d}", in_care=urgent)
        case.due_on = today() + timedelta(days=number)
        expected.append((not urgent, number, case.person.name))
    commit()
    found: list[str] = []
    cursor = None
    while True:
        page = cases_page(village.id, uuid7(), today(), CaseFilter(), cursor)
        found += [row.subject for row in page.rows]
        cursor = page.next
        if cursor is None:
            break
    assert found == [name for *_key, name in sorted(expected)]


@pytest.mark.parametrize("keys", [("2026-01-01", str(uuid7())), ("yes", "2026-01-01", "x"), (None, None, None)])
def test_a_damaged_cursor_starts_at_the_first_page(village: CurrentArea, keys: tuple[object, ...]) -> None:
    opened(village, "Siti")
    assert names(village, cursor=write_cursor(keys)) == ["Siti"]


# ---- figures ----


def test_village_and_district_count_what_cannot_wait(app: Flask, areas: None) -> None:
    for code, urgent in ((VILLAGE, 2), (SIBLING, 1), (FOREIGN, 4)):
        with at(app, code) as area:
            opened(area, "Biasa")
            for number in range(urgent):
                case = opened(area, f"Mendesak {number}", in_care=True)
                if code == SIBLING:
                    case.due_on = today() - timedelta(days=2)
            commit()
            assert village_figures(area.id, uuid7(), today()).urgent == urgent
    with app.test_request_context():
        bogor = find_area(AreaCode.parse("32.01"))
        assert bogor
        with scope(bogor):
            assert district_figures(bogor, today()).urgent == 3
            rows = urgent_villages(bogor, today())
            assert [(row.area.code, row.urgent, row.overdue) for row in rows] == [(SIBLING, 1, 1), (VILLAGE, 2, 0)]
            page = villages_page(bogor, today(), search="", cursor=None)
            assert {row.area.code: row.urgent for row in page.rows} == {VILLAGE: 2, SIBLING: 1}


def test_what_is_closed_is_not_urgent_any_more(app: Flask, areas: None, sign_in: SignInAs) -> None:
    with at(app, VILLAGE) as area:
        case = opened(area, in_care=True)
        take(area, case, "handle", "send", "approve", "tell")
    assert "mendesak" not in sign_in("village_staff").get(f"/{VILLAGE}/cases?which=closed").text.split("<table", 1)[1]
    district = sign_in("district_admin", "32.01").get("/32.01/").text
    assert "Kasus mendesak" not in district
