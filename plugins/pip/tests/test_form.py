"""What the clerk fills in: a NISN that can be one, a class that was chosen, a college for who was accepted."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from core.api import ServiceForm, area_today
from core.testing import VILLAGE, at
from plugins.pip.forms import CollegeAidForm, SchoolAidForm

from .conftest import COLLEGE, SCHOOL, Desk

FILLED = {SchoolAidForm: SCHOOL, CollegeAidForm: COLLEGE}
FORMS = list(FILLED)

pytestmark = pytest.mark.usefixtures("areas")


def filled(app: Flask, form_class: type[ServiceForm], **changed: object) -> ServiceForm:
    with at(app, VILLAGE):
        form = form_class(MultiDict({**FILLED[form_class], **changed}))  # pyright: ignore[reportArgumentType]
        form.validate()
        return form


def wrong(app: Flask, form_class: type[ServiceForm], **changed: object) -> list[str]:
    return sorted(name for name in filled(app, form_class, **changed).errors if name)


@pytest.mark.parametrize("form_class", FORMS)
def test_a_filled_in_form_is_taken(app: Flask, form_class: type[ServiceForm]) -> None:
    assert wrong(app, form_class) == []
    assert wrong(app, form_class, nisn="", grounds=[]) == []


@pytest.mark.parametrize("form_class", FORMS)
@pytest.mark.parametrize("number", ["0123456789", "012 345 6789", "012-345-6789"])
def test_a_nisn_is_ten_digits_however_they_are_grouped(app: Flask, form_class: type[ServiceForm], number: str) -> None:
    assert filled(app, form_class, nisn=number).data["nisn"] == "0123456789"


@pytest.mark.parametrize(
    "number",
    [
        "123456789",
        "01234567890",
        "3201155507900001",
        "012345678O",
        "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669",
        "1E+10",
    ],
)
def test_anything_else_is_no_nisn(app: Flask, number: str) -> None:
    [message] = filled(app, SchoolAidForm, nisn=number).errors["nisn"]
    assert str(message) == "NISN terdiri dari 10 angka; NIK punya 16."


@pytest.mark.parametrize("field", ["kind", "grade", "attendance"])
@pytest.mark.parametrize("value", ["", "0", "14", "college"])
def test_what_decides_is_chosen_from_the_list(app: Flask, field: str, value: str) -> None:
    assert wrong(app, SchoolAidForm, **{field: value}) == [field]


def test_a_ground_that_does_not_exist_is_refused(app: Flask) -> None:
    assert wrong(app, SchoolAidForm, grounds=["rich"]) == ["grounds"]
    assert wrong(app, CollegeAidForm, grounds=["orphan"]) == ["grounds"]


def test_nobody_has_graduated_next_year(app: Flask) -> None:
    with at(app, VILLAGE):
        year = area_today().year
    assert wrong(app, CollegeAidForm, graduated_in=f"{year}") == []
    assert wrong(app, CollegeAidForm, graduated_in=f"{year + 1}") == ["graduated_in"]
    assert wrong(app, CollegeAidForm, graduated_in="dua ribu") == ["graduated_in"]


def test_who_was_accepted_was_so_somewhere(app: Flask) -> None:
    assert wrong(app, CollegeAidForm, admission="accepted", college=" ") == ["college"]
    assert wrong(app, CollegeAidForm, admission="applying", college="") == []


def test_at_intake_a_phone_number_is_needed_and_nothing_is_lost(desk: Desk) -> None:
    url = f"/{VILLAGE}/cases/new?person={desk.make_person()}&service=pip.school"
    intake = {"channel": "desk", "priority": "normal", "privacy_notice_given": "y", **SCHOOL}
    answer = desk.staff.post(url, data={**intake, "school": "SMP <b>Harapan</b>"})
    assert answer.status_code == 422
    assert "Tulis nomor yang dapat dihubungi" in answer.text
    assert "SMP &lt;b&gt;Harapan&lt;/b&gt;" in answer.text
    answer = desk.staff.post(url, data={**intake, "reporter_phone": "0812 0000 0042"})
    assert answer.status_code == 302
    page = desk.staff.get(answer.location).text
    assert "Kelas 8 SMP, MTs, atau Paket B" in page
    assert "Pemegang KIP" in page
