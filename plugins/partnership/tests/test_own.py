"""The partner's own pages, what stays closed to its officer, and what a district sees."""

import re
from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from core.api import commit, db
from core.testing import SIBLING, VILLAGE, Clock, SignInAs, at, switch_off

from ..models import Partner, PartnerAction, PartnerAgreement, PartnerBarrier, PartnerContribution
from ..reviews import year_on
from ..scorecard.board import keep
from .conftest import Desk, Ledger, url, wib
from .test_desk import meeting

DISTRICT = VILLAGE[:5]
APPOINT = text(
    "UPDATE memberships SET organisation_id = (SELECT id FROM organisations WHERE name = :organisation)"
    " WHERE user_id IN (SELECT id FROM users WHERE name = :user)"
)
Officer = Callable[[str], FlaskClient]


@pytest.fixture
def officer_of(app: Flask, sign_in: SignInAs, clock: Clock) -> Officer:
    """Somebody who answers for an organisation, with a membership of the district."""

    def signed_in(organisation: str) -> FlaskClient:
        client = sign_in("partner_officer", DISTRICT, name=f"Petugas {organisation}")
        with app.app_context():
            db.session.execute(APPOINT, {"organisation": organisation, "user": f"Petugas {organisation}"})
            db.session.commit()
        return client

    return signed_in


def own(*parts: object, area: str = DISTRICT) -> str:
    return "/".join([f"/{area}/partnership/own", *map(str, parts)])


def test_an_officer_sees_the_own_partner_and_never_another_s(desk: Desk, app: Flask, officer_of: Officer) -> None:
    mine, other = desk.partner(organisation="RSUD"), desk.partner(organisation="BPJS")
    id = meeting(desk, [mine, other])
    with at(app, VILLAGE) as area:
        ledger = Ledger(area)
        for partner, name in ((mine, "Kami"), (other, "Mereka")):
            known = {"partner_id": partner, "title": f"Perjanjian {name}", "signed_on": wib("2026-11-01T00:00").date()}
            ledger.add(PartnerAgreement, state="signed", **known)
            due_on = wib("2026-11-20T00:00").date()
            ledger.add(PartnerAction, meeting_id=id, partner_id=partner, text=f"Tugas {name}", owner="x", due_on=due_on)
            ledger.add(PartnerBarrier, partner_id=partner, kind="silent", text=f"Hambatan {name}", opened_on=due_on)
        ledger.add(PartnerAgreement, partner_id=mine, title="Rancangan saja")
        commit()
    officer = officer_of("RSUD")
    listed = officer.get(own()).text
    assert str(mine) in listed
    assert str(other) not in listed
    page = officer.get(own(VILLAGE, mine)).text
    for shown in ("Perjanjian Kami", "Tugas Kami", "Balai desa", "Rujukan dijawab"):
        assert shown in page
    for hidden in ("Mereka", "BPJS", "Rancangan saja"):
        assert hidden not in page
    invitation = desk.ask("SELECT id FROM partnership_invitations WHERE partner_id = :p", p=other).id
    agreement = desk.ask("SELECT id FROM partnership_agreements WHERE partner_id = :p", p=other).id
    for path in (
        (VILLAGE, other),
        (VILLAGE, other, "review"),
        (SIBLING, mine),
        (DISTRICT, mine),
        (VILLAGE, UUID(int=7)),
    ):
        assert officer.get(own(*path)).status_code == 404
    assert officer.get(own(VILLAGE, mine, "agreements", agreement, "file")).status_code == 404
    assert officer.post(own(VILLAGE, mine, "invitations", invitation, "yes")).status_code == 404
    assert officer.post(own(VILLAGE, other, "invitations", invitation, "yes")).status_code == 404
    assert desk.ask("SELECT answer FROM partnership_invitations WHERE id = :id", id=invitation).answer == ""
    # The village's own pages stay closed, and so does the district's list.
    assert [officer.get(page).status_code for page in (url(), url("partners", mine), url("meetings", id))] == [403] * 3
    assert officer.get(f"/{DISTRICT}/partnership/").status_code == 403
    assert officer.get(f"/{VILLAGE}/people").status_code == 403


def test_an_officer_answers_an_invitation_until_the_day(desk: Desk, officer_of: Officer, clock: Clock) -> None:
    mine = desk.partner(organisation="RSUD")
    id = meeting(desk, [mine])
    invitation = desk.ask("SELECT id FROM partnership_invitations").id
    officer = officer_of("RSUD")
    assert officer.post(own(VILLAGE, mine, "invitations", invitation, "yes")).status_code == 302
    assert desk.ask("SELECT answer FROM partnership_invitations").answer == "yes"
    assert "Akan hadir" in desk.staff.get(url("meetings", id)).text
    assert "invitation_answered" in desk.deeds()
    clock.move(days=1)
    officer.post(own(VILLAGE, mine, "invitations", invitation, "no"))
    assert desk.ask("SELECT answer FROM partnership_invitations").answer == "yes"


def test_an_officer_fills_in_the_review_once_a_year(desk: Desk, officer_of: Officer, clock: Clock) -> None:
    mine = desk.partner(organisation="RSUD")
    officer = officer_of("RSUD")
    path = own(VILLAGE, mine, "review")
    names = sorted(set(re.findall(r'name="(answer_[a-z_]+)"', officer.get(path).text)))
    answers = dict.fromkeys(names, "5")
    assert officer.post(path, data={"version": 0, **answers, names[0]: ""}).status_code == 422
    assert officer.post(path, data={"version": 0, "comment": "Cepat", **answers}).status_code == 302
    row = desk.ask("SELECT * FROM partnership_reviews")
    assert (row.year, row.side, row.filled_by, row.comment) == (2026, "partner", "Petugas RSUD", "Cepat")
    assert officer.post(path, data={"version": 0, **answers}).status_code == 409
    assert officer.post(path, data={"version": 1, **answers, names[0]: "2"}).status_code == 302
    assert desk.ask("SELECT count(*) AS n FROM partnership_reviews").n == 1
    assert "diisi mitra" in desk.staff.get(url("partners", mine)).text
    # Until March it is still about the year before.
    assert [year_on(date(2027, month, 1)) for month in (1, 3, 4, 12)] == [2026, 2026, 2027, 2027]


def test_where_the_module_is_off_there_is_no_own_page(desk: Desk, app: Flask, officer_of: Officer) -> None:
    mine, officer = desk.partner(organisation="RSUD"), officer_of("RSUD")
    assert officer.get(own(VILLAGE, mine)).status_code == 200
    switch_off(app, "partnership")
    assert officer.get(own(VILLAGE, mine)).status_code == 404
    assert str(mine) not in officer.get(own()).text


def test_an_office_above_the_village_can_be_a_partner_too(desk: Desk, app: Flask, sign_in: SignInAs) -> None:
    with at(app, VILLAGE) as area:
        ledger = Ledger(area)
        office = ledger.organisation("Dinas Sosial", sector="dinsos")
        made = ledger.add(Partner, organisation_id=office.id, created_at=wib("2026-01-01T09:00"))
        made_id = made.id
        commit()
    assert sign_in("district_officer", DISTRICT).get(own(VILLAGE, made_id)).status_code == 200
    assert sign_in("kecamatan_supervisor", VILLAGE[:8]).get(own(VILLAGE, made_id, area=VILLAGE[:8])).status_code == 404


def test_a_district_sees_partners_of_all_villages_dormant_ones_and_answers(
    desk: Desk, app: Flask, sign_in: SignInAs, clock: Clock
) -> None:
    busy, _quiet = desk.partner(organisation="RSUD"), desk.partner("PKK")
    with at(app, SIBLING) as area:
        Ledger(area).partner("Yayasan Tetangga", registered=False)
        commit()
    with at(app, VILLAGE) as area:
        ledger = Ledger(area)
        found = db.session.get_one(Partner, (area.id, busy))
        case = ledger.case()
        for number in range(5):
            steps = {"sent": "2026-10-05T08:00"} | ({"done": "2026-10-09T08:00"} if number else {})
            ledger.referral(found, case, steps)
        given_on = wib("2026-11-10T00:00").date()
        ledger.add(PartnerContribution, partner_id=busy, kind="surveys", amount=1, given_on=given_on)
        until = {"signed_on": given_on, "valid_until": wib("2026-12-01T00:00").date()}
        ledger.add(PartnerAgreement, partner_id=busy, title="Rujukan", state="signed", **until)
        commit()
    for code in (VILLAGE, SIBLING):
        with at(app, code) as area:
            keep(area)
    officer = sign_in("district_officer", DISTRICT)
    root = f"/{DISTRICT}/partnership/"
    everything = officer.get(root).text
    assert [name in everything for name in ("RSUD", "PKK", "Yayasan Tetangga")] == [True] * 3
    assert "mitra di 2 desa" in everything
    dormant = officer.get(f"{root}?show=dormant").text
    assert [name in dormant for name in ("RSUD", "PKK", "Yayasan Tetangga")] == [False, True, True]
    expiring = officer.get(f"{root}?show=expiring").text
    assert [name in expiring for name in ("RSUD", "PKK")] == [True, False]
    answers = officer.get(f"{root}answers").text
    assert "RSUD" in answers
    assert "80 %" in answers
    assert "PKK" not in answers
    assert "3 di 2 desa" in officer.get(f"/{DISTRICT}/").text
    supervisor = sign_in("kecamatan_supervisor", VILLAGE[:8])
    assert supervisor.get(f"/{VILLAGE[:8]}/partnership/").status_code == 200
