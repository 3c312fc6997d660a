"""Proposals and changes as cases: the form, what the page says, letters, and what comes of them in the list."""

from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from core.api import commit, find_person
from core.testing import VILLAGE, at
from core.testing.reading import words
from plugins.pkh.forms import ProposalForm, UpdateForm
from plugins.pkh.personal_data import erase_in_letters, told_in_letters
from plugins.pkh.services import proposal, update

from .conftest import Desk

CHANGE = {"member": "yes", "change": "ended", "changed_on": "2026-01-05", "who": "Asep", "explanation": "Lulus."}
CHANGE["payee_reason"] = ""


def wrong(app: Flask, form_class: Any, **answers: Any) -> set[str]:
    with app.test_request_context():
        form = form_class(MultiDict(answers))
        form.validate()
        return {field.short_name for field in form if field.errors}


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        ({"situation": "Buruh tani"}, set()),  # what was not asked yet stays open
        ({}, {"situation"}),
        ({"situation": "Buruh tani", "sd": "-1"}, {"sd"}),
        ({"situation": "Buruh tani", "sma": "21"}, {"sma"}),
        ({"situation": "Buruh tani", "pregnancy_number": "0"}, {"pregnancy_number"}),
    ],
)
def test_a_proposal_may_leave_open_what_was_not_asked(app: Flask, answers: dict[str, str], fields: set[str]) -> None:
    assert wrong(app, ProposalForm, member="unknown", **answers) == fields


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({}, set()),
        ({"change": ""}, {"change"}),
        ({"changed_on": "2999-01-01"}, {"changed_on"}),
        ({"who": ""}, {"who"}),
        ({"change": "graduated", "who": ""}, set()),
        ({"change": "payee"}, {"payee", "payee_reason"}),
        ({"change": "payee", "payee": "Neng", "payee_reason": "moved"}, set()),
        ({"account": "12"}, {"account"}),
        ({"account": "12a4"}, {"account"}),
        ({"account": "0042"}, set()),
    ],
)
def test_a_change_says_of_whom(app: Flask, changed: dict[str, str], fields: set[str]) -> None:
    assert wrong(app, UpdateForm, **{**CHANGE, **changed}) == fields


def test_the_case_says_what_a_family_may_expect(desk: Desk) -> None:
    year = desk.today().year
    home = desk.make_home(Dede=f"{year - 2}-01-01", Asep=f"{year - 9}-01-01")
    page = desk.case_page(desk.open_case(proposal, home.mother, sd=1))
    assert "Rp975.000" in page
    assert "Desil 4 atau kurang di DTSEN" in page


def test_screening_names_what_is_met_what_is_not_and_what_to_ask(desk: Desk) -> None:
    home = desk.make_home(decile=None, Dede=f"{desk.today().year - 2}-01-01")
    page = desk.staff.get(f"/{VILLAGE}/cases/new?person={home.mother}").text
    assert "Usulan PKH" in page
    assert "Cek desil di DTSEN" in page
    assert "apakah keluarga ini KPM PKH" in page


@pytest.mark.parametrize(
    ("service", "key", "answers", "said"),
    [
        (proposal, "proposal", {"sd": 1}, "Anak SD/MI sederajat orang ke-1"),
        (update, "change", {}, "Anggota yang berubah : Asep"),
        (update, "change", {"change": "payee", "payee": "Neng", "payee_reason": "died"}, "Pengurus meninggal"),
    ],
)
def test_the_letters(desk: Desk, service: Any, key: str, answers: dict[str, Any], said: str) -> None:
    home = desk.make_home(Dede=f"{desk.today().year - 2}-01-01")
    case = desk.open_case(service, home.mother, **answers)
    page = desk.staff.post(f"/{VILLAGE}/cases/{case}/letters/{key}", data={"version": desk.case_version(case)})
    assert page.status_code == 302, page.text
    letter = desk.row("SELECT id FROM letters")[0]
    printed = words(desk.staff.get(f"/{VILLAGE}/letters/{letter}.pdf"))
    assert said in printed
    assert ("Dede" in printed) is (service is proposal)


def test_a_proposal_is_sent_by_its_referral_and_not_in_the_name_of_the_dead(desk: Desk) -> None:
    home = desk.make_home()
    case = desk.open_case(proposal, home.mother)
    assert desk.step(case, "handle").status_code == 302
    assert desk.step(case, "send").status_code == 422
    assert "Dinas Sosial" in desk.case_page(case)


def test_an_accepted_proposal_leads_to_the_list(desk: Desk) -> None:
    home = desk.make_home(Dede=f"{desk.today().year - 2}-01-01")
    case = desk.open_case(proposal, home.mother)
    desk.rows_changed("UPDATE cases SET state = 'validated', waiting = true")
    answer = desk.step(case, "approve", on=desk.today().isoformat(), outcome="Terlihat di SIKS-NG")
    assert answer.status_code == 302, answer.text
    page = desk.case_page(case)
    assert "Catat keluarga ini di daftar KPM PKH" in page  # the task
    assert "Catat sebagai KPM PKH" in page
    family = desk.enlist(home, Dede="child").location.rsplit("/", 1)[-1]
    assert f"cases/{case}" in desk.page(family)


@pytest.mark.parametrize(
    ("change", "leads_to"),
    [("payee", "payee"), ("graduated", "leave"), ("ended", "components"), ("added", "components")],
)
def test_a_change_leads_to_its_place_in_the_list(desk: Desk, change: str, leads_to: str) -> None:
    home, family = desk.listed()
    case = desk.open_case(update, home.mother, change=change)
    assert f"pkh/families/{family}/{leads_to}" in desk.case_page(case)


def test_a_residents_page_says_where_the_family_stands(desk: Desk) -> None:
    home, family = desk.listed()
    page = desk.staff.get(f"/{VILLAGE}/people/{home.people['Asep']}").text
    assert f"pkh/families/{family}" in page
    assert "Rp975.000" in page
    alone = desk.make_home()
    assert "Catat sebagai KPM PKH" in desk.staff.get(f"/{VILLAGE}/people/{alone.mother}").text
    assert "Catat sebagai KPM PKH" not in desk.kader.get(f"/{VILLAGE}/people/{alone.mother}").text


def test_a_member_who_is_erased_is_in_no_letter_any_more(desk: Desk) -> None:
    home = desk.make_home(Dede=f"{desk.today().year - 2}-01-01")
    case = desk.open_case(proposal, home.mother, sd=1)
    desk.staff.post(f"/{VILLAGE}/cases/{case}/letters/proposal", data={"version": desk.case_version(case)})
    with at(desk.app, VILLAGE) as area:
        child = find_person(area.id, UUID(home.people["Dede"]))
        assert child
        told = told_in_letters(child)
        assert told
        assert [line["komponen"] for line in told["Surat usulan PKH"]] == ["Anak usia dini (0–6 tahun)"]
        erase_in_letters(child)
        commit()
        assert told_in_letters(child) is None
    lines = desk.row("SELECT data FROM letters")[0]["own"]["components"]
    assert [line["name"] for line in lines] == ["–", "orang ke-1"]
