"""A desk at which proposals for school and college are worked on, through its pages."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.api import Case, IssuedLetter, Service, area_today, commit, db
from core.testing import VILLAGE, SignInAs, at, make_case, make_person, settle_papers
from plugins.pip.services import college_aid, school_aid

SCHOOL = {
    "kind": "school",
    "school": "SMPN 1 Ciampea",
    "grade": "8",
    "attendance": "enrolled",
    "nisn": "0123456789",
    "grounds": ["kip"],
}
COLLEGE = {
    "school": "SMAN 1 Leuwiliang",
    "graduated_in": 2026,
    "admission": "accepted",
    "college": "Universitas Contoh",
    "registration": "1126.0001.2026",
    "nisn": "0123456789",
    "grounds": ["sktm"],
}
ANSWERS: dict[str, dict[str, Any]] = {school_aid.name: SCHOOL, college_aid.name: COLLEGE}


@dataclass
class Desk:
    app: Flask
    staff: FlaskClient
    head: FlaskClient

    def make_person(self, name: str = "Dewi Lestari", **values: object) -> str:
        with at(self.app, VILLAGE) as area:
            person = make_person(area.id, name, **{"birth_date": date(2013, 5, 4), "family_role": "child", **values})
            commit()
            return str(person.id)

    def open_case(self, service: Service = school_aid, *, decile: int | None = None, **answers: object) -> str:
        """A case with all its papers; its id."""
        with at(self.app, VILLAGE) as area:
            person = make_person(area.id, "Dewi Lestari", birth_date=date(2013, 5, 4), family_role="child")
            assert person.household
            person.household.decile = decile
            case = make_case(area, service, person, **{**ANSWERS[service.name], **answers})
            settle_papers(case, service)
            commit()
            return str(case.id)

    def today(self) -> date:
        with at(self.app, VILLAGE):
            return area_today()

    def case(self, case: str) -> Case:
        with at(self.app, VILLAGE) as area:
            found = db.session.get_one(Case, (area.id, UUID(case)))
            db.session.expunge(found)
            return found

    def turn_back(self, case: str, *, due: int, since: int = 0) -> None:
        """As if it had been due so many days ago, and had stood where it is since so many."""
        day = self.today() - timedelta(days=due)
        with at(self.app, VILLAGE) as area:
            found = db.session.get_one(Case, (area.id, UUID(case)))
            found.due_on = day
            found.state_since -= timedelta(days=since)
            commit()

    def url(self, case: str, *parts: str) -> str:
        return "/".join([f"/{VILLAGE}/cases", case, *parts])

    def page(self, case: str) -> str:
        return self.staff.get(self.url(case)).text

    def home(self) -> str:
        return self.staff.get(f"/{VILLAGE}/").text

    def step(self, case: str, key: str, **data: object) -> TestResponse:
        """With a day and a note, which most steps ask for."""
        given = {"on": self.today().isoformat(), "note": "Dilihat di laman PIP.", "version": self.case(case).version}
        return self.staff.post(self.url(case, "step", key), data={**given, **data})

    def take(self, case: str, *keys: str, **data: object) -> None:
        for key in keys:
            answer = self.step(case, key, **data)
            assert answer.status_code == 302, answer.text

    def print_letter(self, case: str) -> str:
        data = {"version": self.case(case).version}
        answer = self.staff.post(self.url(case, "letters", "introduction"), data=data)
        assert answer.status_code == 302, answer.text
        with at(self.app, VILLAGE):
            return str(db.session.query(IssuedLetter).filter_by(case_id=UUID(case)).one().id)

    def sign_letter(self, case: str, letter: str) -> None:
        data = {"version": self.case(case).version}
        assert self.head.post(self.url(case, "letters", letter, "sign"), data=data).status_code == 302

    def send(self, case: str) -> None:
        """The letter goes to the school."""
        self.take(case, "handle")
        self.sign_letter(case, self.print_letter(case))
        self.take(case, "send")

    def nominate(self, case: str, *, days_left: int) -> date:
        """The last day to activate the account."""
        last_day = self.today() + timedelta(days=days_left)
        self.take(case, "nominated", deadline=last_day.isoformat())
        return last_day


@pytest.fixture
def desk(app: Flask, sign_in: SignInAs) -> Desk:
    return Desk(app, sign_in("village_staff"), sign_in("village_head"))
