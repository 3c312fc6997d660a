"""Who may be proposed and what that may bring, by the rules of the day."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from core.api import Criterion, Family, Household, Judgement, NoRule, Person
from plugins.pip.grades import GRADES, LEVELS, Money, expected_money, level_of
from plugins.pip.rulebook import college_rules, school_rules
from plugins.pip.screening import may_get_college_aid, may_get_school_aid

TODAY = date(2026, 9, 1)


def born(age: int, on: date = TODAY) -> date:
    """Whose birthday is the day ``on``."""
    return on.replace(year=on.year - age)


def child(age: int = 12, **values: Any) -> Person:
    return Person(**{"name": "Dewi", "birth_date": born(age), "life_status": "alive", "disability": "", **values})


def family(person: Person, decile: int | None) -> Family:
    return Family(Household(decile=decile), [person])


AT_SCHOOL = {"attendance": "enrolled", "nisn": "0123456789", "grade": "7", "grounds": []}
AT_COLLEGE = {"graduated_in": 2026, "admission": "accepted", "grounds": []}


def school(person: Person, decile: int | None, on: date = TODAY, **answers: Any) -> Judgement:
    return judged(may_get_school_aid(person, family(person, decile), on, {**AT_SCHOOL, **answers}))


def college(person: Person, decile: int | None, on: date = TODAY, **answers: Any) -> Judgement:
    return judged(may_get_college_aid(person, family(person, decile), on, {**AT_COLLEGE, **answers}))


def judged(criteria: Iterable[Criterion]) -> Judgement:
    return Judgement(tuple(criteria), None)


def met(criteria: Iterable[Criterion]) -> list[bool | None]:
    return [criterion.met for criterion in criteria]


# ---- school ----


@pytest.mark.parametrize(
    ("birth_date", "verdict"),
    [
        (date(2020, 9, 2), "unmet"),
        (date(2020, 9, 1), "met"),
        (date(2013, 9, 1), "met"),
        (date(2004, 9, 2), "met"),
        (date(2004, 9, 1), "unmet"),
    ],
)
def test_a_child_is_six_and_not_yet_twenty_two(birth_date: date, verdict: str) -> None:
    """Born on 1 September 2004, one is 22 on 1 September 2026."""
    assert school(child(birth_date=birth_date), 1).verdict == verdict


@pytest.mark.parametrize(
    ("decile", "grounds", "verdict"),
    [
        (1, [], "met"),
        (4, [], "met"),
        (5, [], "unmet"),
        (10, [], "unmet"),
        (None, [], "unknown"),
        (None, ["kip"], "met"),
        (5, ["kip"], "met"),
        (5, ["kks"], "met"),
        (5, ["sktm"], "met"),
        (5, ["orphan"], "met"),
        (5, ["disaster"], "met"),
        (5, ["disability"], "met"),
    ],
)
def test_a_low_decile_or_one_of_the_grounds_is_enough(decile: int | None, grounds: list[str], verdict: str) -> None:
    assert school(child(), decile, grounds=grounds).verdict == verdict


@pytest.mark.parametrize(
    ("attendance", "decile", "verdict"),
    [
        ("enrolled", 5, "unmet"),
        ("returning", 5, "met"),
        ("out", 1, "unmet"),
        ("", 1, "unknown"),
    ],
)
def test_a_dropout_who_returns_is_meant_and_one_who_does_not_is_not(attendance: str, decile: int, verdict: str) -> None:
    assert school(child(), decile, attendance=attendance).verdict == verdict


def test_a_disability_that_is_on_record_need_not_be_ticked() -> None:
    assert school(child(disability="Netra/buta"), 9).verdict == "met"


@pytest.mark.parametrize("life_status", ["dead", "moved", "missing", "away", "invalid"])
def test_only_who_lives_here_is_proposed(life_status: str) -> None:
    assert school(child(life_status=life_status), 1).verdict == "unmet"
    assert college(child(18, life_status=life_status), 1).verdict == "unmet"


def test_without_its_nisn_a_child_cannot_be_found() -> None:
    assert school(child(), 1, nisn="").verdict == "unknown"


def test_before_anything_was_asked_a_child_is_a_question_and_an_adult_is_none() -> None:
    young, old = child(10), child(40)
    assert judged(may_get_school_aid(young, family(young, 2), TODAY, {})).verdict == "unknown"
    assert judged(may_get_school_aid(old, family(old, 2), TODAY, {})).verdict == "unmet"


def test_what_is_not_known_says_how_to_find_out() -> None:
    nobody = Family(None, [child(18)])
    unknown = [
        *may_get_school_aid(child(18), nobody, TODAY, {}),
        *may_get_college_aid(child(18), nobody, TODAY, {}),
        *may_get_college_aid(child(18), nobody, date(2025, 6, 1), {}),
    ]
    assert all(criterion.settled_by for criterion in unknown if criterion.met is None)


@pytest.mark.parametrize(
    ("judge", "on"), [(may_get_school_aid, date(2020, 12, 31)), (may_get_college_aid, date(2024, 12, 31))]
)
def test_before_the_first_rule_nothing_is_judged(judge: Any, on: date) -> None:
    person = child(18)
    with pytest.raises(NoRule):
        list(judge(person, family(person, 1), on, {}))


# ---- what it may bring ----


@pytest.mark.parametrize(
    ("grade", "level"),
    [("1", "sd"), ("6", "sd"), ("7", "smp"), ("9", "smp"), ("10", "sma"), ("12", "sma"), ("13", "sma")],
)
def test_a_class_belongs_to_a_level(grade: str, level: str) -> None:
    assert level_of(grade) == level


def test_every_class_has_an_amount_and_a_bank_under_every_rule() -> None:
    assert {level_of(grade) for grade in GRADES} == set(LEVELS)
    for rule in school_rules.all:
        assert set(rule.amount) == set(rule.amount_of_part) == set(rule.bank) == set(LEVELS)


@pytest.mark.parametrize(
    ("on", "grade", "rupiah", "whole_year"),
    [
        (date(2026, 2, 1), "2", 450_000, True),
        (date(2026, 6, 30), "1", 450_000, True),
        (date(2026, 7, 1), "1", 225_000, False),
        (date(2026, 6, 30), "6", 225_000, False),
        (date(2026, 7, 1), "6", 450_000, True),
        (date(2026, 7, 1), "7", 375_000, False),
        (date(2026, 2, 1), "8", 750_000, True),
        (date(2026, 2, 1), "9", 375_000, False),
        (date(2026, 7, 1), "10", 900_000, False),
        (date(2026, 2, 1), "11", 1_800_000, True),
        (date(2026, 2, 1), "12", 900_000, False),
        (date(2026, 2, 1), "13", 900_000, False),
        (date(2023, 12, 31), "11", 1_000_000, True),
        (date(2023, 12, 31), "10", 500_000, False),
        (date(2024, 1, 1), "11", 1_800_000, True),
        (date(2023, 12, 31), "8", 750_000, True),
        (date(2024, 1, 1), "8", 750_000, True),
    ],
)
def test_the_amount_follows_level_class_and_day(on: date, grade: str, rupiah: int, whole_year: bool) -> None:
    assert expected_money(school_rules.at(on), grade, on) == Money(rupiah, whole_year)


# ---- college ----


@pytest.mark.parametrize(
    ("on", "decile", "grounds", "verdict"),
    [
        (date(2025, 12, 31), 3, [], "met"),
        (date(2025, 12, 31), 4, [], "unmet"),
        (date(2025, 12, 31), 4, ["kip"], "met"),
        (date(2025, 12, 31), 4, ["kks"], "met"),
        (date(2026, 1, 1), 4, [], "met"),
        (date(2026, 1, 1), 5, [], "unmet"),
        (date(2026, 1, 1), 5, ["kip"], "unmet"),
        (date(2026, 1, 1), 5, ["sktm"], "met"),
        (date(2026, 1, 1), None, ["sktm"], "met"),
        (date(2026, 1, 1), None, [], "unknown"),
    ],
)
def test_the_decile_and_the_grounds_changed_with_the_year(
    on: date, decile: int | None, grounds: list[str], verdict: str
) -> None:
    person = child(birth_date=date(2007, 3, 1))
    assert college(person, decile, on, graduated_in=on.year, grounds=grounds).verdict == verdict


@pytest.mark.parametrize(
    ("year", "verdict"), [(2023, "unmet"), (2024, "met"), (2025, "met"), (2026, "met"), (2027, "unmet")]
)
def test_the_graduation_is_at_most_two_years_past(year: int, verdict: str) -> None:
    assert college(child(18), 1, graduated_in=year).verdict == verdict


def test_who_graduated_late_in_life_is_judged_by_the_year_alone() -> None:
    assert college(child(40), 1, graduated_in=2026).verdict == "met"


@pytest.mark.parametrize(("age", "expected"), [(15, False), (16, None), (25, None), (26, False)])
def test_while_the_year_is_not_known_only_the_young_are_asked(age: int, expected: bool | None) -> None:
    person = child(age)
    assert met(may_get_college_aid(person, family(person, 1), TODAY, {}))[1] is expected


@pytest.mark.parametrize(
    ("admission", "verdict"), [("accepted", "met"), ("applying", "met"), ("none", "unmet"), ("", "unknown")]
)
def test_without_a_college_there_is_no_aid_for_it(admission: str, verdict: str) -> None:
    assert college(child(18), 1, admission=admission).verdict == verdict


def test_school_and_college_each_follow_a_regulation_of_their_own() -> None:
    assert not set(school_rules.regulations) & set(college_rules.regulations)
