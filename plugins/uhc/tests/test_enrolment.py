"""From the hospital bed to a card that works: sent at once, the papers after it, followed until active."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from werkzeug.test import TestResponse

from core.api import Case, Person, commit, confirm_seen, db
from core.testing import VILLAGE, Clock, SignInAs, at, make_case, make_person, settle_papers
from core.testing.villages import switch_off
from plugins.uhc.membership import cover
from plugins.uhc.services import enrolment

PATIENT = {"care": "inpatient", "facility": "RSUD Leuwiliang", "cover": "none", "card_number": ""}
NEWS = {"on": "2026-11-03", "note": "Dilihat di aplikasi."}


@dataclass
class Desk:
    app: Flask
    staff: FlaskClient

    def open_case(self, *, papers: bool = False, **answers: str) -> str:
        with at(self.app, VILLAGE) as area:
            case = make_case(area, enrolment, make_person(area.id, insurance="none"), **{**PATIENT, **answers})
            if papers:
                settle_papers(case, enrolment)
            commit()
            return str(case.id)

    def case(self, case: str) -> Case:
        return db.session.get_one(Case, (int(VILLAGE.replace(".", "")), UUID(case)))

    def state(self, case: str) -> str:
        with at(self.app, VILLAGE):
            return self.case(case).state

    def url(self, case: str, *more: str) -> str:
        return "/".join((f"/{VILLAGE}/cases/{case}", *more))

    def step(self, case: str, key: str, **data: str) -> TestResponse:
        with at(self.app, VILLAGE):
            version = self.case(case).version
        return self.staff.post(self.url(case, "step", key), data={"version": version, **data})

    def send(self, case: str) -> TestResponse:
        self.step(case, "handle")
        draft = self.staff.post(self.url(case, "refer", "planned")).location
        self.staff.post(f"{draft}/send", data={"version": "1"})
        return self.step(case, "send")

    def say_card(self, case: str) -> None:
        with at(self.app, VILLAGE):
            version = self.case(case).version
        data = {**PATIENT, "card_number": "0001234567890", "priority": "urgent", "version": version}
        assert self.staff.post(self.url(case, "edit"), data=data).status_code == 302

    def insurance(self) -> str:
        with at(self.app, VILLAGE):
            return db.session.query(Person).one().insurance


@pytest.fixture
def desk(app: Flask, sign_in: SignInAs) -> Desk:
    return Desk(app, sign_in("village_staff"))


def activate(desk: Desk, case: str) -> None:
    for key in ("recommended", "at_dinkes", "at_bpjs"):
        assert desk.step(case, key, **NEWS).status_code == 302
    desk.say_card(case)
    assert desk.step(case, "approve", on="2026-11-03", outcome="Aktif di Mobile JKN").status_code == 302


def test_a_patient_is_sent_at_once_and_the_papers_become_tasks(desk: Desk) -> None:
    case = desk.open_case()
    desk.step(case, "handle")
    assert "Rujukan ke Dinas Sosial belum dikirim" in desk.staff.get(f"/{VILLAGE}/cases").text, "and no word of papers"
    assert "Kirim sekarang" in desk.staff.get(desk.url(case)).text
    assert desk.send(case).status_code == 302, "without a single paper"
    page = desk.staff.get(desk.url(case)).text
    assert "Kirim sekarang" not in page
    assert "kasus baru dapat ditutup setelah semuanya lengkap" in page
    for paper in ("KTP", "Kartu Keluarga", "SKTM", "Surat Puskesmas"):
        assert f"Lengkapi berkas: {paper}" in page, paper
    assert "Lengkapi berkas: Surat Puskesmas" in desk.staff.get(f"/{VILLAGE}/").text


def test_who_is_not_in_hospital_brings_the_papers_first(desk: Desk) -> None:
    case = desk.open_case(care="outpatient")
    refused = desk.send(case)
    assert (refused.status_code, desk.state(case)) == (422, "handling")
    assert "Surat Puskesmas" in refused.text
    assert desk.send(desk.open_case(care="outpatient", papers=True)).status_code == 302


def test_active_needs_a_number_and_the_end_needs_the_papers(desk: Desk) -> None:
    case = desk.open_case()
    desk.send(case)
    for key in ("recommended", "at_bpjs"):  # not every office says so
        assert desk.step(case, key, **NEWS).status_code == 302
    rumour = desk.step(case, "approve", on="2026-11-03", outcome="Katanya aktif")
    assert (rumour.status_code, "nomor kartu BPJS" in rumour.text) == (422, True)
    desk.say_card(case)
    assert desk.step(case, "approve", on="2026-11-03", outcome="Aktif").status_code == 302
    told = {"on": "2026-11-03", "how": "phone"}
    early = desk.step(case, "tell", **told)
    assert (early.status_code, "Belum ada" in early.text) == (422, True)
    with at(desk.app, VILLAGE):
        for requirement in enrolment.requirements:
            confirm_seen(desk.case(case), requirement.key)
        commit()
    assert desk.step(case, "tell", **told).status_code == 302
    assert desk.state(case) == "done"


def test_once_active_it_is_on_record_and_asked_about_a_week_later(desk: Desk) -> None:
    case = desk.open_case(papers=True)
    desk.send(case)
    activate(desk, case)
    assert desk.insurance() == "regional"
    assert (
        "Tanyakan apakah kartu UHC sudah dapat dipakai: aktif sejak 03-11-2026" in desk.staff.get(desk.url(case)).text
    )


def test_cover_of_the_early_morning_began_on_the_villages_day(desk: Desk, clock: Clock) -> None:
    """At one in the night in Cibadak it is yesterday at Greenwich."""
    clock.move(hours=-9)
    case = desk.open_case()
    with at(desk.app, VILLAGE) as area:
        found = desk.case(case)
        found.state, found.state_since, found.person.insurance = "approved", clock.moment, "regional"
        assert [aid.first_day for aid in cover.aid_of(area, [found.person_id], "UHC")] == [date(2026, 11, 12)]


def test_what_became_active_while_the_module_was_off_is_caught_up_with(desk: Desk) -> None:
    case = desk.open_case(papers=True)
    desk.send(case)
    switch_off(desk.app, "uhc")
    activate(desk, case)
    assert desk.insurance() == "none"
    with at(desk.app, VILLAGE) as area:
        cover.note_missed(area)
    assert desk.insurance() == "regional"


def test_the_letter_says_where_and_that_it_is_no_proof(desk: Desk) -> None:
    case = desk.open_case()
    with at(desk.app, VILLAGE):
        version = desk.case(case).version
    assert desk.staff.post(desk.url(case, "letters", "proposal"), data={"version": version}).status_code == 302
    with at(desk.app, VILLAGE):
        letter = db.session.execute(db.text("SELECT id FROM letters")).scalar_one()
    with desk.staff.get(f"/{VILLAGE}/letters/{letter}.pdf") as answer:
        said = PdfReader(BytesIO(answer.data)).pages[0].extract_text()
    assert "RSUD Leuwiliang" in said
    assert "bukan bukti kepesertaan" in " ".join(said.split())
