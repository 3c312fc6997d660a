"""Who can be enrolled, what cannot wait, and what the form takes."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from core.api import Family, Household, NoRule, Person, area_today
from plugins.uhc.forms import CARE, EnrolmentForm
from plugins.uhc.rulebook import rules
from plugins.uhc.services import ask_enrolment, cannot_wait, enrolment

ON = date(2026, 11, 12)
WELL = {"care": "none", "cover": "none"}


def judged(decile: int | None = 2, answers: dict[str, Any] | None = None, **values: Any) -> list[bool | None]:
    defaults = {"life_status": "alive", "nik": "3201155507900001", "registry_match": "matched", "insurance": "none"}
    person = Person(**{**defaults, **values})
    found = enrolment.criteria(person, Family(Household(decile=decile), [person]), ON, answers or {})
    return [criterion.met for criterion in found]


@pytest.mark.parametrize(
    ("met", "changed"),
    [
        ([True, True, True, True], {}),
        ([False, True, True, True], {"life_status": "moved"}),
        ([True, False, True, True], {"registry_match": "unmatched"}),
        ([True, None, True, True], {"registry_match": "unchecked"}),
        ([True, False, True, True], {"nik": None}),
        ([True, True, False, True], {"insurance": "pbi"}),
        ([True, True, None, True], {"insurance": ""}),
        ([True, True, True, True], {"insurance": "pbi", "answers": {"cover": "stopped"}}),
        ([True, True, False, True], {"answers": {"cover": "active"}}),
        ([True, True, True, True], {"decile": 5}),
        ([True, True, True, False], {"decile": 6}),
        ([True, True, True, None], {"decile": None}),
    ],
)
def test_each_criterion_is_met_not_met_or_not_known(met: list[bool | None], changed: dict[str, Any]) -> None:
    assert judged(**changed) == met


def test_the_regulation_holds_from_its_first_day() -> None:
    assert rules.at(date(2024, 1, 1)).regulation == "Perbup Bogor 60/2023"
    with pytest.raises(NoRule):
        rules.at(date(2023, 12, 31))


@pytest.mark.parametrize("care", CARE)
def test_only_who_is_in_hospital_cannot_wait(care: str) -> None:
    assert cannot_wait({"care": care}) == (care in ("emergency", "inpatient"))


def wrong(app: Flask, **changed: str) -> list[str]:
    with app.test_request_context():
        form = EnrolmentForm(MultiDict({**WELL, **changed}))
        form.validate()
        return [field.short_name for field in form if field.errors]


def test_who_is_in_care_is_so_somewhere_and_not_tomorrow(app: Flask) -> None:
    with app.test_request_context():
        tomorrow = (area_today() + timedelta(days=1)).isoformat()
    assert wrong(app) == []
    assert wrong(app, care="") == ["care"]
    assert wrong(app, care="inpatient") == ["facility"]
    assert wrong(app, care="inpatient", facility="RSUD", admitted_on=tomorrow) == ["admitted_on"]
    assert wrong(app, card_number="123") == ["card_number"]
    assert wrong(app, card_number="0001 2345 67890") == []


def test_the_receiver_reads_where_and_not_why(app: Flask) -> None:
    with app.test_request_context():
        asked = ask_enrolment({"care": "Sedang dirawat inap", "facility": "RSUD Leuwiliang"})
    assert asked == "Mohon pendaftaran sebagai peserta PBPU Pemda (UHC). Sedang dirawat inap di RSUD Leuwiliang."
