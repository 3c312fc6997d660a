"""A kelurahan has a lurah and no kepala desa: on its own pages, in every text, whoever wrote it."""

import pytest
from flask import Flask

from core.areas.code import AreaCode
from core.areas.naming import as_said_in, of_kelurahan
from core.cases.catalogue import find_service
from core.database.session import commit, db
from core.testing import VILLAGE, SignInAs, at, make_case, make_person, provision
from core.users.models import Membership
from core.users.permissions import ROLES

KELURAHAN = "32.01.01.1001"
AREAS = (("32.01.01", "Cibinong", "kecamatan", None), (KELURAHAN, "Pondok Rajeg", "kelurahan", "PRJ"))


@pytest.fixture
def kelurahan(app: Flask, areas: None) -> str:
    with app.app_context():
        provision(AREAS)
    return KELURAHAN


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Kepala desa", "Lurah"),
        ("Menunggu keputusan kepala desa", "Menunggu keputusan lurah"),
        ("Peraturan Kepala Desa", "Peraturan Lurah"),
        ("Warga desa ini", "Warga kelurahan ini"),
        ("Desa dan warga membaca ini.", "Kelurahan dan warga membaca ini."),
        ("Pusat Kesejahteraan Sosial desa dan kelurahan", "Pusat Kesejahteraan Sosial desa dan kelurahan"),
        ("BLT Dana Desa", "BLT Dana Desa"),
        ("di %(desa)s, pedesaan", "di %(desa)s, pedesaan"),
    ],
)
def test_a_text_about_a_desa_is_said_as_a_kelurahan_says_it(text: str, said: str) -> None:
    assert of_kelurahan(text) == said


@pytest.mark.parametrize(
    ("code", "is_kelurahan"), [("32.01.01.1001", True), (VILLAGE, False), ("91.01.01.3001", False), ("32.01.10", False)]
)
def test_the_code_says_what_a_village_is(code: str, is_kelurahan: bool) -> None:
    assert AreaCode.parse(code).is_kelurahan is is_kelurahan
    assert as_said_in(AreaCode.parse(code), ROLES["village_head"].title) == ("Lurah" if is_kelurahan else "Kepala desa")


def waiting_case(app: Flask, code: str) -> str:
    with at(app, code) as area:
        service = find_service("sktm.letter")
        assert service
        case = make_case(area, service, make_person(area.id), purpose="school")
        case.state, case.waiting = "recommended", True
        commit()
        return f"/{code}/cases/{case.id}"


def test_its_pages_wait_for_the_lurah(app: Flask, kelurahan: str, sign_in: SignInAs) -> None:
    page = sign_in("village_staff", kelurahan).get(waiting_case(app, kelurahan)).text
    assert "keputusan lurah" in page
    assert "kepala desa" not in page.lower()


def test_those_of_a_desa_still_wait_for_the_kepala_desa(app: Flask, kelurahan: str, sign_in: SignInAs) -> None:
    sign_in("village_staff", kelurahan).get(f"/{kelurahan}/cases")
    page = sign_in("village_staff").get(waiting_case(app, VILLAGE)).text
    assert "keputusan kepala desa" in page


def test_english_knows_one_word_for_both(app: Flask, kelurahan: str, sign_in: SignInAs) -> None:
    staff = sign_in("village_staff", kelurahan)
    staff.get("/language/en")
    assert "the village head’s decision" in staff.get(waiting_case(app, kelurahan)).text


def test_a_name_is_never_changed(app: Flask, kelurahan: str, sign_in: SignInAs) -> None:
    with at(app, kelurahan) as area:
        make_person(area.id, "Putra desa")
        commit()
    assert "Putra desa" in sign_in("village_staff", kelurahan).get(f"/{kelurahan}/people").text


def test_the_choice_of_areas_names_each_role_as_it_is_called_there(
    app: Flask, kelurahan: str, sign_in: SignInAs
) -> None:
    client = sign_in("village_head")
    with app.app_context():
        user_id = db.session.scalar(db.select(Membership.user_id))
        db.session.add(Membership(user_id=user_id, area_id=AreaCode.parse(kelurahan).id, role="village_head"))
        db.session.commit()
    page = client.get("/areas").text
    assert "Lurah" in page
    assert "Kepala desa" in page
