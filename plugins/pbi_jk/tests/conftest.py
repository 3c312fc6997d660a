"""A desk at which PBI-JK cases are worked on, and the officer of the Dinas Sosial, both through their pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from io import BytesIO
from unittest.mock import patch
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.api import Case, Service, commit, db
from core.testing import VILLAGE, SignInAs, at, make_case, make_person, settle_papers
from core.testing.reading import version_in
from plugins.pbi_jk.services import reactivation

DISTRICT = "32.01"
ANSWERS = {
    "care": "routine",
    "facility": "RSUD Leuwiliang",
    "card_number": "0001234567890",
    "inactive_since": "2026-02-01",
}
INTAKE = {"channel": "desk", "priority": "normal", "privacy_notice_given": "y", "reporter_phone": "0812 0000 0042"}
OUTCOME = {"note": "Direkomendasikan, diusulkan bulan ini.", "reference": "Rekomendasi 460/77/2026"}
TODAY = {"how": "desk"}


def village_url(*parts: str) -> str:
    return "/".join([f"/{VILLAGE}", *parts])


@contextmanager
def days_later(days: int, sign_in: SignInAs) -> Iterator[FlaskClient]:
    """Let the platform's clock run ahead; somebody of the village who signs in then, for older sign-ins have ended."""

    class Later(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # pyright: ignore[reportIncompatibleMethodOverride]
            return datetime.now(tz) + timedelta(days=days)

    with patch("core.clock.datetime", Later):
        yield sign_in("village_staff")


@dataclass
class Desk:
    app: Flask
    staff: FlaskClient
    officer: FlaskClient
    """Of the Dinas Sosial."""

    def make_person(self, name: str = "Siti Aminah", decile: int | None = None, **values: object) -> str:
        with at(self.app, VILLAGE) as area:
            person = make_person(area.id, name, **values)
            assert person.household
            person.household.decile = decile
            commit()
            return str(person.id)

    def open_case(
        self, name: str = "Siti Aminah", *, service: Service = reactivation, papers: bool = True, **values: object
    ) -> str:
        """A case with all its papers; its id. ``values`` are the resident's, or answers of the form."""
        answers = {key: values.pop(key, answer) for key, answer in ANSWERS.items()}
        decile = values.pop("decile", None)
        with at(self.app, VILLAGE) as area:
            person = make_person(area.id, name, **values)
            assert person.household
            person.household.decile = decile  # pyright: ignore[reportAttributeAccessIssue]
            case = make_case(area, service, person, **answers)
            if papers:
                settle_papers(case, service)
            commit()
            return str(case.id)

    def page(self, case: str, client: FlaskClient | None = None) -> str:
        return (client or self.staff).get(village_url("cases", case)).text

    def state(self, case: str) -> str:
        with at(self.app, VILLAGE) as area:
            return db.session.get_one(Case, (area.id, UUID(case))).state

    def step(self, case: str, key: str, **data: object) -> TestResponse:
        url = village_url("cases", case, "step", key)
        return self.staff.post(url, data={"version": self._version(case), **data})

    def take(self, case: str, key: str, **data: object) -> None:
        answer = self.step(case, key, **data)
        assert answer.status_code == 302, answer.text

    def _version(self, case: str) -> int:
        with at(self.app, VILLAGE) as area:
            return db.session.get_one(Case, (area.id, UUID(case))).version

    def give(self, case: str, paper: str) -> None:
        data = {"action": "upload", "file": (BytesIO(b"%PDF-1.7 synthetic"), f"{paper}.pdf")}
        assert self.staff.post(village_url("cases", case, "papers", paper), data=data).status_code == 302

    # ---- the referral ----

    def plan(self, case: str) -> str:
        """Press the one button; the address of the draft."""
        answer = self.staff.post(village_url("cases", case, "refer", "planned"))
        assert answer.status_code == 302, answer.text
        return answer.location

    def refer(self, case: str) -> str:
        """Make and send the referral; its id."""
        draft = self.plan(case)
        sent = self.staff.post(f"{draft}/send", data={"version": version_in(self.staff.get(draft).text)})
        assert sent.status_code == 302
        return draft.rsplit("/", 1)[-1]

    def send(self, case: str) -> str:
        """Bring a case to the Dinas Sosial; the id of its referral."""
        self.take(case, "handle")
        referral = self.refer(case)
        self.take(case, "send")
        return referral

    def inbox(self, referral: str) -> str:
        return f"/{DISTRICT}/inbox/{VILLAGE}/{referral}"

    def reply(self, referral: str, *steps: str, **data: str) -> None:
        """What the officer of the Dinas Sosial does, each step with the words that it needs."""
        for key in steps:
            page = self.officer.get(self.inbox(referral)).text
            answer = self.officer.post(
                f"{self.inbox(referral)}/steps/{key}", data={**OUTCOME, "version": version_in(page), **data}
            )
            assert answer.status_code == 302, answer.text

    def activate(self, case: str, on: str = "2026-11-03") -> None:
        """From the Dinas Sosial's recommendation to the active membership."""
        for key in ("recommended", "proposed", "at_ministry"):
            self.take(case, key, on=on, note="Dilihat di SIKS-NG.")
        self.take(case, "approve", on=on, outcome="Aktif di Mobile JKN")


@pytest.fixture
def desk(app: Flask, sign_in: SignInAs) -> Desk:
    return Desk(app, sign_in("village_staff"), sign_in("district_officer", DISTRICT, name="Rina Dinsos"))
