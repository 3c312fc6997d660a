"""What the clerk must fill in, and what is said when something is missing or wrong."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from plugins.sktm.forms import PURPOSES, LetterForm

FILLED = {
    "purpose": "school",
    "addressee": "SDN Cibadak 01",
    "reason": "Buruh harian, tiga anak.",
    "witness_1": "Ujang",
    "witness_2": "Oom",
}


def errors(app: Flask, **changed: str) -> dict[str, list[str]]:
    with app.test_request_context():
        form = LetterForm(MultiDict({**FILLED, **changed}))
        form.validate()
        return {name: [str(message) for message in messages] for name, messages in form.errors.items() if name}


def test_a_filled_in_form_is_taken(app: Flask) -> None:
    assert errors(app) == {}


@pytest.mark.parametrize("field", FILLED)
def test_each_field_must_be_filled_in(app: Flask, field: str) -> None:
    assert list(errors(app, **{field: ""})) == [field]


@pytest.mark.parametrize("field", ["addressee", "reason", "witness_1", "witness_2"])
def test_blanks_are_no_answer(app: Flask, field: str) -> None:
    assert field in errors(app, **{field: "   "})


@pytest.mark.parametrize(
    ("field", "longest"), [("addressee", 120), ("reason", 600), ("witness_1", 80), ("witness_2", 80)]
)
def test_a_text_has_to_fit_on_the_letter(app: Flask, field: str, longest: int) -> None:
    assert errors(app, **{field: "a" * longest}) == {}
    assert list(errors(app, **{field: "a" * (longest + 1)})) == [field]


@pytest.mark.parametrize("second", ["Ujang", "ujang", " UJANG "])
def test_one_person_is_not_two_witnesses(app: Flask, second: str) -> None:
    assert errors(app, witness_2=second) == {"witness_2": ["Kedua saksi harus orang yang berbeda."]}


def test_a_purpose_that_is_not_offered_is_refused(app: Flask) -> None:
    assert list(errors(app, purpose="business")) == ["purpose"]
    for purpose in PURPOSES:
        assert errors(app, purpose=purpose) == {}
