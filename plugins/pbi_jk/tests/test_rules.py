"""Who is told that a membership is within reach, by the rules of the day."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from core.api import Case, Criterion, Family, Household, NoRule, Person
from plugins.pbi_jk.follow_up import look_again, months_after
from plugins.pbi_jk.rulebook import rules
from plugins.pbi_jk.screening import may_be_enrolled, may_be_reactivated
from plugins.pbi_jk.services import cannot_wait, enrolment, reactivation

TODAY, BEFORE = date(2026, 3, 2), date(2026, 1, 31)


def resident(**values: Any) -> Person:
    usual = {"name": "Siti", "nik": "3201155507900001", "life_status": "alive", "registry_match": "matched"}
    return Person(**{**usual, "insurance": "pbi", **values})


def family(person: Person, decile: int | None) -> Family:
    return Family(Household(decile=decile), [person])


def met(criteria: Iterable[Criterion]) -> list[bool | None]:
    return [criterion.met for criterion in criteria]


ASKED = {"care": "routine", "inactive_since": "2026-02-01"}


@pytest.mark.parametrize(
    ("on", "decile", "expected"),
    [
        (TODAY, 1, True),
        (TODAY, 5, True),
        (TODAY, 6, True),
        (TODAY, 10, True),
        (TODAY, None, None),
        (date(2026, 2, 1), 6, True),
        (BEFORE, 5, True),
        (BEFORE, 6, False),
        (BEFORE, None, None),
    ],
)
def test_a_higher_decile_is_reactivated_since_the_decree_of_2026(
    on: date, decile: int | None, expected: bool | None
) -> None:
    person = resident()
    assert met(may_be_reactivated(person, family(person, decile), on, ASKED))[-1] is expected


@pytest.mark.parametrize(
    ("values", "answers", "place", "expected"),
    [
        ({"life_status": "dead"}, ASKED, 0, False),
        ({"nik": None}, ASKED, 1, False),
        ({"registry_match": "unmatched"}, ASKED, 1, False),
        ({"registry_match": "unchecked"}, ASKED, 1, None),
        ({"insurance": "none"}, ASKED, 2, False),
        ({"insurance": "none"}, {"card_number": "0001234567890"}, 2, True),
        ({"insurance": ""}, ASKED, 2, None),
        ({"insurance": "regional"}, ASKED, 2, None),
        ({}, {}, 3, None),
        ({}, ASKED, 3, True),
        ({}, {}, 4, None),
        ({}, ASKED, 4, True),
    ],
)
def test_each_criterion_of_a_reactivation(
    values: dict[str, Any], answers: dict[str, str], place: int, expected: bool | None
) -> None:
    person = resident(**values)
    assert met(may_be_reactivated(person, family(person, 3), TODAY, answers))[place] is expected


def test_before_anything_was_asked_nothing_is_held_against_a_member() -> None:
    person = resident()
    assert met(may_be_reactivated(person, family(person, 3), TODAY, {})) == [True, True, True, None, None, True]


@pytest.mark.parametrize(
    ("insurance", "decile", "expected"),
    [
        ("none", 5, [True, True, True, True]),
        ("none", 6, [True, True, True, False]),
        ("pbi", 2, [True, True, False, True]),
        ("non_pbi", 2, [True, True, None, True]),
        ("", None, [True, True, None, None]),
    ],
)
def test_the_criteria_of_an_enrolment(insurance: str, decile: int | None, expected: list[bool | None]) -> None:
    person = resident(insurance=insurance)
    assert met(may_be_enrolled(person, family(person, decile), TODAY)) == expected


def test_what_is_not_known_says_how_to_find_out() -> None:
    person = resident(registry_match="unchecked", insurance="")
    nobody = Family(None, [person])
    unknown = [*may_be_reactivated(person, nobody, TODAY, {}), *may_be_enrolled(person, nobody, TODAY)]
    assert all(criterion.settled_by for criterion in unknown if criterion.met is None)


def test_before_the_first_rule_nothing_is_judged() -> None:
    person = resident()
    with pytest.raises(NoRule):
        list(may_be_enrolled(person, family(person, 1), date(2025, 2, 4)))


def test_there_is_a_rule_for_every_day_since() -> None:
    for earlier, later in zip(rules.all, rules.all[1:], strict=False):
        assert earlier.valid_to is not None
        assert (later.valid_from - earlier.valid_to).days == 1
    assert rules.all[-1].valid_to is None


@pytest.mark.parametrize("service", [reactivation, enrolment])
def test_the_promise_is_the_same_day_and_free(service: Any) -> None:
    lines = {part.key: [str(line) for line in part.lines] for part in service.standard_components}
    assert (lines["time"], lines["fee"]) == (["Hari itu juga"], ["Gratis"])
    assert service.rule_version(TODAY) == rules.at(TODAY).version


def test_a_treatment_letter_is_mandatory_for_a_reactivation_only() -> None:
    papers = [{paper.key: paper.mandatory for paper in service.requirements} for service in (reactivation, enrolment)]
    assert [paper["treatment_letter"] for paper in papers] == [True, False]
    assert [paper["sktm_letter"] for paper in papers] == [False, False]


@pytest.mark.parametrize(
    ("care", "urgent"),
    [
        ("emergency", True),
        ("inpatient", True),
        ("routine", False),
        ("outpatient", False),
        (None, False),
    ],
)
def test_a_patient_in_care_cannot_wait(care: str | None, urgent: bool) -> None:
    assert cannot_wait({"care": care}) is urgent


# ---- the follow-up ----


@pytest.mark.parametrize(
    ("state", "on", "decile", "due"),
    [
        ("approved", date(2026, 3, 2), 6, date(2026, 9, 2)),
        ("approved", date(2026, 3, 2), None, date(2026, 9, 2)),
        ("approved", date(2026, 8, 31), 9, date(2027, 2, 28)),
        ("approved", date(2026, 3, 2), 5, None),
        ("approved", BEFORE, 9, None),
        ("approved", date(2020, 1, 1), 9, None),
        ("at_ministry", date(2026, 3, 2), 9, None),
        ("done", date(2026, 3, 2), 9, None),
    ],
)
def test_a_temporary_membership_is_looked_at_again(
    app: Flask, state: str, on: date, decile: int | None, due: date | None
) -> None:
    with app.test_request_context():
        planned = list(look_again(Case(state=state), family(resident(), decile), on))
    assert [item.due_on for item in planned] == ([due] if due else [])


def test_the_follow_up_says_why(app: Flask) -> None:
    with app.test_request_context():
        titles = [
            str(item.title)
            for decile in (8, None)
            for item in look_again(Case(state="approved"), family(resident(), decile), TODAY)
        ]
    assert titles == [
        "Cek lagi kepesertaan PBI-JK: aktif sementara 6 bulan sejak 02-03-2026 (desil 8)",
        "Cek lagi kepesertaan PBI-JK: aktif sementara 6 bulan sejak 02-03-2026 (desil belum diketahui)",
    ]


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 15), 6, date(2027, 6, 15)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
    ],
)
def test_months_end_where_their_last_day_is(day: date, months: int, later: date) -> None:
    assert months_after(day, months) == later
