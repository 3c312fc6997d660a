"""A district with a number, a village with a resident who agreed, and Meta's side of the line."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from core.api import commit, db
from core.testing import VILLAGE, SignInAs, at, make_person
from plugins.whatsapp import cloud_api, outbox
from plugins.whatsapp.consents import give

from .fake_graph import FakeGraph, start

DISTRICT = VILLAGE[:5]
ROOT = f"/{VILLAGE}/whatsapp"
HOOK = f"/{DISTRICT}/whatsapp/webhook"
TOKEN, SECRET, VERIFY = "EAAG" + "t" * 40, "s" * 32, "v" * 24
PHONE = "6281234567890"


@pytest.fixture(scope="session")
def graph_server() -> Iterator[FakeGraph]:
    graph, server = start()
    yield graph
    server.shutdown()
    server.server_close()


@pytest.fixture
def graph(graph_server: FakeGraph, monkeypatch: pytest.MonkeyPatch) -> FakeGraph:
    graph_server.requests.clear()
    graph_server.answers.clear()
    monkeypatch.setenv(cloud_api.OVERRIDE, graph_server.url)
    return graph_server


@dataclass
class District:
    app: Flask
    admin: FlaskClient
    graph: FakeGraph

    def set(self, **values: Any) -> None:
        """Through the page, as a district does."""
        address = f"/{DISTRICT}/settings/whatsapp"
        page = self.admin.get(address).text
        fingerprint = page.split('name="fingerprint" value="')[1].split('"')[0]
        given = {
            "phone_number_id": "106540352242922",
            "api_version": "v23.0",
            "token": TOKEN,
            "app_secret": SECRET,
            "verify_token": VERIFY,
            "language": "id",
            "silent_kinds": "queue.missing_papers",
            "case_events": ["opened", "changed", "closed"],
            "papers_after_days": "3",
            "papers_every_days": "7",
            "quiet_from": "20",
            "quiet_to": "7",
            "per_minute": "20",
            "attempts": "3",
            "keep_days": "90",
            **values,
        }
        answer = self.admin.post(address, data={"fingerprint": fingerprint, **given})
        assert answer.status_code == 302, answer.text

    def agreed(self, name: str = "Enok Sumarni", phone: str = PHONE, code: str = VILLAGE) -> UUID:
        with at(self.app, code) as area:
            person = make_person(area.id, name, phone="0812-3456-7890")
            give(area.id, phone, person.id, how="desk", by=None)
            commit()
            return person.id

    def queue(self, person_id: UUID, code: str = VILLAGE, **values: Any) -> UUID:
        with at(self.app, code) as area:
            said = {"text": "Ada kabar.", "values": [area.title, "CBD-26-0001"], **values}
            message = outbox.queue(area, said.pop("kind", "case.opened"), person_id=person_id, **said)
            assert message is not None
            made = message.id
            commit()
            return made

    def deliver(self, message_id: UUID, code: str = VILLAGE) -> None:
        with at(self.app, code) as area:
            outbox.deliver(area, str(message_id))

    def message(self, message_id: UUID, code: str = VILLAGE) -> Any:
        return self.ask("SELECT * FROM whatsapp_messages WHERE id = :id", code, id=message_id)[0]

    def messages(self, code: str = VILLAGE) -> list[Any]:
        return self.ask("SELECT * FROM whatsapp_messages ORDER BY made_at, id", code)

    def ask(self, query: str, code: str = VILLAGE, **values: object) -> list[Any]:
        with at(self.app, code):
            return list(db.session.execute(text(query), values).all())

    def change(self, statement: str, code: str = VILLAGE, **values: object) -> None:
        with at(self.app, code):
            db.session.execute(text(statement), values)
            commit()

    def tell(self, value: dict[str, Any], *, secret: str = SECRET, body: bytes | None = None) -> TestResponse:
        payload = {
            "object": "whatsapp_business_account",
            "entry": [{"id": "1027", "changes": [{"field": "messages", "value": value}]}],
        }
        sent = json.dumps(payload).encode() if body is None else body
        signature = hmac.new(secret.encode(), sent, hashlib.sha256).hexdigest()
        headers = {"X-Hub-Signature-256": f"sha256={signature}"}
        return self.app.test_client().post(HOOK, data=sent, content_type="application/json", headers=headers)

    def status(self, wamid: str, state: str, at: int = 1762916000, **more: Any) -> TestResponse:
        """As ``statuses[]`` of Meta's webhook."""
        told = {"id": wamid, "status": state, "timestamp": str(at), "recipient_id": PHONE, **more}
        return self.tell({**_metadata(), "statuses": [told]})

    def write(self, word: str, phone: str = PHONE) -> TestResponse:
        """A resident writes a text to the district's number."""
        message = {"from": phone, "id": "wamid.X", "timestamp": "1762916000", "type": "text", "text": {"body": word}}
        return self.tell({**_metadata(), "contacts": [{"wa_id": phone}], "messages": [message]})

    def press(self, word: str, phone: str = PHONE) -> TestResponse:
        """A resident presses the button of a template."""
        button = {"payload": word, "text": word}
        message = {"from": phone, "id": "wamid.Y", "timestamp": "1762916000", "type": "button", "button": button}
        return self.tell({**_metadata(), "messages": [message]})


def _metadata() -> dict[str, Any]:
    metadata = {"display_phone_number": "6281100000000", "phone_number_id": "106540352242922"}
    return {"messaging_product": "whatsapp", "metadata": metadata}


@pytest.fixture
def bogor(app: Flask, sign_in: SignInAs, graph: FakeGraph) -> District:
    """With its number set; at ten in the morning where the test has a clock."""
    district = District(app, sign_in("district_admin", DISTRICT), graph)
    district.set()
    return district
