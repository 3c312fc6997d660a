"""A village that refers to the Dinas Sosial, its officers, and a system outside that listens on this machine."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from core.api import Service, db, now, offered
from core.testing import VILLAGE, SignInAs, at, make_case, make_person, run_waiting
from core.testing.examples import example_answers
from plugins.slrt.signing import SIGNATURE, TIMESTAMP, sign

DISTRICT, KECAMATAN = "32.01", "32.01.15"
ROOT = f"/{DISTRICT}/slrt"
NAME, NIK = "Rohaeti binti Sarmin", "3201155507900042"
KEY = "kunci-bersama-untuk-uji"


@dataclass
class House:
    """The desk of Cibadak, an officer of the Dinas Sosial, and the district's admin."""

    app: Flask
    desk: FlaskClient
    officer: FlaskClient
    admin: FlaskClient

    def case(self, village: str = VILLAGE, name: str = NAME, nik: str = NIK) -> UUID:
        with at(self.app, village) as area:
            service: Service = offered(area)["sktm.letter"]
            case = make_case(area, service, make_person(area.id, name, nik=nik), **example_answers(service.form))
            case_id = case.id
            db.session.commit()
        return case_id

    def refer(self, case_id: UUID, to: str = "dinsos", desk: FlaskClient | None = None, village: str = VILLAGE) -> UUID:
        """Written and sent by the desk, with the whole NIK."""
        desk = desk or self.desk
        said = {
            "to": to,
            "kind": "membership",
            "ask": "Mohon aktifkan PBI-JK.",
            "nik": "full",
            "fields": ["age", "phone"],
        }
        made = desk.post(f"/{village}/cases/{case_id}/refer", data=said)
        assert made.status_code == 302, made.text
        referral_id = UUID(made.location.rpartition("/")[2])
        sent = desk.post(f"/{village}/referrals/{referral_id}/send", data={"version": self.row(referral_id).version})
        assert sent.status_code == 302, sent.text
        return referral_id

    def sent(self) -> UUID:
        return self.refer(self.case())

    def row(self, referral_id: UUID) -> Any:
        return self.ask("SELECT * FROM referrals WHERE id = :id", id=referral_id)

    def ask(self, query: str, **values: object) -> Any:
        with at(self.app, DISTRICT):
            return db.session.execute(text(query), values).one()

    def rows(self, query: str, **values: object) -> list[Any]:
        with at(self.app, DISTRICT):
            return list(db.session.execute(text(query), values))

    def write(self, statement: str, village: str = VILLAGE, **values: object) -> None:
        with at(self.app, village):
            db.session.execute(text(statement), values)
            db.session.commit()

    def copy(self, referral_id: UUID, times: int) -> None:
        """As if the village had sent so many more, each due a day later than the one before."""
        columns = "kind, ask, shared, answer_days, state, sent_at, case_id, organisation_id, village_id"
        self.write(
            f"INSERT INTO referrals ({columns}, id, number, due_on) SELECT {columns}, gen_random_uuid(),"  # noqa: S608
            " 'CBD-R26-9' || lpad(n::text, 3, '0'), due_on + n FROM referrals, generate_series(1, :times) n"
            " WHERE id = :id",
            id=referral_id,
            times=times,
        )

    def page(self, referral_id: UUID, client: FlaskClient | None = None, village: str = VILLAGE) -> TestResponse:
        return (client or self.officer).get(f"{ROOT}/{village}/{referral_id}")

    def do(self, referral_id: UUID, deed: str, client: FlaskClient | None = None, **data: Any) -> TestResponse:
        return (client or self.officer).post(f"{ROOT}/{VILLAGE}/{referral_id}/{deed}", data=data)

    def work(self) -> None:
        run_waiting(self.app)

    def set(self, **wanted: str) -> TestResponse:
        """The district's settings, as its admin sends them."""
        address = f"/{DISTRICT}/settings/slrt"
        page = self.admin.get(address).text
        hidden = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="(\w+)"[^>]*value="([^"]*)"', page))
        usual = {"system_name": "SIKS Bogor", "url": "", "key": KEY, "tolerance": "300"}
        return self.admin.post(address, data={**hidden, **usual, **wanted})

    def report(self, content: Any, *, key: str = KEY, age: int = 0, body: bytes | None = None) -> TestResponse:
        """As the system outside sends it; ``age`` in seconds."""
        sent = json.dumps(content).encode() if body is None else body
        timestamp = str(int(now().timestamp()) - age)
        headers = {TIMESTAMP: timestamp, SIGNATURE: sign(key, timestamp, sent)}
        return self.app.test_client().post(f"{ROOT}/callback", data=sent, headers=headers)


@pytest.fixture
def house(app: Flask, sign_in: SignInAs) -> House:
    return House(
        app,
        sign_in("village_staff", name="Wiwin"),
        sign_in("district_officer", DISTRICT, name="Bu Ratna"),
        sign_in("district_admin", DISTRICT, name="Pak Ujang"),
    )


@dataclass
class Listener:
    """A system outside. ``answers`` are the statuses that it gives, one after the other, and 200 from then on."""

    url: str = ""
    answers: list[int] = field(default_factory=list)
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[Listener]:
    monkeypatch.setenv("SLRT_ALLOW_PRIVATE", "1")
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            listener.heard.append((dict(self.headers), body))
            status = listener.answers.pop(0) if listener.answers else 200
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", listener.url + "/elsewhere")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing on the terminal."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    listener.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield listener
    server.shutdown()
    server.server_close()
    thread.join()
