"""Finished cases and those who rate them: strangers with a code, the clerk, the kepala desa."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from core.api import commit, db, now, offered
from core.testing import VILLAGE, Clock, SignInAs, at, make_case, make_person
from plugins.feedback.models import ELEMENTS, FeedbackAnswer

ROOT = f"/{VILLAGE}/feedback"
THREES: dict[str, Any] = dict.fromkeys(ELEMENTS, "3")


def url(*parts: object) -> str:
    return "/".join([ROOT, *(map(str, parts) if parts else [""])])


@dataclass
class Desk:
    app: Flask
    clock: Clock
    stranger: FlaskClient
    staff: FlaskClient
    head: FlaskClient

    def finished(self, *, closed: bool = True, name: str = "Siti Aminah") -> UUID:
        """A case of an open service, closed unless told otherwise."""
        with at(self.app, VILLAGE) as area:
            service = offered(area)["sktm.letter"]
            made = make_case(area, service, make_person(area.id, name), purpose="school")
            made.closed_at = now() if closed else None
            case_id = made.id
            commit()
        return case_id

    def code(self, case_id: UUID) -> str:
        answer = self.staff.post(url("cases", case_id, "invite"))
        assert answer.status_code == 200, answer.text
        found = re.search(r'class="ticket">([2-9A-Z]{4}-[2-9A-Z]{4})<', answer.text)
        assert found, answer.text
        return found[1]

    def rate(self, code: str, **said: Any) -> TestResponse:
        return self.stranger.post(url("rate"), data={**THREES, "code": code, **said})

    def answered(self, *marks: Sequence[int], month: date, service: str = "sktm.letter") -> None:
        """Marks that came in before, as the table keeps them."""
        with at(self.app, VILLAGE) as area:
            for each in marks:
                values = dict(zip(ELEMENTS, each, strict=True))
                db.session.add(FeedbackAnswer(village_id=area.id, month=month, service=service, channel="qr", **values))
            commit()

    def rows(self, query: str, **values: object) -> list[tuple]:
        with at(self.app, VILLAGE):
            return [tuple(row) for row in db.session.execute(text(query), values)]

    def change(self, statement: str, **values: object) -> None:
        with at(self.app, VILLAGE):
            db.session.execute(text(statement), values)
            commit()

    def set(self, client: FlaskClient, **values: str) -> None:
        address = f"/{VILLAGE}/settings/feedback"
        found = re.search(r'name="fingerprint" value="(\w+)"', client.get(address).text)
        assert found
        answer = client.post(address, data={"period": "quarter", "fingerprint": found[1], **values})
        assert answer.status_code == 302, answer.text


@pytest.fixture
def desk(app: Flask, sign_in: SignInAs, clock: Clock) -> Desk:
    staff, head = sign_in("village_staff", name="Bu Staf"), sign_in("village_head", name="Pak Kades")
    return Desk(app, clock, app.test_client(), staff, head)
