"""A village's escorts as kader, desk and kepala desa see them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from core.api import commit, db
from core.testing import VILLAGE, SignInAs, at, make_person

ROOT = f"/{VILLAGE}/emergency"
HOME = f"/{VILLAGE}/"


def url(*parts: object) -> str:
    return "/".join([ROOT, *(map(str, parts) if parts else [""])])


@dataclass
class Village:
    app: Flask
    kader: FlaskClient
    desk: FlaskClient

    def call(self, client: FlaskClient | None = None, **said: Any) -> UUID:
        draft = uuid4()
        data = {"draft": str(draft), "place": "RT 02/RW 05", "jkn": "none", "minutes_ago": "0", **said}
        answer = (client or self.kader).post(url("call"), data=data)
        assert answer.status_code == 302, answer.text
        return draft

    def tap(self, id: UUID, key: str, client: FlaskClient | None = None, **data: str) -> TestResponse:
        return (client or self.kader).post(url(id, "tap", key), data=data)

    def hand_over(self, id: UUID) -> None:
        assert self.tap(id, "handed_over", facility="RSUD Leuwiliang", receiver="Ns. Rini").status_code == 302

    def ended(self, **said: Any) -> UUID:
        id = self.call(**said)
        self.hand_over(id)
        return id

    def attach(self, id: UUID, person: str) -> None:
        assert self.do(id, f"attach/{person}").status_code == 302

    def do(self, id: UUID, deed: str, **data: Any) -> TestResponse:
        """A deed of the desk on the page as it stands now, unless ``version`` says otherwise."""
        return self.desk.post(url(id, deed), data={"version": self.row(id).version, **data})

    def row(self, id: UUID) -> Any:
        return self.ask("SELECT * FROM emergency_escorts WHERE id = :id", id=id)

    def ask(self, query: str, **values: object) -> Any:
        with at(self.app, VILLAGE):
            return db.session.execute(text(query), values).one()

    def change(self, statement: str, **values: object) -> None:
        with at(self.app, VILLAGE):
            db.session.execute(text(statement), values)
            commit()

    def deeds(self) -> list[tuple[str, dict[str, Any]]]:
        """What the audit has of this module, in order."""
        query = "SELECT action, detail FROM audit_entries WHERE action LIKE 'emergency.%' ORDER BY seq"
        with at(self.app, VILLAGE):
            return [(row.action.removeprefix("emergency."), row.detail) for row in db.session.execute(text(query))]

    def person(self, **values: Any) -> str:
        with at(self.app, VILLAGE) as area:
            person = make_person(area.id, **values)
            commit()
            return str(person.id)


def moment(hour: int, minute: int = 0, day: int = 12) -> datetime:
    """Of the day of the tests, in Cibadak."""
    return datetime.fromisoformat(f"2026-11-{day:02d}T{hour:02d}:{minute:02d}:00+07:00")


@pytest.fixture
def desa(app: Flask, sign_in: SignInAs) -> Village:
    return Village(app, sign_in("field_worker", name="Yayah"), sign_in("village_staff", name="Siti"))
