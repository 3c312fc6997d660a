"""Synthetic residents with their cases, and the people who work for them."""

from datetime import date, timedelta
from secrets import token_urlsafe

from flask import Flask
from flask.testing import FlaskClient

from core.areas.code import AreaCode
from core.areas.current import CurrentArea
from core.cases.checklist import confirm_seen
from core.cases.intake import Intake, open_case
from core.cases.models import Case
from core.cases.service import Service
from core.clock import now
from core.database.session import db
from core.people.duplicates import name_key
from core.people.models import Household, Person
from core.testing.villages import VILLAGE
from core.users.identity import token_hash
from core.users.models import Membership, SecondFactor, SignIn, User
from core.users.signing_in import SIGN_IN_LIFETIME

# Hashing takes 27 ms by design; hundreds of test users share one hash that no password fits.
UNUSABLE_PASSWORD = "!"  # noqa: S105 - not a password
NO_SECRET = b""  # no code fits it


def sign_in(
    app: Flask, role: str, area: str = VILLAGE, *, name: str | None = None, until: date | None = None
) -> FlaskClient:
    """A client signed in with a role. The second step counts as done, for roles of which it is demanded too."""
    client = app.test_client()
    with app.app_context():
        user = make_user(name or role)
        db.session.add(SecondFactor(user_id=user.id, secret=NO_SECRET))
        db.session.add(Membership(user_id=user.id, area_id=AreaCode.parse(area).id, role=role, until=until))
        token = token_urlsafe(16)
        db.session.add(SignIn(token_hash=token_hash(token), user_id=user.id, expires_at=now() + SIGN_IN_LIFETIME))
        db.session.commit()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    return client


def make_user(name: str) -> User:
    user = User(
        username=f"{name}-{token_urlsafe(4)}",
        name=name,
        password_hash=UNUSABLE_PASSWORD,
        must_change_password=False,
    )
    db.session.add(user)
    db.session.flush()
    return user


def make_person(village_id: int, name: str = "Siti Aminah", **values: object) -> Person:
    """A synthetic resident with a household; NIK and No KK are made from a counter. The caller commits."""
    number = next(_numbers)
    household = Household(village_id=village_id, kk_number=f"320115010120{number:04d}", rt="002", rw="005")
    db.session.add(household)
    db.session.flush()
    defaults = {
        "sex": "P",
        "birth_date": date(1990, 7, 15),
        "nik": f"320115550790{number:04d}",
        "family_role": "head",
        "household_id": household.id,
    }
    person = Person(village_id=village_id, name=name, name_key=name_key(name), **{**defaults, **values})
    db.session.add(person)
    db.session.flush()
    return person


_numbers = iter(range(1, 10_000))


def make_case(area: CurrentArea, service: Service, person: Person, **answers: object) -> Case:
    """An open case with every answer given; the caller commits."""
    return open_case(area, service, person, Intake(channel="desk", answers=answers, privacy_notice_given=True))


def settle_papers(case: Case, service: Service) -> None:
    for requirement in service.requirements:
        confirm_seen(case, requirement.key)


def days_ago(days: int) -> date:
    return now().date() - timedelta(days=days)
