"""What a house may get on which day, and what must hold of it."""

from datetime import date
from typing import Any

import pytest

from core.api import Criterion, Family, Household, NoRule, Person
from plugins.rtlh.rulebook import aid_rules, desk_rules
from plugins.rtlh.screening import may_be_repaired

FIRST = date(2025, 1, 1)
FIT = {
    "owner": "yes",
    "land": "yes",
    "only_house": "yes",
    "aided": "no",
    "roof": "unfit",
    "floor": "fit",
    "wall": "unknown",
}


def judge(answers: dict[str, Any], *, on: date = FIRST, **person: Any) -> list[Criterion]:
    siti = Person(name="Siti", sex="P", birth_date=date(1990, 7, 15), **{"life_status": "alive", **person})
    return list(may_be_repaired(siti, Family(Household(kk_number="3201150101200001"), [siti]), on, answers))


@pytest.mark.parametrize(
    ("changed", "met"),
    [
        ({}, [True, True, True, True, True, True, True, False, None]),
        ({"owner": "no"}, [True, True, False, True, True, True, True, False, None]),
        ({"land": "unknown"}, [True, True, True, None, True, True, True, False, None]),
        ({"only_house": "no"}, [True, True, True, True, False, True, True, False, None]),
        ({"aided": "yes"}, [True, True, True, True, True, False, True, False, None]),
        ({"roof": "fit", "wall": "fit"}, [True, True, True, True, True, True, False, False, False]),
    ],
)
def test_whose_house_may_be_proposed(changed: dict[str, str], met: list[bool | None]) -> None:
    found = judge({**FIT, **changed})
    assert [criterion.met for criterion in found] == met
    assert [criterion.kind for criterion in found] == ["required"] * 6 + ["one_of"] * 3
    assert all(criterion.settled_by for criterion in found if criterion.met is None)


def test_of_a_family_that_nobody_asked_nothing_is_taken_for_granted() -> None:
    assert [criterion.met for criterion in judge({})] == [True, True, *[None] * 7]
    assert judge({}, life_status="moved")[0].met is False


@pytest.mark.parametrize("on", [FIRST, date(2026, 11, 12)])
def test_what_is_given_for_a_house(on: date) -> None:
    rule = aid_rules.at(on)
    assert dict(rule.budget) == {"material": 17_500_000, "wages": 2_000_000, "operations": 500_000}
    assert sum(rule.budget.values()) == 20_000_000
    assert rule.certainty == "verified"
    assert tuple(desk_rules.at(on).stages) == (0, 30, 70, 100)


def test_on_the_day_before_no_rule_speaks() -> None:
    assert aid_rules.get(date(2024, 12, 31)) is None
    with pytest.raises(NoRule):
        judge(FIT, on=date(2024, 12, 31))
