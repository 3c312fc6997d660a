"""A case in Cibadak that can be referred, three organisations, and their officers."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from secrets import token_urlsafe
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from core.actor import Actor
from core.areas.code import AreaCode
from core.areas.current import CurrentArea
from core.cases.catalogue import find_service
from core.cases.checklist import give_document
from core.cases.locking import find_case
from core.cases.models import Case
from core.clock import today
from core.database.session import commit, db
from core.platform import platform
from core.referrals import sending
from core.referrals.drafting import ReferralInput, create_draft, find_referral
from core.referrals.models import Organisation, Referral
from core.referrals.organisations import OrganisationInput, register
from core.testing import VILLAGE, SignInAs, at, make_case, make_person
from core.users.models import Membership, User

PDF = b"%PDF-1.7 synthetic"
KECAMATAN, DISTRICT = "32.01.15", "32.01"

NAME, NIK, PHONE = "Rohaeti binti Sarmin", "3201155507900042", "081200000042"
# Not the last four digits of the NIK alone: a request id of twelve hexadecimal digits may hold them by chance.
SECRETS = (NAME, NIK, PHONE)
"""What of the resident no outsider may ever read."""


@dataclass(frozen=True)
class Organisations:
    """Ids: a Puskesmas for the kecamatan, a hospital and a school agency for the district."""

    puskesmas: UUID
    hospital: UUID
    school: UUID


@pytest.fixture
def organisations(app: Flask, areas: None) -> Organisations:
    with app.app_context():
        made = [
            register(AreaCode.parse(area).id, OrganisationInput(name, "government", sector, "0251-800001")).id
            for area, name, sector in (
                (KECAMATAN, "Puskesmas Ciampea", "puskesmas"),
                (DISTRICT, "RSUD Leuwiliang", "hospital"),
                (DISTRICT, "SMPN 1 Ciampea", "school"),
            )
        ]
        db.session.commit()
    return Organisations(*made)


@dataclass(frozen=True)
class Referable:
    case_id: UUID
    document_id: UUID


@pytest.fixture
def referable(app: Flask, areas: None) -> Referable:
    with at(app, VILLAGE) as area:
        return make_referable(area)


def make_referable(area: CurrentArea) -> Referable:
    """An open SKTM case with one uploaded paper."""
    service = find_service("sktm.letter")
    assert service
    case = make_case(area, service, make_person(area.id, NAME, nik=NIK, phone=PHONE))
    files_dir = platform().config.files_dir
    document = give_document(case, "ktp", stream=BytesIO(PDF), filename="ktp.pdf", files_dir=files_dir)
    commit()
    return Referable(case.id, document.id)


def draft(area: CurrentArea, case: Case, organisation_id: UUID, **values: object) -> Referral:
    """In the scope of the village; the caller commits."""
    organisation = db.session.get_one(Organisation, organisation_id)
    usual = {"kind": "membership", "ask": "Mohon aktifkan kembali PBI-JK.", "fields": ("age", "rt_rw", "phone")}
    return create_draft(area, case, ReferralInput(organisation, **{**usual, **values}))  # pyright: ignore[reportArgumentType]


SendTo = Callable[..., UUID]


@pytest.fixture
def send_to(app: Flask, referable: Referable) -> SendTo:
    """``send_to(organisation_id)``: the id of a referral that the village has sent."""

    def send(organisation_id: UUID, **values: object) -> UUID:
        with at(app, VILLAGE, Actor(None, "Wiwin di meja")) as area:
            case = find_case(area.id, referable.case_id)
            assert case
            referral = draft(area, case, organisation_id, documents=(referable.document_id,), **values)
            sending.send(area, referral, case)
            commit()
            return referral.id

    return send


SignInOfficer = Callable[..., FlaskClient]


@pytest.fixture
def sign_in_officer(app: Flask, sign_in: SignInAs) -> SignInOfficer:
    """``sign_in_officer(organisation_id, "32.01")``: a partner's officer with a membership in that area."""

    def make(organisation_id: UUID | None, area: str = DISTRICT, *, name: str = "Bidan Euis") -> FlaskClient:
        unique = f"{name}-{token_urlsafe(6)}"
        client = sign_in("partner_officer", area, name=unique)
        with app.app_context():
            user_id = db.session.scalars(select(User.id).where(User.name == unique)).one()
            db.session.execute(
                update(Membership).where(Membership.user_id == user_id).values(organisation_id=organisation_id)
            )
            db.session.execute(update(User).where(User.id == user_id).values(name=name))
            db.session.commit()
        return client

    return make


def inbox_url(referral_id: UUID, *rest: str, area: str = DISTRICT, village: str = VILLAGE) -> str:
    return "/".join([f"/{area}/inbox/{village}/{referral_id}", *rest])


def village_url(referral_id: UUID, *rest: str) -> str:
    return "/".join([f"/{VILLAGE}/referrals/{referral_id}", *rest])


def state_of(app: Flask, referral_id: UUID) -> tuple[str, int]:
    """State and version of a referral of Cibadak."""
    with at(app, VILLAGE) as area:
        referral = find_referral(area.id, referral_id)
        assert referral
        return referral.state, referral.version


def answer(
    app: Flask, client: FlaskClient, referral_id: UUID, key: str, area: str = DISTRICT, **data: object
) -> TestResponse:
    """Take a step of the receiving side on the version that its page would show."""
    version = state_of(app, referral_id)[1]
    return client.post(inbox_url(referral_id, "steps", key, area=area), data={"version": version, **data})


def tell(app: Flask, client: FlaskClient, referral_id: UUID, **data: object) -> TestResponse:
    """Record that the resident was told, today."""
    version = state_of(app, referral_id)[1]
    given = {"version": version, "how": "visit", "on": today().isoformat(), **data}
    return client.post(village_url(referral_id, "tell"), data=given)


ANSWER = {"note": "Kartu aktif sejak hari ini.", "reference": "Surat 440/12/2026"}

# Steps of the receiving side by which a referral gets from "sent" into a state.
WAYS = {
    "sent": (),
    "accepted": ("accept",),
    "processing": ("accept", "process"),
    "returned": ("return",),
    "done": ("accept", "finish"),
    "refused": ("accept", "refuse"),
}


def bring_to(app: Flask, officer: FlaskClient, referral_id: UUID, state: str, area: str = DISTRICT) -> None:
    for key in WAYS[state]:
        response = answer(app, officer, referral_id, key, area, **ANSWER)
        assert response.status_code == 302, response.text
    assert state_of(app, referral_id)[0] == state
