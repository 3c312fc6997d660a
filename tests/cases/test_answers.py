"""Answers between the form and the case's JSON, also after the plugin has changed its form."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    DecimalField,
    Form,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
)

from core.cases.answers import answers_of, form_with, left_over, readable
from core.web.forms import SelectChoice

PLACES = [SelectChoice("home", "Di rumah"), SelectChoice("clinic", "Di puskesmas")]


class VisitForm(Form):
    who = StringField()
    on = DateField()
    at = TimeField()
    noted = DateTimeLocalField()
    cost = DecimalField()
    members = IntegerField()
    place = SelectField(choices=PLACES)
    seen_at = SelectMultipleField(choices=PLACES)
    poor = BooleanField()


TYPED: Any = MultiDict(
    [
        ("who", "Aminah"),
        ("on", "2026-11-25"),
        ("at", "09:30"),
        ("noted", "2026-11-25T09:30"),
        ("cost", "1250.50"),
        ("members", "4"),
        ("place", "clinic"),
        ("seen_at", "home"),
        ("seen_at", "clinic"),
        ("poor", "y"),
    ]
)


def test_answers_come_back_as_they_were_given() -> None:
    form = VisitForm(TYPED)
    assert form.validate()
    again = form_with(VisitForm, answers_of(form))
    assert again.data == {
        "who": "Aminah",
        "on": date(2026, 11, 25),
        "at": time(9, 30),
        "noted": datetime(2026, 11, 25, 9, 30),  # noqa: DTZ001 - what a clerk types has no zone
        "cost": Decimal("1250.50"),
        "members": 4,
        "place": "clinic",
        "seen_at": ["home", "clinic"],
        "poor": True,
    }


def test_answers_read_as_a_clerk_would_say_them(village) -> None:
    form = form_with(VisitForm, answers_of(VisitForm(TYPED)))
    assert [readable(field) for field in form] == [
        "Aminah",
        "25 November 2026",
        "09:30:00",
        "25 November 2026 09.30",
        "1250.50",
        "4",
        "Di puskesmas",
        "Di rumah, Di puskesmas",
        "ya",
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [("on", "besok"), ("at", 7), ("noted", "x"), ("cost", "mahal"), ("members", "empat"), ("on", 5)],
)
def test_an_answer_that_no_longer_fits_its_field_is_kept_apart(field: str, value: object) -> None:
    answers = {"who": "Aminah", field: value}
    form = form_with(VisitForm, answers)
    assert form[field].data is None
    assert left_over(form, answers) == [(field, str(value))]


def test_an_answer_without_a_field_is_not_lost() -> None:
    answers = {"who": "Aminah", "income": "600000", "empty": "", "nothing": None}
    assert left_over(form_with(VisitForm, answers), answers) == [("income", "600000")]


def test_a_choice_that_was_dropped_reads_as_its_key() -> None:
    assert readable(form_with(VisitForm, {"place": "school"})["place"]) == "school"


def test_a_form_without_answers_is_empty() -> None:
    assert not any(form_with(VisitForm, {}).data.values())
