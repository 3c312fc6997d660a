"""A village's field as the field worker, the desk and the kepala desa see it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from core.api import commit, db
from core.testing import VILLAGE, SignInAs, at, make_person

ROOT = f"/{VILLAGE}/kader"
HOME = f"/{VILLAGE}/"


def url(*parts: object) -> str:
    return "/".join([ROOT, *(map(str, parts) if parts else [""])])


@dataclass
class Family:
    household: UUID
    person: UUID


@dataclass
class Field:
    app: Flask
    kader: FlaskClient
    desk: FlaskClient

    def family(self, name: str, rt: str = "002", rw: str = "005", **values: Any) -> Family:
        with at(self.app, VILLAGE) as area:
            person = make_person(area.id, name, **values)
            statement = "UPDATE households SET rt = :rt, rw = :rw, address = :address WHERE id = :id"
            id = person.household_id
            db.session.execute(text(statement), {"rt": rt, "rw": rw, "address": f"Kp. {name}", "id": id})
            commit()
            assert id
            return Family(id, person.id)

    def user(self, name: str) -> str:
        with self.app.app_context():
            return str(db.session.scalar(text("SELECT id FROM users WHERE name = :name"), {"name": name}))

    def assign(self, name: str = "Yayah", *places: str, **data: Any) -> TestResponse:
        """``places`` as the form has them: "005/002", or "005/" for a whole RW."""
        form = {
            "user": self.user(name),
            "kind": "pkk",
            "starts_on": "2026-11-01",
            "places": list(places or ("005/002",)),
        }
        return self.desk.post(url("assignments/new"), data={**form, **data})

    def visit(self, household: UUID, client: FlaskClient | None = None, **data: Any) -> TestResponse:
        form = {"draft": str(uuid4()), "purpose": "routine", "done_on": "2026-11-12", "note": "Sehat semua"}
        return (client or self.kader).post(url("households", household, "visit"), data={**form, **data})

    def find(self, client: FlaskClient | None = None, about: str = "", **data: Any) -> UUID:
        draft = uuid4()
        form = {"draft": str(draft), "kind": "sick", "words": "Demam lama", "place": "Saung dekat pasar", **data}
        answer = (client or self.kader).post(url(f"findings/new{about}"), data=form)
        assert answer.status_code == 302, answer.text
        return draft

    def do(self, finding: UUID, deed: str, **data: Any) -> TestResponse:
        """A deed of the desk on the page as it stands now, unless ``version`` says otherwise."""
        version = self.ask("SELECT version FROM kader_findings WHERE id = :id", id=finding).version
        return self.desk.post(url("findings", finding, deed), data={"version": version, **data})

    def ask(self, query: str, **values: object) -> Any:
        with at(self.app, VILLAGE):
            return db.session.execute(text(query), values).one()

    def change(self, statement: str, **values: object) -> None:
        with at(self.app, VILLAGE):
            db.session.execute(text(statement), values)
            commit()


@pytest.fixture
def field(app: Flask, clock: object, sign_in: SignInAs) -> Field:
    field = Field(app, sign_in("field_worker", name="Yayah"), sign_in("village_staff", name="Siti"))
    with app.app_context():  # the tests move the clock by days, and nobody signs in anew
        db.session.execute(text("UPDATE sign_ins SET expires_at = expires_at + interval '30 days'"))
        db.session.commit()
    return field
