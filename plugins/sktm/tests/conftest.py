"""A desk at which SKTM cases are worked on, through the pages that the clerks use."""

import re
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.api import commit
from core.testing import VILLAGE, SignInAs, at, make_case, make_person, settle_papers
from plugins.sktm.services import letter_of_poverty

ANSWERS = {
    "purpose": "school",
    "addressee": "SDN Cibadak 01",
    "reason": "Buruh harian, tiga anak.",
    "witness_1": "Ujang",
    "witness_2": "Oom",
}


def village_url(*parts: str) -> str:
    return "/".join([f"/{VILLAGE}", *parts])


@dataclass
class Desk:
    """``staff`` and ``head`` are the two who work on a case."""

    app: Flask
    staff: FlaskClient
    head: FlaskClient

    def open_case(self, name: str = "Siti Aminah", **values: object) -> str:
        """A case with all its papers; its id. ``values`` are the resident's, or answers of the form."""
        answers = {key: values.pop(key, answer) for key, answer in ANSWERS.items()}
        with at(self.app, VILLAGE) as area:
            case = make_case(area, letter_of_poverty, make_person(area.id, name, **values), **answers)
            settle_papers(case, letter_of_poverty)
            commit()
            return str(case.id)

    def step(self, client: FlaskClient, case: str, key: str) -> tuple[int, str]:
        url = village_url("cases", case, "step", key)
        answer = client.post(url, data={"version": version_of(client, case)})
        return answer.status_code, answer.text

    def approve(self, case: str) -> None:
        for client, key in ((self.staff, "handle"), (self.staff, "recommend"), (self.head, "approve")):
            assert self.step(client, case, key)[0] == 302

    def issue(self, case: str) -> str:
        """Make the letter of an approved case; the address of its PDF."""
        data = {"version": version_of(self.staff, case)}
        assert self.staff.post(village_url("cases", case, "letters", "statement"), data=data).status_code == 302
        found = re.search(r'href="([^"]+\.pdf)"', self.staff.get(village_url("cases", case)).text)
        assert found
        return found[1]

    def sign(self, case: str) -> None:
        found = re.search(r'action="([^"]+/sign)"', self.head.get(village_url("cases", case)).text)
        assert found
        data = {"version": version_of(self.head, case)}
        assert self.head.post(found[1], data=data).status_code == 302


def version_of(client: FlaskClient, case: str) -> str:
    """As the forms on the case's page carry it."""
    found = re.search(r'name="version"[^>]*value="(\d+)"', client.get(village_url("cases", case)).text)
    return found[1] if found else "1"


@pytest.fixture
def desk(app: Flask, sign_in: SignInAs) -> Desk:
    return Desk(app, sign_in("village_staff"), sign_in("village_head", name="Ade Sunarya"))
