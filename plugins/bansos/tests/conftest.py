"""A desk that hands out aid, through the pages that clerk and kader use."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from core.api import Case, Household, Service, area_today, commit, db, find_person
from core.testing import VILLAGE, SignInAs, at, make_case, make_person, settle_papers
from core.testing.importing import bring_file, import_step
from core.testing.reading import tagged

ROOT = f"/{VILLAGE}/bansos"
PNG = b"\x89PNG\r\n\x1a\n" + b"synthetic"
NAMES = ("Enok Sumarni", "Asep Saepudin", "Iis Aisyah", "Dadang Suhendar")


def nik_of(number: int) -> str:
    return f"320115550790{number:04d}"


def url(*parts: object) -> str:
    return "/".join([ROOT, *(map(str, parts) if parts else [""])])


@dataclass
class Desk:
    app: Flask
    staff: FlaskClient
    kader: FlaskClient

    def people(self, *names: str) -> list[str]:
        """Residents, each with a NIK and a family of their own, from RT 001 on; their ids."""
        with at(self.app, VILLAGE) as area:
            made = []
            for number, name in enumerate(names or NAMES, start=1):
                person = make_person(area.id, name, nik=nik_of(number))
                db.session.get_one(Household, (area.id, person.household_id)).rt = f"{number:03d}"
                made.append(str(person.id))
            commit()
        return made

    def form(self, **other: Any) -> dict[str, Any]:
        with at(self.app, VILLAGE):
            today = area_today()
        return {
            "title": "Beras Bulog",
            "source": "bapanas",
            "period": "November 2026",
            "items": "10 kg beras\n1,5 liter minyak goreng",
            "amount": "",
            "place": "Balai desa",
            "first_day": today.isoformat(),
            "last_day": (today + timedelta(days=3)).isoformat(),
            "answers_for": "Imas Masitoh",
            **other,
        }

    def announce(self, **other: Any) -> str:
        answer = self.staff.post(url("distributions", "new"), data=self.form(**other))
        assert answer.status_code == 302, answer.text
        return answer.location.rpartition("/")[2]

    def listed(self, *names: str) -> tuple[str, list[str]]:
        """A distribution with residents on its list; the ids of the recipients in their order."""
        people, distribution = self.people(*names), self.announce()
        answer = self.staff.post(url("distributions", distribution, "residents"), data={"people": people})
        assert answer.status_code == 302, answer.text
        rows = self.rows("SELECT id FROM bansos_recipients ORDER BY number")
        return distribution, [str(row[0]) for row in rows]

    def hand_over(
        self, recipient: str, client: FlaskClient | None = None, photo: bytes = b"", **other: Any
    ) -> TestResponse:
        today = self.form()["first_day"]
        data = {"relation": "self", "handed_on": today, "handed_by": "Imas", **other}
        if photo:
            data["photo"] = (BytesIO(photo), "foto.png")
        return (client or self.staff).post(url("recipients", recipient, "hand-over"), data=data)

    def upload(self, distribution: str, lines: str) -> str:
        """The page of a list that was checked."""
        return bring_file(self.app, self.staff, "bansos.recipients", lines, about=distribution)

    def step(self, page: str, key: str, **data: str) -> TestResponse:
        """What is asked for on the page of a list, and done by the worker; or a step of a case."""
        if "/imports/" in page:
            return import_step(self.app, self.staff, page, key, **data)
        return self._post(page, f"step/{key}", data)

    def page(self, *parts: object) -> str:
        return self.staff.get(url(*parts)).text

    def rows(self, query: str, **values: object) -> list[Any]:
        with at(self.app, VILLAGE):
            return list(db.session.execute(text(query), values))

    def version(self, table: str, row_id: str) -> str:
        query = f"SELECT version FROM bansos_{table} WHERE id = :id"  # noqa: S608 - a table of ours
        return str(self.rows(query, id=UUID(row_id))[0][0])

    def open_case(self, service: Service, answers: dict[str, Any]) -> str:
        with at(self.app, VILLAGE) as area:
            person = make_person(area.id, "Enok Sumarni", registry_match="matched", phone="081200000000")
            found = find_person(area.id, person.id)
            assert found
            case = make_case(area, service, found, **answers)
            settle_papers(case, service)
            commit()
            return str(case.id)

    def send(self, draft: str) -> str:
        """What is said when a referral that was drafted is to be sent."""
        [version] = self.rows("SELECT version FROM referrals WHERE id = :id", id=UUID(draft.rpartition("/")[2]))
        return tagged(self.staff.post(f"{draft}/send", data={"version": version[0]}, follow_redirects=True).text)

    def letter(self, case: str, key: str, **options: Any) -> TestResponse:
        return self._post(case, f"letters/{key}", {}, **options)

    def _post(self, case: str, path: str, data: dict[str, str], **options: Any) -> TestResponse:
        with at(self.app, VILLAGE) as area:
            version = str(db.session.get_one(Case, (area.id, UUID(case))).version)
        return self.staff.post(f"/{VILLAGE}/cases/{case}/{path}", data={"version": version, **data}, **options)


@pytest.fixture
def desk(app: Flask, sign_in: SignInAs) -> Desk:
    return Desk(app, sign_in("village_staff"), sign_in("field_worker", name="Yayah Kader"))
