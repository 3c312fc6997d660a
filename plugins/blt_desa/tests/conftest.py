"""A village that holds a musdes: through the pages that clerk and kepala desa use."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from core.api import Case, Household, area_today, commit, db
from core.testing import VILLAGE, SignInAs, at, make_case, make_person, settle_papers
from core.testing.reading import version_in, words
from plugins.blt_desa.services import aid

ANSWERS = {
    "dependants": 3,
    "chronic_illness": "yes",
    "disability": "no",
    "elderly_alone": "no",
    "lost_livelihood": "no",
    "pkh": "no",
    "other_aid": "no",
    "other_aid_name": "",
    "situation": "Buruh tani, tiga anak.",
}
ROOT = f"/{VILLAGE}/blt_desa"


def url(*parts: str) -> str:
    """A page of the plugin, or of core's meetings."""
    return "/".join([f"/{VILLAGE}" if parts[:1] and parts[0].startswith("meetings") else ROOT, *parts])


@dataclass
class Musdes:
    """The desk (``staff``) and the kepala desa (``head``), with a meeting once :meth:`call` was asked."""

    app: Flask
    staff: FlaskClient
    head: FlaskClient
    id: str = ""
    cases: dict[str, str] = field(default_factory=dict)

    # ---- families ----

    def family(self, name: str, *, decile: int | None = 1, state: str = "candidate", **values: Any) -> str:
        """A case, put forward unless told otherwise; its id. ``values`` are the resident's, or answers of the form."""
        answers = {key: values.pop(key, answer) for key, answer in ANSWERS.items()}
        with at(self.app, VILLAGE) as area:
            person = make_person(area.id, name, **values)
            db.session.get_one(Household, (area.id, person.household_id)).decile = decile
            case = make_case(area, aid, person, **answers)
            settle_papers(case, aid)
            case_id = str(case.id)
            commit()
        self.cases[name] = case_id
        for key in {"registered": (), "handling": ("handle",)}.get(state, ("handle", "propose")):
            assert self.step(self.staff, name, key).status_code == 302
        return case_id

    def case_url(self, name: str, *parts: str) -> str:
        return "/".join([f"/{VILLAGE}/cases/{self.cases[name]}", *parts])

    def step(self, client: FlaskClient, name: str, key: str, **data: str) -> TestResponse:
        version = version_in(client.get(self.case_url(name)).text)
        return client.post(self.case_url(name, "step", key), data={"version": version, **data})

    def state(self, name: str) -> str:
        with at(self.app, VILLAGE) as area:
            return db.session.get_one(Case, (area.id, UUID(self.cases[name]))).state

    def states(self) -> dict[str, str]:
        return {name: self.state(name) for name in self.cases}

    # ---- the meeting ----

    def call(self, *names: str, **changed: Any) -> str:
        """A meeting today with these families on its list, all of whom are put forward."""
        with at(self.app, VILLAGE):
            today = area_today()
        data = {
            "held_on": today.isoformat(),
            "starts_at": "09:00",
            "place": "Balai Desa Cibadak",
            "leader": "Ujang Sutisna",
            "secretary": "Kokom Rohaeti",
            "agenda": "Pembukaan\nPembahasan calon",
            "kind": "special",
        }
        terms = {"year": str(today.year), "first_month": "1", "last_month": "4", "amount": "300000"}
        terms |= {name: changed.pop(name) for name in list(changed) if name in terms}
        answer = self.staff.post(url("meetings/new"), data={**data, **changed})
        assert answer.status_code == 302, answer.text
        found = re.search(r"meetings/([0-9a-f-]{36})", answer.location)
        assert found
        self.id = found[1]
        if names:
            assert self.post("candidates", cases=[self.cases[name] for name in names]).status_code == 302
            assert self.terms(**terms).status_code == 302
        return self.id

    def terms(self, **terms: Any) -> TestResponse:
        """The months and the amount of the decree."""
        return self.post("terms", "blt_desa.aid", **terms)

    def page(self, *parts: str, client: FlaskClient | None = None) -> str:
        return (client or self.staff).get(url("meetings", self.id, *parts)).text

    def post(self, *parts: str, client: FlaskClient | None = None, version: str = "", **data: Any) -> TestResponse:
        """With the version that the meeting has now, unless told otherwise."""
        current = version or version_in(self.page("edit" if self.is_open() else "", client=self.head))
        return (client or self.staff).post(url("meetings", self.id, *parts), data={"version": current, **data})

    def is_open(self) -> bool:
        return self.head.get(url("meetings", self.id, "edit")).status_code == 200

    def version(self) -> str:
        with at(self.app, VILLAGE):
            query = text("SELECT version FROM meetings WHERE id = :id")
            return str(db.session.scalar(query, {"id": UUID(self.id)}))

    def attend(self, lines: str = "Ade; BPD\nUjang; RT/RW\nOom; Tokoh masyarakat\nIis; Perwakilan perempuan") -> None:
        assert self.post("attendance", lines=lines, element="other").status_code == 302

    def candidate_ids(self) -> dict[str, str]:
        """The id of each family on the list, by its name."""
        query = text("SELECT id, case_id FROM meeting_candidates WHERE meeting_id = :id")
        with at(self.app, VILLAGE):
            by_case = {str(row.case_id): str(row.id) for row in db.session.execute(query, {"id": UUID(self.id)})}
        return {name: by_case[case] for name, case in self.cases.items() if case in by_case}

    def decisions(self, **decided: str) -> dict[str, Any]:
        """Form data: ``Enok="accepted 1"`` with rank, ``Odah="not_chosen: Mampu"`` with reason."""
        data: dict[str, Any] = {}
        for name, candidate in self.candidate_ids().items():
            decision, _colon, reason = decided.get(name.split()[0], "").partition(": ")
            key, _space, rank = decision.partition(" ")
            data |= {
                f"c{candidate}-decision": key,
                f"c{candidate}-rank": rank,
                f"c{candidate}-reason": reason,
            }
        return data

    def decide(self, **decided: str) -> TestResponse:
        return self.post("decisions", **self.decisions(**decided))

    def close(self) -> TestResponse:
        return self.post("close", client=self.head)

    # ---- letters ----

    def issue(self, key: str) -> str:
        """The letter's id."""
        owner = "meetings" if key == "minutes" else "blt_desa"
        assert self.post("issue", owner, key, version=self.version()).status_code == 302
        query = text("SELECT id FROM letters WHERE object_id = :id AND key = :key AND revoked_at IS NULL")
        with at(self.app, VILLAGE):
            return str(db.session.scalar(query, {"id": UUID(self.id), "key": key}))

    def sign(self, letter: str) -> TestResponse:
        return self.post("letters", letter, "sign", client=self.head, version=self.version())

    def letter(self, letter_id: str) -> str:
        return words(self.staff.get(f"/{VILLAGE}/letters/{letter_id}.pdf"))

    def minutes(self) -> str:
        """Made and signed."""
        letter = self.issue("minutes")
        assert self.sign(letter).status_code == 302
        return letter

    def decree(self) -> str:
        """On minutes that are signed."""
        with at(self.app, VILLAGE):
            query = text("SELECT 1 FROM letters WHERE object_id = :id AND key = 'minutes' AND revoked_at IS NULL")
            there = db.session.scalar(query, {"id": UUID(self.id)})
        if not there:
            self.minutes()
        letter = self.issue("decree")
        assert self.sign(letter).status_code == 302
        return letter

    # ---- payments ----

    def decree_id(self) -> str:
        query = text("SELECT id FROM blt_desa_decrees WHERE meeting_id = :id")
        with at(self.app, VILLAGE):
            return str(db.session.scalar(query, {"id": UUID(self.id)}))

    def payments(self, *parts: str, client: FlaskClient | None = None) -> str:
        return (client or self.staff).get(url("decrees", self.decree_id(), *parts)).text

    def recipient(self, name: str) -> tuple[str, str]:
        """Id and version."""
        query = text("SELECT id, version FROM blt_desa_recipients WHERE case_id = :case AND state <> 'void'")
        with at(self.app, VILLAGE):
            row = db.session.execute(query, {"case": UUID(self.cases[name])}).one()
        return str(row.id), str(row.version)

    def pay(self, name: str, paid: Iterable[int], *, version: str = "", **changed: Any) -> TestResponse:
        recipient, current = self.recipient(name)
        with at(self.app, VILLAGE):
            today = area_today().isoformat()
        data = {
            "version": version or current,
            "months": [str(month) for month in paid],
            "paid_on": today,
            "handed_by": "Petugas",
            "received_as": "family",
            "received_by": name,
        }
        return self.staff.post(url("recipients", recipient, "pay"), data={**data, **changed})


@pytest.fixture
def musdes(app: Flask, sign_in: SignInAs) -> Musdes:
    return Musdes(app, sign_in("village_staff"), sign_in("village_head", name="Ade Sunarya"))


@pytest.fixture
def closed(musdes: Musdes) -> Musdes:
    """A closed meeting: Enok and Cucu accepted in this order, Odah in reserve, Maman not accepted."""
    musdes.family("Enok Sumarni", nik="3201155507900001")
    musdes.family("Cucu Cahyati", decile=2)
    musdes.family("Odah Saodah", decile=3)
    musdes.family("Maman Suparman", decile=8, chronic_illness="no")
    musdes.call(*musdes.cases)
    musdes.attend()
    answer = musdes.decide(Enok="accepted 1", Cucu="accepted 2", Odah="reserve 1", Maman="not_chosen: Sudah mampu")
    assert answer.status_code == 302
    assert musdes.close().status_code == 302
    return musdes


@pytest.fixture
def decreed(closed: Musdes) -> Musdes:
    closed.decree()
    return closed
