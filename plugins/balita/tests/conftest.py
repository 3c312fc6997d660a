"""A Posyandu that measures children, through the pages that clerk and kader use."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from core.api import commit, db
from core.testing import VILLAGE, SignInAs, at, make_person
from core.testing.importing import bring_file, import_step
from plugins.balita.measurement_files import MEASUREMENTS

ROOT = f"/{VILLAGE}/balita"
HEADER = [column.header for column in MEASUREMENTS.columns]
TODAY = date(2026, 11, 12)


def url(*parts: object) -> str:
    return "/".join([ROOT, *(map(str, parts) if parts else [""])])


@dataclass
class Posyandu:
    app: Flask
    staff: FlaskClient
    kader: FlaskClient

    def child(self, name: str = "Dede Rukmana", born: str = "2025-11-12", **values: Any) -> str:
        with at(self.app, VILLAGE) as area:
            made = make_person(area.id, name, **{"sex": "L", "birth_date": date.fromisoformat(born), **values})
            commit()
            return str(made.id)

    def nik(self, child: str) -> str:
        return self.rows("SELECT nik FROM persons WHERE id = :id", id=child)[0][0]

    def measure(self, child: str, day: str = "2026-11-12", **data: str) -> TestResponse:
        said = {"measured_on": day, "weight": "9,6", "height": "75,7", "measured_by": "Yayah Kader", **data}
        return self.kader.post(url("children", child, "measure"), data=said)

    def page(self, *parts: object, client: FlaskClient | None = None) -> str:
        return (client or self.kader).get(url(*parts)).text

    def rows(self, query: str, **values: object) -> list[Any]:
        with at(self.app, VILLAGE):
            return list(db.session.execute(text(query), values))

    def upload(self, *lines: str, header: str = ",".join(HEADER)) -> str:
        """The page of a file that was checked."""
        content = "\n".join([header, *lines])
        return bring_file(self.app, self.staff, "balita.measurements", content, "posyandu.csv")

    def step(self, file: str, step: str) -> TestResponse:
        return import_step(self.app, self.staff, file, step)


@pytest.fixture
def posyandu(app: Flask, sign_in: SignInAs, clock: Any) -> Posyandu:
    return Posyandu(app, sign_in("village_staff"), sign_in("field_worker", name="Yayah Kader"))
