"""The form: what is asked of a family, what is said when something is missing or wrong; and the service around it."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from plugins.blt_desa.forms import YES_NO, AidForm
from plugins.blt_desa.services import aid

from .conftest import ANSWERS, Musdes


def errors(app: Flask, **changed: str) -> dict[str, list[str]]:
    with app.test_request_context():
        form = AidForm(MultiDict({**ANSWERS, **changed}))
        form.validate()
        return {name: [str(message) for message in messages] for name, messages in form.errors.items() if name}


def test_a_filled_in_form_is_taken(app: Flask) -> None:
    assert errors(app) == {}
    assert errors(app, dependants="0") == {}


@pytest.mark.parametrize("field", ["dependants", "situation"])
def test_what_the_musdes_needs_must_be_filled_in(app: Flask, field: str) -> None:
    assert list(errors(app, **{field: " "})) == [field]


@pytest.mark.parametrize("value", ["-1", "31", "banyak"])
def test_dependants_are_a_number_of_people(app: Flask, value: str) -> None:
    assert list(errors(app, dependants=value)) == ["dependants"]


@pytest.mark.parametrize("field", ["chronic_illness", "disability", "elderly_alone", "lost_livelihood", "pkh"])
def test_a_question_is_answered_with_yes_no_or_not_known(app: Flask, field: str) -> None:
    for answer in YES_NO:
        assert errors(app, **{field: answer}) == {}
    assert list(errors(app, **{field: "mungkin"})) == [field]


def test_other_aid_is_named(app: Flask) -> None:
    assert errors(app, other_aid="yes") == {"other_aid": ["Tulis juga bantuan apa yang diterima."]}
    assert errors(app, other_aid="yes", other_aid_name="BPNT") == {}


def test_the_service_standard_has_all_fourteen_components() -> None:
    components = aid.standard_components
    assert len(components) == 14
    assert all(component.lines for component in components)
    assert [str(r.title) for r in aid.requirements] == ["KTP", "Kartu Keluarga (KK)", "Formulir pendataan keluarga"]


def test_the_case_page_tells_what_excludes_from_what_only_helps(musdes: Musdes) -> None:
    musdes.family("Enok Sumarni", decile=5, chronic_illness="yes", state="registered")
    page = musdes.staff.get(musdes.case_url("Enok Sumarni")).text
    assert "Keluarga Enok Sumarni" in page
    assert page.index("Tidak menerima PKH") < page.index("Cukup satu dari ini") < page.index("Ada yang sakit menahun")
    assert page.index("Menguatkan, bukan syarat") < page.index("Tidak menerima bantuan tetap lain")
    assert "Permendesa PDT 16/2025" in page


def test_an_incomplete_case_is_not_put_forward(musdes: Musdes) -> None:
    musdes.family("Enok Sumarni", state="handling")
    requirement = musdes.case_url("Enok Sumarni", "papers", "blt_desa_data_sheet")
    assert musdes.staff.post(requirement, data={"action": "undo"}).status_code == 302
    answer = musdes.step(musdes.staff, "Enok Sumarni", "propose")
    assert answer.status_code == 422
    assert "Belum ada: Formulir pendataan keluarga." in answer.text
