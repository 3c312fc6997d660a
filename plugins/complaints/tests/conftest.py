"""A village's complaints through the pages that strangers, clerk and kepala desa use."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from core.api import area_today, commit, db
from core.testing import VILLAGE, SignInAs, at

ROOT = f"/{VILLAGE}/complaints"
SAID: dict[str, Any] = {
    "kind": "no_inspection",
    "sector": "health",
    "description": "Posyandu belum ada timbangan sejak bulan lalu.",
    "place": "RT 02",
    "about": "service",
    "identity": "anonymous",
}
NAMED: dict[str, Any] = {"identity": "open", "name": "Asep Pelapor", "phone": "0812-3456-7890"}
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 40
SECRET: dict[str, Any] = {**NAMED, "identity": "confidential"}


def url(*parts: object) -> str:
    return "/".join([ROOT, *(map(str, parts) if parts else [""])])


@dataclass(frozen=True)
class Sent:
    """What the reporter was given."""

    ticket: str
    code: str


@dataclass
class Desk:
    app: Flask
    stranger: FlaskClient
    staff: FlaskClient
    head: FlaskClient

    def today(self) -> date:
        with at(self.app, VILLAGE):
            return area_today()

    def send(self, **said: Any) -> TestResponse:
        return self.stranger.post(url("send"), data={"draft": str(uuid4()), **SAID, **said})

    def sent(self, **said: Any) -> Sent:
        return given_in(self.send(**said))

    def taken(self, client: FlaskClient | None = None, **said: Any) -> Sent:
        """At the desk."""
        data = {"draft": str(uuid4()), "channel": "desk", **SAID, **said}
        return given_in((client or self.staff).post(url("take"), data=data))

    def ask(self, sent: Sent, code: str = "") -> TestResponse:
        return self.stranger.post(url("status"), data={"ticket": sent.ticket, "code": code or sent.code})

    def rate(self, sent: Sent, rating: str) -> TestResponse:
        data = {"ticket": sent.ticket, "code": sent.code, "rating": rating}
        return self.stranger.post(url("status", "rate"), data=data)

    def reopen(self, sent: Sent, why: str = "Belum ada timbangannya.") -> TestResponse:
        data = {"ticket": sent.ticket, "code": sent.code, "why": why}
        return self.stranger.post(url("status", "reopen"), data=data)

    def id(self, sent: Sent) -> UUID:
        return self.row("SELECT id FROM complaints_complaints WHERE ticket = :ticket", ticket=sent.ticket)[0]

    def page(self, sent: Sent, client: FlaskClient | None = None) -> TestResponse:
        return (client or self.staff).get(url(self.id(sent)))

    def do(self, sent: Sent, key: str, client: FlaskClient | None = None, **data: Any) -> TestResponse:
        version = self.row("SELECT version FROM complaints_complaints WHERE ticket = :ticket", ticket=sent.ticket)[0]
        return (client or self.staff).post(url(self.id(sent), key), data={"version": version, **data})

    def answer(self, sent: Sent, outcome: str = "settled", client: FlaskClient | None = None) -> TestResponse:
        return self.do(sent, "answer", client, text="Timbangannya datang besok.", outcome=outcome)

    def row(self, query: str, **values: object) -> Any:
        with at(self.app, VILLAGE):
            return db.session.execute(text(query), values).one()

    def change(self, statement: str, **values: object) -> None:
        with at(self.app, VILLAGE):
            db.session.execute(text(statement), values)
            commit()


def given_in(answer: TestResponse) -> Sent:
    assert answer.status_code == 200, answer.text
    ticket, code = re.search(r"ADU-[2-9A-Z]{6}", answer.text), re.search(r"[2-9A-Z]{5}-[2-9A-Z]{5}", answer.text)
    assert ticket, answer.text
    assert code, answer.text
    return Sent(ticket[0], code[0])


@pytest.fixture
def desk(app: Flask, sign_in: SignInAs) -> Desk:
    return Desk(app, app.test_client(), sign_in("village_staff"), sign_in("village_head", name="Pak Kades"))
