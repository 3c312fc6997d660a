"""The village's pages: from the case to the sent referral, with every problem named and nothing typed lost."""

import re
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core.database.session import db
from core.referrals.drafting import find_referral
from core.referrals.models import Referral, ReferralDocument
from core.testing import VILLAGE, SignInAs, at

from .conftest import (
    NAME,
    NIK,
    PHONE,
    Organisations,
    Referable,
    SendTo,
    SignInOfficer,
    bring_to,
    state_of,
    tell,
    village_url,
)


@pytest.fixture
def staff(sign_in: SignInAs) -> FlaskClient:
    return sign_in("village_staff")


def refer_url(referable: Referable) -> str:
    return f"/{VILLAGE}/cases/{referable.case_id}/refer"


def form(organisations: Organisations, **values: object) -> dict[str, object]:
    usual = {"to": str(organisations.hospital), "kind": "membership", "ask": "Mohon diaktifkan.", "nik": "masked"}
    return {**usual, "fields": ["age", "phone"], **values}


def only_referral(app: Flask) -> Referral:
    with at(app, VILLAGE) as area:
        return db.session.scalars(select(Referral).where(Referral.village_id == area.id)).one()


def test_from_the_case_to_the_sent_referral(
    app: Flask, staff: FlaskClient, referable: Referable, organisations: Organisations
) -> None:
    assert refer_url(referable) in staff.get(f"/{VILLAGE}/cases/{referable.case_id}").text
    page = staff.get(refer_url(referable)).text
    for offered in ("Dinas Sosial Kabupaten Bogor", "Puskesmas Ciampea", "KTP", "NIK"):
        assert offered in page
    made = staff.post(refer_url(referable), data=form(organisations, documents=[str(referable.document_id)]))
    assert made.status_code == 302
    draft = staff.get(made.location).text
    assert "Yang akan dibaca penerima" in draft
    assert PHONE in draft
    assert "3201 •••• •••• 0042" in draft
    version = re.search(r'name="version"[^>]*value="(\d+)"', draft)
    assert version
    sent = staff.post(f"{made.location}/send", data={"version": version[1]})
    assert sent.status_code == 302
    assert re.search(r"CBD-R\d\d-0001", staff.get(made.location).text)
    case = staff.get(f"/{VILLAGE}/cases/{referable.case_id}").text
    assert "RSUD Leuwiliang" in case
    assert "Rujukan dikirim ke RSUD Leuwiliang" in case
    assert NAME in staff.get(f"/{VILLAGE}/referrals").text


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"to": ""}, "Pilih penerima rujukan."),
        ({"ask": "  "}, ""),
        ({"kind": ""}, "Pilih jenis rujukan."),
        ({"answer_days": "0"}, ""),
        ({"answer_days": "lusa"}, ""),
        ({"ask": "x" * 2001}, "2000"),
        ({"fields": ["nik"]}, ""),
        ({"nik": "all"}, ""),
        ({"documents": ["01a20bf7-db21-7fd0-9bfc-75f99c9ab86f"]}, ""),
        ({"to": "01a20bf7-db21-7fd0-9bfc-75f99c9ab86f"}, ""),
    ],
)
def test_what_is_wrong_is_named_and_what_was_typed_stays(
    app: Flask,
    staff: FlaskClient,
    referable: Referable,
    organisations: Organisations,
    values: dict[str, object],
    message: str,
) -> None:
    response = staff.post(refer_url(referable), data={**form(organisations, note="Rumah cat biru."), **values})
    assert response.status_code == 422
    assert message in response.text
    assert "Rumah cat biru." in response.text
    with at(app, VILLAGE):
        assert db.session.scalars(select(Referral)).all() == []


def test_a_whole_nik_for_who_does_not_need_it_is_refused_beside_the_field(
    staff: FlaskClient, referable: Referable, organisations: Organisations
) -> None:
    data = form(organisations, to=str(organisations.school), nik="full")
    response = staff.post(refer_url(referable), data=data)
    assert response.status_code == 422
    assert "SMPN 1 Ciampea tidak memerlukan NIK lengkap" in response.text


def test_the_office_above_gets_its_row_with_its_first_referral(
    app: Flask, staff: FlaskClient, referable: Referable, organisations: Organisations
) -> None:
    for _time in range(2):
        assert staff.post(refer_url(referable), data=form(organisations, to="dinsos")).status_code in (302, 422)
    page = staff.get(refer_url(referable)).text
    assert page.count("Dinas Sosial Kabupaten Bogor") == 1


def test_a_stale_edit_shows_both_sides_and_keeps_what_was_typed(
    app: Flask, staff: FlaskClient, referable: Referable, organisations: Organisations
) -> None:
    made = staff.post(refer_url(referable), data=form(organisations))
    referral = only_referral(app)
    version = referral.version
    edit = f"{made.location}/edit"
    assert staff.post(edit, data=form(organisations, ask="Yang pertama.", version=version)).status_code == 302
    late = staff.post(edit, data=form(organisations, ask="Yang kedua.", version=version))
    assert late.status_code == 409
    assert "Yang pertama." in late.text
    assert "Yang kedua." in late.text
    fresh = re.search(r'name="version"[^>]*value="(\d+)"', late.text)
    assert fresh
    assert staff.post(edit, data=form(organisations, ask="Yang kedua.", version=fresh[1])).status_code == 302
    assert only_referral(app).ask == "Yang kedua."


def test_changing_only_the_papers_counts_as_a_change(
    app: Flask, staff: FlaskClient, referable: Referable, organisations: Organisations
) -> None:
    made = staff.post(refer_url(referable), data=form(organisations, documents=[str(referable.document_id)]))
    before = only_referral(app).version
    staff.post(f"{made.location}/edit", data=form(organisations, version=before))
    assert only_referral(app).version > before
    with at(app, VILLAGE):
        assert db.session.scalars(select(ReferralDocument)).all() == []


def test_what_is_on_its_way_cannot_be_edited(staff: FlaskClient, organisations: Organisations, send_to: SendTo) -> None:
    referral = send_to(organisations.hospital)
    assert staff.get(village_url(referral, "edit")).status_code == 409


def test_sending_twice_sends_once(
    app: Flask, staff: FlaskClient, referable: Referable, organisations: Organisations
) -> None:
    made = staff.post(refer_url(referable), data=form(organisations))
    version = only_referral(app).version
    assert staff.post(f"{made.location}/send", data={"version": version}).status_code == 302
    assert staff.post(f"{made.location}/send", data={"version": version}).status_code == 409
    assert (only_referral(app).state, only_referral(app).number[-4:]) == ("sent", "0001")  # pyright: ignore[reportOptionalSubscript]


def test_a_draft_can_be_thrown_away(
    app: Flask, staff: FlaskClient, referable: Referable, organisations: Organisations
) -> None:
    made = staff.post(refer_url(referable), data=form(organisations))
    version = only_referral(app).version
    assert staff.post(f"{made.location}/discard", data={"version": version}).status_code == 302
    assert staff.get(made.location).status_code == 404


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"how": ""}, "Pilih bagaimana warga diberi tahu."),
        ({"on": ""}, "Isi tanggal warga diberi tahu."),
        ({"on": "2999-01-01"}, "Tanggalnya belum tiba"),
        ({"on": "2001-01-01"}, "sebelum rujukan dikirim"),
    ],
)
def test_how_and_when_the_resident_was_told_is_asked(
    app: Flask,
    staff: FlaskClient,
    organisations: Organisations,
    send_to: SendTo,
    sign_in_officer: SignInOfficer,
    data: dict[str, str],
    message: str,
) -> None:
    referral = send_to(organisations.hospital)
    bring_to(app, sign_in_officer(organisations.hospital), referral, "done")
    response = tell(app, staff, referral, note="Ibu Rohaeti mengerti.", **data)
    assert response.status_code == 422
    assert message in response.text
    assert "Ibu Rohaeti mengerti." in response.text
    assert state_of(app, referral)[0] == "done"


def test_a_closed_referral_says_by_whom_how_and_when_the_resident_was_told(
    app: Flask, sign_in: SignInAs, organisations: Organisations, send_to: SendTo, sign_in_officer: SignInOfficer
) -> None:
    referral = send_to(organisations.hospital)
    bring_to(app, sign_in_officer(organisations.hospital), referral, "refused")
    clerk = sign_in("field_worker", name="Kader Iis")
    assert tell(app, clerk, referral, note="Akan mencoba lagi.").status_code == 302
    page = clerk.get(village_url(referral)).text
    for line in ("Warga sudah diberi tahu: Kunjungan rumah", "Akan mencoba lagi.", "Kader Iis"):
        assert line in page
    assert tell(app, clerk, referral).status_code == 422


def test_taking_back_asks_for_the_reason(
    app: Flask, staff: FlaskClient, organisations: Organisations, send_to: SendTo
) -> None:
    referral = send_to(organisations.hospital)
    response = staff.post(village_url(referral, "recall"), data={"version": state_of(app, referral)[1], "note": " "})
    assert response.status_code == 422
    assert "Tulis alasannya" in response.text


def test_the_villages_pages_do_not_show_the_whole_nik(
    staff: FlaskClient, organisations: Organisations, send_to: SendTo
) -> None:
    referral = send_to(organisations.hospital, nik="full")
    assert NIK not in staff.get(village_url(referral)).text


def test_an_unknown_referral_or_case_is_not_found(staff: FlaskClient, areas: None) -> None:
    unknown = "01a20bf7-db21-7fd0-9bfc-75f99c9ab86f"
    assert staff.get(village_url(UUID(unknown))).status_code == 404
    assert staff.get(f"/{VILLAGE}/cases/{unknown}/refer").status_code == 404


def test_a_damaged_filter_shows_the_open_ones(
    staff: FlaskClient, organisations: Organisations, send_to: SendTo
) -> None:
    send_to(organisations.hospital)
    assert NAME in staff.get(f"/{VILLAGE}/referrals?which=nonsense&after=%%%").text


def test_a_referral_that_came_back_says_why_and_offers_both_ways_on(
    app: Flask, staff: FlaskClient, organisations: Organisations, send_to: SendTo, sign_in_officer: SignInOfficer
) -> None:
    referral = send_to(organisations.hospital)
    bring_to(app, sign_in_officer(organisations.hospital), referral, "returned")
    page = staff.get(village_url(referral)).text
    for line in ("Dikembalikan ke desa", "Kartu aktif sejak hari ini.", "Kirim lagi", "Warga sudah diberi tahu"):
        assert line in page
    with at(app, VILLAGE) as area:
        found = find_referral(area.id, referral)
        assert found
        assert found.decision == ""
