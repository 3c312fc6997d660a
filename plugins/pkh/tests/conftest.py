"""A desk that keeps the list of KPM, through the pages that clerk and kader use."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from core.api import Case, Household, Service, area_today, commit, db, find_person
from core.testing import VILLAGE, SignInAs, at, make_case, make_person, settle_papers
from plugins.pkh.rulebook import Month
from plugins.pkh.services import proposal

ROOT = f"/{VILLAGE}/pkh"
ASKED: dict[str, Any] = dict.fromkeys(("pregnancy", "sd", "smp", "sma", "disability", "rights_victim"), 0)
PROPOSAL: dict[str, Any] = {**ASKED, "member": "no", "pregnancy_number": None, "payee": "", "situation": "Buruh tani."}
CHANGE = {"member": "yes", "change": "ended", "changed_on": "2026-01-05", "who": "Asep", "payee_reason": ""}
CHANGE |= {"payee": "", "account": "", "explanation": "Lulus sekolah."}


def url(*parts: object) -> str:
    return "/".join([ROOT, *(map(str, parts) if parts else [""])])


@dataclass
class Home:
    """A household: who is in it, by first name."""

    people: dict[str, str]

    @property
    def mother(self) -> str:
        return self.people["Enok"]


@dataclass
class Desk:
    app: Flask
    staff: FlaskClient
    kader: FlaskClient

    def today(self) -> date:
        with at(self.app, VILLAGE):
            return area_today()

    def make_home(self, *, decile: int | None = 2, **born: str) -> Home:
        """A mother, Enok, with NIK and one child for each name, born on the day that is given."""
        with at(self.app, VILLAGE) as area:
            mother = make_person(area.id, "Enok Sumarni", marital_status="Kawin", registry_match="matched")
            db.session.get_one(Household, (area.id, mother.household_id)).decile = decile
            people = {"Enok": str(mother.id)}
            for name, day in born.items():
                child = make_person(area.id, name, birth_date=date.fromisoformat(day), nik=None, family_role="child")
                child.household_id, child.marital_status = mother.household_id, "Belum kawin"
                people[name] = str(child.id)
            commit()
        return Home(people)

    # ---- the list ----

    def enlist(self, home: Home, *, client: FlaskClient | None = None, **components: str) -> TestResponse:
        """``Asep="sd smp"``: what each counts for, since the beginning of the year unless ``since`` is given."""
        data: dict[str, Any] = {
            "since": components.pop("since", f"{self.today().year}-01-01"),
            "payee": home.people[components.pop("payee", "Enok")],
            "reason": components.pop("reason", ""),
        }
        for name, keys in components.items():
            data[f"p{home.people[name]}-components"] = keys.split()
            data[f"p{home.people[name]}-place"] = "SDN Cibadak 02"
        return (client or self.staff).post(url("people", home.mother, "enlist"), data=data)

    def listed(self, **born: Any) -> tuple[Home, str]:
        """A family on the list with a small child, Dede, and a pupil, Asep; its id there."""
        year = self.today().year
        home = self.make_home(Dede=f"{year - 2}-01-01", Asep=f"{year - 9}-01-01", **born)
        answer = self.enlist(home, Dede="child", Asep="sd")
        assert answer.status_code == 302, answer.text
        return home, answer.location.rsplit("/", 1)[-1].partition("#")[0]

    def page(self, family: str, *parts: object, client: FlaskClient | None = None) -> str:
        return (client or self.staff).get(url("families", family, *parts)).text

    def post(self, family: str, *parts: object, client: FlaskClient | None = None, **data: Any) -> TestResponse:
        version = data.pop("version", None) or self.version(family)
        return (client or self.staff).post(url("families", family, *parts), data={"version": version, **data})

    def version(self, family: str) -> str:
        return str(self.row("SELECT version FROM pkh_families WHERE id = :id", id=UUID(family))[0])

    def row(self, query: str, **values: object) -> Any:
        return self.rows(query, **values)[0]

    def rows(self, query: str, **values: object) -> list[Any]:
        with at(self.app, VILLAGE):
            return list(db.session.execute(text(query), values))

    def rows_changed(self, statement: str) -> None:
        with at(self.app, VILLAGE):
            db.session.execute(text(statement))
            commit()

    def member(self, name: str, component: str) -> str:
        query = (
            "SELECT m.id FROM pkh_members m JOIN persons p ON p.id = m.person_id"
            " WHERE p.name = :name AND m.component = :component"
        )
        return str(self.row(query, name=name, component=component)[0])

    def check(self, family: str, month: Month, *, client: FlaskClient | None = None, **said: Any) -> TestResponse:
        """``Asep=("sd", "90")``: the component and what was seen of it."""
        data: dict[str, Any] = {}
        for name, (component, value) in said.items():
            data[f"m{self.member(name, component)}-value"] = value
        return self.post(family, "checks", month.year, month.number, client=client or self.kader, **data)

    # ---- cases ----

    def open_case(self, service: Service, person: str, **answers: Any) -> str:
        usual = PROPOSAL if service is proposal else CHANGE
        with at(self.app, VILLAGE) as area:
            found = find_person(area.id, UUID(person))
            assert found
            case = make_case(area, service, found, **{**usual, **answers})
            settle_papers(case, service)
            commit()
            return str(case.id)

    def case_page(self, case: str) -> str:
        return self.staff.get(f"/{VILLAGE}/cases/{case}").text

    def step(self, case: str, key: str, **data: str) -> TestResponse:
        data = {"version": self.case_version(case), **data}
        return self.staff.post(f"/{VILLAGE}/cases/{case}/step/{key}", data=data)

    def case_version(self, case: str) -> str:
        with at(self.app, VILLAGE) as area:
            return str(db.session.get_one(Case, (area.id, UUID(case))).version)


@pytest.fixture
def desk(app: Flask, sign_in: SignInAs) -> Desk:
    return Desk(app, sign_in("village_staff"), sign_in("field_worker", name="Yayah Kader"))
