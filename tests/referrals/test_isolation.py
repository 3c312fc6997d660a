"""Who sees which referral: roles × organisations × areas, by raw requests against every address that there is."""

from datetime import date
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, delete, select, text, update
from sqlalchemy.exc import ProgrammingError
from werkzeug.routing import Rule

from core.cases.locking import find_case
from core.database.session import commit, db
from core.referrals.models import Organisation, Referral, ReferralEvent
from core.referrals.organisations import find_addressee
from core.testing import FOREIGN, SIBLING, VILLAGE, SignInAs, at, make_person
from core.users.models import Membership
from core.users.permissions import PUBLIC, SIGNED_IN

from .conftest import (
    DISTRICT,
    KECAMATAN,
    NAME,
    SECRETS,
    Organisations,
    Referable,
    SendTo,
    SignInOfficer,
    answer,
    bring_to,
    draft,
    inbox_url,
    state_of,
    village_url,
)

OTHER_DISTRICT = "32.02"
PARTNERS_MAY = {"area.view", "referrals.answer", "partnership.own", PUBLIC, SIGNED_IN}


def addresses(referral: UUID, area: str = DISTRICT, village: str = VILLAGE) -> list[tuple[str, str]]:
    """Method and address of everything that the receiving side can do with a referral."""
    return [
        ("GET", inbox_url(referral, area=area, village=village)),
        ("POST", inbox_url(referral, "nik", area=area, village=village)),
        ("GET", inbox_url(referral, "papers", str(uuid4()), area=area, village=village)),
        *(
            ("POST", inbox_url(referral, "steps", key, area=area, village=village))
            for key in ("accept", "return", "process", "finish", "refuse")
        ),
    ]


def assert_hidden(client: FlaskClient, referral: UUID, area: str = DISTRICT, village: str = VILLAGE) -> None:
    for method, url in addresses(referral, area, village):
        data = {"version": 1, "note": "Selesai.", "reference": "12/2026"} if method == "POST" else None
        response = client.open(url, method=method, data=data)
        assert response.status_code == 404, url
        assert not any(secret in response.text for secret in SECRETS), url


# ---- between organisations ----


def test_another_organisation_of_the_same_district_finds_nothing(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in_officer: SignInOfficer
) -> None:
    referral = send_to(organisations.hospital, nik="full")
    other = sign_in_officer(organisations.school)
    assert_hidden(other, referral)
    for which in ("open", "new", "overdue", "back"):
        assert NAME not in other.get(f"/32.01/inbox?which={which}").text
    number = f"CBD-R{date.today():%y}-0001"  # noqa: DTZ011 - the year is all that counts
    assert NAME not in other.get(f"/32.01/inbox?q={number}").text
    assert NAME in sign_in_officer(organisations.hospital).get(f"/32.01/inbox?q={number}").text
    assert state_of(app, referral)[0] == "sent"


def test_an_officer_of_no_organisation_finds_nothing(
    organisations: Organisations, send_to: SendTo, sign_in_officer: SignInOfficer
) -> None:
    referral = send_to(organisations.hospital)
    nobody = sign_in_officer(None)
    assert_hidden(nobody, referral)
    inbox = nobody.get("/32.01/inbox").text
    assert NAME not in inbox
    assert "belum dihubungkan dengan lembaga" in inbox


def test_an_organisation_sees_its_own_referrals_and_not_those_of_its_neighbour(
    organisations: Organisations, send_to: SendTo, sign_in_officer: SignInOfficer
) -> None:
    send_to(organisations.hospital, ask="Untuk rumah sakit.")
    referral = send_to(organisations.school, ask="Untuk sekolah.")
    page = sign_in_officer(organisations.school).get(inbox_url(referral)).text
    assert "Untuk sekolah." in page
    assert "Untuk rumah sakit." not in page


# ---- between areas ----


@pytest.mark.parametrize("area", [OTHER_DISTRICT, FOREIGN, "32"])
def test_from_an_area_that_is_not_theirs_officers_find_nothing(
    organisations: Organisations, send_to: SendTo, sign_in_officer: SignInOfficer, area: str
) -> None:
    referral = send_to(organisations.hospital)
    officer = sign_in_officer(organisations.hospital)
    assert officer.get(f"/{area}/inbox").status_code == 404
    assert_hidden(officer, referral, area=area)


@pytest.mark.parametrize("village", [SIBLING, FOREIGN, "32.01.15.9999"])
def test_under_the_code_of_another_village_a_referral_is_not_found(
    organisations: Organisations, send_to: SendTo, sign_in_officer: SignInOfficer, village: str
) -> None:
    referral = send_to(organisations.hospital)
    assert_hidden(sign_in_officer(organisations.hospital), referral, village=village)


def test_an_officer_of_a_district_does_not_reach_into_another_even_for_their_own_organisation(
    organisations: Organisations, send_to: SendTo, sign_in_officer: SignInOfficer
) -> None:
    """The membership decides about the area, the organisation about what is seen in it."""
    referral = send_to(organisations.hospital)
    officer = sign_in_officer(organisations.hospital, OTHER_DISTRICT)
    assert officer.get(f"/{OTHER_DISTRICT}/inbox").status_code == 200
    assert_hidden(officer, referral, area=OTHER_DISTRICT)
    assert_hidden(officer, referral, area=DISTRICT)


def test_an_officer_of_a_kecamatan_answers_from_there_and_not_from_the_district(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in_officer: SignInOfficer
) -> None:
    referral = send_to(organisations.puskesmas)
    officer = sign_in_officer(organisations.puskesmas, KECAMATAN)
    assert NAME in officer.get(f"/{KECAMATAN}/inbox").text
    assert officer.get(f"/{DISTRICT}/inbox").status_code == 404
    assert answer(app, officer, referral, "accept", KECAMATAN).status_code == 302


def test_an_officer_with_a_village_works_in_its_inbox_and_nowhere_else(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in_officer: SignInOfficer
) -> None:
    referral = send_to(organisations.school)
    officer = sign_in_officer(organisations.school, VILLAGE)
    assert NAME in officer.get(f"/{VILLAGE}/inbox").text
    assert answer(app, officer, referral, "accept", VILLAGE).status_code == 302
    assert officer.get(village_url(referral)).status_code == 403
    assert officer.get(f"/{VILLAGE}/referrals").status_code == 403


# ---- from the receiving side into the village ----


def _filled(rule: Rule, values: dict[str, str]) -> str | None:
    """An address of this rule; None for one with a part that no value is known for."""
    parts = {name: values.get(name) or values.get(type(c).__name__) for name, c in rule._converters.items()}
    built = rule.build(parts) if all(parts.values()) else None
    return built[1] if built else None


@pytest.mark.parametrize("area", [DISTRICT, VILLAGE])
def test_no_page_of_the_platform_tells_a_partner_anything_about_a_resident(
    app: Flask,
    organisations: Organisations,
    referable: Referable,
    send_to: SendTo,
    sign_in_officer: SignInOfficer,
    area: str,
) -> None:
    """Every address that there is, with the ids of a real case and person, for an officer of another organisation."""
    send_to(organisations.hospital, nik="full")
    with at(app, VILLAGE) as village:
        case = find_case(village.id, referable.case_id)
        assert case
        ids = [str(case.id), str(case.person_id), str(case.household_id), str(referable.document_id)]
    officer = sign_in_officer(organisations.school, DISTRICT)
    asked = 0
    for rule in app.url_map.iter_rules():
        if "area" not in rule.arguments:
            continue
        allowed = getattr(app.view_functions[rule.endpoint], "permission", None) in PARTNERS_MAY
        for value in ids:
            values = {"area": area, "village": VILLAGE, "UUIDConverter": value, "UnicodeConverter": "x"}
            try:
                url = _filled(rule, values)
            except ValueError:
                continue
            if url is None:
                continue
            for method in (rule.methods or set()) & {"GET", "POST"}:
                with officer.open(url, method=method, buffered=True) as response:
                    asked += 1
                    assert allowed or response.status_code in (403, 404), (method, url, response.status_code)
                    text = response.get_data(as_text=True)
                    assert not any(secret in text for secret in SECRETS), (method, url)
    assert asked > 50


def test_a_partner_holds_two_permissions_and_those_to_its_own_affairs(app: Flask) -> None:
    held = app.extensions["puskesos"].permissions.of_role("partner_officer")
    assert held == {"area.view", "referrals.answer", "partnership.own"}


def test_a_draft_is_nobodys_but_the_villages(
    app: Flask, organisations: Organisations, referable: Referable, sign_in_officer: SignInOfficer
) -> None:
    with at(app, VILLAGE) as area:
        case = find_case(area.id, referable.case_id)
        assert case
        referral = draft(area, case, organisations.hospital).id
        commit()
    officer = sign_in_officer(organisations.hospital)
    assert_hidden(officer, referral)
    assert NAME not in officer.get("/32.01/inbox").text


def test_what_the_village_mends_after_a_return_is_not_read_before_it_is_sent(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in: SignInAs, sign_in_officer: SignInOfficer
) -> None:
    referral = send_to(organisations.hospital)
    officer, staff = sign_in_officer(organisations.hospital), sign_in("village_staff")
    bring_to(app, officer, referral, "returned")
    form = {
        "version": state_of(app, referral)[1],
        "to": str(organisations.hospital),
        "kind": "programme",
        "ask": "Rahasia sampai dikirim.",
        "nik": "",
    }
    assert staff.post(village_url(referral, "edit"), data=form).status_code == 302
    assert "Rahasia sampai dikirim." not in officer.get(inbox_url(referral)).text


# ---- offices and other roles ----


def sent_to_office(app: Flask, send_to: SendTo, sector: str) -> UUID:
    with at(app, VILLAGE) as area:
        office = find_addressee(area.interval, sector)
        assert office
        office_id = office.id
        commit()
    return send_to(office_id)


@pytest.mark.parametrize(
    ("role", "sector", "area"),
    [("district_officer", "dinsos", DISTRICT), ("kecamatan_supervisor", "kecamatan", KECAMATAN)],
)
def test_whoever_has_the_role_answers_for_the_office_of_their_area(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in: SignInAs, role: str, sector: str, area: str
) -> None:
    referral = sent_to_office(app, send_to, sector)
    holder = sign_in(role, area)
    assert NAME in holder.get(f"/{area}/inbox").text
    assert answer(app, holder, referral, "accept", area).status_code == 302


@pytest.mark.parametrize(
    ("role", "sector", "area"),
    [
        ("district_officer", "kecamatan", DISTRICT),
        ("kecamatan_supervisor", "dinsos", KECAMATAN),
        ("district_officer", "dinsos", OTHER_DISTRICT),
        ("district_officer", "dinsos", KECAMATAN),
    ],
)
def test_an_office_is_answered_for_by_its_own_role_in_its_own_area(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in: SignInAs, role: str, sector: str, area: str
) -> None:
    referral = sent_to_office(app, send_to, sector)
    assert_hidden(sign_in(role, area), referral, area=area)


def test_the_dinas_sosial_reads_partners_referrals_in_the_village_but_does_not_answer_them(
    organisations: Organisations, send_to: SendTo, sign_in: SignInAs
) -> None:
    referral = send_to(organisations.hospital)
    officer = sign_in("district_officer", DISTRICT)
    assert officer.get(village_url(referral)).status_code == 200
    assert NAME not in officer.get(f"/{DISTRICT}/inbox").text
    assert_hidden(officer, referral)


@pytest.mark.parametrize("role", ["village_head", "village_staff", "field_worker", "auditor", "district_admin"])
def test_other_roles_have_no_inbox(organisations: Organisations, send_to: SendTo, sign_in: SignInAs, role: str) -> None:
    referral = send_to(organisations.hospital)
    area = DISTRICT if role in ("auditor", "district_admin") else VILLAGE
    client = sign_in(role, area)
    assert client.get(f"/{area}/inbox").status_code == 403
    assert {client.open(url, method=method).status_code for method, url in addresses(referral, area)} == {403}


@pytest.mark.parametrize(
    ("role", "area", "reads", "writes"),
    [
        ("village_head", VILLAGE, True, True),
        ("village_staff", VILLAGE, True, True),
        ("field_worker", VILLAGE, True, True),
        ("kecamatan_supervisor", KECAMATAN, True, False),
        ("district_officer", DISTRICT, True, False),
        ("auditor", DISTRICT, True, False),
        ("district_admin", DISTRICT, False, False),
    ],
)
def test_who_reads_and_who_writes_a_villages_referrals(
    app: Flask,
    organisations: Organisations,
    send_to: SendTo,
    sign_in: SignInAs,
    role: str,
    area: str,
    reads: bool,
    writes: bool,
) -> None:
    referral = send_to(organisations.hospital)
    client = sign_in(role, area)
    for url in (f"/{VILLAGE}/referrals", village_url(referral)):
        assert client.get(url).status_code == (200 if reads else 403), url
    version = state_of(app, referral)[1]
    recalled = client.post(village_url(referral, "recall"), data={"version": version, "note": "Salah alamat"})
    assert recalled.status_code == (302 if writes else 403)
    assert (state_of(app, referral)[0] == "returned") is writes


def test_a_referral_is_not_found_in_the_village_next_door(
    organisations: Organisations, send_to: SendTo, sign_in: SignInAs
) -> None:
    referral = send_to(organisations.hospital)
    neighbour = sign_in("village_staff", SIBLING)
    assert neighbour.get(f"/{SIBLING}/referrals/{referral}").status_code == 404
    assert neighbour.get(village_url(referral)).status_code == 404
    assert neighbour.get(f"/{SIBLING}/referrals").text.count(NAME) == 0
    for step in ("send", "recall", "tell", "discard"):
        url = f"/{SIBLING}/referrals/{referral}/{step}"
        assert neighbour.post(url, data={"version": 1, "note": "x"}).status_code == 404


# ---- memberships and organisations that have ended ----


def test_who_no_longer_answers_for_the_organisation_sees_nothing_at_once(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in_officer: SignInOfficer
) -> None:
    referral = send_to(organisations.hospital)
    officer = sign_in_officer(organisations.hospital)
    assert officer.get(inbox_url(referral)).status_code == 200
    with app.app_context():
        db.session.execute(delete(Membership).where(Membership.organisation_id == organisations.hospital))
        db.session.commit()
    assert_hidden(officer, referral)


def test_an_organisation_that_was_switched_off_sees_nothing(
    app: Flask, organisations: Organisations, send_to: SendTo, sign_in_officer: SignInOfficer
) -> None:
    referral = send_to(organisations.hospital)
    officer = sign_in_officer(organisations.hospital)
    with app.app_context():
        db.session.execute(update(Organisation).where(Organisation.id == organisations.hospital).values(active=False))
        db.session.commit()
    assert_hidden(officer, referral)


# ---- the database itself ----


def test_from_a_wide_scope_no_referral_can_be_changed(
    app: Flask, organisations: Organisations, send_to: SendTo
) -> None:
    referral = send_to(organisations.hospital)
    with at(app, DISTRICT):
        assert db.session.scalar(select(Referral.state).where(Referral.id == referral)) == "sent"
        for statement in (
            update(Referral).where(Referral.id == referral).values(state="done"),
            delete(Referral).where(Referral.id == referral),
        ):
            assert db.session.execute(statement).rowcount == 0  # pyright: ignore[reportAttributeAccessIssue]
    with at(app, OTHER_DISTRICT):
        assert db.session.scalar(select(Referral.state).where(Referral.id == referral)) is None


@pytest.mark.parametrize("verb", ["UPDATE referral_events SET kind = 'x'", "DELETE FROM referral_events"])
def test_the_history_that_both_sides_see_cannot_be_rewritten(
    app: Flask, organisations: Organisations, send_to: SendTo, verb: str
) -> None:
    send_to(organisations.hospital)
    with at(app, VILLAGE):
        assert db.session.scalars(select(ReferralEvent.kind)).all() == ["sent"]
        with pytest.raises(ProgrammingError, match="permission denied"):
            db.session.execute(text(verb))


def test_a_referral_cannot_point_into_another_village(
    app: Flask, organisations: Organisations, referable: Referable, owner_engine: Engine
) -> None:
    """Not even the owner of the schema can write one."""
    with at(app, SIBLING) as sibling:
        make_person(sibling.id)
        commit()
        sibling_id = sibling.id
    with owner_engine.connect() as connection:
        row = {"v": sibling_id, "i": uuid4(), "c": referable.case_id, "o": organisations.hospital}
        connection.execute(text(f"SET LOCAL puskesos.lo = '{sibling_id:d}'; SET LOCAL puskesos.hi = '{sibling_id:d}'"))
        with pytest.raises(Exception, match="fk_referrals_village_id_case_id"):
            connection.execute(
                text(
                    "INSERT INTO referrals (village_id, id, case_id, organisation_id, kind, ask, answer_days, due_on)"
                    " VALUES (:v, :i, :c, :o, 'membership', 'x', 1, now())"
                ),
                row,
            )
