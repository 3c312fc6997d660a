"""A referral of a restricted case: the organisation reads and answers it, the village's others do not see it."""

from flask import Flask
from sqlalchemy import update

from core.cases.models import Case
from core.database.session import commit, db
from core.testing import VILLAGE, SignInAs, at

from .conftest import NAME, Organisations, SendTo, SignInOfficer, inbox_url, village_url


def test_the_addressee_goes_on_where_others_see_nothing(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in_officer: SignInOfficer, sign_in: SignInAs
) -> None:
    referral = send_to(organisations.hospital)
    staff, officer = sign_in("village_staff"), sign_in_officer(organisations.hospital)
    assert NAME in staff.get(f"/{VILLAGE}/referrals").text
    with at(app, VILLAGE):
        db.session.execute(update(Case).values(readers=["atensi.read"]))
        commit()
    page = officer.get(inbox_url(referral))
    assert (page.status_code, NAME in page.text) == (200, True)
    others = sign_in("field_worker")
    listed = others.get(f"/{VILLAGE}/referrals").text
    assert NAME not in listed
    assert others.get(village_url(referral)).status_code == 404
    assert others.post(village_url(referral, "recall"), data={"version": "1"}).status_code in (404, 422)
    assert staff.get(village_url(referral)).status_code == 200
