"""The pages of a case, as the people at the desk use them."""

import gzip
import re
from dataclasses import replace
from io import BytesIO
from unittest.mock import patch

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.areas.models import Area
from core.cases.checklist import confirm_seen
from core.cases.models import Case
from core.database.session import commit, db
from core.platform import platform
from core.testing import SIBLING, VILLAGE, SignInAs, at, make_person

PDF = b"%PDF-1.7 synthetic"
STATES = ("registered", "handling", "recommended", "approved", "issued", "signed", "done", "refused", "cancelled")
MOST_BYTES = 17_000


@pytest.fixture
def opened(app: Flask, areas: None, desk) -> str:
    with at(app, VILLAGE) as area:
        return desk.save(desk.open(area, make_person(area.id, "Dedi Kurnia")))


def url(case: str, *rest: str) -> str:
    return "/".join([f"/{VILLAGE}/cases/{case}", *rest])


def version_of(client: FlaskClient, case: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', client.get(url(case)).text)
    assert found
    return found[1]


# ---- the whole way ----


def test_a_case_goes_from_the_desk_to_the_signed_letter(app: Flask, opened: str, sign_in: SignInAs) -> None:
    staff, head = sign_in("village_staff"), sign_in("village_head")
    step(staff, opened, "handle")
    assert "Belum ada" in staff.get(url(opened, "step", "recommend")).text
    upload(staff, opened, "rt_rw_letter")
    for key in ("ktp", "kk"):
        assert staff.post(url(opened, "papers", key), data={"action": "seen"}).status_code == 302
    step(staff, opened, "recommend")
    assert "Dedi Kurnia" in head.get(f"/{VILLAGE}/").text
    step(head, opened, "approve")
    issued = staff.post(url(opened, "letters", "statement"), data={"version": version_of(staff, opened)})
    assert issued.status_code == 302
    page = staff.get(url(opened)).text
    assert re.search(r"460/001/CBD/[IVX]+/\d{4}", page)
    assert "Menunggu tanda tangan kepala desa" in page
    sign_url = re.search(r'action="([^"]+/sign)"', head.get(url(opened)).text)
    assert sign_url
    assert head.post(sign_url[1]).status_code == 302
    step(staff, opened, "finish")
    assert "Ditutup" in staff.get(url(opened)).text


def step(client: FlaskClient, case: str, key: str, note: str = "") -> None:
    form = client.get(url(case, "step", key))
    assert form.status_code == 200, form.text
    version = re.search(r'name="version"[^>]*value="(\d+)"', form.text)
    assert version, form.text
    answer = client.post(url(case, "step", key), data={"version": version[1], "note": note})
    assert answer.status_code == 302, answer.text


def upload(client: FlaskClient, case: str, key: str) -> None:
    answer = client.post(url(case, "papers", key), data={"file": (BytesIO(PDF), "surat.pdf"), "action": "upload"})
    assert answer.status_code == 302, answer.text


# ---- what comes next ----


@pytest.mark.parametrize(
    ("role", "buttons"),
    [
        (
            "village_staff",
            ["Mulai penanganan", "Ajukan ke kepala desa", "", "Buat surat", "", "Serahkan surat", "", "", ""],
        ),
        (
            "village_head",
            [
                "Mulai penanganan",
                "Ajukan ke kepala desa",
                "Setujui",
                "Buat surat",
                "Tanda tangani surat",
                "Serahkan surat",
                "",
                "",
                "",
            ],
        ),
        ("field_worker", ["Mulai penanganan", "Ajukan ke kepala desa", "", "", "", "Serahkan surat", "", "", ""]),
    ],
)
def test_the_page_offers_one_main_thing_to_do(
    app: Flask, areas: None, desk, sign_in: SignInAs, role: str, buttons: list[str]
) -> None:
    with at(app, VILLAGE) as area:
        cases = [desk.at(area, state) for state in STATES]
        for key in ("rt_rw_letter", "ktp", "kk"):
            confirm_seen(cases[1], key)
        ids = [str(case.id) for case in cases]
        commit()
    client = sign_in(role)
    found = []
    for case_id in ids:
        page = client.get(url(case_id))
        assert page.status_code == 200
        head = page.text.split('class="actions"')[1].split('<div class="stack">')[0]
        main = re.search(r'class="btn go"[^>]*>(?:<svg.*?</svg>)?\s*(.*?)</a>', head, re.DOTALL)
        found.append(main[1].strip() if main else "")
    assert found == buttons


def test_a_step_that_something_stands_in_the_way_of_is_shown_but_not_offered(opened: str, sign_in: SignInAs) -> None:
    staff = sign_in("village_staff")
    step(staff, opened, "handle")
    page = staff.get(url(opened)).text
    assert '<button class="btn" disabled>Ajukan ke kepala desa</button>' in page
    assert url(opened, "step", "recommend") not in page


@pytest.mark.parametrize("state", ["done", "refused", "cancelled"])
def test_a_closed_case_can_be_read_and_not_changed(
    app: Flask, areas: None, desk, sign_in: SignInAs, state: str
) -> None:
    with at(app, VILLAGE) as area:
        case_id = desk.save(desk.at(area, state))
    staff = sign_in("village_staff")
    page = staff.get(url(case_id)).text
    forms = re.findall(r'<form[^>]*action="([^"]*/cases/[^"]*)"', page)
    assert forms == []
    for path, data in (
        ("papers/ktp", {"action": "undo"}),
        ("papers/ktp", {"action": "upload", "file": (BytesIO(PDF), "x.pdf")}),
        ("assign", {"user": "", "version": version_of(staff, case_id) if 'name="version"' in page else "1"}),
        ("tasks", {"title": "x", "due_on": "2027-01-01", "assigned_to": ""}),
        ("letters/statement", {"version": "1"}),
        ("edit", {}),
    ):
        assert staff.post(url(case_id, path), data=data).status_code in (409, 422), path


def test_a_case_of_a_module_that_was_switched_off_can_still_be_finished(
    app: Flask, areas: None, desk, sign_in: SignInAs
) -> None:
    with at(app, VILLAGE) as area:
        case_id = desk.save(desk.at(area, "signed"))
    with app.app_context():
        db.session.query(Area).filter_by(code=VILLAGE).update({"enabled": []})
        db.session.commit()
    staff = sign_in("village_staff")
    page = staff.get(url(case_id)).text
    assert "sudah dimatikan untuk desa ini" in page
    step(staff, case_id, "finish")
    assert (
        "Belum ada layanan yang dinyalakan" in staff.get(f"/{VILLAGE}/cases/new?person={person_of(app, case_id)}").text
    )


def person_of(app: Flask, case_id: str) -> str:
    with at(app, VILLAGE):
        return str(db.session.query(Case).filter_by(id=case_id).one().person_id)


def test_a_service_about_a_household_speaks_of_the_family(app: Flask, opened: str, desk, sign_in: SignInAs) -> None:
    with app.app_context():
        service, plugins = replace(desk.service, subject="household"), platform().plugins
    with patch.object(plugins, "all_services", {**plugins.all_services, service.name: service}):
        staff = sign_in("village_staff")
        assert "untuk Keluarga Dedi Kurnia" in staff.get(url(opened)).text
        assert "Keluarga Dedi Kurnia" in staff.get(f"/{VILLAGE}/cases").text


# ---- the slip for the resident ----


def test_the_receipt_has_ticket_promise_missing_papers_and_a_qr_code_to_the_status(
    app: Flask, opened: str, sign_in: SignInAs
) -> None:
    staff = sign_in("village_staff")
    page = staff.get(url(opened, "receipt")).text
    ticket = re.search(r"CBD-\d\d-0001", page)
    assert ticket
    for words in ("Dedi Kurnia", "Surat pengantar RT/RW", "Foto rumah (bila ada)", "tidak dipungut biaya"):
        assert words in page
    assert f"http://localhost/{VILLAGE}/status/{ticket[0]}" in page
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in page
    assert "3201155" not in page
    assert app.test_client().get(f"/{VILLAGE}/status/{ticket[0]}").status_code == 200


def test_a_complete_case_says_so_on_its_receipt(app: Flask, areas: None, desk, sign_in: SignInAs) -> None:
    with at(app, VILLAGE) as area:
        case_id = desk.save(desk.at(area, "recommended"))
    assert "Berkas sudah lengkap." in sign_in("village_staff").get(url(case_id, "receipt")).text


# ---- every page ----


def test_no_page_has_a_style_or_script_of_its_own_or_weighs_more_than_a_bad_line_bears(
    app: Flask, areas: None, desk, sign_in: SignInAs
) -> None:
    with at(app, VILLAGE) as area:
        ids = [str(desk.at(area, state).id) for state in STATES]
        person = make_person(area.id, "Aminah")
        new = f"cases/new?person={person.id}&service=sktm.letter"
        commit()
    head = sign_in("village_head")
    handling, recommended = ids[1], ids[2]
    paths = ["", "cases", "cases/new", "cases/new?q=a", new, "letters", *(f"cases/{case}" for case in ids)]
    paths += [f"cases/{recommended}/step/refuse", f"cases/{handling}/edit", f"cases/{handling}/receipt"]
    for path in paths:
        page = head.get(f"/{VILLAGE}/{path}")
        assert page.status_code == 200, path
        assert len(gzip.compress(page.data, 5)) < MOST_BYTES, path
        assert not re.search(r"<[^>]+\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)|javascript:", page.text), path


def test_a_case_of_another_village_is_not_there(app: Flask, areas: None, desk, sign_in: SignInAs) -> None:
    with at(app, SIBLING) as area:
        case_id = desk.save(desk.open(area))
    staff = sign_in("village_staff")
    for path in ("", "/receipt", "/edit", "/step/handle"):
        assert staff.get(f"/{VILLAGE}/cases/{case_id}{path}").status_code == 404
        assert staff.get(f"/{SIBLING}/cases/{case_id}{path}").status_code == 404
    for path in ("/assign", "/tasks", "/papers/ktp", "/letters/statement"):
        assert staff.post(f"/{VILLAGE}/cases/{case_id}{path}").status_code in (404, 422)
