"""A family of which several modules know something."""

from dataclasses import dataclass

import pytest
from flask import Flask

from core.clock import today
from core.database.session import commit, db
from core.people.models import Household, Person
from core.testing import VILLAGE, at, make_person
from plugins.pkh.models import KpmFamily


@dataclass(frozen=True)
class Home:
    household: str
    head: str
    child: str


def make_home(app: Flask, name: str = "Enok Sumarni", *, village: str = VILLAGE, **head: object) -> Home:
    with at(app, village) as area:
        person = make_person(area.id, name, **head)
        child = make_person(area.id, f"{name.split(maxsplit=1)[0]} Muda", nik=None, family_role="child")
        child.household_id = person.household_id
        home = Home(str(person.household_id), str(person.id), str(child.id))
        commit()
    return home


def make_kpm(app: Flask, home: Home) -> None:
    """The family is on the village's list of PKH, since today."""
    with at(app, VILLAGE) as area:
        household = db.session.get_one(Household, (area.id, home.household))
        payee = db.session.get_one(Person, (area.id, home.head))
        db.session.add(
            KpmFamily(village_id=area.id, household_id=household.id, payee_id=payee.id, since=today(area.timezone))
        )
        commit()


@pytest.fixture
def home(app: Flask, areas: None) -> Home:
    return make_home(app)
