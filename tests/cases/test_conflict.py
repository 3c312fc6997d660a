"""Two clerks edit one case: both sides are shown, nothing that was typed is lost, and the choice is theirs."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.cases.models import Case
from core.database.session import db
from core.testing import VILLAGE, SignInAs, at


@pytest.fixture
def opened(app: Flask, areas: None, desk) -> str:
    with at(app, VILLAGE) as area:
        return desk.save(desk.at(area, "handling"))


def url(case: str, *rest: str) -> str:
    return "/".join([f"/{VILLAGE}/cases/{case}", *rest])


def version_in(page: str) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', page)
    assert found
    return found[1]


def edit(client: FlaskClient, case: str, version: str, answers: dict[str, str], **changes: str):
    data = {**answers, "priority": "normal", "note": "", **changes, "version": version}
    return client.post(url(case, "edit"), data=data)


def kept(app: Flask, case: str) -> dict[str, str]:
    with at(app, VILLAGE):
        found = db.session.query(Case).filter_by(id=case).one()
        return {**found.data, "note": found.note, "priority": found.priority}


def test_an_edit_changes_the_answers_and_says_which(app: Flask, opened: str, sign_in: SignInAs, answers) -> None:
    staff = sign_in("village_staff")
    version = version_in(staff.get(url(opened, "edit")).text)
    assert edit(staff, opened, version, answers, addressee="SMPN 1", priority="urgent").status_code == 302
    assert kept(app, opened)["addressee"] == "SMPN 1"
    assert kept(app, opened)["priority"] == "urgent"
    assert "Isian diubah: Ditujukan kepada, Prioritas" in staff.get(url(opened)).text


def test_a_wrong_edit_is_told_at_the_field_and_saves_nothing(
    app: Flask, opened: str, sign_in: SignInAs, answers
) -> None:
    staff = sign_in("village_staff")
    version = version_in(staff.get(url(opened, "edit")).text)
    answer = edit(staff, opened, version, answers, witness_2="UJANG", addressee="SMPN 1")
    assert answer.status_code == 422
    assert re.search(r'id="witness_2-error">.*Kedua saksi', answer.text, re.DOTALL)
    assert kept(app, opened)["addressee"] == "SDN Cibadak 01"


def test_a_stale_edit_shows_both_sides_and_keeps_what_was_typed(
    app: Flask, opened: str, sign_in: SignInAs, answers
) -> None:
    siti, kokom = sign_in("village_staff", name="Siti"), sign_in("village_staff", name="Kokom")
    version = version_in(siti.get(url(opened, "edit")).text)
    assert edit(kokom, opened, version, answers, addressee="SMPN 1 Ciampea", note="dari Kokom").status_code == 302

    answer = edit(siti, opened, version, answers, addressee="SMK Negeri", priority="urgent")
    assert answer.status_code == 409
    table = answer.text.split("Yang berbeda")[1].split("</table>")[0]
    rows = re.findall(r"<tr><th[^>]*>(.*?)</th><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td></tr>", table)
    assert rows == [
        ("Ditujukan kepada", "SMK Negeri", "SMPN 1 Ciampea"),
        ("Prioritas", "Mendesak", "Biasa"),
        ("Catatan", "–", "dari Kokom"),
    ]
    assert "Kokom" in answer.text.split("Yang berbeda")[0]
    assert 'value="SMK Negeri"' in answer.text
    assert kept(app, opened)["addressee"] == "SMPN 1 Ciampea"

    again = edit(siti, opened, version_in(answer.text), answers, addressee="SMK Negeri", note="dari Kokom")
    assert again.status_code == 302
    assert kept(app, opened)["addressee"] == "SMK Negeri"
    assert kept(app, opened)["note"] == "dari Kokom"


def test_a_third_save_in_between_is_a_conflict_again(app: Flask, opened: str, sign_in: SignInAs, answers) -> None:
    siti, kokom = sign_in("village_staff"), sign_in("village_staff")
    version = version_in(siti.get(url(opened, "edit")).text)
    edit(kokom, opened, version, answers, addressee="A")
    conflict = edit(siti, opened, version, answers, addressee="B")
    fresh = version_in(conflict.text)
    assert edit(kokom, opened, fresh, answers, addressee="C").status_code == 302
    assert edit(siti, opened, fresh, answers, addressee="B").status_code == 409
    assert kept(app, opened)["addressee"] == "C"


def test_the_same_edit_twice_is_no_conflict(app: Flask, opened: str, sign_in: SignInAs, answers) -> None:
    siti, kokom = sign_in("village_staff"), sign_in("village_staff")
    version = version_in(siti.get(url(opened, "edit")).text)
    for client in (siti, kokom):
        assert edit(client, opened, version, answers, addressee="SMPN 1").status_code == 302
    assert siti.get(url(opened)).text.count("Isian diubah") == 1


def test_a_colleagues_paper_takes_nothing_away_from_an_edit(
    app: Flask, opened: str, sign_in: SignInAs, answers
) -> None:
    siti, kokom = sign_in("village_staff"), sign_in("village_staff")
    version = version_in(siti.get(url(opened, "edit")).text)
    assert kokom.post(url(opened, "papers", "ktp"), data={"action": "seen"}).status_code == 302
    assert edit(siti, opened, version, answers, addressee="SMPN 1").status_code == 302
    assert kept(app, opened)["addressee"] == "SMPN 1"


def test_an_edit_of_a_case_closed_meanwhile_is_refused(app: Flask, opened: str, sign_in: SignInAs, answers) -> None:
    siti, kokom = sign_in("village_staff"), sign_in("village_staff")
    version = version_in(siti.get(url(opened, "edit")).text)
    cancelled = kokom.post(url(opened, "step", "cancel"), data={"version": version, "note": "batal"})
    assert cancelled.status_code == 302
    answer = edit(siti, opened, version, answers, addressee="SMPN 1")
    assert answer.status_code == 422
    assert "sudah ditutup" in answer.text
    assert kept(app, opened)["addressee"] == "SDN Cibadak 01"


def test_a_letter_made_from_the_answers_is_pointed_out(app: Flask, areas: None, desk, sign_in: SignInAs) -> None:
    with at(app, VILLAGE) as area:
        case = desk.save(desk.at(area, "issued"))
    page = sign_in("village_staff").get(url(case, "edit")).text
    assert "tidak ikut berubah" in page
    assert "460/001/CBD" in page
