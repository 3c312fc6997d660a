"""The registry of organisations: whom a village can refer to, and who answers."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.areas.code import AreaCode
from core.database.session import commit, db
from core.referrals.errors import ReferralError
from core.referrals.models import Organisation
from core.referrals.organisations import OrganisationInput, addressees, find_addressee, register
from core.referrals.rules import RULES, answer_days
from core.testing import FOREIGN, SIBLING, VILLAGE, SignInAs, at, make_user
from core.users.models import Membership

from .conftest import DISTRICT, KECAMATAN, NAME, Organisations, SendTo, SignInOfficer

PUSKESMAS = {"name": "Puskesmas Ciampea", "sector": "puskesmas", "kind": "government", "active": "y"}
DISTRICT_ID, KECAMATAN_ID = (str(AreaCode.parse(code).id) for code in (DISTRICT, KECAMATAN))


def titles(app: Flask, village: str = VILLAGE) -> list[str]:
    with at(app, village) as area:
        return [addressee.title for addressee in addressees(area.interval)]


# ---- whom a village can refer to ----


def test_the_levels_above_come_first_then_the_organisations_that_serve_the_village(
    app: Flask, organisations: Organisations
) -> None:
    assert titles(app) == [
        "Kec. Ciampea",
        "Dinas Sosial Kabupaten Bogor",
        "Puskesmas Ciampea",
        "RSUD Leuwiliang",
        "SMPN 1 Ciampea",
    ]


def test_a_village_of_another_district_is_offered_its_own(app: Flask, organisations: Organisations) -> None:
    assert titles(app, FOREIGN) == ["Kec. Cibadak", "Dinas Sosial Kabupaten Sukabumi"]


def test_what_serves_one_village_is_offered_to_it_alone(app: Flask, areas: None) -> None:
    with app.app_context():
        register(AreaCode.parse(VILLAGE).id, OrganisationInput("Karang Taruna", "community", "community"))
        db.session.commit()
    assert "Karang Taruna" in titles(app)
    assert "Karang Taruna" not in titles(app, SIBLING)


def test_an_organisation_of_elsewhere_cannot_be_addressed_whatever_the_form_says(
    app: Flask, organisations: Organisations
) -> None:
    with at(app, FOREIGN) as area:
        assert find_addressee(area.interval, str(organisations.hospital)) is None
        assert find_addressee(area.interval, "hospital") is None
        assert find_addressee(area.interval, "nonsense") is None


def test_every_kind_of_organisation_has_its_time_to_answer() -> None:
    for rule in RULES.all:
        for sector in ("kecamatan", "dinsos", "puskesmas", "hospital", "school", "bpjs", "agency", "ngo", "donor"):
            assert answer_days(sector, rule.valid_from) > 0
        assert answer_days("community", rule.valid_from) > 0


# ---- the district's pages ----


@pytest.fixture
def admin(sign_in: SignInAs) -> FlaskClient:
    return sign_in("district_admin", DISTRICT)


def test_an_organisation_is_registered_given_an_officer_and_receives(
    app: Flask, admin: FlaskClient, send_to: SendTo, sign_in_officer: SignInOfficer
) -> None:
    made = admin.post(f"/{DISTRICT}/organisations/new", data={**PUSKESMAS, "area": KECAMATAN_ID})
    assert made.status_code == 302
    assert "Belum ada. Rujukan ke lembaga ini belum dapat dijawab." in admin.get(made.location).text
    officer = sign_in_officer(None, KECAMATAN)
    with app.app_context():
        organisation_id = db.session.scalars(select(Organisation.id)).one()
        user = make_user("bidan")
        username = user.username
        db.session.commit()
    appointed = admin.post(f"{made.location}/officers", data={"username": username.upper()})
    assert appointed.status_code == 302
    assert username in admin.get(made.location).text
    send_to(organisation_id)
    assert NAME not in officer.get(f"/{KECAMATAN}/inbox").text
    assert NAME in sign_in_officer(organisation_id, KECAMATAN).get(f"/{KECAMATAN}/inbox").text


def test_an_officer_who_is_dismissed_no_longer_stands_there(app: Flask, admin: FlaskClient) -> None:
    made = admin.post(f"/{DISTRICT}/organisations/new", data={**PUSKESMAS, "area": KECAMATAN_ID})
    with app.app_context():
        username = make_user("bidan").username
        db.session.commit()
    admin.post(f"{made.location}/officers", data={"username": username})
    with app.app_context():
        membership = db.session.scalars(select(Membership.id).where(Membership.organisation_id.is_not(None))).one()
    assert admin.post(f"{made.location}/officers/{membership}/dismiss").status_code == 302
    assert username not in admin.get(made.location).text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({**PUSKESMAS, "name": " "}, "Wajib diisi."),
        ({**PUSKESMAS, "sector": "dinsos"}, ""),
        ({**PUSKESMAS, "sector": "circus"}, ""),
        ({**PUSKESMAS, "area": "3202000000"}, ""),
    ],
)
def test_what_is_wrong_with_a_registration_is_named(
    app: Flask, admin: FlaskClient, data: dict[str, str], message: str
) -> None:
    response = admin.post(f"/{DISTRICT}/organisations/new", data={"area": KECAMATAN_ID, **data})
    assert response.status_code == 422
    assert message in response.text
    with app.app_context():
        assert db.session.scalars(select(Organisation)).all() == []


def test_two_of_one_name_in_an_area_would_be_confused(admin: FlaskClient) -> None:
    for status in (302, 422):
        data = {**PUSKESMAS, "area": KECAMATAN_ID}
        assert admin.post(f"/{DISTRICT}/organisations/new", data=data).status_code == status
    lower = {**PUSKESMAS, "name": "puskesmas ciampea", "area": KECAMATAN_ID}
    assert "Sudah ada lembaga bernama" in admin.post(f"/{DISTRICT}/organisations/new", data=lower).text


def test_an_unknown_account_cannot_answer(admin: FlaskClient) -> None:
    made = admin.post(f"/{DISTRICT}/organisations/new", data={**PUSKESMAS, "area": KECAMATAN_ID})
    response = admin.post(f"{made.location}/officers", data={"username": "tidak-ada"})
    assert response.status_code == 422
    assert "Tidak ada akun bernama tidak-ada" in response.text


def test_one_account_answers_for_one_organisation_of_an_area(app: Flask, admin: FlaskClient) -> None:
    with app.app_context():
        username = make_user("bidan").username
        db.session.commit()
    for name, status in (("Puskesmas Ciampea", 302), ("Puskesmas Cihideung", 422)):
        data = {**PUSKESMAS, "name": name, "area": KECAMATAN_ID}
        made = admin.post(f"/{DISTRICT}/organisations/new", data=data)
        assert admin.post(f"{made.location}/officers", data={"username": username}).status_code == status


def test_the_office_of_a_level_keeps_its_sector_and_needs_no_officer(app: Flask, admin: FlaskClient) -> None:
    with at(app, VILLAGE) as area:
        office = find_addressee(area.interval, "dinsos")
        assert office
        office_id = office.id
        commit()
    url = f"/{DISTRICT}/organisations/{office_id}"
    page = admin.get(url).text
    assert "tidak perlu ditunjuk" in page
    changed = {**PUSKESMAS, "sector": "ngo", "area": DISTRICT_ID}
    assert admin.post(url, data=changed).status_code == 422
    renamed = {**changed, "sector": "dinsos", "name": "Dinsos Kab. Bogor"}
    assert admin.post(url, data=renamed).status_code == 302
    assert "Dinsos Kab. Bogor" in titles(app)
    assert admin.post(f"{url}/officers", data={"username": "x"}).status_code == 404


def test_the_registry_of_a_district_is_its_own(app: Flask, organisations: Organisations, sign_in: SignInAs) -> None:
    other = sign_in("district_admin", "32.02")
    assert "RSUD Leuwiliang" not in other.get("/32.02/organisations").text
    assert other.get(f"/32.02/organisations/{organisations.hospital}").status_code == 404
    assert other.get(f"/{DISTRICT}/organisations").status_code == 404
    assert other.post(f"/32.02/organisations/{organisations.hospital}", data=PUSKESMAS).status_code == 404


@pytest.mark.parametrize("role", ["district_officer", "auditor", "partner_officer", "kecamatan_supervisor"])
def test_only_the_district_admin_manages_the_registry(
    organisations: Organisations, sign_in: SignInAs, role: str
) -> None:
    area = KECAMATAN if role == "kecamatan_supervisor" else DISTRICT
    client = sign_in(role, area)
    assert client.get(f"/{area}/organisations").status_code == 403
    assert client.post(f"/{area}/organisations/new", data=PUSKESMAS).status_code == 403


def test_two_offices_of_one_level_cannot_be(app: Flask, areas: None) -> None:
    with app.app_context():
        register(int(DISTRICT_ID), OrganisationInput("Dinsos", "government", "dinsos"))
        with pytest.raises(ReferralError, match="sudah punya Dinas Sosial"):
            register(int(DISTRICT_ID), OrganisationInput("Dinsos lain", "government", "dinsos"))
