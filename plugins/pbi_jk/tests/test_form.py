"""What the clerk fills in: a card number that can be one, a day that can be, and no diagnosis."""

from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from core.api import ServiceForm, area_today
from core.testing import VILLAGE, at
from plugins.pbi_jk.forms import EnrolmentForm, ReactivationForm

from .conftest import ANSWERS, INTAKE, Desk, village_url


def filled(app: Flask, form_class: type[ServiceForm] = ReactivationForm, **changed: str) -> ServiceForm:
    with at(app, VILLAGE):
        form = form_class(MultiDict({**ANSWERS, **changed}))
        form.validate()
        return form


def wrong(app: Flask, form_class: type[ServiceForm] = ReactivationForm, **changed: str) -> list[str]:
    return sorted(name for name in filled(app, form_class, **changed).errors if name)


pytestmark = pytest.mark.usefixtures("areas")


def test_a_filled_in_form_is_taken(app: Flask) -> None:
    assert wrong(app) == []
    assert wrong(app, EnrolmentForm) == []


@pytest.mark.parametrize("number", ["0001234567890", "0001 2345 67890", "0001-2345-67890", " 0001.2345.67890 "])
def test_a_card_number_is_thirteen_digits_however_they_are_grouped(app: Flask, number: str) -> None:
    assert filled(app, card_number=number).data["card_number"] == "0001234567890"


@pytest.mark.parametrize(
    "number",
    [
        "000123456789",
        "00012345678901",
        "3201155507900001",
        "000123456789O",
        "\u0660\u0660\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669\u0660",  # digits of another script
        "1.23457E+12",
        "0001234567890'; DROP TABLE cases; --",
        "<script>alert(1)</script>",
    ],
)
def test_anything_else_is_no_card_number(app: Flask, number: str) -> None:
    form = filled(app, card_number=number)
    [message] = form.errors["card_number"]
    assert str(message) == "Nomor kartu BPJS terdiri dari 13 angka; NIK punya 16."


def test_the_card_may_be_missing_and_the_day_unknown(app: Flask) -> None:
    assert wrong(app, card_number="", inactive_since="") == []


def test_the_day_is_not_in_the_future_and_not_before_there_was_such_an_insurance(app: Flask) -> None:
    with at(app, VILLAGE):
        today = area_today()
    assert wrong(app, inactive_since=today.isoformat()) == []
    assert wrong(app, inactive_since=(today + timedelta(days=1)).isoformat()) == ["inactive_since"]
    assert wrong(app, inactive_since="2013-12-31") == ["inactive_since"]
    assert wrong(app, inactive_since="0026-02-01") == ["inactive_since"]
    assert wrong(app, inactive_since="kemarin") == ["inactive_since"]


@pytest.mark.parametrize("care", ["", "none", "surgery"])
def test_a_reactivation_is_for_somebody_in_care(app: Flask, care: str) -> None:
    assert wrong(app, care=care) == ["care"]


def test_an_enrolment_needs_no_care_but_care_is_somewhere(app: Flask) -> None:
    assert wrong(app, EnrolmentForm, care="none", facility="") == []
    assert wrong(app, EnrolmentForm, care="inpatient", facility="") == ["facility"]
    assert wrong(app, care="inpatient", facility="  ") == ["facility"]


@pytest.mark.parametrize("form_class", [ReactivationForm, EnrolmentForm])
def test_no_illness_is_asked(form_class: type[ServiceForm]) -> None:
    assert {field.short_name for field in form_class()} <= {"care", "facility", "card_number", "inactive_since"}


# ---- at intake ----


def intake(desk: Desk, person: str, **changed: str) -> tuple[int, str, str]:
    url = village_url(f"cases/new?person={person}&service=pbi_jk.reactivation")
    answer = desk.staff.post(url, data={**INTAKE, **ANSWERS, **changed})
    return answer.status_code, answer.text, answer.location or ""


def test_a_wrong_number_comes_back_beside_its_field_and_nothing_is_lost(desk: Desk) -> None:
    status, page, _where = intake(desk, desk.make_person(), card_number="123", facility="Klinik <b>Harapan</b>")
    assert status == 422
    assert "Nomor kartu BPJS terdiri dari 13 angka" in page
    assert "Klinik &lt;b&gt;Harapan&lt;/b&gt;" in page
    assert "0812 0000 0042" in page


def test_without_a_phone_number_nobody_can_be_told_in_time(desk: Desk) -> None:
    status, page, _where = intake(desk, desk.make_person(), reporter_phone=" ")
    assert status == 422
    assert "Tulis nomor yang dapat dihubungi" in page


def test_the_residents_own_number_stands_there_already(desk: Desk) -> None:
    person = desk.make_person(phone="081299990000")
    url = village_url(f"cases/new?person={person}&service=pbi_jk.reactivation")
    assert "081299990000" in desk.staff.get(url).text


def test_hostile_words_are_shown_as_they_were_typed(desk: Desk) -> None:
    hostile = "RS <script>alert('x')</script> {{ 7*7 }} %(n)s"
    status, _page, where = intake(desk, desk.make_person(), facility=hostile)
    assert status == 302
    page = desk.staff.get(where).text
    assert "<script>alert('x')" not in page
    assert "{{ 7*7 }} %(n)s" in page
