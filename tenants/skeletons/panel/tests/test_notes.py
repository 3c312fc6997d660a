"""A note is written on its page and read beside the resident, in one village only."""

import pytest
from core.api import commit
from core.testing import SIBLING, VILLAGE, SignInAs, at, make_person
from flask import Flask


@pytest.fixture
def person(app: Flask, areas: None) -> str:
    """The id of a synthetic resident of the village."""
    with at(app, VILLAGE) as area:
        made = make_person(area.id, "Enok Sumarni")
        commit()
        return str(made.id)


def form_of(person: str, village: str = VILLAGE) -> str:
    return f"/{village}/newplugin/people/{person}/new"


def test_a_note_is_written_and_read_beside_the_resident(person: str, sign_in: SignInAs) -> None:
    worker = sign_in("field_worker")
    answer = worker.post(form_of(person), data={"text": "Atap bocor, sumur kering"})
    assert answer.status_code == 302
    assert "Atap bocor" in worker.get(answer.location).text


def test_an_empty_note_is_refused(person: str, sign_in: SignInAs) -> None:
    answer = sign_in("field_worker").post(form_of(person), data={"text": "  "})
    assert answer.status_code == 422


def test_a_resident_of_another_village_is_not_found(person: str, sign_in: SignInAs) -> None:
    neighbour = sign_in("village_staff", SIBLING)
    assert neighbour.get(form_of(person, SIBLING)).status_code == 404
