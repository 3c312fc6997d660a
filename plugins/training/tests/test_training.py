"""From the invitation to the certificate and the warning at the desk, for those whom it concerns and nobody else."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader

from core.api import AreaCode, commit, offered
from core.testing import DISTRICT, FOREIGN, SIBLING, VILLAGE, SignInAs, at, make_case, make_person, run_waiting, switch
from plugins.training.participants import months_after
from plugins.training.qualifications import ENDED, ENDS_SOON, HOLDS, Standing, standing

from .conftest import DAY, TOMORROW, WIDE, Office, as_form


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 1, 31), 13, date(2028, 2, 29)),
        (date(2026, 12, 15), 24, date(2028, 12, 15)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
    ],
)
def test_a_certificate_ends_so_many_months_after_the_day(day: date, months: int, after: date) -> None:
    assert months_after(day, months) == after


@pytest.mark.parametrize(
    ("until", "state"),
    [
        (None, HOLDS),
        (DAY + timedelta(days=61), HOLDS),
        (DAY + timedelta(days=60), ENDS_SOON),
        (DAY, ENDS_SOON),
        (DAY - timedelta(days=1), ENDED),
    ],
)
def test_an_end_is_told_before_it_comes(until: date | None, state: str) -> None:
    assert standing(until, on=DAY, warn_days=60) == Standing(state, until)


def test_a_session_from_planning_to_certificates(office: Office) -> None:
    answer = office.officer.post(f"{WIDE}/new", data=as_form())
    assert answer.status_code == 302
    page = answer.headers["Location"]
    offered = office.officer.get(f"{page}/invite?kecamatan={VILLAGE[:8]}").text
    assert "Wiwin" in offered
    ticked = re.findall(r'name="who" value="([^"]+)"', offered)
    assert len(ticked) == 2
    assert office.officer.post(f"{page}/invite?kecamatan={VILLAGE[:8]}", data={"who": ticked}).status_code == 302
    shown = office.officer.get(page).text
    marks = re.findall(r'name="(result-[^"]+)"', shown)
    # Nobody's attendance may be forgotten.
    refused = office.officer.post(f"{page}/attendance", data={"version": 1, marks[0]: "passed", "close": "yes"})
    assert (refused.status_code, "Kehadiran 1 peserta belum dicatat" in refused.text) == (422, True)
    results = {marks[0]: "passed", marks[1]: "present"}
    assert office.officer.post(f"{page}/attendance", data={"version": 1, **results, "close": "yes"}).status_code == 302
    shown = office.officer.get(page).text
    assert shown.count("certificate.pdf") == 1
    [paper] = re.findall(r'href="([^"]+certificate\.pdf)"', shown)
    text = PdfReader(BytesIO(office.officer.get(paper).data)).pages[0].extract_text()
    assert "Dasar pelayanan" in text
    assert "12 November 2028" in text


def test_what_cannot_be_is_told_and_what_was_typed_stays(office: Office) -> None:
    wrong = office.officer.post(f"{WIDE}/new", data={**as_form(), "ends": "08:00", "title": "Pelatihan Ciampea"})
    assert wrong.status_code == 422
    assert "Jam selesai harus sesudah jam mulai" in wrong.text
    assert "Pelatihan Ciampea" in wrong.text
    session_id = office.session_with({}, seats=2)
    page = f"{WIDE}/{session_id}"
    small = office.officer.post(f"{page}/edit", data=as_form() | {"version": 1, "seats": 1})
    assert (small.status_code, "Sudah 2 orang diundang" in small.text) == (422, True)
    early = office.session_with({VILLAGE: "passed"}, day=TOMORROW)
    closed = office.officer.post(f"{WIDE}/{early}/attendance", data={"version": 1, "close": "yes"})
    assert (closed.status_code, "belum tiba" in closed.text) == (422, True)


def test_who_comes_later_sees_what_another_did(office: Office) -> None:
    page = f"{WIDE}/{office.session_with({})}"
    first = as_form() | {"version": 1, "place": "Aula kecamatan"}
    assert office.officer.post(f"{page}/edit", data=first).status_code == 302
    stale = office.officer.post(f"{page}/edit", data=as_form() | {"version": 1, "trainer": "Pak Asep"})
    assert stale.status_code == 409
    assert "Pak Asep" in stale.text  # what was typed
    assert "Aula kecamatan" in stale.text  # what stands there now
    for deed in ("attendance", "reopen", "cancel"):
        assert office.officer.post(f"{page}/{deed}", data={"version": 1, "reason": "Banjir"}).status_code == 409


def test_a_cancelled_one_can_be_planned_again_and_a_held_one_opened(office: Office) -> None:
    page = f"{WIDE}/{office.session_with({VILLAGE: 'passed'})}"
    assert office.officer.post(f"{page}/cancel", data={"version": 1, "reason": ""}).status_code == 422
    assert office.officer.post(f"{page}/cancel", data={"version": 1, "reason": "Banjir"}).status_code == 302
    assert "Dibatalkan: Banjir" in office.officer.get(page).text
    assert office.officer.post(f"{page}/reopen", data={"version": 2}).status_code == 302
    assert office.officer.post(f"{page}/attendance", data={"version": 3, "close": "yes"}).status_code == 302
    assert "certificate.pdf" in office.officer.get(page).text
    assert office.officer.post(f"{page}/reopen", data={"version": 4}).status_code == 302
    assert "certificate.pdf" not in office.officer.get(page).text


# ---- at the desk ----


def ask_for_training(admin: FlaskClient, *services: str) -> None:
    """The district's setting."""
    address = f"/{DISTRICT}/settings/training"
    [seen] = re.findall(r'name="fingerprint" value="([^"]+)"', admin.get(address).text)
    data = {"services": list(services), "fingerprint": seen}
    assert admin.post(address, data=data).status_code == 302


def test_a_clerk_without_the_training_is_warned_and_not_stopped(office: Office, sign_in: SignInAs) -> None:
    ask_for_training(sign_in("district_admin", DISTRICT), "sktm.letter")
    with at(office.app, VILLAGE) as area:
        case = make_case(area, offered(area)["sktm.letter"], make_person(area.id))
        commit()
        url = f"/{VILLAGE}/cases/{case.id}"
    assert "Anda belum punya sertifikat yang berlaku" in office.clerk.get(url).text
    assert "belum terlatih" in office.clerk.get(f"/{VILLAGE}/").text
    session_id = office.session_with({VILLAGE: "passed", SIBLING: "present"}, held=False)
    office.officer.post(f"{WIDE}/{session_id}/attendance", data={"version": 1, "close": "yes"})
    run_waiting(office.app)
    assert "Anda belum punya sertifikat" not in office.clerk.get(url).text
    assert "belum terlatih" not in office.clerk.get(f"/{VILLAGE}/").text
    people = office.officer.get(f"{WIDE}/people").text
    assert people.index("Cihideung Ilir") < people.index("Cibadak")  # who lacks it stands first
    assert office.officer.get(f"{WIDE}/people.xlsx").data[:2] == b"PK"


def test_a_revoked_certificate_holds_nowhere_and_can_be_restored(office: Office) -> None:
    session_id = office.session_with({VILLAGE: "passed"}, held=True)
    [mine] = [one for one in office.people(session_id) if one.token]
    check = f"{WIDE}/certificates/{mine.token}"
    visitor = office.app.test_client()
    assert "Sertifikat ini berlaku" in visitor.get(check).text
    page = f"{WIDE}/{session_id}/people/{mine.id}"
    assert office.officer.post(f"{page}/revoke", data={"reason": ""}).status_code == 422
    assert office.officer.post(f"{page}/revoke", data={"reason": "Salah orang"}).status_code == 302
    assert "sudah dicabut" in visitor.get(check).text
    assert office.clerk.get(f"/{VILLAGE}/training/certificates/{mine.id}.pdf").status_code == 404
    assert office.officer.post(f"{page}/restore").status_code == 302
    assert "Sertifikat ini berlaku" in visitor.get(check).text
    assert office.clerk.get(f"/{VILLAGE}/training/certificates/{mine.id}.pdf").status_code == 200
    unknown = visitor.get(f"{WIDE}/certificates/karangan")
    assert (unknown.status_code, "tidak ada" in unknown.text) == (404, True)


def test_a_village_sees_its_own_people_alone(office: Office) -> None:
    session_id = office.session_with({VILLAGE: "passed", SIBLING: "passed"}, held=True)
    theirs = next(one for one in office.people(session_id) if one.of_village == AreaCode.parse(SIBLING).id)
    page = office.clerk.get(f"/{VILLAGE}/training/").text
    assert "Wiwin" in page
    assert "Dadang" not in page
    assert office.clerk.get(f"/{VILLAGE}/training/certificates/{theirs.id}.pdf").status_code == 404
    assert office.neighbour.get(f"/{SIBLING}/training/certificates/{theirs.id}.pdf").status_code == 200


def test_who_is_invited_answers_and_nobody_else(office: Office, sign_in: SignInAs) -> None:
    session_id = office.session_with({}, day=TOMORROW)
    url = f"/{VILLAGE}/training/{session_id}/answer"
    assert office.clerk.post(url, data={"answer": "perhaps"}).status_code == 422
    assert office.clerk.post(url, data={"answer": "declined"}).status_code == 302
    assert "berhalangan" in office.officer.get(f"{WIDE}/{session_id}").text
    newcomer = sign_in("village_staff", name="Baru")
    assert newcomer.post(url, data={"answer": "coming"}).status_code == 404


def test_materials_are_read_by_the_villages_that_were_invited(office: Office, sign_in: SignInAs) -> None:
    session_id = office.session_with({}, day=TOMORROW)
    add = f"{WIDE}/{session_id}/materials"
    assert office.officer.post(add, data={"title": "Modul"}).status_code == 422
    assert office.officer.post(add, data={"title": "Modul", "link": "http://x"}).status_code == 422
    file = (BytesIO(b"%PDF-1.7 synthetic"), "modul.pdf")
    assert office.officer.post(add, data={"title": "Modul", "file": file}).status_code == 302
    [link] = re.findall(r'href="([^"]+/training/materials/[^"]+)"', office.clerk.get(f"/{VILLAGE}/training/").text)
    with office.clerk.get(link) as file_answer:
        assert file_answer.data == b"%PDF-1.7 synthetic"
    outsider = sign_in("village_staff", FOREIGN, name="Jauh")
    assert outsider.get(link.replace(VILLAGE, FOREIGN)).status_code == 404
    [remove] = re.findall(r'action="([^"]+/remove)"', office.officer.get(f"{WIDE}/{session_id}").text)
    assert office.officer.post(remove).status_code == 302
    assert office.clerk.get(link).status_code == 404


def test_a_kecamatan_sees_its_people_and_plans_nothing(office: Office, sign_in: SignInAs) -> None:
    session_id = office.session_with({VILLAGE: "passed"}, held=True)
    tksk = sign_in("kecamatan_supervisor", VILLAGE[:8])
    page = f"/{VILLAGE[:8]}/training/{session_id}"
    assert "Wiwin" in tksk.get(page).text
    assert tksk.post(f"{page}/reopen", data={"version": 1}).status_code in (403, 404)
    assert office.officer.get(f"/{VILLAGE[:8]}/training/new").status_code == 404


def test_it_is_gone_where_the_module_is_off(office: Office) -> None:
    session_id = office.session_with({VILLAGE: "passed"}, held=True)
    switch(office.app, "training", on=False)
    assert office.clerk.get(f"/{VILLAGE}/training/").status_code == 404
    assert office.officer.get(f"{WIDE}/{session_id}").status_code == 200  # on in other villages
