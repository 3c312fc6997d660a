"""Who may receive BLT by the rules of the day on which a case was opened: what must hold, of what one is enough."""

from datetime import date
from typing import Any

import pytest

from core.api import Family, Household, Judgement, NoRule, Person
from plugins.blt_desa.rules import may_receive, rule_of_year, rules
from plugins.blt_desa.services import aid

IN_2025, IN_2026 = date(2025, 5, 2), date(2026, 3, 2)
KK = "3201150101200001"
NOTHING: dict[str, str] = dict.fromkeys(
    ("chronic_illness", "disability", "elderly_alone", "lost_livelihood", "pkh", "other_aid"), "no"
)
UNASKED: dict[str, str] = {}


def member(born: int = 1980, sex: str = "L", role: str = "head", **values: Any) -> Person:
    values = {"life_status": "alive", "disability": "", **values}
    return Person(name="Ujang", sex=sex, birth_date=date(born, 1, 1), family_role=role, **values)


def judged(
    on: date, answers: dict[str, str], *members: Person, decile: int | None = 5, kk: str | None = KK
) -> dict[str, bool | None]:
    """The answers by the first words of each criterion."""
    people = members or (member(),)
    family = Family(Household(kk_number=kk, decile=decile), people)
    return {str(c.title).split(" (")[0]: c.met for c in may_receive(people[0], family, on, answers)}


def verdict(on: date, answers: dict[str, str], *members: Person, decile: int | None = 5) -> str:
    people = members or (member(),)
    family = Family(Household(kk_number=KK, decile=decile), people)
    return Judgement(tuple(may_receive(people[0], family, on, answers)), rules.at(on)).verdict


# ---- the two years ----


@pytest.mark.parametrize(
    ("on", "regulation", "mandatory", "least", "most", "due", "at_once", "certainty"),
    [
        (date(2025, 1, 1), "Permendesa PDT 2/2024; PMK 108/2024", True, 300_000, 300_000, 12, 3, "plausible"),
        (date(2025, 12, 31), "Permendesa PDT 2/2024; PMK 108/2024", True, 300_000, 300_000, 12, 3, "plausible"),
        (date(2026, 1, 1), "Permendesa PDT 16/2025", False, 0, 300_000, 0, 3, "verified"),
        (date(2026, 11, 24), "Permendesa PDT 16/2025", False, 0, 300_000, 0, 3, "verified"),
    ],
)
def test_each_day_has_its_rule(
    on: date, regulation: str, mandatory: bool, least: int, most: int, due: int, at_once: int, certainty: str
) -> None:
    rule = rules.at(on)
    assert (rule.regulation, rule.mandatory, rule.certainty) == (regulation, mandatory, certainty)
    assert (rule.amount_least, rule.amount_most) == (least, most)
    assert (rule.months_due, rule.months_at_once) == (due, at_once)
    assert rule.decile_first == 1


def test_a_case_keeps_the_version_of_its_day() -> None:
    assert aid.rule_version(IN_2025) == "2025-01-01 Permendesa PDT 2/2024; PMK 108/2024"
    assert aid.rule_version(IN_2026) == "2026-01-01 Permendesa PDT 16/2025"


def test_before_the_first_rule_nothing_is_judged() -> None:
    with pytest.raises(NoRule):
        judged(date(2024, 12, 31), NOTHING)
    assert rule_of_year(2024) is None


# ---- what must hold ----


@pytest.mark.parametrize("on", [IN_2025, IN_2026])
@pytest.mark.parametrize(("said", "met"), [("no", True), ("yes", False), ("unknown", None), ("", None)])
def test_who_gets_pkh_does_not_get_blt(on: date, said: str, met: bool | None) -> None:
    assert judged(on, {**NOTHING, "pkh": said})["Tidak menerima PKH"] is met


@pytest.mark.parametrize(("status", "met"), [("alive", True), ("dead", False), ("moved", False)])
def test_only_who_lives_here(status: str, met: bool) -> None:
    assert judged(IN_2026, NOTHING, member(life_status=status))["Warga desa ini"] is met


def test_without_a_family_card_the_family_is_not_known() -> None:
    assert judged(IN_2026, NOTHING)["Keluarganya terdaftar"] is True
    assert judged(IN_2026, NOTHING, kk=None)["Keluarganya terdaftar"] is None


# ---- of what one is enough ----


@pytest.mark.parametrize("on", [IN_2025, IN_2026])
@pytest.mark.parametrize(("decile", "met"), [(1, True), (2, False), (10, False), (None, None)])
def test_extreme_poverty_is_the_first_decile(on: date, decile: int | None, met: bool | None) -> None:
    assert judged(on, NOTHING, decile=decile)["Miskin ekstrem"] is met


@pytest.mark.parametrize(
    ("question", "criterion"),
    [("chronic_illness", "Ada yang sakit menahun"), ("lost_livelihood", "Kehilangan mata pencaharian")],
)
@pytest.mark.parametrize(("said", "met"), [("yes", True), ("no", False), ("unknown", None)])
def test_what_the_family_says_of_itself(question: str, criterion: str, said: str, met: bool | None) -> None:
    assert judged(IN_2026, {**NOTHING, question: said})[criterion] is met


@pytest.mark.parametrize(
    ("said", "registered", "met"),
    [("yes", "", True), ("no", "", False), ("unknown", "", None), ("no", "Tuna netra", True)],
)
def test_a_disability_that_the_registry_knows_counts_whatever_was_said(
    said: str, registered: str, met: bool | None
) -> None:
    people = (member(), member(2010, role="child", disability=registered))
    assert judged(IN_2026, {**NOTHING, "disability": said}, *people)["Ada penyandang disabilitas"] is met


@pytest.mark.parametrize(
    ("births", "said", "met"),
    [
        ([1966], "unknown", True),
        ([1967], "unknown", False),
        ([1950, 1952], "unknown", True),
        ([1950, 2015], "unknown", False),
        ([1950, 2015], "yes", True),
        ([1950], "no", False),
    ],
)
def test_the_elderly_who_live_alone(births: list[int], said: str, met: bool) -> None:
    people = [member(born, role="head" if n == 0 else "other") for n, born in enumerate(births)]
    assert judged(IN_2026, {**NOTHING, "elderly_alone": said}, *people)["Lansia tunggal"] is met


@pytest.mark.parametrize(
    ("sex", "role", "decile", "met"),
    [
        ("P", "head", 4, True),
        ("P", "head", 5, False),
        ("P", "head", None, None),
        ("L", "head", 2, False),
        ("P", "wife", 2, None),
    ],
)
def test_a_woman_who_heads_a_poor_family(sex: str, role: str, decile: int | None, met: bool | None) -> None:
    found = judged(IN_2026, NOTHING, member(sex=sex, role=role), decile=decile)
    assert found["Perempuan kepala keluarga miskin"] is met


# ---- the verdict ----


@pytest.mark.parametrize(
    ("answers", "decile", "expected"),
    [
        (NOTHING, 1, "met"),
        ({**NOTHING, "chronic_illness": "yes"}, 6, "met"),
        ({**NOTHING, "chronic_illness": "yes", "lost_livelihood": "unknown"}, None, "met"),
        (NOTHING, 6, "unmet"),
        ({**NOTHING, "chronic_illness": "unknown"}, 6, "unknown"),
        (NOTHING, None, "unknown"),
        ({**NOTHING, "pkh": "yes"}, 1, "unmet"),
        ({**NOTHING, "pkh": "unknown"}, 1, "unknown"),
        ({**NOTHING, "other_aid": "yes"}, 1, "met"),
        ({**NOTHING, "other_aid": "unknown"}, 1, "met"),
        (UNASKED, None, "unknown"),
        (UNASKED, 1, "unknown"),
    ],
)
def test_one_reason_is_enough_and_other_aid_only_counts_against_the_order(
    answers: dict[str, str], decile: int | None, expected: str
) -> None:
    assert verdict(IN_2026, answers, decile=decile) == expected


def test_what_is_not_known_says_how_to_find_out() -> None:
    person = member()
    unknown = [c for c in may_receive(person, Family(None, [person]), IN_2026, UNASKED) if c.met is None]
    assert len(unknown) == 8
    assert all(criterion.settled_by for criterion in unknown)
