"""A desk that works with DTSEN, through the pages that the clerk uses."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from core.api import Case, Household, Service, commit, db, find_person
from core.testing import VILLAGE, Clock, SignInAs, at, make_case, make_person, settle_papers
from core.testing.importing import bring_file, import_step
from core.testing.reading import tagged
from plugins.dtsen.services import proposal

ROOT = f"/{VILLAGE}/dtsen"
PROPOSAL = {"change": "members", "now": "4 anggota", "wanted": "5 anggota, bayi lahir Oktober"}
OBJECTION = {"ground": "decile", "seen_on": None, "seen": "desil 7", "reason": "Berhenti bekerja sejak Juni."}


def url(*parts: object) -> str:
    return "/".join([ROOT, *(map(str, parts) if parts else [""])])


@dataclass
class Desk:
    app: Flask
    sign_in: SignInAs
    clock: Clock
    staff: FlaskClient
    head: FlaskClient

    def on(self, day: int, month: int = 11) -> None:
        """Another day: everybody signs in again."""
        self.clock.set(datetime(2026, month, day, 10, tzinfo=ZoneInfo("Asia/Jakarta")))
        self.staff, self.head = self.sign_in("village_staff", name="Siti Petugas"), self.sign_in("village_head")

    def person(self, name: str = "Enok Sumarni", decile: int | None = None, **values: Any) -> str:
        """Somebody with a family of their own."""
        with at(self.app, VILLAGE) as area:
            made = make_person(area.id, name, **values)
            home = db.session.get_one(Household, (area.id, made.household_id))
            if decile:
                home.decile, home.decile_on, home.decile_source = decile, datetime(2026, 1, 5).date(), "Lama"  # noqa: DTZ001
            commit()
            return str(made.id)

    def kk(self, person: str) -> str:
        query = "SELECT kk_number FROM households h JOIN persons p ON p.household_id = h.id WHERE p.id = :id"
        return self.rows(query, id=UUID(person))[0][0]

    def open_case(self, service: Service, answers: dict[str, Any], name: str = "Enok Sumarni") -> str:
        person_id = UUID(self.person(name, registry_match="matched"))
        with at(self.app, VILLAGE) as area:
            found = find_person(area.id, person_id)
            assert found
            case = make_case(area, service, found, **answers)
            settle_papers(case, service)
            commit()
            return str(case.id)

    def keyed(self, name: str = "Enok Sumarni") -> str:
        """A proposal that is in SIKS-NG already."""
        case = self.open_case(proposal, PROPOSAL, name)
        assert self.step(case, "handle").status_code == 302
        assert self.step(case, "send", note="SIKS-NG").status_code == 302
        return case

    def step(self, case: str, key: str, **data: str) -> TestResponse:
        with at(self.app, VILLAGE) as area:
            version = str(db.session.get_one(Case, (area.id, UUID(case))).version)
        return self.staff.post(f"/{VILLAGE}/cases/{case}/step/{key}", data={"version": version, **data})

    def upload(self, lines: str, **other: str) -> str:
        """The page of a file that was checked."""
        said = {"decile_on": "2026-11-01", "source": "SIKS-NG", **other}
        return bring_file(self.app, self.staff, "dtsen.deciles", lines, **said)

    def file_step(self, page: str, key: str, **data: str) -> TestResponse:
        """What is asked for on the page of a file, and done by the worker."""
        return import_step(self.app, self.staff, page, key, **data)

    def page(self, *parts: object, **query: Any) -> str:
        return tagged(self.staff.get(url(*parts), query_string=query).text)

    def rows(self, query: str, **values: object) -> list[Any]:
        with at(self.app, VILLAGE):
            return [tuple(row) for row in db.session.execute(text(query), values)]


@pytest.fixture
def desk(app: Flask, sign_in: SignInAs, clock: Clock) -> Desk:
    return Desk(app, sign_in, clock, sign_in("village_staff", name="Siti Petugas"), sign_in("village_head"))
