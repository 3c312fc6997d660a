"""A desk that asks for surveys and a kader who makes them, through their pages."""

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from core.api import commit, db
from core.testing import VILLAGE, SignInAs, at, make_person

ROOT = f"/{VILLAGE}/survey"
TODAY = "2026-11-12"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 24
VISIT = {"visited_on": TODAY, "found": "yes", "kinship": "no", "respondent": "Enok", "respondent_is": "head"}
SECTIONS: dict[str, dict[str, Any]] = {
    "visit": VISIT,
    "gate": {"shelter": "yes", "head_works": "yes", "food_worry": "yes", "clothing": "no"},
    "house": {
        "floor_area": "24",
        "floor": "earth",
        "wall": "bamboo",
        "toilet": "none",
        "lighting": "meter",
        "power": "450",
    },
    "spending": {"food": "900.000", "spending": "1.300.000", "meals": "2", "meat": "1", "clothes": "1", "clinic": "no"},
    "work": {"head_work": "farm_labour", "head_income": "500.000", "income": "700.000"},
}


def value_in(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, f"the page has no {name}"
    return found[1]


@dataclass
class Team:
    app: Flask
    staff: FlaskClient
    kader: FlaskClient
    head: FlaskClient
    person: str

    def ask(self) -> str:
        """The address of a new survey of Enok's household."""
        answer = self.staff.post(f"{ROOT}/new?person={self.person}", data={"reason": "Usulan PKH"})
        assert answer.status_code == 302, answer.text
        return answer.location.removesuffix("/assign")

    def save(self, survey: str, section: str, client: FlaskClient | None = None, **answers: Any) -> TestResponse:
        who = client or self.kader
        address = f"{survey}/fill/{section}"
        return who.post(address, data={"seen": value_in(who.get(address).text, "seen"), **answers})

    def save_members(self, survey: str, **answers: str) -> None:
        for [member] in self.rows("SELECT id FROM survey_members WHERE survey_id = :id", id=survey.rpartition("/")[2]):
            address = f"{survey}/members/{member}"
            page = self.kader.get(address).text
            given = {"standing": "here", "name": "Enok Sumarni", "role": "head", "sex": "P", "schooling": "sd"}
            data = {"seen": value_in(page, "seen"), **given, "born": "1990-07-15", **answers}
            assert self.kader.post(address, data=data).status_code == 302

    def fill(self, survey: str) -> None:
        for section, answers in SECTIONS.items():
            assert self.save(survey, section, **answers).status_code == 302
        self.save_members(survey)

    def deed(self, client: FlaskClient, survey: str, deed: str, version: str = "", **data: str) -> TestResponse:
        seen = (
            version
            or self.rows("SELECT version FROM survey_surveys WHERE id = :id", id=survey.rpartition("/")[2])[0][0]
        )
        return client.post(f"{survey}/{deed}", data={"version": str(seen), "sure": "y", **data})

    def signed(self) -> str:
        survey = self.ask()
        self.fill(survey)
        assert self.deed(self.kader, survey, "finalise").status_code == 302
        assert self.deed(self.staff, survey, "sign").status_code == 302
        return survey

    def photo(self, survey: str, content: bytes = PNG) -> TestResponse:
        return self.kader.post(f"{survey}/photos", data={"shows": "front", "photo": (BytesIO(content), "rumah.png")})

    def rows(self, query: str, **values: object) -> list[Any]:
        with at(self.app, VILLAGE):
            return list(db.session.execute(text(query), values))


@pytest.fixture
def team(app: Flask, sign_in: SignInAs, clock: Any) -> Team:
    with at(app, VILLAGE) as area:
        person = str(make_person(area.id, "Enok Sumarni").id)
        commit()
    kader = sign_in("field_worker", name="Yayah Kader")
    return Team(app, sign_in("village_staff", name="Imas"), kader, sign_in("village_head", name="Ujang Kades"), person)
