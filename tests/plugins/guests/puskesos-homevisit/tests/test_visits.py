"""The plugin's own pages, in a real village with a real database."""

from datetime import timedelta

import pytest
from flask import Flask

from core.api import commit
from core.testing import VILLAGE, SignInAs, at, days_ago, make_person


@pytest.fixture
def person(app: Flask, areas: None) -> str:
    """The id of a synthetic resident of Cibadak."""
    with at(app, VILLAGE) as area:
        made = make_person(area.id, "Enok Sumarni")
        commit()
        return str(made.id)


def test_a_visit_is_written_down_and_listed(person: str, sign_in: SignInAs) -> None:
    worker = sign_in("field_worker")
    form = f"/{VILLAGE}/homevisit/new?person={person}"
    assert "Enok Sumarni" in worker.get(form).text
    answer = worker.post(form, data={"visited_on": days_ago(1).isoformat(), "finding": "Atap bocor, sumur kering"})
    assert answer.status_code == 302
    assert "Atap bocor" in worker.get(answer.location).text


def test_a_visit_of_tomorrow_is_refused(person: str, sign_in: SignInAs) -> None:
    tomorrow = days_ago(0) + timedelta(days=2)
    form = f"/{VILLAGE}/homevisit/new?person={person}"
    answer = sign_in("field_worker").post(form, data={"visited_on": tomorrow.isoformat(), "finding": "Atap bocor"})
    assert answer.status_code == 422
    assert "belum tiba" in answer.text


def test_without_a_resident_one_is_asked_for(sign_in: SignInAs) -> None:
    answer = sign_in("field_worker").get(f"/{VILLAGE}/homevisit/new")
    assert answer.status_code == 302
    assert answer.location.endswith("/people")
