"""A desk that follows the repair of a house, through the pages that clerk and kader use."""

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

from core.api import Case, area_today, commit, db
from core.testing import VILLAGE, SignInAs, at, make_case, make_person, settle_papers
from plugins.rtlh.services import repair

ROOT = f"/{VILLAGE}/rtlh"
PNG = b"\x89PNG\r\n\x1a\n" + b"synthetic"
NIK = "3201155507900001"
ANSWERS = {
    "owner": "yes",
    "land": "yes",
    "land_paper": "letter_c",
    "only_house": "yes",
    "aided": "no",
    "roof": "unfit",
    "floor": "fit",
    "wall": "fit",
    "size": 36,
    "condition": "Rangka atap lapuk.",
}


def url(*parts: object) -> str:
    return "/".join([ROOT, *(map(str, parts) if parts else [""])])


@dataclass
class Desk:
    app: Flask
    staff: FlaskClient
    kader: FlaskClient

    def day(self, ago: int = 0) -> str:
        with at(self.app, VILLAGE):
            return (area_today() - timedelta(days=ago)).isoformat()

    def granted(self) -> str:
        """A case of which the decree is there; its id."""
        with at(self.app, VILLAGE) as area:
            case = make_case(area, repair, make_person(area.id, "Enok Sumarni", nik=NIK), **ANSWERS)
            settle_papers(case, repair)
            case.state, case.waiting = "decreed", True
            commit()
            return str(case.id)

    def form(self, **other: Any) -> dict[str, Any]:
        return {
            "source": "APBD Kabupaten 2026",
            "decree": "648/12/2026",
            "begun_on": self.day(ago=5),
            "builder": "Pokmas Cibadak",
            "material": "17500000",
            "wages": "2000000",
            "operations": "500000",
            **other,
        }

    def begin(self, case: str, **other: Any) -> TestResponse:
        return self.staff.post(url("cases", case, "begin"), data=self.form(**other))

    def works(self) -> tuple[str, str]:
        """A case and its works."""
        case = self.granted()
        answer = self.begin(case)
        assert answer.status_code == 302, answer.text
        return case, answer.location.rpartition("/")[2]

    def stage(
        self, work: str, percent: int, *, photo: bytes = PNG, client: FlaskClient | None = None, **other: Any
    ) -> TestResponse:
        data = {"percent": percent, "seen_on": self.day(), "version": self.version(work), **other}
        if photo:
            data["photo"] = (BytesIO(photo), "rumah.png")
        return (client or self.staff).post(url("works", work, "stages", "new"), data=data)

    def spend(self, work: str, amount: int, kind: str = "material", **other: Any) -> TestResponse:
        data = {
            "kind": kind,
            "amount": amount,
            "spent_on": self.day(),
            "what": "60 sak semen",
            "paid_to": "TB Maju",
            **other,
        }
        return self.staff.post(url("works", work, "expenses", "new"), data=data)

    def hand_over(self, work: str, **other: Any) -> TestResponse:
        data = {"on": self.day(), "note": "Dihadiri ketua RT", "version": self.version(work), **other}
        return self.staff.post(url("works", work, "hand-over"), data=data)

    def page(self, *parts: object) -> str:
        return self.staff.get(url(*parts)).text

    def rows(self, query: str, **values: object) -> list[Any]:
        with at(self.app, VILLAGE):
            return list(db.session.execute(text(query), values))

    def version(self, work: str) -> str:
        return str(self.rows("SELECT version FROM rtlh_works WHERE id = :id", id=UUID(work))[0][0])

    def state(self, case: str) -> str:
        with at(self.app, VILLAGE) as area:
            return db.session.get_one(Case, (area.id, UUID(case))).state


@pytest.fixture
def desk(app: Flask, sign_in: SignInAs) -> Desk:
    return Desk(app, sign_in("village_staff"), sign_in("field_worker", name="Yayah Kader"))
