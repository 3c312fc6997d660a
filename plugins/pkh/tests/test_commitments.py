"""Whether a commitment was kept: by month, and over a stage."""

from datetime import date

import pytest

from core.api import Person
from plugins.pkh.checks import Cell, Entry, cell_of, line_of, most_of, terms_of
from plugins.pkh.models import Check, Member
from plugins.pkh.rulebook import Month, rules, stage_of

TODAY = date(2026, 9, 10)  # in the third month of the third stage
RULE = rules.at(TODAY)


def member(component: str, since: date = date(2026, 1, 1), until: date | None = None) -> Member:
    return Member(component=component, since=since, until=until, person=Person(name="Asep"))


def check(value: int | None, *, excused: bool = False) -> Check:
    return Check(value=value, excused=excused)


@pytest.mark.parametrize(
    ("component", "value", "status"),
    [
        ("sd", 84, "unmet"),
        ("sd", 85, "met"),
        ("smp", 100, "met"),
        ("sma", 0, "unmet"),
        ("child", 0, "unmet"),
        ("child", 1, "met"),
        ("pregnancy", 1, "met"),
        ("elderly", 0, "unmet"),
        ("elderly", 1, "met"),
    ],
)
def test_what_is_enough(component: str, value: int, status: str) -> None:
    assert cell_of(member(component), Month(2026, 8), check(value), TODAY).status == status


@pytest.mark.parametrize(
    ("component", "month", "status"),
    [
        ("sd", 8, "due"),  # it has ended
        ("sd", 9, "later"),  # it has not
        ("sd", 10, "later"),
        ("elderly", 8, "later"),  # once in the stage is enough
    ],
)
def test_a_month_is_due_when_it_has_ended(component: str, month: int, status: str) -> None:
    assert cell_of(member(component), Month(2026, month), None, TODAY).status == status


@pytest.mark.parametrize(
    ("since", "until", "status"),
    [
        (date(2026, 8, 31), None, "due"),
        (date(2026, 9, 1), None, "none"),
        (date(2026, 1, 1), date(2026, 8, 1), "due"),
        (date(2026, 1, 1), date(2026, 7, 31), "none"),
    ],
)
def test_nothing_is_owed_before_and_after(since: date, until: date | None, status: str) -> None:
    assert cell_of(member("sd", since, until), Month(2026, 8), None, TODAY).status == status


def test_who_was_excused_is_neither() -> None:
    assert cell_of(member("sd"), Month(2026, 8), check(None, excused=True), TODAY).status == "excused"


@pytest.mark.parametrize(
    ("component", "said", "verdict"),
    [
        ("sd", {7: 90, 8: 90, 9: 90}, True),
        ("sd", {7: 90, 8: 90}, None),
        ("sd", {7: 90}, None),
        ("sd", {7: 84, 8: 90}, False),
        ("sd", {}, None),
        ("elderly", {}, None),
        ("elderly", {7: 1}, True),
        ("elderly", {7: 0}, None),  # two months are left
        ("elderly", {7: 0, 9: 1}, True),
    ],
)
def test_a_stage_is_kept_when_each_month_is_or_once_for_care(
    component: str, said: dict[int, int], verdict: bool | None
) -> None:
    stage = stage_of(TODAY)
    assert stage
    checks = {Month(2026, month): check(value) for month, value in said.items()}
    assert line_of(member(component), stage, checks, TODAY).verdict is verdict


def test_care_that_never_came_is_missed_when_the_stage_is_over() -> None:
    stage = stage_of(TODAY)
    assert stage
    assert line_of(member("elderly"), stage, {Month(2026, 7): check(0)}, date(2026, 10, 1)).verdict is False


@pytest.mark.parametrize(("component", "most"), [("sd", 100), ("child", 30), ("elderly", 30)])
def test_more_than_possible_cannot_be_written(component: str, most: int) -> None:
    terms = terms_of(component, RULE)
    assert terms
    assert most_of(terms, Month(2026, 9)) == most


def test_a_component_of_no_rule_owes_nothing() -> None:
    assert terms_of("rights_victim", rules.at(date(2025, 2, 4))) is None
    assert cell_of(member("rights_victim"), Month(2020, 1), None, TODAY) == Cell(Month(2020, 1), "none")


@pytest.mark.parametrize(
    ("entry", "blank"), [(Entry(None), True), (Entry(0), False), (Entry(None, excused=True), False)]
)
def test_zero_is_something_and_blank_is_nothing(entry: Entry, blank: bool) -> None:
    assert entry.blank is blank
